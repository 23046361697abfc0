"""Feedback goes back: through nbgrader's exchange, and in archives under the platform's own names."""

from __future__ import annotations

import zipfile

import nbformat
import pytest
from nbgrader.utils import notebook_hash
from typer.testing import CliRunner

from grader.commands.app import app
from grader.commands.grade import grade_chapter
from grader.course import CourseError
from grader.gradebook import calls
from grader.sandbox import modes
from grader.term import collecting
from grader.term.people import Roster

needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
CHAPTER = "ch1_xor"


def collect(classroom, tmp_path, files):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    plan = collecting.plan(classroom.course, CHAPTER, tmp_path / "all.zip", Roster(()))
    return collecting.write(classroom.course, plan)


@needs_sandbox
def test_pages_go_back_the_way_that_the_work_came(classroom, tmp_path, monkeypatch):
    monkeypatch.chdir(classroom.root)
    work = nbformat.writes(classroom.notebook(classroom.right))
    collect(
        classroom,
        tmp_path,
        {
            "Ada Berg_77_assignsubmission_file_/ch1_xor.ipynb": work,
            "Ben Broken_78_assignsubmission_file_/ch1_xor.ipynb": "{",
        },
    )
    collect(classroom, tmp_path, {"kimmin_LATE_4714_9003_ch1_xor-1.ipynb": work})
    place = classroom.hand_in("zoe")
    place.with_name("timestamp.txt").write_text("2026-10-02 09:00:00.5 UTC")
    place.with_name("submission_secret.txt").write_text("of-the-exchange")
    report = classroom.root / "reports" / f"{CHAPTER}.html"
    batch = grade_chapter(classroom.course, CHAPTER, [], 2, False, report)
    assert {e.student: e.state for e in batch.entries}["Ben Broken"] == "failed"
    broken = classroom.course.feedback("Ben Broken", CHAPTER).read_text()
    assert "could not be marked: ch1_xor.ipynb is not JSON" in broken

    def zipped(platform):
        done = CliRunner().invoke(app, ["feedback", CHAPTER, "--zip", platform])
        assert done.exit_code == 0, done.output
        [line] = [x for x in done.output.splitlines() if f"did not come through {platform}: " in x]
        assert "zoe" in line
        with zipfile.ZipFile(classroom.root / "reports" / f"feedback-{CHAPTER}-{platform}.zip") as made:
            return {name: made.read(name) for name in made.namelist()}

    moodle = zipped("moodle")
    assert set(moodle) == {
        f"Ada Berg_77_assignsubmission_file_/{CHAPTER}.html", f"Ben Broken_78_assignsubmission_file_/{CHAPTER}.html"
    }  # fmt: skip
    page = classroom.course.feedback("Ada Berg", CHAPTER).read_bytes()
    assert moodle[f"Ada Berg_77_assignsubmission_file_/{CHAPTER}.html"] == page
    assert set(zipped("canvas")) == {f"kimmin_LATE_4714_9003_{CHAPTER}.html"}
    refused = CliRunner().invoke(app, ["feedback", CHAPTER, "--zip", "ilias"])
    assert isinstance(refused.exception, CourseError)

    # nbgrader's own exchange: our page, under the name that only the holder of the secret can ask for.
    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    config = classroom.course.config()
    config.Exchange.root = str(exchange)
    done = calls.api(config).release_feedback(CHAPTER)
    assert done["success"], done
    there = (
        exchange
        / "fnnkit"
        / "feedback"
        / f"{notebook_hash(secret='of-the-exchange', notebook_id=CHAPTER)}.html"
    )
    assert there.read_bytes() == classroom.course.feedback("zoe", CHAPTER).read_bytes()
    assert len(list(there.parent.iterdir())) == 4


def test_without_a_page_there_is_nothing_to_give_back(classroom, monkeypatch):
    monkeypatch.chdir(classroom.root)
    refused = CliRunner().invoke(app, ["feedback", CHAPTER, "--zip", "moodle"])
    assert "nobody with a feedback page" in str(refused.exception)
