"""What an instructor sees first: the demo class, from the command line."""

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fnnkit.judge.registry import exercises
from fnnkit.judge.verdict import Verdict
from grader import demo

ROOT = Path(__file__).resolve().parents[2]


def grader(place, *words, environment=None):
    return subprocess.run(
        [sys.executable, "-m", "grader", *words],
        cwd=place, capture_output=True, text=True, timeout=300, env=environment,
    )  # fmt: skip


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    place = tmp_path_factory.mktemp("repository")
    for folder in ("course", "solutions"):
        shutil.copytree(ROOT / folder, place / folder)
    shutil.copy(ROOT / "nbgrader_config.py", place)
    return place


@pytest.fixture(scope="module")
def first_run(repository):
    return grader(repository, "demo", "--students", "12", "--seed", "3")


def test_the_demo_grades_its_class_and_says_where_everything_is(repository, first_run):
    assert first_run.returncode == 0, first_run.stderr
    assert "11 graded, 0 unchanged, 1 failed" in first_run.stdout
    for path in ("demo/gradebook.db", "demo/report.html"):
        assert path in first_run.stdout
        assert (repository / path).stat().st_size > 1000
    students = {p.name for p in (repository / "demo" / "submitted").iterdir()}
    pages = {p.parts[-3] for p in (repository / "demo" / "feedback").glob("*/ch1_xor/ch1_xor.html")}
    assert len(students) == 12
    assert pages == students  # the one whose file is cut off reads so


def test_the_broken_ones_cost_what_is_broken_and_nobody_else(repository, first_run):
    kept = list((repository / "demo" / ".grader" / "results").glob("*/*.json"))
    verdicts = [
        {n: Verdict.from_json(v) for n, v in json.loads(p.read_text())["verdicts"].items()} for p in kept
    ]
    stopped = [
        (n, v) for found in verdicts for n, v in found.items() if v.problem and v.problem.kind == "stopped"
    ]
    assert sorted(n for n, _ in stopped) == sorted([demo.stuck("ch1_xor"), demo.fatal("ch1_xor")])
    assert all(set(found) == {e.name for e in exercises("ch1_xor")} for found in verdicts)
    assert re.search(r"is not JSON: the file is broken", first_run.stderr)


def test_every_misconception_of_the_class_is_named(repository, first_run):
    known = {e.name: {m.name for m in e.misconceptions} for e in exercises("ch1_xor")}
    for path in (repository / "demo" / ".grader" / "results").glob("*/*.json"):
        for name, data in json.loads(path.read_text())["verdicts"].items():
            verdict = Verdict.from_json(data)
            if verdict.attempted and not verdict.solved and verdict.problem.kind != "stopped":
                assert verdict.misconception in known[name], str(verdict)


def test_a_second_run_changes_nothing_and_says_so(repository, first_run):
    before = (repository / "demo" / "report.html").read_bytes()
    second = grader(repository, "demo", "--students", "12", "--seed", "3")
    assert second.returncode == 0
    assert "nothing has changed: 11 graded before, 1 still broken" in second.stdout
    assert (repository / "demo" / "report.html").read_bytes() == before


def test_a_folder_called_demo_that_somebody_else_made_is_left_alone(tmp_path):
    for folder in ("course", "solutions"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    mine = tmp_path / "demo" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years of work")
    done = grader(tmp_path, "demo")
    assert done.returncode == 1
    assert "was not made by `grader demo`" in " ".join(done.stderr.split())
    assert mine.read_text() == "years of work"


@pytest.mark.exhaustive
def test_without_a_sandbox_the_made_up_class_is_graded_and_a_real_one_is_not(repository, tmp_path):
    # Nor may Landlock take the place of the namespaces that bubblewrap makes.
    nowhere = {"PATH": str(tmp_path), "HOME": str(tmp_path), "FNNKIT_SANDBOX": "namespaces"}
    place = tmp_path / "repository"
    shutil.copytree(repository, place, ignore=shutil.ignore_patterns("demo"))
    made = grader(place, "demo", "--students", "3", environment=nowhere)
    assert made.returncode == 0, made.stderr
    assert "graded as with --trust-submissions" in " ".join(made.stderr.split())
    assert "3 graded" in made.stdout
    assert "run without a sandbox" in (place / "demo" / "report.html").read_text()

    shutil.copytree(place / "demo" / "submitted", place / "submitted")
    refused = grader(place, "grade", "ch1_xor", environment=nowhere)
    assert refused.returncode == 2
    said = " ".join(refused.stderr.split())
    assert "install the package `bubblewrap`" in said
    assert "--trust-submissions" in said
    assert not (place / "gradebook.db").exists()
    trusted = grader(place, "grade", "ch1_xor", "--trust-submissions", environment=nowhere)
    assert trusted.returncode == 0, trusted.stderr


def test_written_answers_are_those_of_the_chapter_or_say_nothing_wrong(repository, first_run):
    from grader import answers

    listed = answers.written("ch1_xor")
    seen = set()
    for path in (repository / "demo" / "submitted").glob("*/ch1_xor/ch1_xor.ipynb"):
        try:
            cells = json.loads(path.read_text())["cells"]
        except ValueError:  # the file that was cut off
            continue
        for cell in cells:
            role = cell["metadata"]["nbgrader"]
            text = "".join(cell["source"])
            if role["solution"] and role["grade"] and not text.startswith("*Write your answer"):
                assert text in listed.get(role["grade_id"], demo.NEUTRAL)
                seen.add(text)
    assert len(seen) > 1


def test_a_chapter_without_listed_answers_is_one_line(monkeypatch, tmp_path):
    from grader.answers.ch1_xor import mse
    from grader.course import Course, CourseError

    monkeypatch.setattr(mse, "ANSWERS", [])
    with pytest.raises(CourseError, match="has no correct answer to 'mse'"):
        demo.make_class(Course(ROOT), "ch1_xor", 3, 1)
    assert not (tmp_path / "demo").exists()


@pytest.mark.exhaustive
def test_chapters_that_are_there_stay(tmp_path):
    for folder in ("course", "solutions"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    for chapter in ("ch1_xor", "ch2_output_units", "ch1_xor"):
        done = grader(tmp_path, "demo", "--students", "3", "--chapter", chapter)
        assert done.returncode == 0, done.stderr
    assert "nothing has changed" in done.stdout
    demo = tmp_path / "demo"
    assert 'href="reports/ch2_output_units.html"' in (demo / "report.html").read_text()
    assert "ch1_xor: how the class did" in (demo / "report.html").read_text()
    with (demo / "reports" / "marks.csv").open() as file:
        assert {row["chapter"] for row in csv.DictReader(file)} == {"ch1_xor", "ch2_output_units"}
    students = {p.name for p in (demo / "submitted").iterdir()}
    for chapter in ("ch1_xor", "ch2_output_units"):
        assert {p.parent.name for p in (demo / "submitted").glob(f"*/{chapter}")} == students
    # Another class is another course.
    assert grader(tmp_path, "demo", "--students", "2").returncode == 0
    assert not list((demo / "submitted").glob("*/ch2_output_units"))
