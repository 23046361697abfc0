"""Where an answer is right and where it is wrong, if one property of its input tells the two apart in every call."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from fnnkit.judge.causes.evidence import Evidence
from fnnkit.judge.causes.finding import Finding
from fnnkit.judge.causes.repair import agrees_beyond

FEWEST_RIGHT, FEWEST_WRONG = 2, 2
"""Calls that have to lie on either side."""
PROOF = "What is different there?"


def split(seen: Evidence) -> Iterator[Finding]:
    """Say for which input it is right and for which wrong; nothing if several properties would tell, or somebody knows more."""
    calls = [i for i in range(len(seen.cases)) if seen.expected(i).error is None]
    wrong = [i for i in calls if i in seen.wrong]
    right = [i for i in calls if i not in seen.wrong]
    if seen.verdict.misconception or not seen.plain:
        return
    if _different(seen, right) < FEWEST_RIGHT or _different(seen, wrong) < FEWEST_WRONG:
        return
    found: dict[tuple[Any, ...], str] = {}
    own = ast.unparse(seen.tree) if seen.tree is not None else ""
    for position, parameter in enumerate(seen.parameters):
        arrays = [seen.cases[i].args[position] for i in calls if position < len(seen.cases[i].args)]
        if len(arrays) < len(calls):
            continue
        if not all(isinstance(a, np.ndarray) for a in arrays):
            continue
        for name, values in _properties(arrays):
            good = {v for i, v in zip(calls, values, strict=True) if i in right}
            bad = {v for i, v in zip(calls, values, strict=True) if i in wrong}
            if len(good) == 1 and not good & bad and None not in good | bad:
                found.setdefault(tuple(values), _words(name, parameter, good.pop(), sorted(bad)))
    # Other numbers of the same sizes are right, too: else it is the numbers that matter.
    if len(found) == 1 and all(agrees_beyond(seen, own, i) for i in right):
        yield Finding("", "split", next(iter(found.values())), PROOF, "split")


def _different(seen: Evidence, calls: Sequence[int]) -> int:
    """How many different inputs some calls have: several criteria may look at the same."""
    return len({repr(seen.cases[i].args) for i in calls})


def _properties(arrays: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """What calls can differ in, with its value for each; None where there is none."""
    yield "axes", [a.ndim for a in arrays]
    yield "columns", [a.shape[1] if a.ndim == 2 else None for a in arrays]
    yield "rows", [a.shape[0] if a.ndim == 2 else None for a in arrays]
    yield "entries", [a.size if a.ndim == 1 else None for a in arrays]
    yield "square", [a.shape[0] == a.shape[1] if a.ndim == 2 else None for a in arrays]
    yield "whole", [a.dtype.kind in "iu" for a in arrays]
    yield "negative", [bool((a < 0).any()) if a.size and a.dtype.kind in "fiu" else None for a in arrays]


def _words(name: str, parameter: str, good: Any, bad: Sequence[Any]) -> str:
    if name == "square":
        here, there = (
            f"where `{parameter}` is {'' if good else 'not '}square",
            "where it is not" if good else "where it is",
        )
    elif name == "whole":
        here = f"where `{parameter}` holds {'whole numbers' if good else 'fractions'}"
        there = "where it holds fractions" if good else "where it holds whole numbers"
    elif name == "negative":
        here = f"where `{parameter}` has {'a' if good else 'no'} negative number"
        there = "where it has none" if good else "where it has one"
    else:
        one = {"axes": "axis", "columns": "column", "rows": "row", "entries": "entry"}[name]
        here = f"for {good} {name if good != 1 else one} of `{parameter}`"
        there = "for " + " or ".join(", ".join(str(b) for b in bad).rsplit(", ", 1))
    return f"the result is right {here}, and wrong {there}"
