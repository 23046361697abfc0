"""What the processes of a sandbox use all together: the limits of the kernel hold for each process alone.

Everything is read from outside, in ``/proc``: nothing inside is asked. Between two looks a sandbox can exceed a bound
by what it can take in that time, so the bounds are far below what a machine has.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader.sandbox import cgroups

TICKS = os.sysconf("SC_CLK_TCK")


OURS = 8
"""Processes of a sandbox that are not the student's: bubblewrap's, whoever keeps it, and the kernel itself."""
MOST_BUSY, BUSY_LOOKS = 16, 5
"""Threads and processes of a sandbox that may compute at the same time for longer than as many looks: more of them take
the processors from everybody else, so that honest work runs into its limits."""
FAIR, LOWEST = 2, 19
"""Threads that may compute at the same time as equals of everybody else's; those of a sandbox with more of them wait behind."""


@dataclass(frozen=True)
class Bounds:
    """What a sandbox may use: bytes of memory, seconds of processor time, sockets and pipes, files and folders, processes."""

    memory: int
    cpu_seconds: float
    channels: int
    inodes: int
    processes: int = 64

    @classmethod
    def of(cls, limits: Mapping[str, int], memory: int, channels: int, inodes: int) -> Bounds:
        """With what follows from the limits of each process."""
        return cls(
            memory, float(limits.get("CPU", 120)) + 10, channels, inodes, int(limits.get("NPROC", 64)) + OURS
        )


@dataclass
class Use:
    """What processes use."""

    memory: int = 0
    cpu_seconds: float = 0.0
    descriptors: int = 0
    processes: list[int] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)


class Watch:
    """Looks at one sandbox again and again.

    Attributes
    ----------
    cpu_seconds : float
        Processor time that it has used at the last look.
    behind : bool
        Whether it has computed with so many threads that it waits behind all others.
    """

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.cpu_seconds = 0.0
        self.behind = False
        self._busy = 0
        self._group: cgroups.Group | None = None

    def start(self, *pids: int) -> None:
        """Let the kernel hold what it can of the bounds, for processes and their descendants, from now on."""
        with contextlib.suppress(OSError):
            self._group = cgroups.Group(self.bounds.memory, self.bounds.processes)
            self._group.take(use_of(*pids).processes)

    def ran_out(self) -> str:
        """What the kernel itself has ended it for, in words."""
        return self._beyond_memory() if self._group is not None and self._group.ran_out() else ""

    def close(self) -> None:
        """Look no more."""
        if self._group is not None:
            self._group.close()
            self._group = None

    def _beyond_memory(self) -> str:
        return f"it used more than {self.bounds.memory >> 20} MB of memory"

    def excess(self, pids: Iterable[int], places: Iterable[str]) -> str:
        """What processes, their descendants and their file systems use too much of, in words; empty if nothing.

        Parameters
        ----------
        pids : iterable of int
            The first processes.
        places : iterable of str
            File systems that they can write to, as seen from outside.
        """
        use, bounds = use_of(*pids), self.bounds
        self.cpu_seconds = use.cpu_seconds
        if use.memory > bounds.memory:
            return self._beyond_memory()
        if use.cpu_seconds > bounds.cpu_seconds:
            return f"it used more than {bounds.cpu_seconds:g} s of processor time"
        if use.descriptors > bounds.channels and len(channels_of(use.processes)) > bounds.channels:
            # Each of them can hold memory of the kernel that belongs to no process.
            return f"it held more than {bounds.channels} sockets and pipes"
        if inodes_of(places) > bounds.inodes:
            # A file in memory takes a kilobyte of the kernel's, empty or not, and bubblewrap cannot limit their number.
            return f"it made more than {bounds.inodes} files"
        computing = sum(map(computes, use.threads)) if len(use.threads) > FAIR else 0
        if computing > FAIR:
            self.behind = True
            go_behind(use)
            if self._group is not None:
                self._group.go_behind()
        self._busy = self._busy + 1 if computing > MOST_BUSY else 0
        if self._busy >= BUSY_LOOKS:
            return f"more than {MOST_BUSY} of its processes and threads computed at the same time"
        return ""


def use_of(*pids: int) -> Use:
    """What processes and all their descendants use (memory that they share is counted for each)."""
    use, waiting = Use(), list(pids)
    while waiting:
        one = waiting.pop()
        use.processes.append(one)
        with contextlib.suppress(OSError, ValueError, IndexError):
            for line in said_by(f"/proc/{one}/status").splitlines():
                if line.startswith(("RssAnon", "RssShmem")):
                    use.memory += int(line.split()[1]) << 10
            times = said_by(f"/proc/{one}/stat").rpartition(")")[2].split()[11:15]
            use.cpu_seconds += sum(map(int, times)) / TICKS
            with contextlib.suppress(PermissionError):
                use.descriptors += len(os.listdir(f"/proc/{one}/fd"))
        with contextlib.suppress(OSError, ValueError):
            for task in os.listdir(f"/proc/{one}/task"):
                use.threads.append(f"/proc/{one}/task/{task}")
                waiting += map(int, said_by(f"/proc/{one}/task/{task}/children").split())
    return use


def said_by(path: str) -> str:
    """What a file of ``/proc`` says: it is asked ten times a second for each sandbox, so in three calls and no more."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, 1 << 16).decode(errors="replace")
    finally:
        os.close(descriptor)


def computes(thread: str) -> bool:
    """Whether a thread runs, or would if there were a processor for it."""
    try:
        return said_by(f"{thread}/stat").rpartition(")")[2].split()[0] == "R"
    except (OSError, IndexError):
        return False


def go_behind(use: Use) -> None:
    """Let all threads of a sandbox have a processor only when nobody else wants it."""
    for thread in use.threads:
        with contextlib.suppress(OSError, ValueError):
            os.setpriority(os.PRIO_PROCESS, int(thread.rpartition("/")[2]), LOWEST)
    for pid in use.processes:
        # Where each session is a group of its own (sched_autogroup), only the rank of the group counts.
        with contextlib.suppress(OSError), open(f"/proc/{pid}/autogroup", "w") as file:
            file.write(str(LOWEST))


def waited(pid: int) -> float:
    """Seconds for which the first thread of a process could have gone on and had no processor; 0 where nobody counts them."""
    try:
        return int(said_by(f"/proc/{pid}/task/{pid}/schedstat").split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def first_child(pid: int) -> int | None:
    """A process that another one has started, or itself if there is none; None if it has ended."""
    try:
        below = said_by(f"/proc/{pid}/task/{pid}/children").split()
        return int(below[0]) if below else pid
    except (OSError, ValueError):
        return None


def channels_of(pids: Iterable[int]) -> set[str]:
    """Sockets and pipes that processes hold open; what is inherited by a fork is the same one."""
    found: set[str] = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            for number in os.listdir(f"/proc/{pid}/fd"):
                with contextlib.suppress(OSError):
                    target = os.readlink(f"/proc/{pid}/fd/{number}")
                    if target.startswith(("socket:", "pipe:")):
                        found.add(target)
    return found


def inodes_of(places: Iterable[str]) -> int:
    """Files and folders on file systems in memory."""
    found = 0
    for place in places:
        with contextlib.suppress(OSError):
            about = os.statvfs(place)
            found += about.f_files - about.f_ffree
    return found
