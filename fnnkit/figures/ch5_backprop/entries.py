"""Dictionaries that a student's function returns, judged as arrays are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fnnkit.figures.engine.guard import Undrawable, checked


def entries(function: Callable[..., Any], given: Any, finite: bool = True, **shapes: Any) -> dict[str, Any]:
    """The arrays of a returned dictionary; a missing key or a wrong shape becomes words in the picture's place."""
    name = getattr(function, "__name__", "function")
    if not isinstance(given, Mapping):
        raise Undrawable(f"Your {name} cannot be drawn: it should return a dictionary. Its check says more.")
    for key in shapes:
        if key not in given:
            raise Undrawable(f"Your {name} cannot be drawn: the key {key!r} is missing. Its check says more.")
    return {key: checked(function, given[key], finite, **{key: shape}) for key, shape in shapes.items()}
