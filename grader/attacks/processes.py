"""Processes of whoever tries attacks: its children, and what it has adopted."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def children() -> set[str]:
    """Ids of the children of this process."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            found |= set((task / "children").read_text().split())
    return found


def name_of(pid: str) -> str:
    """Name and state of a process."""
    try:
        about = Path(f"/proc/{pid}/stat").read_text()
        return about[about.index("(") + 1 : about.rindex(")") + 3]
    except OSError:
        return "?"


def bury() -> None:
    """Take leave of children that have ended: the sandbox of an adopted one does not end before."""
    for pid in children():
        if name_of(pid).endswith(" Z"):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(int(pid), os.WNOHANG)
