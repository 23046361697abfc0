"""The real nbgrader: its commands, its gradebook, with and without this course's configuration."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from fnnkit.judge.exercise import source_of
from fnnkit.judge.registry import chapter_ids, contents, exercises
from grader import answers
from grader.batch import grade
from grader.course import Course
from grader.demo import make_class
from grader.gradebook import calls
from grader.sandbox import modes

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "ch1_xor"
needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)

HONEST = {name: source_of(answers.right(CHAPTER, name)[0], name) for name in contents(CHAPTER)}
HALF = "import numpy as np\n\ndef mse(a, b):\n    return ((a - b) ** 2).mean()\n"
WARNS = (
    "import warnings\n\ndef mse(a, b):\n    warnings.warn('take care')\n    print('hello')\n"
    "    if a.shape != b.shape:\n        raise ValueError('shapes')\n    return ((a - b) ** 2).mean()\n"
)
# What each is worth, as the check says it.
MSE = {
    "0.0": "def mse(a, b):\n    return 0.0\n",
    "0.5": WARNS.replace("    if a.shape != b.shape:\n        raise ValueError('shapes')\n", ""),
    "0.75": HALF,
    "1.0": HONEST["mse"],
}


@pytest.fixture
def course(tmp_path):
    place = tmp_path / "a course with spaces"
    for folder in ("course", "solutions"):
        shutil.copytree(ROOT / folder, place / folder)
    shutil.copy(ROOT / "nbgrader_config.py", place)
    return Course(place)


def hand_in(
    course, student, answers, written="Because a step in one input always has the same effect.", stamp="",
    short=False,
):  # fmt: skip
    """Hand in answers; `short` leaves out figures and experiments, which stock nbgrader runs too."""
    notebook = nbformat.read(course.released(CHAPTER), as_version=4)
    if short:
        left_out = {"figure", "experiment"}
        notebook.cells = [c for c in notebook.cells if not left_out & {*c.metadata.get("tags", [])}]
    for cell in notebook.cells:
        grade_id = cell.metadata.nbgrader.grade_id
        if grade_id in answers:
            cell.source = answers[grade_id]
        if grade_id == "why_not_linear" and written:
            cell.source = written
    target = course.submitted(student, CHAPTER)
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    if stamp:
        target.with_name("timestamp.txt").write_text(stamp)


def nbgrader(course, *words, status=0):
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"]}
    done = subprocess.run(
        ["nbgrader", *words], cwd=course.root, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == status, done.stderr[-3000:]
    return done


def points(course, student, chapter=CHAPTER):
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "fnnkit") as book:
        submission = book.find_submission(chapter, student)
        return {g.name: g.auto_score for n in submission.notebooks for g in n.grades}


def full_marks():
    return {f"check_{e.name}": e.worth for e in exercises(CHAPTER)} | {"why_not_linear": None}


@pytest.mark.exhaustive
@needs_sandbox
def test_the_command_and_the_batch_give_the_same_marks(course):
    hand_in(course, "Zoë Müller", HONEST)
    hand_in(course, "half", HONEST | {"mse": HALF})
    hand_in(course, "warns", HONEST | {"mse": WARNS})
    hand_in(course, "blank", {}, written="")
    subprocess.run([sys.executable, "-m", "grader", "init"], cwd=course.root, check=True, timeout=120)
    nbgrader(course, "autograde", CHAPTER)
    by_command = {s: points(course, s) for s in ("Zoë Müller", "half", "warns", "blank")}
    assert by_command["Zoë Müller"] == full_marks()
    assert by_command["half"] == full_marks() | {"check_mse": 0.75}
    assert by_command["warns"] == full_marks() | {"check_mse": 0.75}
    assert by_command["blank"] == dict.fromkeys(full_marks(), 0.0)

    (course.root / "gradebook.db").unlink()
    shutil.rmtree(course.root / ".grader" / "results")
    grade(course, CHAPTER)
    assert {s: points(course, s) for s in by_command} == by_command


@needs_sandbox
def test_manual_grades_comments_and_late_penalties_survive_a_regrade(course):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    hand_in(course, "late", HONEST, stamp="2026-01-02 10:00:00 UTC")
    hand_in(course, "on time", HONEST, stamp="2026-01-01 10:00:00 UTC")
    grade(course, CHAPTER)
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "fnnkit") as book:
        book.update_or_create_assignment(CHAPTER, duedate="2026-01-01 12:00:00 UTC")
        for student in ("late", "on time"):
            book.find_grade("why_not_linear", CHAPTER, CHAPTER, student).manual_score = 0.75
            book.find_grade("check_mse", CHAPTER, CHAPTER, student).manual_score = 0.25
            book.find_comment("why_not_linear", CHAPTER, CHAPTER, student).manual_comment = "Well argued."
        book.db.commit()

    hand_in(course, "late", HONEST | {"mse": HALF}, stamp="2026-01-02 10:00:00 UTC")
    batch = grade(course, CHAPTER)
    assert [e.state for e in batch.entries] == ["graded", "graded"]  # the due date has changed for both
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "fnnkit") as book:
        for student, penalty in (("late", True), ("on time", False)):
            submission = book.find_submission(CHAPTER, student)
            written = book.find_grade("why_not_linear", CHAPTER, CHAPTER, student)
            assert written.manual_score == 0.75
            assert book.find_grade("check_mse", CHAPTER, CHAPTER, student).manual_score == 0.25
            assert (
                book.find_comment("why_not_linear", CHAPTER, CHAPTER, student).manual_comment
                == "Well argued."
            )
            others = sum(e.worth for e in exercises(CHAPTER) if e.name != "mse")
            assert submission.score == 0.25 + others + 0.75
            assert (submission.late_submission_penalty or 0.0) == (submission.score if penalty else 0.0)
    assert points(course, "late")["check_mse"] == 0.75


@pytest.mark.exhaustive
def test_stock_nbgrader_without_our_configuration_reads_the_points_in_the_kernel(course):
    (course.root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'fnnkit'\nc.CourseDirectory.source_directory = 'solutions'\n"
        "c.CourseDirectory.release_directory = 'course'\nc.CourseDirectory.ignore = ['*.py', 'README.md']\n"
        "c.ClearSolutions.code_stub = {'python': 'raise NotImplementedError'}\n"
    )
    for student, text in MSE.items():
        hand_in(course, student, HONEST | {"mse": text}, short=True)
    nbgrader(course, "generate_assignment", CHAPTER, "--force")
    nbgrader(course, "autograde", CHAPTER)
    for student in MSE:
        assert points(course, student) == full_marks() | {"check_mse": float(student)}
        graded = course.root / "autograded" / student / CHAPTER / f"{CHAPTER}.ipynb"
        [cell] = [
            c
            for c in nbformat.read(graded, as_version=4).cells
            if c.metadata.nbgrader.grade_id == "check_mse"
        ]
        assert cell.outputs[-1].data == {"text/html": "", "text/plain": student}


@pytest.mark.exhaustive
def test_validate_tells_nothing_half_and_all_of_the_points_apart(course):
    for student, text in MSE.items():
        hand_in(course, student, HONEST | {"mse": text}, short=True)
        said = nbgrader(course, "validate", str(course.submitted(student, CHAPTER))).stdout
        assert ("Success" in said) == (student == "1.0"), said
        assert (student == "1.0") != ('check("mse", mse)' in said), said


@pytest.mark.exhaustive
def test_validate_works_in_the_students_own_kernel(course, tmp_path):
    hand_in(course, "anna", HONEST)
    done = nbgrader(course, "validate", str(course.submitted("anna", CHAPTER)))
    assert "Success" in done.stdout
    hand_in(
        course, "ben", HONEST | {"xor_network": "def xor_network(X, W, c, w, b):\n    return X, X[:, 0]\n"}
    )
    done = nbgrader(course, "validate", str(course.submitted("ben", CHAPTER)))
    assert "Success" not in done.stdout


@needs_sandbox
@pytest.mark.exhaustive
@pytest.mark.parametrize("chapter", [name for name in chapter_ids() if name != CHAPTER])
def test_a_class_of_another_chapter_gets_the_same_marks_from_the_command(tmp_path, chapter):
    for folder in ("course", "solutions"):
        shutil.copytree(ROOT / folder / chapter, tmp_path / folder / chapter)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    made = make_class(Course(tmp_path), chapter, students=3, seed=2)
    students = sorted(p.name for p in (made.root / "submitted").iterdir())
    calls.register(made, chapter)
    nbgrader(made, "autograde", chapter)
    by_command = {s: points(made, s, chapter) for s in students}
    assert len(by_command) == len({str(marks) for marks in by_command.values()}) == 3
    core = {f"check_{e.name}" for e in exercises(chapter) if e.worth}
    assert all(sum(marks[name] for name in core) > 0 for marks in by_command.values())

    (made.root / "gradebook.db").unlink()
    shutil.rmtree(made.root / ".grader" / "results")
    grade(made, chapter)
    assert {s: points(made, s, chapter) for s in students} == by_command
