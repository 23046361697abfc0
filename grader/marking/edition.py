"""Where the marking edition of fnnkit lies while notebooks are marked; what is in it, `fnnkit.judge.edition` says."""

from __future__ import annotations

import functools
from pathlib import Path

from fnnkit.judge.edition import PROGRAM, files, fingerprint
from grader import scratch

__all__ = ["PROGRAM", "files", "fingerprint", "folder"]


@functools.cache
def folder(chapter: str) -> Path:
    """A folder that holds the edition; it is removed when the process ends."""
    place = Path(scratch.folder())
    for name, text in files(chapter).items():
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text)
    for made in (place, *place.rglob("*")):
        made.chmod(0o755 if made.is_dir() else 0o644)
    return place
