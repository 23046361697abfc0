"""Names of places on the grader's machine: they stand in no message to a student."""

from __future__ import annotations

import functools
import importlib
import os
import re
import sys
import tempfile
from pathlib import Path

from fnnkit.judge.registry import folder_of, tops
from grader import scratch


def hidden(text: str) -> str:
    """A text with names in the place of paths of this machine."""
    return _pattern().sub(lambda found: _names()[found[0]], text) if "/" in text else text


@functools.cache
def _names() -> dict[str, str]:
    """What stands for each path; a place may be known by several."""
    found: dict[str, str] = {}
    for path, name in (
        *((str(folder_of(top).parent), "<course>") for top in tops()),
        (str(Path(importlib.import_module("numpy").__file__ or "/numpy/x").parents[1]), "<packages>"),
        (sys.prefix, "<python>"), (sys.base_prefix, "<python>"), (os.getcwd(), "<course>"), (str(Path.home()), "~"),
        (str(scratch.place()), "<scratch>"), (tempfile.gettempdir(), "/tmp"),
    ):  # fmt: skip
        for known in (path, os.path.realpath(path)):
            if known.count("/") >= 2 or known == "/root":
                found.setdefault(known, name)
    return found


@functools.cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(path) for path in sorted(_names(), key=len, reverse=True)))
