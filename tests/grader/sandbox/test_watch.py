"""What processes use all together, counted from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

from grader.sandbox.watch import MOST_BUSY, Bounds, Watch, channels_of, inodes_of, use_of

PLENTY = Bounds(1 << 40, 1e9, 10_000, 10**9)


@contextmanager
def running(source: str) -> Iterator[int]:
    """A program that has said that it is ready."""
    line = [
        sys.executable,
        "-c",
        textwrap.dedent(source) + "\nprint('ready', flush=True)\nimport time\ntime.sleep(600)",
    ]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process.pid
        finally:
            os.killpg(process.pid, 9)


def test_memory_of_children_counts():
    source = """
    import os, time
    for _ in range(3):
        ready, told = os.pipe()
        if os.fork() == 0:
            held = bytearray(50 << 20)
            os.write(told, b"x")
            time.sleep(600)
        os.read(ready, 1)
    """
    with running(source) as pid:
        use = use_of(pid)
        assert len(use.processes) == 4
        assert use.memory > 150 << 20
        assert (
            Watch(Bounds(150 << 20, 1e9, 10_000, 1)).excess([pid], []) == "it used more than 150 MB of memory"
        )
        assert Watch(PLENTY).excess([pid], []) == ""


def test_sockets_count_once_however_many_processes_hold_them():
    source = """
    import os, socket, time
    held = [socket.socketpair() for _ in range(50)]
    for _ in range(5):
        if os.fork() == 0:
            time.sleep(600)
    """
    with running(source) as pid:
        pids = use_of(pid).processes
        assert use_of(pid).descriptors > 500
        assert 100 <= len(channels_of(pids)) <= 110
        assert Watch(Bounds(1 << 40, 1e9, 200, 1)).excess([pid], []) == ""
        assert (
            Watch(Bounds(1 << 40, 1e9, 99, 1)).excess([pid], []) == "it held more than 99 sockets and pipes"
        )


def test_processor_time_counts_that_of_children_that_have_ended():
    source = """
    import os, time
    if os.fork() == 0:
        end = time.process_time() + 0.5
        while time.process_time() < end: pass
        os._exit(0)
    os.wait()
    """
    with running(source) as pid:
        assert use_of(pid).cpu_seconds >= 0.45
        assert "processor time" in Watch(Bounds(1 << 40, 0.3, 10_000, 1)).excess([pid], [])


def test_many_busy_processes_are_too_many_only_after_a_while():
    source = f"""
    import os
    for _ in range({MOST_BUSY + 4}):
        if os.fork() == 0:
            while True: pass
    """
    with running(source) as pid:
        watch = Watch(PLENTY)
        said = [watch.excess([pid], []) for _ in range(50)]
        assert said[0] == ""
        assert "computed at the same time" in said[-1]


def test_idle_threads_are_not_busy():
    source = f"""
    import threading, time
    for _ in range({MOST_BUSY + 20}):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    """
    with running(source) as pid:
        watch = Watch(PLENTY)
        assert {watch.excess([pid], []) for _ in range(20)} == {""}


def test_files_are_counted_and_places_that_are_gone_are_not(tmp_path):
    before = inodes_of(["/dev/shm"])
    assert before > 0
    assert inodes_of([str(tmp_path / "gone")]) == 0
    assert (
        Watch(Bounds(1 << 40, 1e9, 10_000, 0)).excess([os.getpid()], ["/dev/shm"])
        == "it made more than 0 files"
    )


def test_a_process_that_has_ended_uses_nothing():
    process = subprocess.Popen(["true"])
    process.wait()
    use = use_of(process.pid)
    assert (use.memory, use.cpu_seconds, use.descriptors) == (0, 0.0, 0)
