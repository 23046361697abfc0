"""What was set by hand, bonuses and penalties stand in every table, page and sum, and the lines add up; real gradebooks."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from rich.console import Console

from grader.commands.telling import as_json
from grader.gradebook import calls
from grader.gradebook.scores import Mark, Score, excuse, of_chapter, scores
from grader.pages.feedback import feedback_page
from grader.pages.report import write_report
from grader.pages.table import QUARTERS, class_table, lines_by_hand
from grader.sandbox import modes

needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
CHAPTER = "ch1_xor"
WRONG = "def mse(a, b):\n    return 0.0"


@pytest.fixture
def url(classroom):
    return f"sqlite:///{classroom.root}/gradebook.db"


@pytest.fixture
def marked(classroom, url):
    """A class with everything that a lecturer can do to marks: ada has all of it, ben nothing."""
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    for student, more in (("ada", {"mse": WRONG}), ("ben", {}), ("cid", {})):
        classroom.hand_in(student, why_not_linear="Because of the mean.", **more)
    (classroom.place("cid").with_name("timestamp.txt")).write_text("2026-10-02 09:00:00 UTC")
    classroom.grade()
    with Gradebook(url, "fnnkit") as book:
        book.update_or_create_assignment(CHAPTER, duedate="2026-10-02 00:00:00 UTC")
        book.find_submission(CHAPTER, "cid").extension = timedelta(hours=24)
        book.db.commit()
    classroom.grade()
    with Gradebook(url, "fnnkit") as book:  # a penalty that somebody has set
        book.find_submission_notebook(CHAPTER, CHAPTER, "ada").late_submission_penalty = 0.5
        book.db.commit()
    classroom.formgrader("ada", "check_mse", manual_score=0.5, extra_credit=1.0)
    classroom.formgrader("ada", "check_relu", extra_credit=-0.25)
    classroom.formgrader(
        "ada", "check_affine", extra_credit=2.0
    )  # a further exercise, without points of its own
    classroom.formgrader("ada", "why_not_linear", manual_score=0.75, extra_credit=0.25)
    return classroom


@needs_sandbox
def test_the_lines_add_up_to_what_nbgrader_has(marked, url):
    known = of_chapter(CHAPTER, marked.course.config())
    with Gradebook(url, "fnnkit") as book:
        for submission in book.assignment_submissions(CHAPTER):
            score = known[submission.student_id]
            assert sum(m.points for m in score.marks) == pytest.approx(submission.score)
            assert score.total == pytest.approx(submission.score - submission.late_submission_penalty)
            assert sum(points for _, points in score.parts()) == pytest.approx(score.total)
            assert sum(m.possible for m in score.marks) == submission.max_score
    ada = known["ada"]
    full = marked.total
    assert ada.total == full - 1 + 0.5 + 1 - 0.25 + 2 + 0.75 + 0.25 - 0.5
    assert ada.sum_words() == (
        f"{full - 1:g} exercises, as judged + 0.5 set by hand + 0.75 written answers + 3.25 bonus "
        f"− 0.25 taken off by hand − 0.5 taken off for being late = {ada.total:g}"
    )
    assert [m.name for m in ada.touched] == ["affine", "mse", "relu", "why_not_linear"]
    assert known["ben"].sum_words() == ""


@needs_sandbox
def test_the_table_names_what_was_set_by_hand_and_its_columns_add_up(marked):
    batch = marked.grade()
    known = scores(batch, marked.course.config())
    assert {e.state for e in batch.entries} == {"unchanged"}
    console = Console(width=160, color_system=None)
    with console.capture() as captured:
        console.print(class_table(batch, known, 160)[0])
    [line] = [line for line in captured.get().splitlines() if line.startswith("ada")]
    total, written, *cells = (number(text) for text in line.split()[1:])
    ada = known["ada"]
    assert total == ada.total
    further = 2.0
    assert sum(cells) + written + further - ada.penalty == total
    [said] = lines_by_hand(known, ["ada", "ben", "cid"])
    assert said == (
        "ada: affine 0/0, +2 bonus; mse 0.5/1, set by hand (judged 0), +1 bonus; relu 1/1, 0.25 taken off by hand; "
        "why_not_linear 0.75/1, +0.25 bonus"
    )


def number(text):
    fractions = {sign: part for part, sign in QUARTERS.items()}
    return float(text[:-1] or 0) + fractions[text[-1]] if text[-1] in fractions else float(text)


@pytest.mark.exhaustive
@needs_sandbox
def test_pages_and_json_have_them_too(marked):
    batch = marked.grade()
    known = scores(batch, marked.course.config())
    page = re.sub(r"\s+", " ", feedback_page(batch.entries[0], CHAPTER, known["ada"]))
    assert "0.5/1, set by hand (judged 0), +1 bonus" in page
    assert "0.75/1, +0.25 bonus" in page
    assert known["ada"].sum_words() in page
    assert "set by hand" not in feedback_page(batch.entries[1], CHAPTER, known["ben"])
    late = feedback_page(batch.entries[2], CHAPTER, known["cid"])
    assert "9 h after the date of all others, excused: given 24 h longer" in late

    report = write_report(batch, marked.root / "reports" / "x.html", known).read_text()
    assert 'title="0.5/1, set by hand (judged 0), +1 bonus">1.5*</td>' in report
    assert "9 h after the date of all others, excused: given 24 h longer" in report
    assert known["ada"].sum_words() in report
    points = [sum(m.points for m in known[s].marks if not m.written) for s in ("ada", "ben", "cid")]
    assert f"exercises: mean {sum(points) / 3:.2f}, median" in report

    told = {s["student"]: s for s in json.loads(as_json(batch, known))["submissions"]}
    assert sum(told["ada"]["sum"].values()) == told["ada"]["total"] == known["ada"].total
    assert {
        "exercise": "mse",
        "points": 1.5,
        "possible": 1.0,
        "judged": 0.0,
        "set": 0.5,
        "bonus": 1.0,
    } in told["ada"]["by_hand"]
    assert told["ben"]["by_hand"] == []


@pytest.mark.exhaustive
@needs_sandbox
def test_formgraders_own_numbers_are_ours(marked):
    """What Formgrader shows beside each student."""
    known = of_chapter(CHAPTER, marked.course.config())
    shown = {s["student"]: s for s in calls.api(marked.course.config()).get_submissions(CHAPTER)}
    for student, score in known.items():
        assert shown[student]["score"] == pytest.approx(score.total + score.penalty)
        judged = sum(m.points for m in score.marks if not m.written)
        assert shown[student]["code_score"] == pytest.approx(judged)
        assert shown[student]["written_score"] == pytest.approx(score.written_sum)


@needs_sandbox
def test_an_extension_of_a_chapter_that_is_never_due_excuses_nothing(classroom, url):
    classroom.hand_in("ada").with_name("timestamp.txt").write_text("2026-10-02 09:00:00 UTC")
    classroom.grade()
    with Gradebook(url, "fnnkit") as book:
        submission = book.find_submission(CHAPTER, "ada")
        submission.extension = timedelta(hours=24)
        book.db.commit()
        assert excuse(submission.timestamp, None, submission.extension) == ""
    assert of_chapter(CHAPTER, classroom.course.config())["ada"].late == ""


quarters = st.integers(0, 16).map(lambda n: n / 4)
marks = st.lists(
    st.builds(
        Mark,
        st.just("x"),
        quarters,
        st.none() | quarters,
        st.none() | quarters,
        st.integers(-4, 8).map(lambda n: n / 4),
        st.booleans(),
    ),
    max_size=8,
)


@given(marks, quarters)
def test_the_parts_of_a_sum_are_the_sum_whatever_was_done(found, penalty):
    total = max(sum(m.points for m in found) - penalty, 0.0)
    score = Score(total, 9.0, penalty, False, {}, {}, {}, marks=tuple(found))
    assert sum(points for _, points in score.parts()) == pytest.approx(total)


def test_a_bonus_on_what_nobody_has_marked_counts_nothing_yet():
    mark = Mark("why", 1.0, bonus=1.0, written=True)
    assert mark.points == 0.0
    assert Score(0.0, 1.0, 0.0, True, {}, {}, {}, marks=(mark,)).parts() == [("exercises, as judged", 0)]


def test_many_lines_end_with_how_many_more_there_are():
    score = Score(1.0, 1.0, 0.0, False, {}, {}, {}, marks=(Mark("mse", 1.0, 0.0, 1.0),))
    students = [f"s{n:02}" for n in range(50)]
    lines = lines_by_hand(dict.fromkeys(students, score), students)
    assert len(lines) == 21
    assert lines[-1] == "… and 30 students more: the report has them"
