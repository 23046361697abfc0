"""Somebody is forgotten: nothing of theirs is left anywhere, and nothing of anybody else's is touched."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime, timedelta

import pytest
from nbgrader.api import Gradebook
from nbgrader.utils import notebook_hash

from grader.gradebook import late
from grader.gradebook.calls import database_url
from grader.sandbox import modes
from grader.term import giving_back, people
from grader.term.people import Person, Roster

CHAPTER, QUESTION = "ch1_xor", "why_not_linear"
WHO, OTHER = "Ådä O'Berg", "ben"
needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def term(request, classroom, tmp_path):
    """A class in the middle of a term, in either kind of database."""
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.Exchange.root = {str(exchange)!r}\n")
        if request.param == "postgresql":
            file.write(f"\nc.CourseDirectory.db_url = {request.getfixturevalue('postgresql')!r}\n")
    course = classroom.course
    for name in (WHO, OTHER):
        place = classroom.hand_in(name, {QUESTION: f"The unmistakable words of {name}."})
        place.with_name("submission_secret.txt").write_text(f"key-of-{name[-3:]}")
        inbound = exchange / "fnnkit" / "inbound" / f"{name}+{CHAPTER}+2026-10-02 09:00:00 UTC"
        inbound.mkdir(parents=True)
        (inbound / f"{CHAPTER}.ipynb").write_text("{}")
        kept = course.root / "collected" / CHAPTER / name / "2026-10-01 UTC"
        kept.mkdir(parents=True)
        (kept / f"{CHAPTER}.ipynb").write_text("{}")
    people.keep(course, Roster([Person(WHO, "O'Berg", "Ådä", "ada@uni.org"), Person(OTHER, "Co", "Ben")]))
    longer = {WHO: timedelta(hours=1), OTHER: timedelta(hours=2)}
    late.keep(course, {CHAPTER: late.Dates(datetime(2026, 10, 2), None, longer)})
    giving_back.remember(
        course, CHAPTER, {(n, "moodle"): f"{n}_7_assignsubmission_file_" for n in (WHO, OTHER)}
    )
    for command in (
        ["roster"],
        ["grade", CHAPTER],
        ["written", CHAPTER],
        ["feedback", CHAPTER, "--zip", "moodle"],
    ):
        if command == ["roster"]:
            (tmp_path / "r.csv").write_text(f"id,first name,last name\n{WHO},Ådä,O'Berg\n{OTHER},Ben,Co\n")
            command = ["roster", str(tmp_path / "r.csv")]
        done = classroom.quick_command("grader", *command)
        assert done.returncode == 0, done.stderr
    released = exchange / "fnnkit" / "feedback"
    released.mkdir()
    for name in (WHO, OTHER):
        key = notebook_hash(secret=f"key-of-{name[-3:]}", notebook_id=CHAPTER)
        (released / f"{key}.html").write_text(f"page of {name}")
    return classroom


def forget(classroom, *line):
    return classroom.quick_command("grader", "forget", *line)


def naming(place, *words):
    """Files below a place whose path or content has a word in it."""
    found = set()
    for path in place.rglob("*"):
        text = str(path.relative_to(place)).encode() + (path.read_bytes() if path.is_file() else b"")
        if any(w.encode() in text or json.dumps(w)[1:-1].encode() in text for w in words):
            found.add(str(path.relative_to(place)))
    return found


def others(classroom, exchange):
    """All that belongs to the other one."""
    config = classroom.course.config()
    with Gradebook(database_url(config), "fnnkit") as book:
        submission = book.find_submission(CHAPTER, OTHER)
        rows = sorted((g.name, g.auto_score, g.manual_score) for n in submission.notebooks for g in n.grades)
    files = {
        str(p): p.read_bytes()
        for top in (classroom.root, exchange)
        for p in top.rglob("*")
        if p.is_file() and OTHER in p.parts
    }
    return rows, files


@pytest.mark.sampled
@needs_sandbox
def test_everything_of_somebody_goes_and_nothing_of_others(term, tmp_path):
    exchange = tmp_path / "exchange"
    assert term.quick_command("grader", "backup").returncode == 0
    [backup] = (term.root / "backups").glob("*.zip")
    before, words = others(term, exchange), (WHO, "Ådä O", "ada@uni.org", "O&#39;Berg")
    there = naming(term.root, *words)
    asked = forget(term, WHO)
    assert asked.returncode == 2
    assert "nothing was removed: say --yes" in asked.stderr
    assert naming(term.root, *words) == there
    for said in (
        "gradebook: name, 1 submission (ch1_xor)", f"submitted/{WHO}: 2 files", f"autograded/{WHO}:", f"feedback/{WHO}:",
        f"collected/{CHAPTER}/{WHO}: 1 file", ".grader/roster.csv: 1 line", ".grader/dates.csv: 1 line",
        f".grader/collected-{CHAPTER}.csv: 1 line", "reports/marks.csv:", f"reports/written-{CHAPTER}.csv: 1 line",
        f"reports/{CHAPTER}.html", f"reports/written-{CHAPTER}-{QUESTION}.html", f"reports/feedback-{CHAPTER}-moodle.zip",
        ".grader/results: 1 result of nobody else's work", "handed in through the exchange", "feedback on ch1_xor, released",
        f"stays     backups/{backup.name}",
    ):  # fmt: skip
        assert said in asked.stdout, said
    done = forget(term, WHO, "--yes")
    assert done.returncode == 0, done.stderr
    backups = {"backups", f"backups/{backup.name}"}
    assert naming(term.root, *words) - backups == set()
    assert naming(exchange, *words) == set()
    assert len(list((exchange / "fnnkit" / "feedback").iterdir())) == 1
    with zipfile.ZipFile(backup) as archive:
        assert any(
            WHO.encode() in archive.read(n) or b"\\u00c5" in archive.read(n) for n in archive.namelist()
        )
    assert others(term, exchange) == before
    config = term.course.config()
    with Gradebook(database_url(config), "fnnkit") as book:
        assert [s.id for s in book.students] == [OTHER]
    # The other one was marked before, and the pages come again.
    again = term.quick_command("grader", "grade", CHAPTER)
    assert "nothing has changed: 1 graded before" in again.stdout
    assert (term.root / "reports" / f"{CHAPTER}.html").is_file()
    gone = forget(term, WHO, "--yes")
    assert (gone.returncode, gone.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("name", ["nobody", "../ben", "", "ben\u202e", "*", "submitted/ben"])
def test_who_is_not_there_is_one_line(classroom, name):
    classroom.hand_in(OTHER)
    before = {p for p in classroom.root.rglob("*") if ".grader" not in p.parts}
    done = forget(classroom, "--yes", "--", name)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "there is nothing about" in done.stderr
    assert {p for p in classroom.root.rglob("*") if ".grader" not in p.parts} == before


def test_a_link_is_removed_and_not_what_it_leads_to(classroom, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "kept.txt").write_text("kept")
    (classroom.root / "submitted").mkdir()
    (classroom.root / "submitted" / "eve").symlink_to(tmp_path / "elsewhere")
    done = forget(classroom, "eve", "--yes")
    assert done.returncode == 0, done.stderr
    assert not (classroom.root / "submitted" / "eve").is_symlink()
    assert (tmp_path / "elsewhere" / "kept.txt").read_text() == "kept"
