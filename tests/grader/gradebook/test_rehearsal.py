"""A dry run says what a run would do, to the byte, and writes nothing."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from grader.authoring.build import build, write
from grader.course import with_driver
from grader.gradebook import recording
from grader.gradebook.scores import of_chapter
from grader.pages.changes import changes
from grader.sandbox import modes

pytestmark = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
CHAPTER = "ch1_xor"
WRONG = "def mse(a, b):\n    return 0.0"


def everything(root):
    """Every file of a course with its bytes and its time; the lock is no content."""
    return {
        str(path.relative_to(root)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in root.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def played(classroom):
    """A term's worth of changes after marks were given: answers, hand marks, late ones, somebody new, a question gone."""
    classroom.hand_in("ada", mse=WRONG, why_not_linear="Because.")
    classroom.hand_in("ben").with_name("timestamp.txt").write_text("2026-10-02 09:00:00 UTC")
    classroom.hand_in("cid")
    assert classroom.command("grader", "grade", CHAPTER).returncode == 0
    classroom.formgrader("ada", "check_mse", manual_score=0.5)
    classroom.formgrader("ada", "why_not_linear", manual_score=1.0)
    classroom.hand_in("ada", why_not_linear="Because.")
    classroom.hand_in("dora", relu="def relu(z):\n    return z")
    classroom.hand_in_text("eve", "{")
    (classroom.root / "dates.csv").write_text(
        "chapter,student,due,late\nch1_xor,,2026-10-02,2 points per day\n"
    )
    assert classroom.command("grader", "dates", "dates.csv").returncode == 0


@pytest.mark.exhaustive
@pytest.mark.parametrize("by_nbgrader", [False, True])
def test_a_rehearsal_tells_what_a_run_does_and_writes_nothing(classroom, monkeypatch, by_nbgrader):
    played(classroom)
    if by_nbgrader:
        monkeypatch.setattr(recording.Recorder, "fits", lambda self: False)
    before = everything(classroom.root)
    rehearsed = classroom.grade(rehearse=True)
    assert everything(classroom.root) == before
    told = changes(rehearsed, rehearsed.after)
    batch = classroom.grade()
    known = of_chapter(CHAPTER, classroom.course.config())
    assert changes(batch, known) == told
    assert rehearsed.after == known
    assert [e.state for e in rehearsed.entries] == [e.state for e in batch.entries]
    full = classroom.total
    assert [(c.student, c.exercise, c.before, c.after, c.why) for c in told] == [
        (
            "ada", "mse", "0.5/1, set by hand (judged 0)",
            "0.5/1, set by hand (judged 1), for an earlier answer", "answer changed",
        ),
        ("ben", "late", "0", "−2", "policy changed (due date, or what being late costs)"),
        ("ben", "total", f"{full:g}/{full + 1:g}", f"{full - 2:g}/{full + 1:g}", ""),
        ("dora", "all", "–", f"{known['dora'].total:g}/{full + 1:g}", "handed in"),
    ]  # fmt: skip


@pytest.mark.exhaustive
def test_the_command_shows_the_table_and_keeps_it_after_a_run(classroom):
    played(classroom)
    before = everything(classroom.root)
    dry = classroom.command("grader", "grade", CHAPTER, "--dry-run")
    assert dry.returncode == 1  # eve's file is broken
    assert "a rehearsal: nothing was written" in dry.stdout
    assert "policy changed" in dry.stdout
    assert (
        "ada, mse: 0.5/1, set by hand (judged 1); the answer has changed since it was set: you would be asked"
        in (dry.stderr)
    )
    assert everything(classroom.root) == before
    told = json.loads(classroom.command("grader", "grade", CHAPTER, "--dry-run", "--json").stdout)
    assert told["rehearsal"] is True
    assert {(c["student"], c["exercise"]) for c in told["changed"]} >= {("ada", "mse"), ("ben", "late")}
    assert told["set_for_an_earlier_answer"] == [{"student": "ada", "exercise": "mse"}]
    assert everything(classroom.root) == before

    real = classroom.command("grader", "grade", CHAPTER)
    assert (
        "0.5/1, set by hand (judged 0) → 0.5/1, set by hand (judged 1), for an earlier answer" in real.stdout
    )
    assert "the answer has changed since it was set: kept; say --yes" in real.stderr
    lines = (
        (classroom.root / "reports" / f"changes-{CHAPTER}.csv").read_text(encoding="utf-8-sig").splitlines()
    )
    assert lines[0] == "time,student,exercise,before,after,why"
    assert sum(",handed in" in line for line in lines) == 4
    again = classroom.command("grader", "grade", CHAPTER, "--yes")
    assert "the answer has changed since it was set: kept" in again.stderr
    assert "note" not in classroom.command("grader", "grade", CHAPTER).stderr
    assert classroom.flagged("ada") == set()


def test_a_course_that_was_never_graded_stays_without_a_gradebook(classroom):
    classroom.without_gradebook()
    classroom.hand_in("ada")
    before = everything(classroom.root)
    batch = classroom.grade(rehearse=True)
    assert [c.why for c in changes(batch, batch.after)] == ["handed in"]
    left = everything(classroom.root)
    assert left.pop(".grader/secret")
    assert left == before


@pytest.mark.exhaustive
def test_a_gradebook_in_postgresql_stays_as_it_is(classroom, postgresql):
    classroom.without_gradebook()
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.db_url = {postgresql!r}\n")
    classroom.hand_in("ada", mse=WRONG)
    classroom.grade()
    classroom.hand_in("ada")
    batch = classroom.grade(rehearse=True)
    assert batch.after["ada"].total == classroom.total
    with Gradebook(with_driver(postgresql), "fnnkit") as book:
        assert book.find_submission(CHAPTER, "ada").score == classroom.total - 1
    assert not (classroom.root / "gradebook.db").exists()


@pytest.mark.exhaustive
def test_why_names_test_points_and_what_was_added_or_removed(classroom):
    here = Path(__file__).resolve().parents[3]
    source = Path(shutil.copy(here / "solutions" / f"{CHAPTER}.py", classroom.root / "solutions"))
    classroom.hand_in("ada", why_not_linear="Because.")
    classroom.grade()
    classroom.formgrader("ada", "why_not_linear", manual_score=1.0)
    text = source.read_text()
    assert '"grade_id": "why_not_linear"' in text
    source.write_text(text.replace('"grade_id": "why_not_linear"', '"grade_id": "why_no_line"'))
    write(classroom.course, build(classroom.course, [CHAPTER]))
    before = everything(classroom.root)
    batch = classroom.grade(rehearse=True)
    assert everything(classroom.root) == before
    told = {c.exercise: c for c in changes(batch, batch.after)}
    assert told["why_no_line"].why == "exercise added"
    assert told["why_not_linear"].why == "exercise removed"
    assert (told["why_not_linear"].before, told["why_not_linear"].after) == ("1/1", "–")


@pytest.mark.exhaustive
def test_somebody_at_a_terminal_is_asked_about_each_mark_that_was_set_for_an_earlier_answer(classroom):
    pexpect = pytest.importorskip("pexpect")
    for student in ("ada", "ben"):
        classroom.hand_in(student, mse=WRONG)
    classroom.grade()
    for student in ("ada", "ben"):
        classroom.formgrader(student, "check_mse", manual_score=0.5)
        classroom.hand_in(student)
    line = ["-m", "grader", "grade", CHAPTER, "--no-causes"]
    asked = pexpect.spawn(
        sys.executable, line, cwd=str(classroom.root), env=classroom.environment(), timeout=300, encoding="utf-8",
        dimensions=(40, 200),
    )  # fmt: skip
    asked.expect(r"ada, mse: 0.5/1, set by hand \(judged 1\); the answer has changed since it was set.")
    asked.expect(r"Keep what was set by hand\? \[Y/n\]")
    asked.sendline("")
    asked.expect(r"ben, mse: .*Keep what was set by hand\?")
    asked.sendline("n")
    asked.expect(pexpect.EOF)
    asked.close()
    assert asked.exitstatus == 0
    assert classroom.gradebook() == {"ada": classroom.total - 0.5, "ben": classroom.total}
    assert classroom.flagged("ada") == set()
    text = (classroom.root / "reports" / f"changes-{CHAPTER}.csv").read_text(encoding="utf-8-sig")
    assert re.search(r'ben,mse,"0.5/1, set by hand \(judged 1\), for an earlier answer",1/1,taken back', text)
    page = classroom.course.feedback("ben", CHAPTER).read_text()
    assert "set by hand" not in page
    assert "note" not in classroom.command("grader", "grade", CHAPTER, "--no-causes").stderr
