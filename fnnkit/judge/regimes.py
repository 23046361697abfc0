"""Answers that are right in one regime of their input and wrong beyond it: few rows, small numbers, one sign.

They are what is left when a function was only ever tried on small, friendly input. A case beyond each regime finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from fnnkit.judge.edits import Mutant
from fnnkit.judge.exercise import Case, Exercise, parameters_of
from fnnkit.kernel.call import call

FEW_ROWS, FEW_COLUMNS, FEW_ENTRIES, FAR = 8, 4, 16, 5.0

Regime = Callable[[Any], bool]


def regime_mutants(exercise: Exercise, cases: Sequence[Case]) -> list[Mutant]:
    """Answers that are the reference in one regime of one argument, and spoiled elsewhere.

    Parameters
    ----------
    exercise : Exercise
        Whose reference it is.
    cases : sequence of Case
        Some cases of it: they show which arguments are arrays. A regime that the reference does not let anybody leave,
        as it refuses what lies beyond, is left out.
    """
    made: list[Mutant] = []
    for position, parameter in enumerate(parameters_of(exercise.reference)):
        seen = [(c.args, c.args[position]) for c in cases if position < len(c.args)]
        arrays = [
            (args, a) for args, a in seen if isinstance(a, np.ndarray) and a.ndim and a.dtype.kind in "fiu"
        ]
        if not arrays:
            continue
        for said, regime, beyond in _regimes(exercise, [a for _, a in arrays], first=not made):
            if beyond is None or _accepted(exercise.reference, arrays, position, beyond):
                name = f"right only if `{parameter}` {said}"
                made.append(Mutant(name, right_only(exercise.reference, position, regime)))
    return made


def _regimes(
    exercise: Exercise, arrays: Sequence[Any], first: bool
) -> Iterator[tuple[str, Regime, Callable[[Any], Any] | None]]:
    """What is said of a regime, how it is told, and something that leads out of it, if the reference may object.

    Sizes are those of the first array alone: the others follow from it, or from what the exercise is about.
    """
    if first:
        yield from _sizes(exercise, arrays)
    if all(a.dtype.kind in "iu" for a in arrays):
        return
    yield "is nowhere negative", lambda a: bool((a >= 0).all()), lambda a: -np.abs(a) - 0.5
    yield "is negative somewhere", lambda a: bool((a < 0).any()), np.abs
    yield "is positive somewhere", lambda a: bool((a > 0).any()), lambda a: -np.abs(a)
    yield f"stays below {FAR:g} in size", lambda a: bool((np.abs(a) < FAR).all()), lambda a: 20 * a


def _sizes(
    exercise: Exercise, arrays: Sequence[Any]
) -> Iterator[tuple[str, Regime, Callable[[Any], Any] | None]]:
    yield f"has fewer than {FEW_ROWS} rows", lambda a: a.shape[0] < FEW_ROWS, None
    yield f"has fewer than {FEW_ENTRIES} entries", lambda a: a.size < FEW_ENTRIES, None
    yield (
        "ascends",
        lambda a: bool((np.diff(a.ravel()) >= 0).all()),
        lambda a: np.sort(a.ravel())[::-1].reshape(a.shape),
    )
    if any(a.ndim == 2 for a in arrays):
        yield f"has fewer than {FEW_COLUMNS} columns", lambda a: a.ndim < 2 or a.shape[1] < FEW_COLUMNS, None
        wide = next(a for a in arrays if a.ndim == 2)
        if wide.size:
            yield "is square", lambda a: a.ndim != 2 or a.shape[0] == a.shape[1], lambda a: a[..., :-1]
    if any(a.ndim > 2 for a in arrays) or "any shape" in (exercise.reference.__doc__ or ""):
        yield "has at most two axes", lambda a: a.ndim <= 2, None


def _accepted(
    reference: Callable[..., Any],
    seen: Sequence[tuple[Any, Any]],
    position: int,
    beyond: Callable[[Any], Any],
) -> bool:
    """Whether the reference answers anything to an argument beyond the regime."""
    for args, array in seen:
        if not array.size:
            continue
        changed = [*args[:position], beyond(array), *args[position + 1 :]]
        if call(reference, changed).error is None:
            return True
    return False


def right_only(reference: Callable[..., Any], position: int, regime: Regime) -> Callable[..., Any]:
    """The reference where an argument lies in a regime; something else where it does not."""

    def answer(*args: Any) -> Any:
        argument = np.asarray(args[position])
        inside = argument.ndim == 0 or regime(argument)
        if inside:
            return reference(*args)
        try:
            return spoiled(reference(*args))
        except Exception:  # where the reference refuses, this one does not
            return 0.0

    return answer


def spoiled(value: Any) -> Any:
    """A value like another one, and wrong in every entry."""
    if isinstance(value, tuple | list):
        return type(value)(spoiled(v) for v in value)
    if isinstance(value, str):
        return value[::-1]
    if isinstance(value, bool | np.bool_):
        return not value
    if value is None:
        return 0.0
    array = np.asarray(value)
    if array.dtype.kind == "b":
        return ~array
    if array.dtype.kind in "iu":
        return array + 1 if array.ndim else type(value)(value + 1)
    changed = np.where(np.isfinite(array), 1.25 * array + np.copysign(0.5, array), 0.0).astype(array.dtype)
    return changed if array.ndim else changed[()]
