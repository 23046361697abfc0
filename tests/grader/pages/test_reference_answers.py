"""Reference answers reach students by the instructor's switch, and never while somebody can still hand in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from nbgrader.api import Gradebook

from grader.gradebook import late
from grader.pages.reference_answers import deadline, to_show
from grader.sandbox import modes

CHAPTER = "ch1_xor"
DUE = datetime(2026, 10, 2, 9)
needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)


@pytest.fixture
def dates(classroom):
    def keep(due=DUE, **longer):
        hours = {name: timedelta(hours=h) for name, h in longer.items()}
        late.keep(classroom.course, {CHAPTER: late.Dates(due, None, hours)})
        return classroom.course

    return keep


def shown(course, hours, wanted=True, **more):
    config = course.config()
    return to_show(course, CHAPTER, config, wanted, now=DUE + timedelta(hours=hours), **more)


def test_by_default_nothing_is_shown(dates):
    assert shown(dates(), 10_000, wanted=None) == ({}, "")
    assert shown(dates(), 10_000, wanted=False) == ({}, "")


def test_nothing_is_shown_before_the_last_one_has_to_hand_in(dates):
    found, said = shown(dates(), 0)
    assert found == {}
    assert "until 2026-10-02 09:00 UTC" in said
    assert shown(dates(), 1)[0]
    assert shown(dates(ada=24), 23)[0] == {}
    assert shown(dates(ada=24), 25)[0]
    assert "has no due date" in shown(dates(due=None), 10_000)[1]
    assert shown(dates(), -100, at_once=True)[0]


def test_what_the_gradebook_says_counts_as_well(dates, classroom):
    course = dates()
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "fnnkit") as book:
        book.update_or_create_assignment(CHAPTER, duedate="2026-10-05 09:00:00 UTC")
        book.update_or_create_student("ada")
        book.update_or_create_submission(CHAPTER, "ada").extension = timedelta(hours=5)
        book.db.commit()
    assert deadline(course, CHAPTER, course.config()) == datetime(2026, 10, 5, 14)


def test_the_configuration_is_a_switch_too(dates, classroom):
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write("\nc.FeedbackPages.solutions = True\n")
    assert shown(dates(), 1, wanted=None)[0]
    assert shown(dates(), -1, wanted=None)[0] == {}
    assert shown(dates(), 1, wanted=False)[0] == {}


def test_shown_are_the_answers_and_nothing_else_of_solutions(dates, classroom):
    found, _ = shown(dates(), 1)
    assert set(found) == {n for n in classroom.right if n != "affine"} | {"why_not_linear"}
    text = "\n".join(found.values())
    for hidden in ("SOLUTION", "MARK SCHEME", "Rubric", "<script"):
        assert hidden not in text
    assert "((y_pred - y_true) ** 2).mean()" in text or "np.mean" in text
    assert "answers a step in" in text


@pytest.mark.exhaustive
@needs_sandbox
def test_the_switch_of_grader_grade(dates, classroom):
    dates(due=datetime(2200, 1, 1))
    classroom.hand_in("ada", {})

    def page(*more):
        done = classroom.command("grader", "grade", CHAPTER, *more)
        assert done.returncode == 0, done.stderr
        text = classroom.course.feedback("ada", CHAPTER).read_text()
        return done.stderr, text.count("A reference answer")

    assert page() == ("", 0)
    said, count = page("--solutions")
    assert "no reference answers: somebody can hand in ch1_xor until 2200-01-01 00:00 UTC" in said
    assert count == 0
    every = len(to_show(classroom.course, CHAPTER, classroom.course.config(), True, at_once=True)[0])
    assert page("--solutions", "--before-deadline") == ("", every)
    assert page() == ("", 0)
    refused = classroom.command("grader", "grade", CHAPTER, "--before-deadline")
    assert (refused.returncode, refused.stderr) == (2, "grader: --before-deadline goes with --solutions\n")
