"""The project: one's own functions of all chapters become a library that learns."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from grader.authoring.build import PROJECT, build, project_notebook, stale
from grader.course import Course, CourseError

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course(ROOT)


def run(folder):
    """What each cell of the project says, executed where some chapters lie."""
    (folder / PROJECT).mkdir()
    notebook = nbformat.read(ROOT / "course" / PROJECT / f"{PROJECT}.ipynb", as_version=4)
    where = {"metadata": {"path": str(folder / PROJECT)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=where).execute()
    return "\n".join(o.get("text", "") for c in notebook.cells for o in c.get("outputs", []))


def test_solved_chapters_make_a_library_that_learns(tmp_path):
    for chapter in COURSE.chapters():
        (tmp_path / chapter).mkdir()
        shutil.copy(ROOT / "solutions" / chapter / f"{chapter}.ipynb", tmp_path / chapter)
    said = run(tmp_path)
    used = re.findall(r"^(\w+) +(yours|the reference)\b", said, re.M)
    assert len(used) >= 12
    assert {source for _, source in used} == {"yours"}
    pairs = re.findall(r"gradient ([+-][\d.]+), difference ([+-][\d.]+)", said)
    assert len(pairs) == 6
    assert all(abs(float(a) - float(b)) < 1e-5 for a, b in pairs)
    shares = [float(share) for share in re.findall(r"([\d.]+)% of new digits right", said)]
    assert len(shares) == 4
    assert min(shares) > 90
    assert re.findall(r"(\d+)% of new sequences right", said) == ["100", "100"]


@pytest.mark.exhaustive
def test_without_the_chapters_the_references_take_their_places_and_it_is_said(tmp_path):
    said = run(tmp_path)
    assert said.count("the reference; no notebook of") >= 12
    assert "% of new digits right" in said


def test_it_is_no_assignment_and_has_nothing_of_nbgrader_in_it():
    notebook = project_notebook(ROOT / "solutions" / f"{PROJECT}.py")
    assert all(dict(cell.metadata) == {} for cell in notebook.cells)
    assert not (ROOT / "solutions" / PROJECT).exists()
    assert PROJECT not in COURSE.chapters()
    with pytest.raises(CourseError, match="there is no chapter 'project'"):
        COURSE.check_chapter(PROJECT)


def test_what_is_committed_is_fresh():
    [built] = build(COURSE, [PROJECT])
    assert stale(COURSE, [built]) == []
