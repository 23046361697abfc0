"""The list of allowed system calls: what is not on it does not exist, and with it every chapter gets full marks."""

from __future__ import annotations

import json
import platform
import shutil

import pytest

from fnnkit.judge.registry import chapter_ids, exercises
from grader.batch import grade
from grader.course import CONFIG, Course
from grader.marking.doctor import said
from grader.sandbox import modes, seccomp

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="the list is of calls of x86-64")


@pytest.fixture(params=modes.MODES)
def mode(request, monkeypatch):
    monkeypatch.setenv(modes.CHOICE, request.param)
    try:
        modes.mode()
    except modes.SandboxUnavailable as problem:
        pytest.skip(str(problem))
    return request.param


def test_no_call_but_those_of_the_list_exists(mode):
    """All numbers up to those of kernels to come, with arguments that make no sense."""
    allowed = set(seccomp.ALLOWED.values())
    # Linux lets no filter see the calls of its own probes, which work from a page of its own alone.
    allowed |= {335, 336}
    asked = [n for n in range(600) if n not in allowed and n != seccomp.CLONE3]
    source = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def refused(number):
    ctypes.set_errno(0)
    return libc.syscall(number, -1, -1, -1, -1, -1) == -1 and ctypes.get_errno() in (1, 38)
print([n for n in {asked} if not refused(n)])
"""
    assert said("ch1_xor", source) == "[]"
    later = {"vmsplice": 278, "io_setup": 206, "inotify_init1": 294, "fanotify_init": 300, "userfaultfd": 323, "keyctl": 250,
             "perf_event_open": 298, "bpf": 321, "io_uring_setup": 425}  # fmt: skip
    assert set(later.values()) <= set(asked)


def test_there_are_no_terminals(mode):
    source = "import os\ntry: os.openpty(); print('open')\nexcept OSError: print('none')\nprint(os.path.exists('/dev/ptmx'))"
    told = said("ch1_xor", source).split()
    assert told[0] == "none"
    assert mode == "landlock" or told[1] == "False"


def test_pipes_and_sockets_hold_no_more_than_at_first(mode):
    """What is in them belongs to no process: with their number, this bounds it."""
    source = """
import fcntl, os, socket
reading, writing = os.pipe()
before = fcntl.fcntl(writing, fcntl.F_GETPIPE_SZ)
try: fcntl.fcntl(writing, 1031, 1 << 20)
except PermissionError: print("refused")
print(fcntl.fcntl(writing, fcntl.F_GETPIPE_SZ) == before)
one, other = socket.socketpair()
for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
    before = one.getsockopt(socket.SOL_SOCKET, option)
    try: one.setsockopt(socket.SOL_SOCKET, option, 1 << 22)
    except PermissionError: print("refused")
    print(one.getsockopt(socket.SOL_SOCKET, option) == before)
"""
    assert said("ch1_xor", source).split() == ["refused", "True"] * 3


def test_what_falls_back_falls_back(mode):
    """Calls that Python and the C library try first, and do otherwise when they do not exist."""
    source = """
import os, shutil, subprocess, sys, tempfile, threading, time
t = threading.Thread(target=lambda: None); t.start(); t.join()
print(subprocess.run(["echo", "7"], capture_output=True, text=True).stdout.strip())
print(os.path.exists("/usr"), os.access("/usr", os.R_OK), len(os.urandom(4)), os.cpu_count() > 0)
"""
    assert said("ch1_xor", source).split() == ["7", "True", "True", "4", "True"]


@pytest.mark.exhaustive
@pytest.mark.sampled(by=("mode",))
@pytest.mark.parametrize("chapter", chapter_ids())
def test_every_chapter_has_full_marks_with_it(mode, chapter, tmp_path, request):
    root = request.config.rootpath
    course = Course(tmp_path / "course")
    course.root.mkdir()
    shutil.copy(root / CONFIG, course.root)
    for folder in ("solutions", "course"):
        shutil.copytree(root / folder / chapter, course.root / folder / chapter)
    solved = json.loads((root / "solutions" / chapter / f"{chapter}.ipynb").read_text())
    path = course.submitted("ada", chapter)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(solved))
    [entry] = grade(course, chapter, jobs=1).entries
    assert entry.marking is not None, entry.message
    assert entry.marking.mode == mode
    assert entry.marking.kernels == 1
    assert {n: v.marks for n, v in entry.marking.verdicts.items()} == {
        e.name: e.worth for e in exercises(chapter)
    }
