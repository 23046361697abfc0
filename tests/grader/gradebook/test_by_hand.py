"""Marks that a person has set stay over every run, and are looked at again only where the answer changed."""

from __future__ import annotations

import shutil

import pytest
from nbgrader.api import Gradebook

from grader.gradebook import calls, recording
from grader.gradebook.basis import Record
from grader.gradebook.by_hand import flag, of_earlier_answers, take_back
from grader.gradebook.scores import of_chapter
from grader.sandbox import modes

pytestmark = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
CHAPTER = "ch1_xor"
WRONG = "def mse(a, b):\n    return 0.0"
WORSE = "def mse(a, b):\n    return 1.0"
TEXT = "Because of the mean."


@pytest.fixture(params=["at once", "by nbgrader"])
def class_by_hand(request, classroom, monkeypatch):
    """Two students with marks set by hand, recorded in both ways in which marks are recorded."""
    if request.param == "by nbgrader":
        monkeypatch.setattr(recording.Recorder, "fits", lambda self: False)
    for student in ("ada", "ben"):
        classroom.hand_in(student, mse=WRONG, why_not_linear=TEXT)
    classroom.grade()
    assert classroom.flagged("ada") == {"why_not_linear"}
    for student in ("ada", "ben"):
        classroom.formgrader(student, "check_mse", manual_score=0.5)
        classroom.formgrader(student, "check_relu", extra_credit=1.0)
        classroom.formgrader(student, "why_not_linear", manual_score=0.75)
    return classroom


def points(classroom, student):
    return {m.name: m.points for m in of_chapter(CHAPTER, classroom.course.config())[student].marks}


def earlier(classroom):
    moved = Record.read(classroom.course, CHAPTER).moved
    found = of_earlier_answers(CHAPTER, classroom.course.config(), moved)
    return {(mark.student, mark.name) for mark in found}


@pytest.mark.sampled
def test_marks_of_answers_that_did_not_change_stay_marked(class_by_hand):
    before = points(class_by_hand, "ada")
    assert (before["mse"], before["relu"], before["why_not_linear"]) == (0.5, 2.0, 0.75)
    assert [e.state for e in class_by_hand.grade(force=True).entries] == ["graded", "graded"]
    assert class_by_hand.flagged("ada") == set()
    # Another answer has changed, and only that.
    class_by_hand.hand_in("ada", mse=WRONG, why_not_linear=TEXT, affine="def affine(x, W, b):\n    return 0")
    batch = class_by_hand.grade()
    assert [e.state for e in batch.entries] == ["graded", "unchanged"]
    assert class_by_hand.flagged("ada") == set()
    assert batch.for_earlier == []
    assert points(class_by_hand, "ada") == before


@pytest.mark.sampled
def test_what_was_set_for_another_answer_is_kept_and_waits_for_a_look(class_by_hand):
    class_by_hand.hand_in("ada", why_not_linear="Another text.", relu="def relu(z):\n    return z * (z > 0)")
    batch = class_by_hand.grade()
    assert class_by_hand.flagged("ada") == {"check_mse", "check_relu", "why_not_linear"}
    assert class_by_hand.flagged("ben") == set()
    assert points(class_by_hand, "ada")["mse"] == 0.5
    assert {m.name for m in batch.for_earlier} == {"mse", "relu"}
    # It waits until somebody does something, whatever is run.
    assert {m.name for m in class_by_hand.grade().for_earlier} == {"mse", "relu"}
    class_by_hand.formgrader("ada", "check_mse", manual_score=0.5)
    assert earlier(class_by_hand) == {("ada", "relu")}
    class_by_hand.grade(force=True)
    assert earlier(class_by_hand) == {("ada", "relu")}
    assert class_by_hand.flagged("ada") == {"check_relu", "why_not_linear"}


@pytest.mark.sampled
def test_where_nobody_can_tell_what_was_marked_a_look_is_asked_for(class_by_hand):
    shutil.rmtree(class_by_hand.root / "autograded" / "ada")
    (class_by_hand.root / "autograded" / "ben" / CHAPTER / f"{CHAPTER}.ipynb").write_text("[" * 100_000)
    class_by_hand.grade(force=True)
    assert class_by_hand.flagged("ada") == {"check_mse", "check_relu", "why_not_linear"}
    assert class_by_hand.flagged("ben") == class_by_hand.flagged("ada")


@pytest.mark.sampled
def test_a_mark_is_agreed_to_or_taken_back(class_by_hand):
    class_by_hand.hand_in("ada", mse=WORSE, why_not_linear=TEXT)
    class_by_hand.hand_in("ben", why_not_linear=TEXT)
    config = class_by_hand.course.config()
    first, second = class_by_hand.grade().for_earlier
    assert (first.student, second.student) == ("ada", "ben")
    flag(CHAPTER, config, {("ada", "check_mse"): False})
    take_back(CHAPTER, config, [second])
    assert earlier(class_by_hand) == set()
    assert points(class_by_hand, "ada")["mse"] == 0.5
    assert points(class_by_hand, "ben")["mse"] == 1.0
    assert points(class_by_hand, "ben")["relu"] == 2.0
    assert points(class_by_hand, "ben")["why_not_linear"] == 0.75


@pytest.mark.exhaustive
def test_what_being_late_costs_follows_marks_by_hand(classroom):
    """A share of the sum is a share of what the sum is by now."""
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    classroom.hand_in("ada", why_not_linear=TEXT).with_name("timestamp.txt").write_text(
        "2026-10-02 09:00:00 UTC"
    )
    classroom.grade()
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "fnnkit") as book:
        book.update_or_create_assignment(CHAPTER, duedate="2026-10-02 00:00:00 UTC")
    classroom.grade()
    classroom.formgrader("ada", "why_not_linear", manual_score=1.0)
    classroom.formgrader("ada", "check_relu", extra_credit=1.0)
    assert [e.state for e in classroom.grade().entries] == ["graded"]
    score = of_chapter(CHAPTER, classroom.course.config())["ada"]
    assert score.penalty == classroom.total + 2.0
    assert score.total == 0.0
    assert [e.state for e in classroom.grade().entries] == ["unchanged"]
    assert classroom.flagged("ada") == set()


@pytest.mark.exhaustive
def test_nbgraders_own_autograde_goes_on_working(classroom):
    classroom.hand_in("ada", mse=WRONG, why_not_linear=TEXT)
    classroom.grade()
    classroom.formgrader("ada", "check_mse", manual_score=0.5)
    assert calls.api(classroom.course.config()).autograde(CHAPTER, "ada", force=True)["success"]
    assert points(classroom, "ada")["mse"] == 0.5
    # nbgrader asks for another look at all of them, but no answer has changed, and nobody says so.
    assert "check_mse" in classroom.flagged("ada")
    assert classroom.grade().for_earlier == []
