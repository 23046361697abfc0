"""Finding chapters and exercises by name."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from difflib import get_close_matches

from fnnkit.exercises.exercise import Exercise


@functools.cache
def chapter_ids() -> tuple[str, ...]:
    """Ids of all chapters, in the order of the course."""
    package = importlib.import_module("fnnkit.exercises")
    return tuple(
        sorted(
            m.name
            for m in pkgutil.iter_modules(package.__path__)
            if m.name.startswith("ch") and m.name[2:3].isdigit()
        )
    )


@functools.cache
def exercises(chapter: str) -> tuple[Exercise, ...]:
    """Exercises of a chapter, in the order of its notebook.

    Raises
    ------
    ValueError
        If there is no such chapter.
    """
    if chapter not in chapter_ids():
        raise ValueError(f"there is no chapter {chapter!r}; there are: {', '.join(chapter_ids())}")
    return tuple(importlib.import_module(f"fnnkit.exercises.{chapter}").EXERCISES)


def exercise(name: str) -> Exercise:
    """One exercise, of any chapter.

    Raises
    ------
    ValueError
        If there is no such exercise.
    """
    known = {e.name: e for chapter in chapter_ids() for e in exercises(chapter)}
    if name not in known:
        close = get_close_matches(name, known, n=1)
        meant = f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(known)}"
        raise ValueError(f"there is no exercise {name!r}{meant}")
    return known[name]
