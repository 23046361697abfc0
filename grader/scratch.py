"""One temporary folder a process, for everything that a grader needs for a while; nothing of it stays behind.

It is removed when the process ends. When the process is killed, the warm process that it started removes it (see
`zygote`), and where there is none, the next grader does, whether it has anything to mark or not: the folder of a living
process is locked.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
import threading
from pathlib import Path

PREFIX = "fnnkit-of-"
AT_ONCE = 16
"""Folders that are removed at a time: some file systems wait five milliseconds for each, and a grader has a hundred."""
_made: dict[int, Path] = {}


def place() -> Path:
    """The temporary folder of this process."""
    pid = os.getpid()
    if pid not in _made:
        sweep()
        folder = _locked()
        folder.chmod(0o711)  # the edition in it is read by other users
        _made[pid] = folder
        atexit.register(remove, pid)
    return _made[pid]


def _locked() -> Path:
    """A fresh folder that is locked until this process ends in whatever way."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        # Kept open, and so locked. Nobody else inherits it.
        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Somebody who sweeps at this very moment may have been faster.
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), os.stat(folder)):
                return folder
        os.close(descriptor)


def folder() -> str:
    """A fresh folder in it."""
    return tempfile.mkdtemp(prefix="", dir=place())


def remove(pid: int) -> None:
    """Remove the folder, in the process that it belongs to."""
    if os.getpid() == pid and pid in _made:
        made = _made.pop(pid)
        _remove_together([below for one in made.iterdir() if one.is_dir() for below in one.iterdir()])
        remove_tree(made)


def _remove_together(places: list[Path]) -> None:
    """Remove folders as far as that goes, several at a time."""
    threads = [
        threading.Thread(target=_remove_some, args=(places[start::AT_ONCE],)) for start in range(AT_ONCE)
    ]
    with contextlib.suppress(RuntimeError):  # while the interpreter ends, some versions start no thread
        for thread in threads:
            thread.start()
    for thread in threads:
        if thread.ident is not None:
            thread.join()


def _remove_some(places: list[Path]) -> None:
    for place in places:
        shutil.rmtree(place, ignore_errors=True)


def sweep() -> None:
    """Remove the folders of this user's processes that have been killed."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if left.is_symlink() or left.stat().st_uid != os.geteuid():
                continue
            descriptor = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_tree(left)
            finally:
                os.close(descriptor)


def remove_tree(folder: Path) -> None:
    """Remove a folder, also where code that was trusted has closed folders in it."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        for place, folders, _ in os.walk(folder):
            for name in folders:
                with contextlib.suppress(OSError):
                    os.chmod(os.path.join(place, name), 0o700, follow_symlinks=False)
        shutil.rmtree(folder, ignore_errors=True)
