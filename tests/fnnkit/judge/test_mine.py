"""`mine`: a student's own functions from the saved notebooks, and never in an answer."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest

from fnnkit.exercises import check
from fnnkit.judge.mine import Mine, notebook_of
from fnnkit.judge.standalone import ALONE
from grader.marking.edition import files

COURSE = Path(__file__).resolve().parents[3] / "course"
CHAPTER = "ch2_output_units"
SIGMOID = "def sigmoid(z):\n    'mine'\n    return np.exp(-np.logaddexp(0, -np.asarray(z)))"


@pytest.fixture
def course(tmp_path):
    for chapter in ("ch1_xor", CHAPTER):
        (tmp_path / chapter).mkdir()
        shutil.copy(COURSE / chapter / f"{chapter}.ipynb", tmp_path / chapter)
    return tmp_path


def write(course, chapter, **texts):
    """What a student saves: answers by exercise, and cells of one's own."""
    path = course / chapter / f"{chapter}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in texts:
            cell.source = texts.pop(grade_id)
    notebook.cells += [nbformat.v4.new_code_cell(text) for text in texts.values()]
    nbformat.write(notebook, path)
    return path


def test_what_is_solved_is_ones_own_and_the_rest_is_the_reference(course, capsys):
    write(course, CHAPTER, sigmoid=SIGMOID, softplus="def softplus(z):\n    return np.log(1 + np.exp(z))")
    mine = Mine(course / "ch1_xor")
    assert mine.sigmoid.__doc__ == "mine"
    assert mine.sigmoid(np.array([0.0]))[0] == 0.5
    assert mine.source("sigmoid").own
    assert capsys.readouterr().out == ""
    assert mine.softplus(800.0) == 800.0
    _ = mine.softplus, mine.softmax, mine.mse
    assert capsys.readouterr().out.splitlines() == [
        "mine.softplus: the reference; yours, in ch2_output_units.ipynb, does not pass its check yet.",
        "mine.softmax: the reference; in ch2_output_units.ipynb it is not answered yet.",
        "mine.mse: the reference; in ch1_xor.ipynb it is not answered yet.",
    ]
    assert str(mine.source("hard_tanh")) == "the reference; no notebook of ch3_activations lies here."


def test_what_is_saved_later_counts_and_experiments_never_run(course, tmp_path):
    mine = Mine(course)
    ran = tmp_path / "ran"
    loud = f"{SIGMOID}\nopen({str(ran)!r}, 'w').write('ran')"
    path = write(course, CHAPTER, sigmoid=loud, more=f"open({str(ran)!r}, 'w').write('ran')")
    assert mine.source("sigmoid").own
    assert not ran.exists()
    write(course, CHAPTER, sigmoid="def sigmoid(z):\n    return z")
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1_000_000))
    assert not mine.source("sigmoid").own


def test_files_are_not_looked_at_for_each_call(course, monkeypatch):
    write(course, CHAPTER, sigmoid=SIGMOID)
    mine = Mine(course)
    assert mine.sigmoid is mine.sigmoid
    monkeypatch.setattr("fnnkit.judge.mine.AGAIN", 0.0)
    write(course, CHAPTER, sigmoid=SIGMOID.replace("'mine'", "'newer'"))
    assert mine.sigmoid.__doc__ == "newer"


def test_a_helper_in_a_cell_of_ones_own_comes_along(course):
    write(
        course,
        CHAPTER,
        sigmoid="def sigmoid(z):\n    return my_own_helper(z)",
        helper=SIGMOID.replace("sigmoid", "my_own_helper"),
    )
    assert Mine(course).source("sigmoid").own


def test_the_notebook_with_work_is_taken_under_any_name(course):
    path = write(course, CHAPTER, sigmoid=SIGMOID)
    moved = path.rename(course / "mine (1).ipynb")
    shutil.copy(COURSE / CHAPTER / f"{CHAPTER}.ipynb", path)
    (course / "broken.ipynb").write_text("{")
    (course / "other.ipynb").write_text(json.dumps({"cells": []}))
    assert notebook_of(CHAPTER, course / CHAPTER) == moved


def test_a_name_that_is_no_exercise_is_refused_with_one_that_is(course):
    with pytest.raises(AttributeError, match="did you mean 'softmax'"):
        _ = Mine(course).sofmax
    assert "softmax" in dir(Mine(course))


@pytest.mark.parametrize("kept", [True, False])
def test_an_answer_that_uses_it_is_refused_in_words(course, capsys, kept):
    write(course, CHAPTER, sigmoid=SIGMOID)
    mine = Mine(course)
    own = mine.sigmoid

    def sigmoid(z):
        return own(z) if kept else mine.sigmoid(z)

    assert check("sigmoid", sigmoid) == 0.0
    assert ALONE.split(":")[0] in capsys.readouterr().out
    assert check("sigmoid", own) == 0.0
    assert own(np.array([0.0]))[0] == 0.5


def test_it_is_there_when_marking_and_refuses(tmp_path):
    for name, content in files(CHAPTER).items():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    code = "from fnnkit.exercises import mine\ntry: mine.sigmoid\nexcept RuntimeError as e: print(e)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(tmp_path)}
    )  # fmt: skip
    assert done.stdout.strip() == ALONE
