"""Testing counts: exact integers, however large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fnnkit.judge.compare import difference, show
from fnnkit.judge.criteria import raised_problem
from fnnkit.judge.exercise import Trial
from fnnkit.judge.verdict import Problem


def exact(trials: Sequence[Trial]) -> Problem | None:
    """Test that each count is right to the last digit; a float that holds it exactly is right too."""
    for trial in trials:
        if trial.given.error:
            return raised_problem(trial, trial.given.error)
        problem = _differs(int(trial.expected.value), trial.given.value)
        if problem:
            return replace(problem, call=trial.written())
    return None


def _differs(want: int, have: Any) -> Problem | None:
    if isinstance(have, np.generic) or (isinstance(have, np.ndarray) and have.ndim == 0):
        have = have.item()  # a Python float is compared with a large integer exactly, numpy's is not
    if isinstance(have, bool) or not isinstance(have, int | float):
        found = difference(0, have)  # of another type or shape, whatever the number is
        if found is None or found.kind == "values":
            found = Problem(
                "type", yours=show(have), finding="the result is not a number", step="Return an integer."
            )
        return replace(found, expected=show(want))
    if have == want:
        return None
    if (isinstance(have, float) or want > 2**53) and abs(have - want) <= 1e-9 * want:
        whole = "somewhere on the way there is a float: it" if isinstance(have, int) else "a float"
        return Problem(
            "values",
            yours=repr(have),
            expected=str(want),
            finding="the count is right in its first digits only",
            cause=f"{whole} holds 16 digits, and this number has more",
            step="Stay with Python's integers, which have as many digits as they need: `math.comb`, and `//` in "
            "the place of `/`.",
        )
    if want >= 2**63 and (have - want) % 2**64 == 0:
        return Problem(
            "values",
            yours=show(have),
            expected=str(want),
            finding="the count is right but for a multiple of 2⁶⁴",
            cause="numpy's integers have 64 bits: of a number that needs more only the last 64 are kept",
            step="Stay with Python's integers, which have as many digits as they need: `math.prod` in the place of "
            "`np.prod`, a list in the place of an array.",
        )
    return Problem(
        "values",
        yours=show(have),
        expected=show(want),
        step="Take the smallest case of which you know the answer, and count there by a drawing.",
    )
