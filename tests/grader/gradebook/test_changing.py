"""A chapter that changes while marks are there: nbgrader's own tools find a gradebook in order, and nobody's work is lost."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from grader.authoring.build import build, write
from grader.commands.build import tell_of_submissions
from grader.course import CourseError, WouldDrop, with_driver
from grader.gradebook import calls
from grader.gradebook.changing import ASIDE, released_cells
from grader.marking.submission import load_released
from grader.pages.safe_csv import table_of
from grader.sandbox import modes

pytestmark = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
CHAPTER = "ch1_xor"
WHY = """# %% [markdown] nbgrader={"grade_id": "why_two", "grade": true, "points": 1, "solution": true}
# Because.
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def book(request, classroom):
    """The address of a gradebook, in the configuration of the class."""
    if request.param == "sqlite":
        return f"sqlite:///{classroom.root}/gradebook.db"
    url = request.getfixturevalue("postgresql")
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    return with_driver(url)


@pytest.fixture
def chapter(classroom):
    """The text source of the chapter, so that it can be built anew."""
    here = Path(__file__).resolve().parents[3]
    return Path(shutil.copy(here / "solutions" / f"{CHAPTER}.py", classroom.root / "solutions"))


def graded(url, student):
    with Gradebook(url, "fnnkit") as book:
        [notebook] = book.find_submission(CHAPTER, student).notebooks
        return {g.name: (g.auto_score, g.manual_score) for g in notebook.grades}


def by_hand(url, student, cell, mark, comment):
    with Gradebook(url, "fnnkit") as book:
        book.find_grade(cell, CHAPTER, CHAPTER, student).manual_score = mark
        answer = cell.removeprefix("check_")
        book.find_comment(answer, CHAPTER, CHAPTER, student).manual_comment = comment
        book.db.commit()


def add_question(chapter):
    text = chapter.read_text()
    assert "# ## 1.3 Better features" in text
    head, found, tail = text.rpartition("# %% [markdown]\n# ## 1.3 Better features")
    chapter.write_text(head + WHY + "\n" + found + tail)


def build_again(classroom, capsys):
    """What `grader build` does and says."""
    changed = write(classroom.course, build(classroom.course, [CHAPTER]))
    assert classroom.course.released(CHAPTER) in changed
    tell_of_submissions(classroom.course, CHAPTER)
    return " ".join(capsys.readouterr().err.split())


@pytest.mark.sampled
def test_a_written_question_is_added_after_grading(classroom, chapter, book, capsys):
    """The case written-question-added-after-grading, and what nbgrader itself makes of the gradebook."""
    classroom.hand_in("ada", why_not_linear="Because of the mean.")
    classroom.hand_in("ben", mse="def mse(a, b):\n    return 0.0")
    classroom.grade()
    by_hand(book, "ada", "why_not_linear", 0.5, "Nearly.")
    by_hand(book, "ben", "check_mse", 0.25, "For the name.")
    before = {s: graded(book, s) for s in ("ada", "ben")}

    add_question(chapter)
    said = build_again(classroom, capsys)
    assert "2 students have handed in ch1_xor already" in said
    assert "why_two (1 point) is new: it gets a row in 2 submissions" in said
    again = classroom.grade()
    assert again.changes.added == {"why_two": 1.0}
    assert [e.state for e in again.entries] == ["graded", "graded"]
    for student, rows in before.items():
        assert graded(book, student) == rows | {"why_two": (0.0, None)}
    with Gradebook(book, "fnnkit") as opened:
        comment = opened.find_comment("why_not_linear", CHAPTER, CHAPTER, "ada")
        assert comment.manual_comment == "Nearly."
        assert opened.find_assignment(CHAPTER).max_score == classroom.total + written(classroom)
    # An answer to it, in a submission made from the new notebook, waits for somebody to mark it.
    classroom.hand_in("cid", why_two="Two units, two kinks.")
    assert [e.state for e in classroom.grade().entries] == ["unchanged", "unchanged", "graded"]
    assert graded(book, "cid")["why_two"] == (None, None)

    # What nbgrader itself makes of it: Formgrader's lists, marking again, the table.
    stock = calls.api(classroom.course.config())
    assert stock.autograde(CHAPTER, "ada", force=True)["success"]
    assert graded(book, "ada") == before["ada"] | {"why_two": (0.0, None)}
    assert {s["student"]: s["score"] for s in stock.get_submissions(CHAPTER)}["ada"] == classroom.total + 0.5
    assert stock.get_assignment(CHAPTER)["max_score"] == classroom.total + written(classroom)
    rows = {row[3]: row for row in table_of(classroom.course)}
    assert float(rows["ada"][7]) == classroom.total + 0.5


def written(classroom):
    cells = released_cells(load_released(classroom.course.released(CHAPTER)))
    return sum(points for points, kind in cells.graded.values() if kind == "markdown")


def take_out(classroom, name, folder):
    """The notebook without an exercise."""
    path = classroom.root / folder / CHAPTER / f"{CHAPTER}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [
        c for c in notebook.cells if c.metadata.nbgrader.get("grade_id") not in (name, f"check_{name}")
    ]
    nbformat.write(notebook, path)


@pytest.mark.sampled
def test_what_is_removed_is_asked_for_once_and_kept_aside(classroom, book):
    classroom.hand_in("ada")
    classroom.hand_in("ben", mse="def mse(a, b):\n    return 0.0")
    classroom.grade()
    by_hand(book, "ben", "check_mse", 0.25, "=For the name.")
    before = {s: graded(book, s) for s in ("ada", "ben")}
    for folder in ("solutions", "course"):
        take_out(classroom, "mse", folder)
    with pytest.raises(WouldDrop, match=r"2 of check_mse\).*--drop-removed"):
        classroom.grade()
    assert {s: graded(book, s) for s in before} == before
    [line] = classroom.grade(drop_removed=True).changes.lines()
    assert line.startswith("check_mse (1 point) is gone: 2 marks of it leave 2 submissions")
    for student, rows in before.items():
        assert graded(book, student) == {k: v for k, v in rows.items() if k != "check_mse"}
    with (classroom.root / "reports" / f"removed-{CHAPTER}.csv").open(encoding="utf-8-sig") as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == ASIDE
    assert ["ben", "check_mse", "0.0", "0.25", "", ""] in rows
    assert ["ben", "mse", "", "", "", "'=For the name."] in rows
    assert {e.state for e in classroom.grade().entries} == {"unchanged"}
    assert calls.api(classroom.course.config()).autograde(CHAPTER, "ada", force=True)["success"]


@pytest.mark.sampled
def test_points_change_and_marks_by_hand_stay(classroom, book):
    classroom.hand_in("ada", why_not_linear="Because of the mean.")
    classroom.grade()
    by_hand(book, "ada", "why_not_linear", 0.5, "Nearly.")
    before = graded(book, "ada")
    for folder in ("solutions", "course"):
        path = classroom.root / folder / CHAPTER / f"{CHAPTER}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.metadata.nbgrader.get("grade_id") == "why_not_linear":
                cell.metadata.nbgrader["points"] = 3
        nbformat.write(notebook, path)
    batch = classroom.grade()
    assert [e.state for e in batch.entries] == ["graded"]
    assert batch.changes.points == {"why_not_linear": (1.0, 3.0)}
    assert graded(book, "ada") == before
    with Gradebook(book, "fnnkit") as opened:
        assert opened.find_submission(CHAPTER, "ada").max_score == classroom.total + 3


def test_what_fails_half_way_changes_nothing(classroom, monkeypatch):
    from grader.gradebook import changing

    url = f"sqlite:///{classroom.root}/gradebook.db"
    classroom.hand_in("ada")
    classroom.grade()
    before = graded(url, "ada")
    for folder in ("solutions", "course"):
        take_out(classroom, "mse", folder)

    def broken(*_):
        raise RuntimeError("the plug")

    monkeypatch.setattr(changing, "_add_and_alter", broken)
    with pytest.raises(Exception, match="the plug"):
        classroom.grade(drop_removed=True)
    monkeypatch.undo()
    assert graded(url, "ada") == before


@pytest.mark.exhaustive
def test_without_our_step_one_line_says_what_to_configure(classroom, chapter, capsys):
    config = classroom.root / "nbgrader_config.py"
    config.write_text(
        config.read_text().replace(
            "grader.gradebook.plugins.SaveChangedCells", "nbgrader.preprocessors.SaveCells"
        )
    )
    classroom.hand_in("ada")
    classroom.grade()
    add_question(chapter)
    build_again(classroom, capsys)
    with pytest.raises(CourseError, match="SaveChangedCells"):
        classroom.grade()
