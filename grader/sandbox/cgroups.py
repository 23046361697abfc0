"""Control groups: limits that the kernel itself keeps for all processes of a sandbox together, where the grader can make groups.

`watch` looks ten times a second from outside, which leaves a tenth of a second to exceed a bound, and memory that belongs to no
process, as that of pipes and sockets, it cannot see. A group holds all of it at any time, and gives each sandbox the same share
of the processors, however many threads it has.

Groups are made below the grader's own, so whatever holds for the grader holds for all sandboxes too. Version 1 of the interface
and version 2 are known; version 2 needs a group that is the grader's own (``systemd-run --scope -p Delegate=yes``), and was
written from its documentation: it has not been run.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import itertools
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CONTROLLERS = ("memory", "pids", "cpu")
PREFIX = "fnnkit-of-"
SLACK = 1.1
"""How far beyond the bound of `watch`, which has words for it, the group's own lies: it counts files that were read too."""
BEHIND = {1: ("cpu.shares", "2"), 2: ("cpu.weight", "1")}
_numbers = itertools.count()


@dataclass(frozen=True)
class Place:
    """Where groups are made.

    Attributes
    ----------
    version : int
        Of the interface.
    folders : dict
        By controller; with version 2 all are the same one.
    """

    version: int
    folders: dict[str, Path]


class Group:
    """The group of one sandbox.

    Parameters
    ----------
    memory : int
        Bytes that all of it may use, with what the kernel holds for it.
    processes : int
        Processes and threads.

    Raises
    ------
    OSError
        If it cannot be made; nothing is left of it then.
    """

    def __init__(self, memory: int, processes: int) -> None:
        found = place()
        if found is None:
            raise OSError("no control groups can be made")
        self.version = found.version
        name = str(next(_numbers))
        self.folders = {controller: folder / name for controller, folder in found.folders.items()}
        settings = LIMITS[found.version](int(memory * SLACK), processes)
        try:
            for folder in set(self.folders.values()):
                folder.mkdir()
            for controller, file, value, needed in settings:
                with contextlib.suppress(*(() if needed else (OSError,))):
                    (self.folders[controller] / file).write_text(value)
        except OSError:
            self.close()
            raise

    def take(self, pids: Iterable[int]) -> None:
        """Put processes into it; what they start later is in it too. Those that have ended are passed over."""
        for pid in pids:
            for folder in set(self.folders.values()):
                with contextlib.suppress(ProcessLookupError):
                    (folder / "cgroup.procs").write_text(str(pid))

    def go_behind(self) -> None:
        """Give it a processor only when nobody else wants it."""
        file, value = BEHIND[self.version]
        with contextlib.suppress(OSError):
            (self.folders["cpu"] / file).write_text(value)

    def ran_out(self) -> bool:
        """Whether the kernel has ended something in it because its memory was used up."""
        file = {1: "memory.oom_control", 2: "memory.events"}[self.version]
        with contextlib.suppress(OSError, ValueError):
            said = dict(line.split() for line in (self.folders["memory"] / file).read_text().splitlines())
            return int(said.get("oom_kill", 0)) > 0
        return False

    def close(self) -> None:
        """Remove it. What ended a moment ago may still be in it: `sweep` removes it then."""
        for folder in set(self.folders.values()):
            for _ in range(20):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    pass
                except OSError:
                    time.sleep(0.001)
                    continue
                break


def _limits_1(memory: int, processes: int) -> tuple[tuple[str, str, str, bool], ...]:
    return (
        ("memory", "memory.limit_in_bytes", str(memory), True),
        ("memory", "memory.memsw.limit_in_bytes", str(memory), False),  # absent where swap is not counted
        ("pids", "pids.max", str(processes), True),
    )


def _limits_2(memory: int, processes: int) -> tuple[tuple[str, str, str, bool], ...]:
    return (
        ("memory", "memory.max", str(memory), True),
        ("memory", "memory.swap.max", "0", False),
        ("memory", "memory.oom.group", "1", False),
        ("pids", "pids.max", str(processes), True),
    )


LIMITS = {1: _limits_1, 2: _limits_2}
"""What is written where: controller, file, value, and whether a group without it is none."""


@functools.cache
def place() -> Place | None:
    """Where this process makes groups: below its own; None where it cannot, or does not for all that is limited."""
    sweep()
    for version, folders in own_groups().items():
        made = {controller: folder / f"{PREFIX}{os.getpid()}" for controller, folder in folders.items()}
        try:
            if version == 2:
                _delegate(next(iter(folders.values())))
            for folder in set(made.values()):
                folder.mkdir(exist_ok=True)
            if version == 2:
                _hand_on(next(iter(made.values())))
            else:
                # All sandboxes together are one competitor of the grader; each of them is worth as much as it is.
                (made["cpu"] / "cpu.shares").write_text(str(1024 * (os.cpu_count() or 1)))
        except OSError:
            for folder in set(made.values()):
                with contextlib.suppress(OSError):
                    folder.rmdir()
            continue
        atexit.register(remove, os.getpid(), Place(version, made))
        return Place(version, made)
    return None


def own_groups() -> dict[int, dict[str, Path]]:
    """The folders of this process's own groups, by version, where all controllers are found and can be written to."""
    mounted: dict[str, Path] = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/mounts").read_text().splitlines():
            _, where, kind, options, *_ = line.split()
            if kind == "cgroup2":
                mounted[""] = Path(where)
            elif kind == "cgroup":
                mounted |= {name: Path(where) for name in options.split(",") if name in CONTROLLERS}
    below: dict[str, str] = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            below |= dict.fromkeys(controllers.split(","), path)
    found: dict[int, dict[str, Path]] = {}
    versions: dict[int, tuple[str, ...]] = {1: CONTROLLERS, 2: ("",)}
    for version, names in versions.items():
        if all(name in mounted for name in names):
            # Inside a container the path may be the host's: what is mounted is the own group then.
            here = {n: mounted[n] / below.get(n, "/").lstrip("/") for n in names}
            here = {n: folder if folder.is_dir() else mounted[n] for n, folder in here.items()}
            if all(os.access(folder, os.W_OK) for folder in here.values()):
                found[version] = here if version == 1 else dict.fromkeys(CONTROLLERS, here[""])
    return found


def _delegate(own: Path) -> None:
    """Version 2: a group with processes hands no controllers on, so the grader goes into one below its own."""
    there = (own / "cgroup.procs").read_text().split()
    if there and there != [str(os.getpid())]:
        raise OSError("others are in the same group")
    if there:
        grader = own / "grader"
        grader.mkdir(exist_ok=True)
        (grader / "cgroup.procs").write_text(there[0])
    _hand_on(own)


def _hand_on(folder: Path) -> None:
    (folder / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in CONTROLLERS))


def remove(pid: int, made: Place) -> None:
    """Remove the groups of a process, in this process itself."""
    if os.getpid() == pid:
        for folder in set(made.folders.values()):
            _remove_tree(folder)


def sweep() -> None:
    """Remove groups of graders that were killed."""
    for folders in own_groups().values():
        for folder in {left for own in set(folders.values()) for left in _left(own)}:
            _remove_tree(folder)


def _left(own: Path) -> Iterator[Path]:
    for folder in own.glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX)
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            yield folder


def _remove_tree(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for below in folder.iterdir():
            if below.is_dir():
                with contextlib.suppress(OSError):
                    below.rmdir()
        folder.rmdir()


def about() -> str:
    """Which control groups are made here, in words for `grader doctor`."""
    found = place()
    if found is None:
        return (
            "none can be made here: memory is looked at ten times a second, and pipes and sockets are counted"
        )
    return f"version {found.version}: memory, processes and processors of a sandbox are limited together, by the kernel"
