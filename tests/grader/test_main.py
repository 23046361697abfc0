"""What the command does before and after all that it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import grader.__main__ as main
from grader.marking import ready


def run(program):
    """What a program of Python says, and its exit status."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    return done.stdout, done.returncode


@pytest.fixture
def begun(classroom, monkeypatch):
    """Chapters for which something was started, and whether anyhow."""
    found = []
    monkeypatch.chdir(classroom.root)
    monkeypatch.setattr(
        ready, "begin", lambda course, chapter, anyhow: found.append((course.root, chapter, anyhow))
    )
    return found


def test_what_gets_ready_for_a_class_is_started_first(classroom, begun):
    main.begin(["grade", "-s", "ada", classroom.chapter])
    main.begin(["grade", "--force", classroom.chapter])
    assert begun == [(classroom.root, classroom.chapter, False), (classroom.root, classroom.chapter, True)]


def test_nothing_is_started_where_nothing_is_marked_here(classroom, begun, tmp_path, monkeypatch):
    chapter = classroom.chapter
    for words in (
        [], ["report", chapter], ["grade"], ["grade", "nothing"], ["grade", chapter, "--help"],
        ["grade", chapter, "--trust-submissions"], ["grade", chapter, "--cluster=local:2"],
    ):  # fmt: skip
        main.begin(words)
    monkeypatch.chdir(tmp_path.parent)
    main.begin(["grade", chapter])
    assert begun == []


def test_nbgrader_is_imported_without_its_servers_which_can_be_had_by_name():
    said, status = run(
        "import sys, grader.__main__ as main; main.import_nbgrader(); print('jupyter_server' in sys.modules); "
        "from nbgrader.server_extensions.formgrader import load_jupyter_server_extension as load; print(callable(load))"
    )
    assert (said, status) == ("False\nTrue\n", 0)


@pytest.mark.parametrize(("code", "status"), [("None", 0), ("0", 0), ("2", 2)])
def test_it_leaves_at_once_when_all_is_written_and_tidied_up(code, status):
    said, got = run(
        f"import atexit, grader.__main__ as main; atexit.register(print, 'tidied up'); print('said', end=' ')\n"
        f"main.leave(SystemExit({code})); print('not reached')"
    )
    assert (said, got) == ("said tidied up\n", status)


def test_who_still_works_is_waited_for_and_a_reason_is_shown():
    said, got = run(
        "import threading, time, grader.__main__ as main\n"
        "threading.Thread(target=lambda: (time.sleep(0.5), print('done'))).start()\n"
        "main.leave(SystemExit(0))\nraise SystemExit(3)"
    )
    assert (said, got) == ("done\n", 3)
    assert run("import grader.__main__ as main; main.leave(SystemExit('a reason')); print('reached')") == (
        "reached\n", 0,
    )  # fmt: skip
