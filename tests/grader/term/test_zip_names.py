"""nbgrader's own `zip_collect` with the course's configuration: times in names are right, or left out and said."""

from __future__ import annotations

import zipfile

import nbformat
import pytest

from grader.term.zip_names import TimesInNames

# The pattern of nbgrader's manual.
PATTERN = r".*_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>\w+)"
TIMES = {"s01": "2026-10-01-23-30-10", "s02": "2026-10-02-00-10-00", "s03": "2026-10-99-00-10-00"}


@pytest.mark.exhaustive
def test_zip_collect_works_and_reads_times_right(classroom):
    config = classroom.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.FileNameCollectorPlugin.named_regexp = {PATTERN!r}\n")
    archive = classroom.root / "downloaded" / classroom.chapter / "archive"
    archive.mkdir(parents=True)
    work = nbformat.writes(classroom.notebook(classroom.right))
    with zipfile.ZipFile(archive / "all.zip", "w") as made:
        for student, time in TIMES.items():
            made.writestr(f"ch1_xor_{student}_attempt_{time}_ch1_xor.ipynb", work)
    done = classroom.command("nbgrader", "zip_collect", classroom.chapter)
    assert done.returncode == 0, done.stderr
    stamps = {s: classroom.course.submitted(s, classroom.chapter).with_name("timestamp.txt") for s in TIMES}
    assert {s: p.read_text()[:19] for s, p in stamps.items() if p.is_file()} == {
        "s01": "2026-10-01 23:30:10", "s02": "2026-10-02 00:10:00"
    }  # fmt: skip
    assert "2026-10-99-00-10-00 is no time that can be read for certain" in done.stderr
    batch = classroom.grade(trust_submissions=True)
    assert {e.student: e.points for e in batch.entries} == dict.fromkeys(TIMES, classroom.total)


@pytest.mark.parametrize(
    ("written", "zone", "read"),
    [
        ("2026-10-01-23-30-10", "UTC", "2026-10-01 23:30:10 UTC"),
        ("2026-10-01-23-30-10", "Europe/Berlin", "2026-10-01 21:30:10 UTC"),
        ("2026-10-01 23:30:10 +02:00", "UTC", "2026-10-01 21:30:10 UTC"),
        ("20261001", "UTC", None),
        ("10-02-2026", "UTC", None),
        ("2026-13-01-00-00-00", "UTC", None),
    ],
)
def test_a_time_is_read_right_or_left_out(written, zone, read):
    plugin = TimesInNames()
    plugin.named_regexp = r"(?P<student_id>\w+)_at_(?P<timestamp>.+)_(?P<file_id>\w+)"
    plugin.timezone = zone
    found = plugin.collect(f"ada_at_{written}_ch1.ipynb")
    assert found.get("timestamp") == read
    assert found["student_id"] == "ada"
