"""Recording at once: the gradebook and the files are those that `nbgrader autograde` itself makes."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from fnnkit.judge.registry import exercises
from grader import recording as batches
from grader.gradebook import recording
from grader.gradebook.recording import NotebookText
from grader.marking.submission import load_released
from grader.sandbox import modes

pytestmark = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)

CHAPTER = "ch1_xor"
LATE = '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
PICTURE = """
import matplotlib.pyplot as plt
plt.plot([1, 2]); plt.show()
print("Grüße\\u2028\\x0b\\x1c und\\nmehr")
"""


@pytest.fixture
def slow(monkeypatch):
    """Have nbgrader itself record everything."""

    def switch():
        monkeypatch.setattr(recording.Recorder, "fits", lambda self: False)

    return switch


def tables(root: Path) -> dict[str, list[tuple]]:
    """Every row of the gradebook; random keys are replaced by what they stand for."""
    with sqlite3.connect(root / "gradebook.db") as book:
        names = [n for (n,) in book.execute("select name from sqlite_master where type = 'table' order by 1")]
        rows = {name: book.execute(f"select * from {name}").fetchall() for name in names}
        columns = {n: [c[1] for c in book.execute(f"pragma table_info({n})")] for n in names}
    known = {}
    for name, label in (
        ("assignment", "name"),
        ("notebook", "name"),
        ("base_cell", "name"),
        ("source_cell", "name"),
    ):
        for row in rows[name]:
            known[row[columns[name].index("id")]] = f"{name} {row[columns[name].index(label)]}"
    for name, of in (("submitted_assignment", "student_id"), ("submitted_notebook", "assignment_id")):
        for row in rows[name]:
            about = row[columns[name].index(of)]
            known[row[columns[name].index("id")]] = f"{name} of {known.get(about, about)}"
    for name in ("grade", "comment"):
        for row in rows[name]:
            about = [known[row[columns[name].index(c)]] for c in ("cell_id", "notebook_id")]
            known[row[columns[name].index("id")]] = f"{name} {about}"
    return {
        name: sorted((tuple(known.get(v, v) for v in row) for row in rows[name]), key=repr) for name in names
    }


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file and folder below ``autograded``, with its permissions."""
    return {
        str(p.relative_to(root)): (stat.S_IMODE(p.stat().st_mode), p.read_bytes() if p.is_file() else b"")
        for p in (root / "autograded").rglob("*")
    }


DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def messy_class(classroom):
    """Right, wrong, late, misplaced, unanswered, with files beside the notebook."""
    (classroom.root / "solutions" / CHAPTER / "table.csv").write_text("right")
    (classroom.root / "nbgrader_config.py").open("a").write(LATE)
    written = {"why_not_linear": "Because one step always has the same effect. Ünïcödé"}
    classroom.hand_in("Zoë Müller", classroom.right | written)
    classroom.hand_in("blank", {})
    classroom.hand_in("draws", mse=classroom.right["mse"] + PICTURE)
    classroom.hand_in("raises", mse="1 / 0", fit_linear="def fit_linear(X, t):\n    return 'no'")
    for name, day in (("late", 2), ("on time", 1)):
        classroom.hand_in(name, classroom.right).with_name("timestamp.txt").write_text(
            f"2026-01-0{day} 10:00:00 UTC"
        )
    pasted = classroom.notebook(classroom.right | {"why_not_linear": "![image.png](attachment:image.png)"})
    [cell] = [c for c in pasted.cells if c.metadata.nbgrader.grade_id == "why_not_linear"]
    cell["attachments"] = {"image.png": {"image/png": DOT}}
    classroom.hand_in_text("pastes", nbformat.writes(pasted))
    notebook = classroom.notebook(classroom.right)
    moved = [c for c in notebook.cells if c.metadata.nbgrader.grade_id == "mse"]
    notebook.cells = [c for c in notebook.cells if c not in moved]
    notebook.cells.append(nbformat.v4.new_code_cell(moved[0].source))
    folder = classroom.hand_in_text("elsewhere", nbformat.writes(notebook)).parent
    (folder / "table.csv").write_text("changed")
    (folder / "data").mkdir()
    (folder / "data" / "more.txt").write_text("more")
    (folder / "scratch.ipynb").write_text("{}")


def set_due_date(classroom):
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "fnnkit") as book:
        book.update_or_create_assignment(CHAPTER, duedate="2026-01-01 12:00:00 UTC")
        for student in ("late", "blank"):
            book.find_grade("why_not_linear", CHAPTER, CHAPTER, student).manual_score = 0.75
            book.find_grade("check_mse", CHAPTER, CHAPTER, student).manual_score = 0.5
            book.find_comment("why_not_linear", CHAPTER, CHAPTER, student).manual_comment = "Well argued."
        book.db.commit()


def both_ways(classroom, slow):
    """Rows and files after two runs, recorded at once and by nbgrader; results of marking are the same."""
    messy_class(classroom)
    found = []
    for _ in range(2):
        states = [[e.state for e in classroom.grade().entries]]
        set_due_date(classroom)
        classroom.hand_in("raises", classroom.right)
        states.append([e.state for e in classroom.grade().entries])
        found.append((tables(classroom.root), tree(classroom.root), states))
        (classroom.root / "gradebook.db").unlink()
        (classroom.course.private / f"recorded-{CHAPTER}.json").unlink()
        for path in (classroom.root / "autograded").rglob("*"):
            path.chmod(0o755)
        classroom.hand_in("raises", mse="1 / 0", fit_linear="def fit_linear(X, t):\n    return 'no'")
        slow()
    return found


@pytest.mark.exhaustive
def test_rows_and_files_are_those_that_nbgrader_makes(classroom, slow):
    at_once, by_nbgrader = both_ways(classroom, slow)
    for name, rows in by_nbgrader[0].items():
        assert at_once[0][name] == rows, name
    assert {n: mode for n, (mode, _) in at_once[1].items()} == {
        n: mode for n, (mode, _) in by_nbgrader[1].items()
    }
    for name, (_, content) in by_nbgrader[1].items():
        assert at_once[1][name][1] == content, name
    assert at_once[2] == by_nbgrader[2] == [["graded"] * 8] * 2
    # Something is there to be compared: penalties, comments, marks to give by hand, notes, pictures.
    text = repr(by_nbgrader[0])
    assert "Well argued." in text
    assert "No response." in text
    penalties = [row[-1] for row in by_nbgrader[0]["submitted_notebook"]]
    # All of the late student's points: judged ones, of which those of `mse` were set by hand, and the written answer.
    others = sum(e.worth for e in exercises(CHAPTER) if e.name != "mse")
    assert [p for p in penalties if p] == [others + 0.5 + 0.75]
    files = {name: content for name, (_, content) in by_nbgrader[1].items()}
    assert files[f"autograded/elsewhere/{CHAPTER}/table.csv"] == b"right"
    assert b"found in another cell" in files[f"autograded/elsewhere/{CHAPTER}/{CHAPTER}.ipynb"]
    assert b"image/png" in files[f"autograded/draws/{CHAPTER}/{CHAPTER}.ipynb"]


@pytest.mark.sampled
@pytest.mark.parametrize(
    "line",
    [
        'c.Autograde.sanitize_preprocessors = [*c.Autograde.sanitize_preprocessors, "nbgrader.preprocessors.LockCells"]',
        "c.Autograde.pre_convert_hook = print",
        "c.Autograde.create_student = False",
        "c.SaveAutoGrades.enabled = False",
        "c.CourseDirectory.groupshared = True",
    ],
)
def test_what_nbgrader_was_asked_to_do_otherwise_is_left_to_nbgrader(classroom, line):
    classroom.hand_in("ada")
    classroom.grade()
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\n{line}\n")
    released = load_released(classroom.course.released(CHAPTER))
    with recording.Recorder(classroom.course, CHAPTER, released, classroom.course.config()) as recorder:
        assert not recorder.fits()


def test_this_courses_own_configuration_is_recorded_at_once(classroom):
    classroom.hand_in("ada")
    classroom.grade()
    released = load_released(classroom.course.released(CHAPTER))
    with recording.Recorder(classroom.course, CHAPTER, released, classroom.course.config()) as recorder:
        assert recorder.fits()


@pytest.mark.exhaustive
def test_somebody_who_cannot_be_recorded_costs_nobody_else(classroom, monkeypatch):
    for student in ("ada", "ben", "cid"):
        classroom.hand_in(student)
    write = recording.Recorder._write_files
    broken = []

    def write_but_ben(self, student, text):
        if student == "ben":
            broken.append(student)
            raise OSError("no space left on device")
        write(self, student, text)

    monkeypatch.setattr(recording.Recorder, "_write_files", write_but_ben)
    assert [e.state for e in classroom.grade().entries] == ["graded"] * 3  # nbgrader has recorded ben
    assert broken == ["ben"]
    assert classroom.gradebook() == dict.fromkeys(
        ("ada", "ben", "cid"), sum(e.worth for e in exercises(CHAPTER))
    )


def test_a_notebook_is_written_as_nbformat_writes_it(classroom):
    notebook = classroom.released()
    assert NotebookText(notebook).with_cells({}) == nbformat.writes(notebook) + "\n"
    cell = notebook.cells[3]
    cell.source = "a\nb\u2028c\x0b\n\nd"
    written = nbformat.writes(notebook) + "\n"
    assert NotebookText(classroom.released()).with_cells({3: cell}) == written
    assert cell.source == "a\nb\u2028c\x0b\n\nd"


def test_marks_are_kept_in_groups_so_that_a_run_that_stops_keeps_what_it_has(classroom, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    for student in "abcde":
        classroom.hand_in(student)
    commit, commits = recording.Recorder.commit, []

    def commit_twice(self):
        if len(commits) == 2:
            raise KeyboardInterrupt
        commits.append(1)
        commit(self)

    monkeypatch.setattr(recording.Recorder, "commit", commit_twice)
    with pytest.raises(KeyboardInterrupt):
        classroom.grade()
    assert set(classroom.gradebook()) == set("abcd")
    monkeypatch.setattr(recording.Recorder, "commit", commit)
    assert [e.state for e in classroom.grade().entries] == ["unchanged"] * 4 + ["graded"]
