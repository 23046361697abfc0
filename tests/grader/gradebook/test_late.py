"""Late work: one table of dates, extensions and costs; a change of any of them grades again whoever it touches."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from grader.commands.app import app
from grader.course import CourseError
from grader.gradebook import late
from grader.gradebook.scores import scores
from grader.gradebook.tables import Table, read_table
from grader.gradebook.timestamps import BadSubmission, check_time, lateness, read_time, zone_called
from grader.pages.feedback import feedback_page
from grader.sandbox import modes

needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
CHAPTER = "ch1_xor"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-10-02 00:30:00 UTC", "2026-10-02 00:30:00"),
        ("2026-10-02 00:30:00.5 UTC", "2026-10-02 00:30:00.500000"),
        ("2026-10-02T00:30Z", "2026-10-02 00:30:00"),
        ("2026-10-02 00:30:00 +0200", "2026-10-01 22:30:00"),
        ("2026-10-02 00:30 Europe/Berlin", "2026-10-01 22:30:00"),
        ("2026-12-02 00:30 Europe/Berlin", "2026-12-01 23:30:00"),
        ("2026-10-02", "2026-10-02 00:00:00"),
    ],
)
def test_times_are_read_right(text, utc):
    assert str(read_time(text)) == utc


@pytest.mark.parametrize(
    "text",
    ["2026-10-01-23-30-10", "02/10/2026 09:00", "2.10.2026", "tomorrow", "2026-13-02", "2026-10-02 25:00", "9:00",
     "2026-10-02 00:30 CEST", "2026-10-02 00:30 Mars/Base", "", "2026-10-02 UTC"],
)  # fmt: skip
def test_what_could_mean_something_else_is_refused(text):
    with pytest.raises(ValueError):
        read_time(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-10-01-23-30-10", "does not hold a time like 2026-10-02 09:00:00 UTC"),
        ("2026-10-02 00:30:00 CEST", "does not hold a time"),
        # nbgrader takes the number for seconds.
        ("2026-10-02 00:30:00 +0200", "write it as 2026-10-01 22:30:00 UTC"),
        ("x" * 2000, "does not hold a time"),
    ],
)
def test_a_time_beside_a_submission_is_refused_or_told(tmp_path, text, said):
    stamp = tmp_path / "timestamp.txt"
    stamp.write_text(text)
    with pytest.raises(BadSubmission, match=re.escape(said)):
        check_time(stamp)


@pytest.mark.parametrize(
    "text", ["", "2026-10-02 00:30:00 UTC\n", "2026-10-02 00:30:00.123456 Europe/Berlin"]
)
def test_a_time_that_nbgrader_reads_alike_is_none_of_our_business(tmp_path, text):
    check_time(tmp_path / "timestamp.txt")
    (tmp_path / "timestamp.txt").write_text(text)
    check_time(tmp_path / "timestamp.txt")


def test_lateness_in_words():
    assert [lateness(s) for s in (-5, 59, 9 * 3600 + 100, 47.6 * 3600, 5.2 * 86400)] == [
        "", "1 min late", "9 h late", "48 h late", "5 days late"
    ]  # fmt: skip


def test_what_being_late_costs():
    day = 86400.0
    assert [late.Policy("10 % per day").penalty(10, s) for s in (0, 1, day, day + 1, 20 * day)] == [
        None, 1.0, 1.0, 2.0, 10
    ]  # fmt: skip
    assert late.Policy("0.5 points/hour").penalty(10, 7201) == 1.5
    assert late.Policy("zero").penalty(10, 1) == 10
    for text in ("much", "10 %", "-1 points per day", "1 point per year"):
        with pytest.raises(ValueError, match="like 10 % per day"):
            late.Policy(text)


def table(*lines):
    return Table(late.COLUMNS, tuple((n, line) for n, line in enumerate(lines, 2)))


def test_the_table_says_everything():
    berlin = zone_called("Europe/Berlin")
    found = late.parse(
        table(
            ("ch1_xor", "ada", "2026-10-04 09:00", ""),
            ("ch1_xor", "", "2026-10-02 09:00", "10 % per day"),
            ("ch1_xor", "ben", "+24 h", ""),
            ("ch2_output_units", "", "2026-10-09 09:00 UTC", ""),
        ),
        Path("dates.csv"),
        berlin,
    )
    assert found["ch1_xor"].due == datetime(2026, 10, 2, 7)
    assert {n: d.total_seconds() / 3600 for n, d in found["ch1_xor"].longer.items()} == {"ada": 48, "ben": 24}
    assert found["ch2_output_units"] == late.Dates(datetime(2026, 10, 9, 9), None, {})


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([("ch1_xor", "", "02/10/2026", "")], "dates.csv, line 2: no time like"),
        ([("ch1_xor", "ada", "2026-10-04 09:00", "")], "line 2: a student has longer than everybody"),
        ([("ch1_xor", "", "2026-10-04", ""), ("ch1_xor", "a", "2026-10-03", "")], "line 3: this is earlier"),
        ([("ch1_xor", "", "2026-10-04", "half")], "line 2: what being late costs"),
        ([("ch1_xor", "", "2026-10-04", ""), ("ch1_xor", "", "2026-10-03", "")], "two lines for everybody"),
        ([("ch1_xor", "", "2026-10-04", ""), *[("ch1_xor", "a", "+1 h", "")] * 2], "a has two lines"),
        ([("ch1_xor", "", "2026-10-04", ""), ("ch1_xor", "a", "+1 h", "zero")], "leave late empty"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(lines, said):
    with pytest.raises(CourseError, match=re.escape(said)):
        late.parse(table(*lines), Path("dates.csv"), UTC)


def test_what_is_kept_is_read_back(classroom):
    dates = late.parse(
        table(("ch1_xor", "", "2026-10-02 09:00", "zero"), ("ch1_xor", "=ada", "+90 min", "")), Path("d"), UTC
    )
    late.keep(classroom.course, dates)
    assert late.kept(classroom.root) == dates
    assert read_table(late.place_of(classroom.root)).header == late.COLUMNS


def penalties(classroom):
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "fnnkit") as book:
        return {s.student_id: s.late_submission_penalty or 0.0 for s in book.assignment_submissions(CHAPTER)}


def states(batch):
    return {e.student: e.state for e in batch.entries}


@needs_sandbox
def test_an_extension_granted_after_grading_takes_the_penalty_back(classroom):
    """The case extension-granted-after-grading."""
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    for student in ("ada", "ben"):
        classroom.hand_in(student).with_name("timestamp.txt").write_text("2026-10-02 00:30:00 UTC\n")
    classroom.grade()
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "fnnkit") as book:
        book.update_or_create_assignment(CHAPTER, duedate="2026-10-02 00:00:00 UTC")
    classroom.grade()
    assert penalties(classroom) == {"ada": classroom.total, "ben": classroom.total}
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "fnnkit") as book:
        book.grant_extension(CHAPTER, "ada", hours=24)
    assert states(classroom.grade()) == {"ada": "graded", "ben": "unchanged"}
    assert penalties(classroom) == {"ada": 0.0, "ben": classroom.total}


@pytest.mark.exhaustive
@needs_sandbox
def test_the_table_decides_who_is_graded_again(classroom, monkeypatch):
    monkeypatch.chdir(classroom.root)
    for student, hour in (("ada", "09"), ("ben", "18"), ("cid", "18")):
        stamp = classroom.hand_in(student).with_name("timestamp.txt")
        stamp.write_text(f"2026-10-02 {hour}:00:00 UTC\n")
    told = classroom.root / "dates.csv"

    def dates(*lines):
        told.write_text("chapter;student;due;late\n" + "\n".join(lines))
        done = CliRunner().invoke(app, ["dates", str(told)])
        assert done.exit_code == 0, done.output
        return done.output

    said = dates("ch1_xor;;2026-10-02 09:00;10 % per day", "ch1_xor;dora;+2 days;")
    assert "ch1_xor: due 2026-10-02 09:00 UTC" in said
    assert "dora: 48 h longer, until 2026-10-04 09:00 UTC; has handed in nothing so far" in said
    batch = classroom.grade()
    tenth = round(classroom.total / 10, 6)
    assert penalties(classroom) == {"ada": 0.0, "ben": tenth, "cid": tenth}
    known = scores(batch, classroom.course.config())
    assert {s: k.late for s, k in known.items()} == {"ada": "", "ben": "9 h late", "cid": "9 h late"}
    assert f"{tenth:g} taken off for being 9 h late" in feedback_page(batch.entries[1], CHAPTER, known["ben"])
    assert set(states(classroom.grade()).values()) == {"unchanged"}

    # Longer for one; then nothing is lost by anybody; then the extension is taken back.
    dates("ch1_xor;;2026-10-02 09:00;10 % per day", "ch1_xor;ben;2026-10-03;")
    assert states(classroom.grade()) == {"ada": "unchanged", "ben": "graded", "cid": "unchanged"}
    assert penalties(classroom) == {"ada": 0.0, "ben": 0.0, "cid": tenth}
    dates("ch1_xor;;2026-10-02 09:00;none")
    assert set(states(classroom.grade()).values()) == {"graded"}
    assert set(penalties(classroom).values()) == {0.0}
    dates("ch1_xor;;2026-10-02 09:00;zero")
    classroom.grade()
    assert penalties(classroom) == {"ada": 0.0, "ben": classroom.total, "cid": classroom.total}
    assert set(states(classroom.grade(force=True)).values()) == {"graded"}

    # Whoever hands in for the first time has the extension that was said before.
    dates("ch1_xor;;2026-10-02 09:00;zero", "ch1_xor;dora;+2 days;")
    classroom.hand_in("dora").with_name("timestamp.txt").write_text("2026-10-03 09:00:00 UTC\n")
    classroom.grade()
    assert penalties(classroom)["dora"] == 0.0
