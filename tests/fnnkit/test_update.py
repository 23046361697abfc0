"""Work is carried from an older folder into a newer one: answers by their ids, one's own cells to their places."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from fnnkit.judge.logbook import NAME
from fnnkit.update import main, update

COURSE = Path(__file__).resolve().parents[2] / "course"
CHAPTER = "ch1_xor"
RELU = "def relu(z):\n    return np.maximum(z, 0.0)"


def handed_out(folder, change=lambda notebook: None):
    place = folder / CHAPTER
    place.mkdir(parents=True)
    notebook = nbformat.read(COURSE / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)
    change(notebook)
    nbformat.write(notebook, place / f"{CHAPTER}.ipynb")
    return folder


def cell(notebook, name):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def work(notebook):
    cell(notebook, "relu").source = RELU
    cell(notebook, "why_not_linear").source = "Because of the *plane*."
    at = notebook.cells.index(cell(notebook, "check_relu")) + 1
    notebook.cells.insert(at, nbformat.v4.new_code_cell("relu(np.array([-1.0, 2.0]))"))


def removed(*names):
    def change(notebook):
        gone = {*names, *(f"check_{name}" for name in names)}
        notebook.cells = [
            c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in gone
        ]

    return change


def read(folder):
    notebook = nbformat.read(folder / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)
    nbformat.validate(notebook)
    return notebook


def test_answers_and_ones_own_cells_are_carried_over(tmp_path):
    old, new = handed_out(tmp_path / "old", work), handed_out(tmp_path / "new")
    (old / NAME).write_text("{}")
    before = {p: p.read_bytes() for p in old.rglob("*") if p.is_file()}
    assert update(old, new) == [f"{CHAPTER}: 2 answers carried over; 1 cell of your own"]
    notebook = read(new)
    assert cell(notebook, "relu").source == RELU
    assert cell(notebook, "why_not_linear").source == "Because of the *plane*."
    at = notebook.cells.index(cell(notebook, "check_relu")) + 1
    assert notebook.cells[at].source == "relu(np.array([-1.0, 2.0]))"
    assert {p: p.read_bytes() for p in old.rglob("*") if p.is_file()} == before
    assert (new / NAME).read_text() == "{}"
    fresh = nbformat.read(COURSE / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)
    same = [c for c in notebook.cells if c.source not in (RELU, "Because of the *plane*.")]
    assert [c.source for c in same if c is not notebook.cells[at]] == [
        c.source for c in fresh.cells if c.metadata.nbgrader.grade_id not in ("relu", "why_not_linear")
    ]


def test_a_new_exercise_is_named_and_one_that_is_gone_is_kept(tmp_path):
    def older(notebook):
        work(notebook)
        removed("mse")(notebook)

    old, new = handed_out(tmp_path / "old", older), handed_out(tmp_path / "new", removed("relu"))
    assert update(old, new) == [
        f"{CHAPTER}: 1 answer carried over; 1 cell of your own; new: mse; not asked any more, and kept: relu"
    ]
    kept = [c for c in read(new).cells if c.source == RELU]
    assert len(kept) == 1
    assert "nbgrader" not in kept[0].metadata


def test_an_answer_in_two_cells_stays_whole(tmp_path):
    def split(notebook):
        first = cell(notebook, "relu")
        at = notebook.cells.index(first)
        first.source = "def positive(z):\n    return np.maximum(z, 0.0)"
        second = nbformat.from_dict(json.loads(json.dumps(first)))
        second.id, second.source = "another", "def relu(z):\n    return positive(z)"
        notebook.cells.insert(at + 1, second)

    old, new = handed_out(tmp_path / "old", split), handed_out(tmp_path / "new")
    update(old, new)
    assert cell(read(new), "relu").source.count("def ") == 2


def test_work_that_is_there_is_never_overwritten(tmp_path):
    old, new = handed_out(tmp_path / "old", work), handed_out(tmp_path / "new", work)
    before = (new / CHAPTER / f"{CHAPTER}.ipynb").read_bytes()
    assert update(old, new) == [f"{CHAPTER}: there is work in this folder's notebook already; left as it is"]
    assert (new / CHAPTER / f"{CHAPTER}.ipynb").read_bytes() == before


def test_it_is_found_under_another_name(tmp_path):
    old, new = handed_out(tmp_path / "old"), handed_out(tmp_path / "new")
    shutil.copytree(handed_out(tmp_path / "other", work) / CHAPTER, old / "tuesday")
    (old / "tuesday" / f"{CHAPTER}.ipynb").rename(old / "tuesday" / "mine (2).ipynb")
    assert "2 answers" in update(old, new)[0]


@pytest.mark.parametrize("kind", ["none", "same", "empty"])
def test_what_cannot_be_done_is_one_line(tmp_path, capsys, kind):
    new = handed_out(tmp_path / "new")
    (tmp_path / "empty").mkdir()
    old = {"none": tmp_path / "no such folder", "same": new, "empty": tmp_path / "empty"}[kind]
    assert main([str(old), str(new)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_it_is_a_command(tmp_path):
    old, new = handed_out(tmp_path / "old ä", work), handed_out(tmp_path / "new")
    done = subprocess.run(
        [sys.executable, "-m", "fnnkit.update", str(old)], cwd=new, capture_output=True, text=True, check=True
    )
    assert "2 answers carried over" in done.stdout


def project(folder, *cells):
    (folder / "project").mkdir(parents=True)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    nbformat.write(notebook, folder / "project" / "project.ipynb")
    return (folder / "project" / "project.ipynb").read_bytes()


def test_the_project_as_the_student_has_it_is_kept_beside_the_new_one(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    mine, fresh = project(old, "begin", "my own experiment"), project(new, "begin", "")
    said = "project: yours is kept as project/project-yours.ipynb, beside the new one"
    assert update(old, new) == [said]
    kept = new / "project" / "project-yours.ipynb"
    assert kept.read_bytes() == mine
    assert (new / "project" / "project.ipynb").read_bytes() == fresh
    kept.write_text("{}", encoding="utf-8")
    assert update(old, new) == ["project: project-yours.ipynb is there already; left as it is"]
    assert kept.read_text(encoding="utf-8") == "{}"


def test_a_project_in_which_nobody_has_written_is_not_kept(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    project(old, "begin")
    project(new, "begin")
    with pytest.raises(ValueError, match="no chapter with work"):
        update(old, new)
    assert [p.name for p in (new / "project").iterdir()] == ["project.ipynb"]
