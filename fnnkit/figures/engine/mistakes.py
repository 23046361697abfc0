"""Known mistakes beside a right answer: what each would have looked like."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fnnkit.figures.engine.guard import guarded
from fnnkit.figures.engine.library import listed
from fnnkit.judge.exercise import Misconception
from fnnkit.judge.registry import exercise
from fnnkit.judge.standing import standing

PATIENCE = 0.3
"""Seconds in which all functions of a figure are judged when it opens; what takes longer is left undecided."""


@dataclass(frozen=True)
class Part:
    """One function of a figure: the student's, or the reference in its place.

    Attributes
    ----------
    name : str
        Name of its exercise; empty if it belongs to none.
    function : callable
        What draws, guarded.
    passes : bool or None
        Whether the student's function passes its check; None if that is not known.
    replaced : bool
        Whether it is fnnkit's: the exercise is a further one, and the student's does not pass.
    """

    name: str
    function: Callable[..., Any]
    passes: bool | None
    replaced: bool


def parts(functions: Sequence[Callable[..., Any]], names: Sequence[str]) -> list[Part]:
    """Judge the functions of a figure, within a moment; a further one that does not pass gives way to the reference."""
    end = time.monotonic() + PATIENCE
    found = []
    for index, function in enumerate(functions):
        name = names[index] if index < len(names) else ""
        if not name:
            found.append(Part("", guarded(function), None, False))
            continue
        asked, passes = exercise(name), standing(name, function, max(0.0, end - time.monotonic()))
        replaced = passes is False and not asked.core
        found.append(Part(name, guarded(asked.reference if replaced else function), passes, replaced))
    return found


def honest(found: Sequence[Part]) -> str:
    """A quiet line about functions that do not pass their check; empty if there are none."""
    wrong = [p.name for p in found if p.passes is False and not p.replaced]
    replaced = [p.name for p in found if p.replaced]
    said = []
    if wrong:
        said.append(
            f"Your {listed(wrong)} {'does not pass its' if len(wrong) == 1 else 'do not pass their'} check yet: what you see "
            "may be wrong."
        )
    if replaced:
        said.append(
            f"Drawn with fnnkit's {listed(replaced)}: yours {'does not pass its' if len(replaced) == 1 else 'do not pass their'} "
            "check yet."
        )
    return " ".join(said)


def offered(found: Sequence[Part], only: Sequence[str]) -> dict[str, tuple[int, Misconception]]:
    """Mistakes that can be shown, by their words: place of the function, and what is put there."""
    several = sum(bool(p.name) for p in found) > 1
    made = {}
    for place, part in enumerate(found):
        if not part.name or not part.passes:
            continue
        for mistake in exercise(part.name).misconceptions:
            if only and mistake.name not in only:
                continue
            words = mistake.name.replace("_", " ")
            made[f"{part.name}: {words}" if several else words] = (place, mistake)
    return made


def with_mistake(found: Sequence[Part], place: int, mistake: Misconception) -> list[Callable[..., Any]]:
    """The functions of a figure, one of them with a mistake."""
    return [guarded(mistake.answer) if i == place else p.function for i, p in enumerate(found)]


def of_the_mistake(text: str, mistake: Misconception) -> str:
    """Words about a function that holds a mistake: they are not about the student's."""
    return re.sub(rf"Your {re.escape(mistake.name)}\b", "It", text).replace(
        " Its check says more; repair it, then run this cell again.", ""
    )
