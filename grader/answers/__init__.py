"""Answers that are known: right ones in several styles, a file an exercise, and texts for written questions.

They stay with the instructor: neither students nor an installed grader get them. Those of a course of one's own lie in its
package, at the same place. May import numpy and `fnnkit.judge`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fnnkit.judge.registry import top_of


def home(chapter: str) -> str:
    """The package of a chapter's answers."""
    top = top_of(chapter)
    return f"{__name__ if top == 'fnnkit' else f'{top}.answers'}.{chapter}"


def has(chapter: str, exercise: str = "") -> bool:
    """Whether there are answers to a chapter, or to one exercise of it."""
    place = home(chapter)
    if find_spec(place.rpartition(".")[0]) is None:
        return False
    return find_spec(place) is not None and (not exercise or find_spec(f"{place}.{exercise}") is not None)


def right(chapter: str, exercise: str) -> list[Callable[..., Any]]:
    """Correct answers to an exercise, each in a style of its own; none where no file lists any."""
    return list(import_module(f"{home(chapter)}.{exercise}").ANSWERS) if has(chapter, exercise) else []


def equivalent_mutants(chapter: str, exercise: str) -> dict[str, str]:
    """Changes of the reference that change nothing that is asked for, by their names, each with the reason."""
    if not has(chapter, exercise):
        return {}
    return dict(getattr(import_module(f"{home(chapter)}.{exercise}"), "EQUIVALENT_MUTANTS", {}))


def written(chapter: str) -> dict[str, tuple[str, ...]]:
    """Texts of differing quality for the written questions of a chapter, by the ids of their cells."""
    return dict(getattr(import_module(home(chapter)), "WRITTEN", {})) if has(chapter) else {}
