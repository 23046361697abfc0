"""The file with a student's notebook: reading it, and telling which of several it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fnnkit.judge.answers import cells_of, is_stub
from fnnkit.judge.registry import chapter_ids, contents


def load(path: Path) -> dict[str, Any] | None:
    """Read a notebook; None if it is none. A byte order mark, as some editors write it, is no fault."""
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) and isinstance(data.get("cells"), list) else None


def chapter_of(notebook: Mapping[str, Any]) -> str:
    """The chapter that a notebook belongs to, by the grade ids in it; empty if to none."""
    ids = {c.grade_id for c in cells_of(notebook)}
    shared = {chapter: len(ids & set(contents(chapter))) for chapter in chapter_ids()}
    best = max(shared, key=lambda chapter: shared[chapter], default="")
    return best if best and shared[best] else ""


def python_of(notebook: Mapping[str, Any]) -> str:
    """The version of Python that a notebook was last run with, as it says itself; empty if it does not."""
    found: Any = notebook
    for part in ("metadata", "language_info", "version"):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found[:20] if isinstance(found, str) else ""


def is_touched(notebook: Mapping[str, Any]) -> bool:
    """Whether any function of the chapter has code in it."""
    names = set(contents(chapter)) if (chapter := chapter_of(notebook)) else set()
    return any(
        c.grade_id in names and c.source.strip() and not is_stub(c.source, c.grade_id)
        for c in cells_of(notebook)
    )
