"""Tests of criteria for what comes back under names: a dictionary, alone or as one of several returned values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fnnkit.judge.compare import difference, precision_of, show
from fnnkit.judge.criteria import raised_problem
from fnnkit.judge.exercise import Test, Trial
from fnnkit.judge.verdict import Problem
from fnnkit.kernel.wire import Opaque


def agrees_on(*keys: Any, part: int | None = None, rtol: float = 1e-9, floor: float = 1e-12) -> Test:
    """Test that a returned dictionary holds what the reference's does. Other keys are nobody's business.

    Parameters
    ----------
    *keys
        Look at these alone; all keys of the reference if none is given.
    part : int, optional
        Which of several returned values the dictionary is.
    rtol, floor : float
        As in `compare.difference`.
    """

    def test(trials: Sequence[Trial]) -> Problem | None:
        for trial in trials:
            if trial.given.error:
                return raised_problem(trial, trial.given.error)
            tolerance = {"eps": precision_of(*trial.case.args), "rtol": rtol, "floor": floor}
            problem = _problem(trial, keys, part, tolerance)
            if problem:
                return replace(problem, call=problem.call or trial.written())
        return None

    return test


def _problem(
    trial: Trial, keys: tuple[Any, ...], part: int | None, tolerance: dict[str, Any]
) -> Problem | None:
    want, have, names = trial.expected.value, trial.given.value, trial.exercise.returns
    if part is not None:
        if not isinstance(have, tuple | list) or len(have) != len(names):
            listed = ", ".join(names)
            problem = difference(want, have, **tolerance) or Problem("type")
            return replace(problem, expected=f"({listed})", step=f"Return all of them: `return {listed}`.")
        want, have = want[part], have[part]
    label = f"`{names[part]}`" if part is not None else "the result"
    if not isinstance(have, dict):
        nothing = have is None
        return Problem(
            "type",
            yours=show(have),
            expected="a dictionary with the keys " + ", ".join(map(repr, list(want)[:8])),
            finding=f"{label} is {'None' if nothing else f'of type {type(have).__name__}'}",
            cause="nothing is returned"
            if nothing
            else f"what came back is {_kind(have)}: its values have no names",
            step="End the function with a `return` line."
            if nothing
            else "Return a dictionary, `{name: value, …}`, with the keys of the docstring.",
        )
    for key in keys or want:
        if key not in have:
            there = ", ".join(map(repr, list(have)[:8])) or "none"
            return Problem(
                "values",
                yours=f"the keys {there}" + (", …" if len(have) > 8 else ""),
                expected=f"the key {key!r} as well",
                finding=f"{label} has no key {key!r}",
                cause=_spelling(key, have),
                step="The docstring says which keys are wanted, and how they are spelt.",
            )
        found = difference(want[key], have[key], name=str(key), **tolerance)
        if found:
            return found
    return None


def _kind(value: Any) -> str:
    return f"a {value.type_name if isinstance(value, Opaque) else type(value).__name__}"


def _spelling(key: Any, have: dict[Any, Any]) -> str:
    """Why a key is not there although something like it is."""
    for other in have:
        if isinstance(key, str) and isinstance(other, str) and other.lower() == key.lower():
            return f"{other!r} is there: Python tells capital letters from small ones"
    return f"it is not among the {len(have)} keys that came back" if have else "the dictionary is empty"
