"""The chapters as they were handed out: students' wheels carry them, and a course has them in `course/`."""

from __future__ import annotations

from typing import Any

from fnnkit.judge.answers import cells_of
from fnnkit.judge.notebook import load
from fnnkit.judge.registry import folder_of, top_of

FOLDER = "released"


def released(chapter: str) -> dict[str, Any] | None:
    """A chapter's notebook as it was handed out; None where it is not there."""
    package = folder_of(top_of(chapter)).resolve()
    for path in (
        package / FOLDER / f"{chapter}.ipynb",
        package.parent / "course" / chapter / f"{chapter}.ipynb",
    ):
        if path.is_file():
            return load(path)
    return None


def stub_of(chapter: str, name: str) -> str | None:
    """The answer cell of an exercise as it was handed out; None where the chapter is not there."""
    notebook = released(chapter)
    cells = cells_of(notebook) if notebook is not None else []
    return next((c.source for c in cells if c.grade_id == name), None)
