"""States of a course that nobody wants, by the command that instructors use: one line each, marks stay or come back.

What a disk, a folder or a secret can become is in `test_broken_states`; kills are in `test_kills`.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from grader.sandbox import modes

pytestmark = [
    pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine"),
    pytest.mark.exhaustive,
]

GRADE = (sys.executable, "-m", "grader", "grade", "ch1_xor", "--jobs", "2")
WRONG = {"mse": "def mse(*a):\n    return 0.5"}
DEEP = "[" * 100_000


def run(classroom):
    """Grade; whatever comes of it, no traceback."""
    done = classroom.command(*GRADE[2:])
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done


@pytest.fixture(scope="session")
def graded_once(tmp_path_factory, new_classroom):
    """A class of two that was graded."""
    classroom = new_classroom(tmp_path_factory.mktemp("graded"))
    classroom.hand_in("ada", {"mse": classroom.right["mse"]})
    classroom.hand_in("ben", WRONG)
    assert run(classroom).returncode == 0
    return classroom


@pytest.fixture
def graded(classroom, graded_once):
    """A copy of a class of two that was graded, and its marks."""
    shutil.rmtree(classroom.root)
    shutil.copytree(graded_once.root, classroom.root)
    marks = classroom.gradebook()
    assert marks == {"ada": classroom.full["mse"], "ben": 0.0}
    return classroom, marks


def test_of_three_graders_at_once_one_works_and_the_others_say_so(classroom):
    for n in range(4):
        classroom.hand_in(f"s{n}", {"mse": classroom.right["mse"]})
    all_three = [
        subprocess.Popen(
            GRADE, cwd=classroom.root, env=classroom.environment(), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]  # fmt: skip
    said = [(one.communicate(timeout=300)[1], one.returncode) for one in all_three]
    refused = [text for text, code in said if code]
    assert len(refused) < 3
    for text in refused:
        [line] = text.strip().splitlines()
        assert "another `grader grade` is at work" in line
    assert classroom.gradebook() == dict.fromkeys([f"s{n}" for n in range(4)], classroom.full["mse"])


@pytest.mark.parametrize(
    "state", ["rubbish", "damaged", "empty", "deleted", "a folder", "locked", "read only"]
)
def test_whatever_becomes_of_the_gradebook_is_one_line_and_marks_come_back(graded, state):
    classroom, marks = graded
    book = classroom.root / "gradebook.db"
    whole = book.read_bytes()
    locked = None
    if state == "rubbish":
        book.write_bytes(b"rubbish" * 1000)
    elif state == "damaged":
        book.write_bytes(whole[:4096] + b"\xff" * 8192 + whole[12288:])
    elif state == "empty":
        book.write_bytes(b"")
    elif state == "deleted":
        book.unlink()
    elif state == "a folder":
        book.unlink()
        book.mkdir()
    elif state == "locked":
        locked = sqlite3.connect(book)
        locked.execute("BEGIN EXCLUSIVE")
    else:
        book.chmod(0o400)
    classroom.hand_in("zoe", WRONG)
    done = run(classroom)
    if locked is not None:
        locked.rollback()
        locked.close()
    if done.returncode:
        [line] = done.stderr.strip().splitlines()
        assert len(line) < 400
        assert "gradebook" in line
        if book.is_dir():
            book.rmdir()
        book.write_bytes(whole)
        book.chmod(0o600)
        assert run(classroom).returncode == 0
    assert classroom.gradebook() == marks | {"zoe": 0.0}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "5",
        "null",
        "\0" * 64,
        DEEP,
        '{"recorded": ' * 50_000,
        '{"ada": "x"}',
        '{"recorded": []}',
        None,
    ],
)
def test_whatever_becomes_of_what_is_recorded_it_is_recorded_again(graded, text):
    classroom, marks = graded
    record = classroom.course.record(classroom.chapter)
    record.unlink()
    if text is None:
        record.mkdir()
    else:
        record.write_text(text)
    assert run(classroom).returncode == 0
    assert classroom.gradebook() == marks
    assert "nothing has changed: 2 graded before" in run(classroom).stdout


def forms_of(good):
    """What could have become of a result."""
    yield from ("", "\0" * 64, "[]", "5", "null", DEEP, good[:-9], None)
    for change in (
        {"verdicts": {}}, {"verdicts": []}, {"verdicts": None}, {"cells": []},
        {"cells": {"mse": [{"output_type": "display_data"}]}},
        {"mac": ""}, {"schema": 1},
    ):  # fmt: skip
        yield json.dumps(json.loads(good) | change)


def test_whatever_becomes_of_results_they_are_made_again_and_nobody_is_blamed(graded):
    classroom, marks = graded
    results = sorted((classroom.root / ".grader" / "results").glob("*/*.json"))
    assert len(results) == 2
    good = results[0].read_text()
    for form in forms_of(good):
        for path in results:
            path.unlink()
            if form is None:
                path.mkdir()
            else:
                path.write_text(form)
        done = run(classroom)
        assert (done.returncode, done.stderr) == (0, ""), form
        assert classroom.gradebook() == marks, form
        assert all(path.is_file() for path in results)


def test_a_submission_that_is_rewritten_all_the_time_is_marked_as_one_of_its_versions(classroom):
    right, wrong = {"mse": classroom.right["mse"]}, WRONG
    path = classroom.hand_in("eve", right)
    classroom.hand_in("ada", right)
    versions = [path.read_bytes(), classroom.hand_in("eve", wrong).read_bytes()]
    end = threading.Event()

    def rewrite():
        while not end.wait(0.05):
            versions.reverse()
            path.write_bytes(versions[0])

    thread = threading.Thread(target=rewrite)
    thread.start()
    try:
        first = run(classroom)
    finally:
        end.set()
        thread.join()
    found = classroom.gradebook()
    assert found.pop("ada") == classroom.full["mse"]
    assert first.returncode == 0 or "eve:" in first.stderr  # half of a version is no notebook
    assert set(found.values()) <= {0.0, classroom.full["mse"]}
    classroom.hand_in("eve", wrong)
    assert run(classroom).returncode == 0
    assert classroom.gradebook()["eve"] == 0.0


def test_files_from_the_future_are_graded_and_graded_again_when_they_change(classroom):
    path = classroom.hand_in("ada", WRONG)
    later = time.mktime((2096, 1, 1, 0, 0, 0, 0, 0, 0))
    os.utime(path, (later, later))
    assert run(classroom).returncode == 0
    assert classroom.gradebook() == {"ada": 0.0}
    assert "nothing has changed" in run(classroom).stdout
    classroom.hand_in("ada", {"mse": classroom.right["mse"]})
    os.utime(path, (later - 9, later - 9))
    assert run(classroom).returncode == 0
    assert classroom.gradebook() == {"ada": classroom.full["mse"]}
