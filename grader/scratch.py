"""One temporary folder a process, for everything that a grader needs for a while; nothing of it stays behind.

It is removed when the process ends. When the process is killed, the warm process that it started removes it (see
`zygote`), and where there is none, the next grader does: the folder of a living process is locked.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "fnnkit-of-"
_made: dict[int, Path] = {}


def place() -> Path:
    """The temporary folder of this process."""
    pid = os.getpid()
    if pid not in _made:
        sweep()
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        # Kept open, and so locked, until the process ends in whatever way. Nobody else inherits it.
        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        folder.chmod(0o711)  # the edition in it is read by other users
        _made[pid] = folder
        atexit.register(remove, pid)
    return _made[pid]


def folder() -> str:
    """A fresh folder in it."""
    return tempfile.mkdtemp(prefix="", dir=place())


def remove(pid: int) -> None:
    """Remove the folder, in the process that it belongs to."""
    if os.getpid() == pid and pid in _made:
        shutil.rmtree(_made.pop(pid), ignore_errors=True)


def sweep() -> None:
    """Remove the folders of this user's processes that have been killed."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if left.is_symlink() or left.stat().st_uid != os.geteuid():
                continue
            descriptor = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(descriptor)
