"""How what came back is related to what was expected in every call, told by the arguments of the call.

One number that is three times too large says little. That it is as many times too large as `X` has rows, in calls with
other numbers of rows, is a fact, however it came about.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from fnnkit.judge.causes.evidence import Evidence
from fnnkit.judge.causes.finding import Finding
from fnnkit.judge.compare import precision_of

FEWEST, FEWEST_ALIKE = 2, 3
"""Calls that have to agree: where what is said differs from call to call, and where it is one number."""
USUAL = {2.0: "2", 3.0: "3", 4.0: "4", 0.5: "½", math.pi: "π", 2 * math.pi: "2π", math.sqrt(2): "√2"}
PROOF = "That holds in every call that was wrong. Which step brings it in, or leaves it out?"

Pair = tuple[Any, Any]


def scaled(seen: Evidence) -> Iterator[Finding]:
    """Say by which factor, or term, the result is off in every call; nothing if it is not one, or somebody knows more."""
    if seen.verdict.misconception or not seen.plain:
        return
    found = set()
    # Single precision has too few digits to tell one relation from another.
    calls = [
        i for i in seen.wrong if seen.expected(i).error is None and precision_of(*seen.cases[i].args) < 1e-10
    ]
    for name in _names(seen):
        pairs = [_pair(seen, i, name) for i in calls]
        wrong = [(i, p) for i, p in zip(calls, pairs, strict=True) if p is None or not _close(*p)]
        if not wrong:
            continue
        said = _related(seen, [(i, p) for i, p in wrong if p is not None]) if None not in pairs else ""
        if not said:
            return  # this result has another mistake
        found.add(f"{f'`{name}`' if name else 'the result'} {said}")
    if len(found) == 1:
        yield Finding("", "scale", found.pop(), PROOF, "relation")


def _names(seen: Evidence) -> tuple[str, ...]:
    """The results by their names; an empty one where there is one result."""
    first = next((a.value for i in seen.wrong if (a := seen.expected(i)).error is None), None)
    if isinstance(first, dict):
        return tuple(map(str, first))
    return seen.exercise.returns or ("",)


def _pair(seen: Evidence, position: int, name: str) -> Pair | None:
    """The expected and the given numbers of a result; None if they cannot be put side by side."""
    want, given = seen.expected(position).value, seen.answers[position]
    have = given.value
    if given.error is not None:
        return None
    try:
        if name and isinstance(want, dict):
            want, have = want[name], have[name]
        elif name:
            at = seen.exercise.returns.index(name)
            want, have = want[at], have[at]
        a, b = np.asarray(want), np.asarray(have)
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    if a.dtype.kind not in "iuf" or b.dtype.kind not in "iuf" or a.shape != b.shape or not a.size:
        return None
    a, b = a.astype(float), b.astype(float)
    return (a, b) if np.isfinite(a).all() and np.isfinite(b).all() else None


def _close(a: Any, b: Any) -> bool:
    with np.errstate(all="ignore"):
        return bool(np.allclose(b, a, rtol=1e-7, atol=1e-10 * max(1.0, float(np.abs(a).max(initial=0.0)))))


def _related(seen: Evidence, wrong: Sequence[tuple[int, Pair]]) -> str:
    """The one relation that holds in all of these calls; empty if none does, or several do."""
    if len({repr(seen.cases[i].args) for i, _ in wrong}) < FEWEST:
        return ""
    found: dict[tuple[float, ...], str] = {}
    for large, small, values in _sizes(seen, [i for i, _ in wrong]):
        if len(set(values)) < FEWEST:
            continue  # it may be any number that is the same everywhere
        for words, factors in ((large, values), (small, [1 / v for v in values])):
            each = zip(factors, wrong, strict=True)
            if all(f != 1 and a.any() and _close(a * f, b) for f, (_, (a, b)) in each):
                found.setdefault(tuple(factors), words)
    if not found and len(wrong) >= FEWEST_ALIKE and all(a.size == 1 for _, (a, _) in wrong):
        for number, text in USUAL.items():
            for size, factor in (("large", number), ("small", 1 / number)):
                if number > 1 and all(a.any() and _close(a * factor, b) for _, (a, b) in wrong):
                    found.setdefault((factor,), f"is {text} times too {size}")
        if all(a.any() and _close(-a, b) for _, (a, b) in wrong):
            found.setdefault((-1.0,), "has the other sign")
    return found.popitem()[1] if len(found) == 1 else _off_by_argument(seen, wrong)


def _off_by_argument(seen: Evidence, wrong: Sequence[tuple[int, Pair]]) -> str:
    """An argument that is the difference, in all of these calls."""
    found = []
    for position, parameter in enumerate(seen.parameters):
        for sign, words in ((1.0, "is too large by"), (-1.0, "is too small by")):
            if all(_is_difference(seen.cases[i].args, position, sign * (b - a)) for i, (a, b) in wrong):
                found.append(f"{words} just `{parameter}`")
    return found[0] if len(found) == 1 else ""


def _is_difference(args: Sequence[Any], position: int, gap: Any) -> bool:
    if position >= len(args) or not isinstance(args[position], np.ndarray | np.generic | int | float):
        return False
    argument = np.asarray(args[position])
    if argument.dtype.kind not in "iuf" or not argument.any():
        return False
    try:
        return _close(np.broadcast_to(argument.astype(float), gap.shape), gap)
    except ValueError:
        return False


def _sizes(seen: Evidence, calls: Sequence[int]) -> Iterator[tuple[str, str, list[float]]]:
    """What can be counted in the arguments: what is said of a factor, of a divisor, and the numbers in some calls."""
    for position, parameter in enumerate(seen.parameters):
        given = [seen.cases[i].args[position] for i in calls if position < len(seen.cases[i].args)]
        if len(given) < len(calls):
            continue
        for kind, counted, count in COUNTED:
            if all(isinstance(g, kind) and not isinstance(g, bool) for g in given):
                values = [count(g) for g in given]
                if all(v is not None and math.isfinite(v) and v > 0 for v in values):
                    large, small = (
                        f"is as many times too {size} as {counted}" for size in ("large", "small")
                    )
                    if not counted:
                        large, small = "is the right one times `{}`", "is the right one divided by `{}`"
                    yield large.format(parameter), small.format(parameter), [v for v in values if v]


def _axis(axis: int) -> Callable[[Any], float | None]:
    return lambda a: float(a.shape[axis]) if a.ndim == 2 else None


Counted = tuple[Any, str, Callable[[Any], float | None]]
COUNTED: tuple[Counted, ...] = (
    (np.ndarray, "`{}` has rows", _axis(0)),
    (np.ndarray, "`{}` has columns", _axis(1)),
    (np.ndarray, "`{}` has entries", lambda a: float(a.size)),
    (list, "`{}` has elements", lambda a: float(len(a))),
    ((int, float, np.generic), "", lambda a: float(a)),
)
"""Of which type, in which words, and how many."""
