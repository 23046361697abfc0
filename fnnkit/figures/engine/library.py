"""The student's own functions of other exercises in a figure, and the line that says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fnnkit.figures.engine.guard import guarded
from fnnkit.judge.mine import Source, take


class Library:
    """What a figure takes of what the student has saved.

    Attributes
    ----------
    taken : dict of str to Source
        By the name of its exercise, where each function comes from.
    """

    def __init__(self) -> None:
        self.taken: dict[str, Source] = {}

    def take(self, *names: str) -> tuple[Callable[..., Any], ...]:
        """Functions by name, guarded: the student's, or the reference where one is missing or wrong."""
        found = []
        for name in names:
            function, self.taken[name] = take(name)
            found.append(guarded(function))
        return tuple(found)

    def said(self) -> str:
        """A quiet line about them; empty if nothing was taken."""
        kinds: dict[str, list[str]] = {}
        for name, source in sorted(self.taken.items(), key=lambda one: not one[1].own):
            kinds.setdefault("" if source.own else source.why, []).append(name)
        parts = [
            f"fnnkit's {listed(names)} ({why})" if why else f"your own {listed(names)}"
            for why, names in kinds.items()
        ]
        return f"Also drawn with {listed(parts)}." if parts else ""


def listed(names: list[str]) -> str:
    """In words, as "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
