"""The file with a student's notebook: reading it, and telling which of several it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fnnkit.judge.answers import Cell, cells_of, is_stub, means
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


def as_handed_out(notebook: Mapping[str, Any]) -> list[Cell]:
    """Cells that are as they were handed out, by the checksums that nbgrader put into them."""
    found = []
    for raw in notebook["cells"]:
        for cell in cells_of({"cells": [raw]}):
            mark = raw["metadata"].get("nbgrader") if isinstance(raw.get("metadata"), Mapping) else None
            if not isinstance(mark, Mapping) or not mark.get("checksum"):
                continue
            kinds = "".join(str(bool(mark.get(kind))) for kind in ("grade", "solution", "locked"))
            points = str(float(mark.get("points", 0))) if mark.get("grade") else ""
            text = cell.source + cell.kind + kinds + cell.grade_id + points
            if hashlib.md5(text.encode(), usedforsecurity=False).hexdigest() == mark["checksum"]:
                found.append(cell)
    return found


def is_touched(notebook: Mapping[str, Any]) -> bool:
    """Whether a student has written code into it: into an answer cell, or a function of the chapter into another."""
    chapter = chapter_of(notebook)
    names = set(contents(chapter)) if chapter else set()
    same = as_handed_out(notebook)
    return any(
        (c.grade_id in names and c.source.strip() and not is_stub(c.source, c.grade_id))
        or (c.kind == "code" and not c.grade_id and any(means(c.source, name) for name in names))
        for c in cells_of(notebook)
        if c not in same
    )
