"""A sandbox for machines that forbid user namespaces: Landlock, a filter of system calls, and a keeper.

The file is a program that stands alone, as bubblewrap does: it keeps a process that can see the files of a list and
nothing else, and ends all that comes of it. Compared with namespaces, files that are not on the list cannot be opened,
but one can see that they exist; nothing can be written at all once student code runs; the limit on the number of
processes counts those of the user; and processes of others can be seen but not touched.

References
----------
Landlock: Documentation/userspace-api/landlock.rst; landlock_create_ruleset(2). The filter: `grader.sandbox.seccomp`.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import struct
import sys
import time

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 1 << 1, 1 << 2, 1 << 3
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
FIRST_RIGHTS = (1 << 13) - 1  # all rights of version 1
NET = 0b11  # bind and connect TCP, from version 4
SCOPES = 0b11  # abstract sockets and signals, from version 6
NO_NEW_PRIVS, PDEATHSIG, SUBREAPER, KEEPCAPS, CAP_AMBIENT = 38, 1, 36, 8, 47
DAC_READ_SEARCH = 2
CAPABILITIES_VERSION = 0x20080522
OLDEST = 3
"""The first version that covers truncating and moving files."""


def version() -> int:
    """Version of Landlock that this kernel has; 0 if none."""
    found = _libc().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION))
    return max(int(found), 0)


def restrict(readable: list[str], listable: list[str], writable: list[str]) -> None:
    """Let this process and its children see some files and nothing else, for good.

    Parameters
    ----------
    readable : list of str
        Files and folders that can be read and executed, with all that is below them.
    listable : list of str
        Folders whose names can be listed, without reading what is in them.
    writable : list of str
        Folders in which files can be made and changed.

    Raises
    ------
    OSError
        If the kernel has no Landlock, or one that is too old.
    """
    known = version()
    if known < OLDEST:
        raise OSError(f"Landlock has version {known} here, and {OLDEST} is needed")
    libc = _libc()
    handled = FIRST_RIGHTS | REFER | TRUNCATE | (IOCTL_DEV if known >= 5 else 0)
    attributes = struct.pack("QQQ", handled, NET if known >= 4 else 0, SCOPES if known >= 6 else 0)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    ruleset = libc.syscall(CREATE_RULESET, attributes[:size], ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    for places, rights in (
        (readable, EXECUTE | READ_FILE | READ_DIR),
        (listable, READ_DIR),
        (writable, (FIRST_RIGHTS | TRUNCATE) & ~EXECUTE),
    ):
        for place in places:
            with contextlib.suppress(FileNotFoundError):
                descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
                if not os.path.isdir(place):
                    rights_here = rights & (EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE)
                else:
                    rights_here = rights
                rule = struct.pack("<Qi", rights_here & handled, descriptor)
                if libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, rule, ctypes.c_uint32(0)):
                    raise OSError(ctypes.get_errno(), f"landlock_add_rule {place}")
                os.close(descriptor)
    if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(RESTRICT_SELF, ruleset, ctypes.c_uint32(0)):
        raise OSError(ctypes.get_errno(), "landlock_restrict_self")
    os.close(ruleset)


def become(uid: int) -> None:
    """Change from root to another user, who keeps the right to read what Landlock lets through.

    Without it an interpreter in root's own folder could not be read; beyond the list of files it opens nothing.
    """
    libc = _libc()
    libc.prctl(KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    for number in (uid, 65_534):  # inside a container, large numbers may not exist
        with contextlib.suppress(OSError):
            os.setresgid(number, number, number)
            os.setresuid(number, number, number)
            break
    if 0 in (*os.getresuid(), *os.getresgid()):
        raise OSError("the sandbox could not give up root")
    kept = 1 << DAC_READ_SEARCH
    header = struct.pack("Ii", CAPABILITIES_VERSION, 0)
    if libc.capset(header, struct.pack("IIIIII", kept, kept, kept, 0, 0, 0)):
        raise OSError(ctypes.get_errno(), "capset")
    libc.prctl(CAP_AMBIENT, 2, DAC_READ_SEARCH, 0, 0)


def keep(child: int) -> int:
    """Wait for a process, then end all that it started; asked to end, do so at once."""
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    status = 0
    while not asked:
        # SIGTERM may come just before a wait that would not end: look again and again.
        pid, found = os.waitpid(-1, os.WNOHANG)
        if pid == child:
            status = os.waitstatus_to_exitcode(found)
            break
        if pid == 0:
            time.sleep(0.02)
    end_all()
    return status if status >= 0 else 128 - status


def end_all() -> None:
    """End every descendant: what loses its parent comes to this process, so nobody is missed."""
    while True:
        for pid in descendants(os.getpid()):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)


def descendants(pid: int) -> list[int]:
    """Processes below a process."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{task}/children") as file:
                    below = [int(p) for p in file.read().split()]
                found += below
                waiting += below
    return found


def main() -> None:
    """Read what to do from a descriptor, run a command that way, keep it."""
    with os.fdopen(int(sys.argv[1]), "rb") as file:
        job = json.loads(file.read())
    libc = _libc()
    libc.prctl(PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    libc.prctl(SUBREAPER, 1, 0, 0, 0)
    if os.getppid() == 1:
        sys.exit("the grader has ended")
    keeper = os.getpid()
    child = os.fork()
    if child:
        for fd in job["passed"]:
            os.close(fd)
        sys.exit(keep(child))
    try:
        restrict(job["readable"], job["listable"], job["writable"])
        if job["uid"] is not None:
            become(job["uid"])
        libc.prctl(PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != keeper:
            os._exit(1)
        os.execve(job["command"][0], job["command"], job["environment"])
    except OSError as problem:
        sys.stderr.write(f"{problem}\n")
        os._exit(1)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


if __name__ == "__main__":
    main()
