"""`mine`: a student's own functions from the saved notebooks, and never in an answer."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest

from fnnkit.exercises import check
from fnnkit.judge.mine import Mine, notebook_of, take
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


def write(course, chapter, folder="", **texts):
    """What a student saves: answers by exercise, and cells of one's own."""
    path = course / (folder or chapter) / f"{chapter}.ipynb"
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
        "mine.softplus: the reference; check not passed yet in ch2_output_units.ipynb.",
        "mine.softmax: the reference; not answered yet in ch2_output_units.ipynb as saved.",
        "mine.mse: the reference; not answered yet in ch1_xor.ipynb as saved.",
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


def test_the_notebook_that_runs_comes_before_a_newer_one(course, monkeypatch):
    path = write(course, CHAPTER, sigmoid=SIGMOID)
    copy = course / "copy" / "a copy.ipynb"
    copy.parent.mkdir()
    shutil.copy(path, copy)
    os.utime(copy, ns=(1, path.stat().st_mtime_ns + 10**9))
    assert notebook_of(CHAPTER, course) == copy
    monkeypatch.chdir(course / "copy")
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    assert notebook_of(CHAPTER) == path
    assert notebook_of("ch1_xor") == course / "ch1_xor" / "ch1_xor.ipynb"


def test_above_a_folder_that_is_no_chapters_nothing_is_looked_for(course):
    write(course, CHAPTER, sigmoid=SIGMOID)
    for folder in ("scratch", "project"):
        (course / folder).mkdir()
    assert "no notebook" in take("sigmoid", folder=course / "scratch")[1].why
    for folder in (course, course / CHAPTER, course / "ch1_xor", course / "project"):
        assert take("sigmoid", folder=folder)[1].own


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away")
def test_what_another_user_wrote_beside_the_folder_is_not_run(tmp_path):
    here, other = tmp_path / "project", tmp_path / "bob"
    for folder in (here, other):
        folder.mkdir()
        shutil.copy(COURSE / CHAPTER / f"{CHAPTER}.ipynb", folder)
    ran = tmp_path / "ran"
    trap = f"def sigmoid(z, trap=open({str(ran)!r}, 'w').write('ran')):\n    return 1 / (1 + np.exp(-z))"
    theirs = write(tmp_path, CHAPTER, folder="bob", sigmoid=trap)
    os.chown(theirs, 4711, 4711)
    assert "not answered yet" in take("sigmoid", folder=here)[1].why
    (here / f"{CHAPTER}.ipynb").unlink()
    assert "no notebook" in take("sigmoid", folder=here)[1].why
    assert not ran.exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def sigmoid(z):\n    while True:\n        z = z + 1", "too slow to be checked here"),
        ("def sigmoid(z):\n    from fnnkit.exercises import mine\n    return mine.sigmoid(z)", "check not passed yet"),
        ("def sigmoid(z):\n    import sys\n    sys.exit('out')", "check not passed yet"),
        ("raise SystemExit\ndef sigmoid(z):\n    return z", "check not passed yet"),
        ("def sigmoid(z):\n    return z +", "not answered yet"),
    ],
)  # fmt: skip
def test_whatever_was_saved_there_is_an_answer_in_a_moment(course, capsys, text, why):
    write(course, CHAPTER, sigmoid=text)
    begin = time.monotonic()
    function, source = take("sigmoid", 0.3, course)
    assert (source.own, why in source.why) == (False, True), source
    assert function(np.array([0.0]))[0] == 0.5
    assert time.monotonic() - begin < 30
    assert capsys.readouterr() == ("", "")
    again = time.monotonic()
    assert take("sigmoid", 0.3, course)[1] == source  # kept: it is not waited for again
    assert time.monotonic() - again < 0.3


def test_what_a_function_prints_is_not_heard_while_it_is_judged(course, capsys):
    write(course, CHAPTER, sigmoid=SIGMOID.replace("return", "print('z is', z)\n    return"))
    assert take("sigmoid", folder=course)[1].own
    assert capsys.readouterr().out == ""


def test_a_forged_notebook_gains_nothing(course):
    forged = "def sigmoid(z):\n    return z * 0 + 0.5"
    path = write(course, CHAPTER, sigmoid=forged)
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "check_sigmoid":
            cell.outputs = [nbformat.v4.new_output("stream", text="✓ sigmoid: 1.5 of 1.5 points")]
            cell.source = "1.5"
    nbformat.write(notebook, path)
    said = {"tries": 1, "solved": True, "points": 1.5}
    book = {"version": 1, "exercises": {"sigmoid": said}, "milestones": [], "guesses": {}}
    (course / "fnnkit-progress.json").write_text(json.dumps(book))
    source = Mine(course).source("sigmoid")
    assert (source.own, source.why) == (False, "check not passed yet in ch2_output_units.ipynb")


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
    said = capsys.readouterr().out
    assert ALONE.split(":")[0] in said
    assert "`mine` gives nothing while an answer is checked or marked" in said
    assert "Write what it needs into the answer's own cell" in said
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
