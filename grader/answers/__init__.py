"""Answers that are known: right ones in several styles, a file an exercise, and texts for written questions.

They stay in the instructor's clone: neither students nor an installed grader get them. May import numpy.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def has(chapter: str, exercise: str = "") -> bool:
    """Whether there are answers to a chapter, or to one exercise of it."""
    place = f"{__name__}.{chapter}"
    return find_spec(place) is not None and (not exercise or find_spec(f"{place}.{exercise}") is not None)


def right(chapter: str, exercise: str) -> list[Callable[..., Any]]:
    """Correct answers to an exercise, each in a style of its own; none where no file lists any."""
    return list(import_module(f"{__name__}.{chapter}.{exercise}").ANSWERS) if has(chapter, exercise) else []


def equivalent_mutants(chapter: str, exercise: str) -> dict[str, str]:
    """Changes of the reference that change nothing that is asked for, by their names, each with the reason."""
    if not has(chapter, exercise):
        return {}
    return dict(getattr(import_module(f"{__name__}.{chapter}.{exercise}"), "EQUIVALENT_MUTANTS", {}))


def written(chapter: str) -> dict[str, tuple[str, ...]]:
    """Texts of differing quality for the written questions of a chapter, by the ids of their cells."""
    return dict(getattr(import_module(f"{__name__}.{chapter}"), "WRITTEN", {}))
