"""Control groups of sandboxes: the kernel itself holds memory, processes and shares, and nothing of them is left."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from traitlets.config import Config

from fnnkit.kernel.asking import KernelLost
from grader.marking import edition
from grader.marking.session import Session
from grader.sandbox import cgroups, modes
from grader.sandbox.cgroups import PREFIX, Group, own_groups, place

needs_groups = pytest.mark.skipif(
    place() is None, reason="no control groups can be made on this machine by this user"
)
needs_sandbox = pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")

FILLS_MEMORY = """
import sys, time
sys.stdin.readline()
held = bytearray()
while True:
    held += bytes(8 << 20)
"""
FORKS = """
import os, sys, time
sys.stdin.readline()
made = 0
try:
    while made < 100:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        made += 1
except BlockingIOError:
    pass
print(made, flush=True)
"""
# Memory that belongs to no process: what was written into sockets, and not read.
FILLS_SOCKETS = """
import socket, sys
sys.stdin.readline()
held = []
for _ in range(100):
    for one in socket.socketpair():
        one.setblocking(False)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 18)
        held.append(one)
        try:
            while True:
                one.send(bytes(1 << 16))
        except BlockingIOError:
            pass
print("all of it", flush=True)
"""


def inside(source: str, memory: int, processes: int = 64) -> tuple[Group, subprocess.Popen[str]]:
    group = Group(memory, processes)
    line = [sys.executable, "-c", source]
    process = subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    group.take([process.pid])
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    return group, process


def end(group: Group, process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, 9)
    process.communicate(timeout=30)
    group.close()
    assert not any(folder.exists() for folder in group.folders.values())


@needs_groups
def test_memory_is_held_at_any_time_and_said_to_be_the_reason():
    group, process = inside(FILLS_MEMORY, 100 << 20)
    assert process.wait(60) == -9
    assert group.ran_out()
    group.close()
    assert not any(folder.exists() for folder in group.folders.values())


@needs_groups
def test_memory_of_sockets_counts_which_belongs_to_no_process():
    group, process = inside(FILLS_SOCKETS, 24 << 20)
    said, _ = process.communicate(timeout=60)
    assert (said, process.returncode, group.ran_out()) == ("", -9, True)
    group.close()
    group, process = inside(FILLS_SOCKETS, 400 << 20)
    assert process.stdout is not None
    assert process.stdout.readline() == "all of it\n"
    assert process.wait(60) == 0
    assert not group.ran_out()
    group.close()


@needs_groups
def test_processes_are_counted_together():
    group, process = inside(FORKS, 400 << 20, 12)
    assert process.stdout is not None
    assert 5 < int(process.stdout.readline()) < 12
    end(group, process)


@needs_groups
def test_groups_of_the_dead_are_swept_and_those_of_the_living_stay():
    own = own_groups()[place().version]["memory"]
    source = (
        "from grader.sandbox import cgroups; import os; g = cgroups.Group(1 << 30, 9); print(os.getpid(), flush=True); "
        "os.kill(os.getpid(), 9) if input() == 'die' else None"
    )
    others = []
    for _ in range(2):
        others.append(
            subprocess.Popen(
                [sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        )
    pids = [int(other.stdout.readline()) for other in others]
    folders = [own / f"{PREFIX}{pid}" for pid in pids]
    assert all(folder.is_dir() for folder in folders)
    others[0].communicate("die\n")
    cgroups.sweep()
    assert [folder.exists() for folder in folders] == [False, True]
    others[1].communicate("live\n")
    assert not folders[1].exists()  # it has tidied up itself


@needs_groups
@needs_sandbox
def test_a_kernel_that_takes_more_than_there_is_ends_with_words_and_its_neighbour_goes_on():
    config = Config()
    config.SandboxProvisioner.memory_mb = 300
    folder = edition.folder("ch1_xor")

    async def both() -> tuple[str, object]:
        async with Session(folder, config) as greedy, Session(folder, config) as modest:
            groups = list(Path(place().folders["memory"]).glob("[0-9]*"))
            assert len(groups) == 2
            assert all((group / "cgroup.procs").read_text().split() for group in groups)
            with pytest.raises(KernelLost) as lost:
                await greedy.run("held = [bytearray(64 << 20) for _ in range(40)]", 30)
            return str(lost.value), (await modest.run("print(6 * 7)", 30)).outputs[0]["text"]

    assert asyncio.run(both()) == ("it used more than 300 MB of memory", "42\n")
    for _ in range(100):
        if not (left := list(Path(place().folders["memory"]).glob("[0-9]*"))):
            break
        time.sleep(0.05)
    assert left == []


def test_without_groups_a_kernel_starts_all_the_same(monkeypatch):
    monkeypatch.setattr(cgroups, "own_groups", dict)
    cgroups.place.cache_clear()
    try:
        assert place() is None
        assert "none can be made" in cgroups.about()
        with pytest.raises(OSError, match="no control groups"):
            Group(1 << 30, 10)
    finally:
        cgroups.place.cache_clear()
