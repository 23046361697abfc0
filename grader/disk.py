"""The grader's own files on the disk: written whole or not at all, read without trusting what has become of them.

Whatever a file has become, a reader gets what was written or hears that it is not there: never a traceback, never
what somebody else wrote (`seal`).
"""

from __future__ import annotations

import contextlib
import filecmp
import hashlib
import hmac
import json
import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

LARGEST = 256 << 20
SCHEMA = 2
"""Version of what is in a sealed file; one of another version is made again."""


def may_be_there(folder: Path) -> bool:
    """Whether a folder is there, or somewhere where nobody may look."""
    try:
        return folder.is_dir()
    except PermissionError:
        return True


def read_plain(path: Path, largest: int = LARGEST) -> bytes:
    """All of an ordinary file, opened once; links, pipes and folders are none.

    Raises
    ------
    OSError
        If there is no such file, or it is larger than allowed.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path.name} is no ordinary file")
        data = file.read(largest + 1)
    if len(data) > largest:
        raise OSError(f"{path.name} has more than {largest >> 20} MB")
    return data


def read_json(text: str | bytes) -> Any:
    """What a text says in JSON.

    Raises
    ------
    ValueError
        If it is none, in whatever way: nested too deeply, too large, not UTF-8.
    """
    try:
        return json.loads(text)
    except (RecursionError, MemoryError) as problem:
        raise ValueError(f"no JSON that can be read ({type(problem).__name__})") from None


def write_atomically(path: Path, text: str | Iterable[str], *, unless_same: bool = False) -> None:
    """Replace a file's text in one step; whatever else has its name makes way.

    Parameters
    ----------
    path : Path
        The file.
    text : str or iterable of str
        Its text; pieces of it are written as they come, so that it need not fit into the memory.
    unless_same : bool
        Leave the file alone where it holds just that.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.writelines((text,) if isinstance(text, str) else text)
        if unless_same and path.is_file() and filecmp.cmp(part, path, shallow=False):
            part.unlink()
            return
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def seal(secret: bytes, name: str, content: dict[str, Any]) -> str:
    """The text of a file that only the holder of the secret can write, and under this name only."""
    made = {**content, "schema": SCHEMA}
    return json.dumps({**made, "mac": _mac(secret, name, made)})


def unseal(secret: bytes, name: str, text: str | bytes) -> dict[str, Any] | None:
    """What `seal` was given; None if this is anything else."""
    try:
        found = read_json(text)
        if type(found) is not dict or found.get("schema") != SCHEMA:
            return None
        mac = found.pop("mac", None)
        if type(mac) is not str or not hmac.compare_digest(mac.encode(), _mac(secret, name, found).encode()):
            return None
    except (ValueError, RecursionError, MemoryError):
        return None
    del found["schema"]
    return found


def _mac(secret: bytes, name: str, content: dict[str, Any]) -> str:
    text = json.dumps([name, content], sort_keys=True)
    return hmac.new(secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def trouble(problem: OSError) -> str:
    """What is wrong with a disk, and where, in a few words."""
    place = f" ({problem.filename})" if problem.filename else ""
    return f"{problem.strerror or str(problem) or type(problem).__name__}{place}"
