"""A messy class: whatever is handed in, one line says what to do, all others are graded, nothing recorded is lost."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from grader.sandbox import modes

needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
GRADE = ("grader", "grade", "ch1_xor", "--jobs", "2")


def lines_about(done, student):
    """What standard error says about a student."""
    return [line for line in done.stderr.splitlines() if line.startswith(f"{student}:")]


def old_format(notebook):
    """As JupyterLab's grandparents wrote it."""
    cells = [
        {"cell_type": "code", "input": c.source, "language": "python", "outputs": []} for c in notebook.cells
    ]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]})


def changed(notebook, **more):
    data = json.loads(nbformat.writes(notebook))
    return json.dumps(data | more)


def with_cells(notebook, edit):
    data = json.loads(nbformat.writes(notebook))
    edit(data["cells"])
    return json.dumps(data)


def hears_interrupts():
    """Whoever runs tests in the background of a shell hands the ignoring of Ctrl-C down to all that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@needs_sandbox
def test_every_kind_of_bad_submission_is_one_line_and_the_rest_is_graded(classroom):
    good = classroom.notebook(classroom.right)
    text = nbformat.writes(good)
    bad = {
        "empty": ("", "is not JSON"),
        "cut off": (text[: len(text) // 2], "is not JSON"),
        "not text": (b"\xff\xfe\x00\x01" * 50, "is not JSON"),
        "zip": (b"PK\x03\x04" + bytes(100), "is not JSON"),
        "nested": ("[" * 200_000 + "]" * 200_000, "is not JSON"),
        "long number": (changed(good).replace('"nbformat": 4', '"nbformat": ' + "9" * 5000), "is not JSON"),
        "a list": ("[1, 2]", "not a notebook"),
        "null": ("null", "not a notebook"),
        "an object": ('{"a": 1}', "not a notebook"),
        "cells are numbers": (changed(good, cells=[1, 2, 3]), "its cells are not those of a notebook"),
        "cells are an object": (changed(good, cells={"a": 1}), "its cells are not those of a notebook"),
        "cells of nothing": (changed(good, cells=[{}, {}]), "damaged|another chapter"),
        "no metadata": (with_cells(good, lambda cells: [c.pop("metadata") for c in cells]), "damaged|another chapter"),
        "minor is a text": (changed(good, nbformat_minor="x"), "damaged"),
        "format 3": (old_format(good), "has notebook format 3, not 4"),
        "format unknown": (changed(good, nbformat="four"), "has notebook format 'four', not 4"),
        "another chapter": (nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])), "another chapter"),
        "too many cells": (with_cells(good, lambda cells: cells.extend([cells[0]] * 2000)), "cells, more than 2000"),
        "=cmd|calc": (text, "not a safe name"),
        "a..b": (text, "not a safe name"),
        "-rf": (text, "not a safe name"),
    }  # fmt: skip
    for student, (content, _) in bad.items():
        classroom.hand_in_text(student, content)
    big = classroom.place("fifty megabytes")
    with open(big, "wb") as file:
        file.truncate(50_000_000)
    bad["fifty megabytes"] = ("", "has 50 MB, more than 20 MB")
    other = nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]))
    classroom.place("misnamed").with_name("homework.ipynb").write_text(other)
    bad["misnamed"] = (
        "",
        "there is no ch1_xor.ipynb; the folder holds homework.ipynb, without a cell of this chapter",
    )
    classroom.place("a folder").mkdir()
    bad["a folder"] = ("", "there is no ch1_xor.ipynb")
    classroom.hand_in("yesterday").with_name("timestamp.txt").write_text("yesterday")
    bad["yesterday"] = ("", "timestamp.txt does not hold a time")
    classroom.hand_in("linked").with_name("notes.txt").symlink_to(classroom.root / "nbgrader_config.py")
    bad["linked"] = ("", "notes.txt is a link")
    good_names = ["Ada Lovelace", "Zoë Müller", "李雷"]
    for student in good_names:
        classroom.hand_in(student)
    # Odd, but nothing to refuse.
    classroom.hand_in_text("same ids", with_cells(good, lambda cells: [c.update(id="same") for c in cells]))
    classroom.hand_in_text("surrogates", with_cells(good, lambda cells: cells[0].update(source="\ud800")))

    done = classroom.command(*GRADE)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    said = {student: lines_about(done, student) for student in bad}
    assert {s: lines for s, lines in said.items() if len(lines) != 1} == {}
    assert {s: said[s] for s, (_, words) in bad.items() if not re.search(words, said[s][0])} == {}
    graded = {*good_names, "same ids", "surrogates"}
    assert {s: p for s, p in classroom.gradebook().items() if p} == dict.fromkeys(graded, classroom.total)
    assert f"{len(graded)} graded, 0 unchanged, {len(bad)} failed" in done.stdout


@pytest.mark.exhaustive
@needs_sandbox
def test_a_name_that_is_not_text_is_one_line(classroom):
    classroom.hand_in("honest")
    try:
        os.makedirs(os.fsencode(classroom.root / "submitted") + b"/\xff\x1b[31m/ch1_xor")
    except OSError:
        pytest.skip("this file system takes no such name")
    done = classroom.command(*GRADE)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    [line] = lines_about(done, r"\udcff\x1b[31m")
    assert "not a safe name" in line
    assert classroom.gradebook() == {"honest": classroom.total}


@pytest.mark.exhaustive
@needs_sandbox
def test_marks_recorded_before_stay_and_a_second_run_changes_nothing(classroom):
    classroom.hand_in("ada")
    classroom.hand_in("ben", mse="def mse(*a):\n    return 0.5")
    assert classroom.command(*GRADE).returncode == 0
    before = classroom.gradebook()
    second = classroom.command(*GRADE)
    assert second.returncode == 0
    assert "nothing has changed: 2 graded before" in second.stdout
    classroom.hand_in_text("ada", "{")
    third = classroom.command(*GRADE)
    assert third.returncode == 1
    assert "the mark recorded before stays" in lines_about(third, "ada")[0]
    assert classroom.gradebook() == before == {"ada": classroom.total, "ben": classroom.total - 1}


def test_unknown_chapters_students_and_missing_submissions_are_one_line(classroom):
    def refusal(*line):
        done = classroom.command(*line)
        assert done.returncode == 2
        [text] = done.stderr.strip().splitlines()
        return text

    assert "no submission of ch1_xor: expected submitted/STUDENT/" in refusal(*GRADE)
    (classroom.root / "submitted").mkdir()
    assert "no submission of ch1_xor" in refusal(*GRADE)
    classroom.hand_in("ada")
    assert "there is no chapter 'ch9'; there are: ch1_xor" in refusal("grader", "grade", "ch9")
    assert "there is no chapter '../x'" in refusal("grader", "grade", "../x")
    assert "no submission of ch1_xor by 'bob'; there are: ada" in refusal(*GRADE, "--student", "bob")
    (classroom.course.private / "secret").write_text("short")
    assert "secret is damaged" in refusal(*GRADE)


def test_outside_a_course_it_says_where_to_go(classroom, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", *GRADE], cwd=tmp_path, capture_output=True, text=True, check=False,
        env=classroom.environment(),
    )  # fmt: skip
    assert done.returncode == 2
    assert "is not inside a course" in done.stderr


def test_without_bubblewrap_one_line_says_what_to_do(classroom, tmp_path):
    classroom.hand_in("ada")
    done = classroom.command(*GRADE, PATH=str(tmp_path), FNNKIT_SANDBOX="namespaces")
    assert done.returncode == 2
    [line] = done.stderr.strip().splitlines()
    assert "install the package `bubblewrap`" in line
    assert "--trust-submissions" in line
    assert not (classroom.root / "autograded").exists()


@pytest.mark.exhaustive
def test_submissions_that_are_trusted_are_graded_without_bubblewrap(classroom, tmp_path):
    classroom.hand_in("ada")
    done = classroom.command(*GRADE, "--trust-submissions", PATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert classroom.gradebook() == {"ada": classroom.total}


@pytest.mark.exhaustive
@needs_sandbox
def test_a_batch_that_was_stopped_leaves_no_process_and_goes_on_where_it_was(classroom):
    for student in ("ada", "ben"):
        classroom.hand_in(student)
    classroom.hand_in("slow", mse="import time\ntime.sleep(8)\ndef mse(*a):\n    return 0.5")
    classroom.hand_in("slow too", mse="import time\ntime.sleep(8.5)\ndef mse(*a):\n    return 0.5")
    running = subprocess.Popen(
        [sys.executable, "-m", *GRADE], cwd=classroom.root, env=classroom.environment(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, preexec_fn=hears_interrupts,
    )  # fmt: skip
    results = classroom.root / ".grader" / "results"
    wait_until(lambda: len(list(results.glob("*/*.json"))) == 2)
    wait_until(lambda: len(children(running.pid)) >= 2)
    below = children(running.pid)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "what was graded so far is kept" in said
    assert "Traceback" not in said
    wait_until(lambda: not [pid for pid in below if Path(f"/proc/{pid}").exists()])
    kept = {p: p.stat().st_mtime_ns for p in results.glob("*/*.json")}
    again = classroom.command(*GRADE)
    assert again.returncode == 0, again.stderr
    full = classroom.total
    assert classroom.gradebook() == {"ada": full, "ben": full, "slow": full - 1, "slow too": full - 1}
    assert {p: p.stat().st_mtime_ns for p in kept} == kept


@pytest.mark.exhaustive
@needs_sandbox
def test_a_stop_while_marks_are_recorded_is_a_stop(classroom):
    """nbgrader catches the interrupt that ends it, and reports a failure like any other."""
    for n in range(6):
        classroom.hand_in(f"student {n}")
    # So nbgrader records them itself, one by one.
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write("\nc.Autograde.sanitize_preprocessors.append('nbgrader.preprocessors.LockCells')\n")
    running = subprocess.Popen(
        [sys.executable, "-m", *GRADE], cwd=classroom.root, env=classroom.environment(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, preexec_fn=hears_interrupts,
    )  # fmt: skip
    # Who is recorded stands in a small file of its own; all of them become one at the end.
    wait_until(lambda: list((classroom.root / ".grader").glob("recorded-ch1_xor.*.json")))
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert "what was graded so far is kept" in said
    assert 1 <= len(classroom.gradebook()) < 6
    assert classroom.command(*GRADE).returncode == 0
    assert classroom.gradebook() == {f"student {n}": classroom.total for n in range(6)}


def children(pid):
    """Processes below a process."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        try:
            below = [
                int(p)
                for t in Path(f"/proc/{one}/task").iterdir()
                for p in (t / "children").read_text().split()
            ]
        except OSError:
            continue
        found += below
        waiting += below
    return found


def wait_until(condition):
    end = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
