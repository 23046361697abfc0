"""Where namespaces are forbidden: files, sockets, signals and processes are kept apart all the same."""

from __future__ import annotations

import asyncio
import os
import struct
import textwrap
from pathlib import Path

import pytest

from grader.marking import edition
from grader.marking.session import Session
from grader.sandbox import landlock, modes, namespaces, seccomp


def works() -> bool:
    try:
        modes.landlocked()
    except modes.SandboxUnavailable:
        return False
    return True


needs_landlock = pytest.mark.skipif(
    not works(), reason="this kernel has no Landlock that is new enough, or another processor"
)


@pytest.fixture
def said(monkeypatch):
    """What a cell prints in a kernel without namespaces."""
    monkeypatch.setenv(modes.CHOICE, "landlock")

    def in_kernel(*cells: str) -> str:
        async def whole() -> str:
            async with Session(edition.folder("ch1_xor")) as session:
                told = ""
                for cell in cells:
                    run = await session.run(textwrap.dedent(cell), 30)
                    told += run.error or "".join(o.get("text", "") for o in run.outputs)
                return told

        return asyncio.run(whole())

    return in_kernel


@needs_landlock
def test_numbers_figures_threads_and_programs_work(said):
    text = said(
        """
        import asyncio, subprocess, threading
        import numpy as np, matplotlib.pyplot as plt, ipywidgets, fnnkit.exercises
        plt.plot([1, 2])
        plt.show()
        t = threading.Thread(target=print, args=(np.linalg.det(np.eye(3)),)); t.start(); t.join()
        await asyncio.sleep(0)
        print(subprocess.run(["echo", "program"], capture_output=True, text=True, stdin=subprocess.PIPE).stdout.strip())
        """,
        "print(len('x' * 3_000_000))\nprint('x' * 3_000_000)",
        "print('after a long output')",
    )
    assert "1.0" in text
    assert "program" in text
    assert text.endswith("after a long output\n")


@needs_landlock
def test_no_file_but_those_of_the_list_can_be_read_and_none_written(said, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0o666)
    site_packages = Path(os.__file__).parent / "site-packages"
    places = [
        str(secret),
        "/etc/passwd",
        "/proc/self/environ",
        "/proc/1/cmdline",
        __file__,
        namespaces.__file__,
        *map(str, site_packages.glob("*/__init__.py")),
    ]
    text = said(
        f"""
        import os
        done = []
        for place in {places!r}:
            for attempt in (lambda: open(place).read(1), lambda: open(place, "a"), lambda: os.chmod(place, 0o777),
                            lambda: os.utime(place), lambda: os.unlink(place), lambda: os.rename(place, place + "x"),
                            lambda: os.truncate(place, 0), lambda: os.setxattr(place, "user.x", b"x"),
                            lambda: os.chown(place, -1, os.getgid())):
                try: attempt(); done.append(place)
                except OSError: pass
        for place in (os.getcwd(), "/tmp", "/dev/shm", os.environ["HOME"], os.environ["MPLCONFIGDIR"]):
            for attempt in (lambda: open(place + "/x", "w"), lambda: os.mkdir(place + "/y"),
                            lambda: os.symlink("/", place + "/z")):
                try: attempt(); done.append(place)
                except OSError: pass
        print(done)
        """
    )
    assert text == "[]\n"
    assert (secret.read_text(), secret.stat().st_mode & 0o777) == ("x", 0o666)


@needs_landlock
def test_no_socket_is_opened_and_nobody_else_is_signalled(said):
    text = said(
        f"""
        import fcntl, os, resource, signal, socket
        done = []
        others = [{os.getpid()}, os.getppid(), 1, 0, -1, -os.getppid()]
        attempts = [lambda p=p: os.kill(p, 0) for p in others]
        attempts += [lambda p=p: os.pidfd_open(p) for p in others[:3]]
        attempts += [lambda p=p: resource.prlimit(p, resource.RLIMIT_CPU, (1, 1)) for p in others[:3]]
        attempts += [lambda p=p: os.setpriority(os.PRIO_PROCESS, p, 19) for p in others[:3]]
        attempts += [lambda p=p: os.sched_setaffinity(p, [0]) for p in others[:3]]
        attempts += [lambda f=f, k=k: socket.socket(f, k) for f in (1, 2, 10, 16) for k in (1, 2)]
        attempts += [lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)]
        pair = socket.socketpair()
        attempts += [lambda: fcntl.fcntl(pair[0], fcntl.F_SETOWN, {os.getpid()}), lambda: fcntl.fcntl(pair[0], 10, 9)]
        for number, attempt in enumerate(attempts):
            try: attempt(); done.append(number)
            except OSError: pass
        os.kill(os.getpid(), 0)
        print(done)
        """
    )
    assert text == "[]\n"


@needs_landlock
def test_nothing_outlives_a_kernel_and_no_folder_is_left(said, tmp_path, monkeypatch):
    import tempfile

    edition.folder("ch1_xor")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(landlock.descendants(os.getpid()))
    said(
        """
        import os, signal, time
        for number in range(1, 32):
            if number not in (9, 19): signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0: time.sleep(600)
            time.sleep(600)
        """
    )
    assert set(landlock.descendants(os.getpid())) <= before
    assert list(tmp_path.iterdir()) == []


def test_a_mode_that_is_unknown_is_refused(monkeypatch):
    monkeypatch.setenv(modes.CHOICE, "chroot")
    with pytest.raises(modes.SandboxUnavailable, match="one of namespaces, landlock"):
        modes.mode()


def test_without_bubblewrap_landlock_is_taken_and_without_both_nothing_is_run(monkeypatch, tmp_path):
    monkeypatch.delenv(modes.CHOICE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    namespaces.bubblewrap.cache_clear()
    try:
        if works():
            assert modes.mode() == "landlock"
        modes.landlocked.cache_clear()
        monkeypatch.setattr(landlock, "version", lambda: 0)
        with pytest.raises(modes.SandboxUnavailable, match="install the package `bubblewrap`"):
            modes.mode()
        monkeypatch.setenv(modes.CHOICE, "landlock")
        with pytest.raises(modes.SandboxUnavailable, match="Landlock version 0"):
            modes.mode()
    finally:
        namespaces.bubblewrap.cache_clear()
        modes.landlocked.cache_clear()


@pytest.mark.parametrize("program", [seccomp.program(), seccomp.program_without_namespaces()])
def test_the_filters_are_programs_whose_jumps_stay_inside(program):
    lines = [struct.unpack_from("HBBI", program, at) for at in range(0, len(program), 8)]
    assert len(lines) < 4096
    assert lines[-1] == (seccomp.RETURN, 0, 0, seccomp.REFUSE | seccomp.ENOSYS)
    for at, (code, yes, no, _) in enumerate(lines):
        if code in (seccomp.JUMP_EQUAL, seccomp.JUMP_AT_LEAST, seccomp.JUMP_SET):
            assert max(at + 1 + yes, at + 1 + no) < len(lines)


def test_numbers_are_those_of_the_systems_table():
    table = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    if not table.exists():
        pytest.skip("the kernel's headers are not installed")
    import re

    known = dict(re.findall(r"#define __NR_(\w+) (\d+)", table.read_text()))
    ours = seccomp.DENIED_WITHOUT_NAMESPACES | seccomp.ALLOWED
    assert {n: v for n, v in ours.items() if n in known and int(known[n]) != v} == {}
    assert seccomp.ALLOWED.keys() <= known.keys()
    assert not seccomp.ALLOWED.keys() & seccomp.DENIED.keys()
