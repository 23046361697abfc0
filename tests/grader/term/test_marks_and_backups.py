"""What is written for other programs, and what is kept safe."""

from __future__ import annotations

import csv
import json
import zipfile

import pytest
from typer.testing import CliRunner

from grader import batch as batches
from grader import course as courses
from grader.commands import telling
from grader.commands.app import app
from grader.course import CourseError, with_driver
from grader.sandbox import modes
from grader.term import safe_keeping
from grader.term.marks import COLUMNS, place_of, write_marks

needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
CHAPTER = "ch1_xor"
SUM = "import numpy as np\n\ndef mse(prediction, target):\n    return float(np.sum((np.asarray(prediction) - target) ** 2))\n"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@needs_sandbox
def test_marks_log_json_backup_and_restore(classroom, monkeypatch, tmp_path):
    monkeypatch.chdir(classroom.root)
    classroom.hand_in("ada")
    classroom.hand_in("ben", mse=SUM)
    classroom.hand_in_text("cid", "{")
    log = tmp_path / "grade.log"
    monkeypatch.setattr("sys.argv", ["grader", "grade"])
    done = CliRunner().invoke(app, ["grade", CHAPTER, "--json", "--log", str(log), "--jobs", "2"])
    assert done.exit_code == 1, done.output
    said = json.loads(done.stdout[: done.stdout.rindex("}") + 1])
    assert (said["graded"], said["unchanged"], said["failed"]) == (2, 0, 1)
    assert {s["student"]: s["judged"] for s in said["submissions"]}["ada"] == classroom.total
    lines = log.read_text().splitlines()
    assert lines[0].endswith("UTC grading ch1_xor")
    assert any(line.endswith("ada: graded") for line in lines)
    assert any("cid: failed: " in line for line in lines)

    table = rows(place_of(classroom.root))
    assert tuple(table[0]) == COLUMNS
    assert sum(float(r["points"] or 0) for r in table if r["student"] == "ada") == classroom.total
    [named] = {r["misconception"] for r in table if r["student"] == "ben" and r["misconception"]}
    assert named
    assert not [r for r in table if r["student"] == "cid"]
    before = place_of(classroom.root).read_bytes()
    assert write_marks(classroom.grade("ada")).read_bytes() == before

    # A backup while another batch holds the course; then everything is lost, and comes back.
    marks = classroom.gradebook()
    archive = tmp_path / "kept.zip"
    with batches.alone(classroom.course):
        kept = CliRunner().invoke(app, ["backup", str(archive)])
    assert kept.exit_code == 0, kept.output
    assert archive.stat().st_mode & 0o777 == 0o600
    secret = classroom.course.secret()
    (classroom.root / "gradebook.db").unlink()
    (classroom.course.private / "secret").write_text("0" * 64)
    refused = CliRunner().invoke(app, ["restore", str(archive)])
    assert "say --yes" in str(refused.exception)
    back = CliRunner().invoke(app, ["restore", str(archive), "--yes"])
    assert back.exit_code == 0, back.output
    assert "what was there is in backups/before restore" in back.output
    assert classroom.course.secret() == secret
    assert classroom.gradebook() == marks
    assert {e.student: e.state for e in classroom.grade().entries} == {
        "ada": "unchanged", "ben": "unchanged", "cid": "failed"
    }  # fmt: skip


@pytest.mark.exhaustive
@needs_sandbox
def test_a_backup_moves_a_gradebook_to_postgresql(classroom, postgresql, tmp_path):
    from nbgrader.api import Gradebook

    classroom.hand_in("ada")
    classroom.grade()
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "fnnkit") as book:
        book.update_or_create_assignment(CHAPTER, duedate="2026-10-02 00:00:00 UTC")
        book.grant_extension(CHAPTER, "ada", hours=24)
        book.find_comment("why_not_linear", CHAPTER, CHAPTER, "ada").manual_comment = "Zoë sah’s."
        book.db.commit()
    safe_keeping.backup(classroom.course, tmp_path / "b.zip")
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.db_url = {postgresql!r}\n")
    files = safe_keeping.contents(classroom.course, tmp_path / "b.zip")
    safe_keeping.restore(classroom.course, files)
    with Gradebook(with_driver(postgresql), "fnnkit") as book:
        found = book.find_submission(CHAPTER, "ada")
        assert found.score == classroom.total
        assert found.extension.total_seconds() == 86400
        assert book.find_comment("why_not_linear", CHAPTER, CHAPTER, "ada").manual_comment == "Zoë sah’s."
    safe_keeping.backup(classroom.course, tmp_path / "again.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as one, zipfile.ZipFile(tmp_path / "again.zip") as other:
        assert one.read(safe_keeping.BOOK) == other.read(safe_keeping.BOOK)
    assert {e.state for e in classroom.grade().entries} == {"graded"}  # now due, and in time


def test_what_is_no_backup_is_refused(classroom, tmp_path):
    def archive(about, **files):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.zip"
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("backup.json", json.dumps(about))
            for name, text in files.items():
                made.writestr(name.replace("DOT", "../"), text)
        return path

    (tmp_path / "no.zip").write_text("hello")
    for path, said in (
        (tmp_path / "no.zip", "is not a backup"),
        (tmp_path / "absent.zip", "there is no"),
        (archive({"form": 9, "course": "fnnkit"}), "form 9"),
        (archive({"form": 1, "course": "other"}), "of the course 'other'"),
        (archive({"form": 1, "course": "fnnkit"}, DOTevil="x"), "which no backup does"),
    ):
        with pytest.raises(CourseError, match=said):
            safe_keeping.contents(classroom.course, path)


def test_a_driver_is_found_or_named(monkeypatch):
    assert with_driver("postgresql://db/x") in [f"postgresql+{d}://db/x" for d in courses.DRIVERS]
    assert with_driver("postgresql+asyncpg://db/x") == "postgresql+asyncpg://db/x"
    assert with_driver("sqlite:///x") == "sqlite:///x"
    monkeypatch.setattr(courses, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match=r"pip install 'psycopg\[binary\]'"):
        with_driver("postgresql://db/x")


def test_without_a_terminal_there_is_one_line_a_minute():
    now, said = [0.0], []
    progress = telling.each_minute(said.append, lambda: now[0])
    progress.total("marking", 300)
    for i in range(300):
        now[0] = float(i)
        progress.step("x")
    lines = ((61, 4), (121, 3), (181, 2), (241, 1))
    assert said == [f"marking {n} of 300, 1 a second, {left} min left" for n, left in lines]
    # From one that took a minute nobody concludes how long five hundred take.
    progress.total("causes", 500)
    now[0] += 70.0
    progress.step("x")
    assert said[-1] == "causes 1 of 500"
    # What it takes to begin is no part of the rate.
    said.clear()
    progress.total("marking", 200)
    now[0] += 100.0
    for _ in range(80):
        progress.step("x")
        now[0] += 1.0
    assert said == ["marking 1 of 200", "marking 61 of 200, 1 a second, 2 min left"]


def test_the_version_is_said():
    assert CliRunner().invoke(app, ["--version"]).output.startswith("fnnkit ")
