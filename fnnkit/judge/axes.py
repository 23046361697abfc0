"""Problems of shape in the words of the exercise: what an axis counts, and what stands there instead.

The cases of an exercise give every axis a length of its own. So a length says what it counts, in what came back and in
numpy's own message about two shapes that do not fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fnnkit.judge.exercise import Test, Trial, parameters_of
from fnnkit.judge.verdict import Problem

Axes = Mapping[str, tuple[str, ...]]
"""What each axis counts, by the name of an argument, of a key in one, or of a returned value (``""`` for a single one)."""


def by_meaning(test: Test, axes: Axes) -> Test:
    """A test whose problems of shape name axes by what they count.

    Parameters
    ----------
    test : callable
        Test of a criterion.
    axes : mapping of str to tuple of str
        In the plural: ``{"X": ("examples", "inputs"), "W": ("inputs", "hidden units")}``.
    """

    def told(trials: Sequence[Trial]) -> Problem | None:
        problem = test(trials)
        if problem is None or problem.kind not in ("shape", "raised"):
            return problem
        trial = next((t for t in trials if t.written() == problem.call), None)
        if trial is None:
            return problem
        sizes = _sizes(trial, axes)
        if problem.kind == "raised":
            cause = _of_message(problem.yours, sizes)
            step = "Write the shape of each factor beside it: in `A @ B` the last axis of `A` meets the first of `B`."
        else:
            cause = _of_result(trial, axes, sizes, problem.finding)
            step = "Say for each axis of your result what it counts, and compare that with the docstring."
        return replace(problem, cause=cause, step=step) if cause else problem

    return told


def _sizes(trial: Trial, axes: Axes) -> dict[int, str]:
    """What a length counts in this call; lengths that count several things are left out."""
    meanings: dict[int, set[str]] = {}
    given = dict(zip(parameters_of(trial.exercise.reference), trial.case.args, strict=False))
    for name, array in _arrays(given):
        for meaning, length in zip(axes.get(name, ()), array.shape, strict=False):
            meanings.setdefault(length, set()).add(meaning)
    return {length: next(iter(m)) for length, m in meanings.items() if len(m) == 1}


def _arrays(named: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in named.items():
        if isinstance(value, np.ndarray):
            yield name, value
        elif isinstance(value, dict):
            yield from _arrays(value)


def _of_message(message: str, sizes: dict[int, str]) -> str:
    """What the shapes count that numpy could not put together."""
    found = re.search(r"size (\d+) is different from (\d+)", message)
    if found:
        right, left = (int(n) for n in found.groups())
        if left in sizes and right in sizes:
            first, second = f"{left} {sizes[left]}", f"{right} {sizes[right]}"
            return f"the last axis of the left factor counts {first}, the first of the right one {second}"
    shapes = [tuple(int(n) for n in s.split(",") if n.strip()) for s in re.findall(r"\(([\d, ]+)\)", message)]
    known = [s for s in shapes if s and all(n in sizes for n in s)]
    if len(known) < 2 or known[0] == known[1]:
        return ""
    return " against ".join(f"({', '.join(f'{n} {sizes[n]}' for n in s)})" for s in known[:2])


def _of_result(trial: Trial, axes: Axes, sizes: dict[int, str], finding: str) -> str:
    for name, want, have in _pairs(trial):
        if finding.startswith("`") and not finding.startswith(f"`{name}`"):
            continue  # another array than the one that the finding speaks of
        meaning = axes.get(name, ())
        if len(meaning) == want.ndim and have.shape != want.shape:
            return _explain(want.shape, have.shape, meaning, sizes)
    return ""


def _pairs(trial: Trial) -> Iterator[tuple[str, Any, Any]]:
    """Arrays of the expected and the given result, with their names."""
    names, want, have = trial.exercise.returns, trial.expected.value, trial.given.value
    if not names:
        names, want, have = ("",), (want,), (have,)
    if not isinstance(have, tuple | list):
        return
    for name, w, h in zip(names, want, have, strict=False):
        if isinstance(w, dict) and isinstance(h, dict):
            for key in w:
                if isinstance(w[key], np.ndarray) and key in h:
                    yield str(key), w[key], np.asarray(h[key])
        elif isinstance(w, np.ndarray):
            yield name, w, np.asarray(h)


def _explain(
    want: tuple[int, ...], have: tuple[int, ...], meaning: tuple[str, ...], sizes: dict[int, str]
) -> str:
    if len(have) == len(want) > 1 and have == want[::-1]:
        wanted = " and ".join(_wanted(axis, want, meaning) for axis in range(len(want)))
        return f"it is transposed: {wanted}"
    if len(have) == len(want):
        axis = next(i for i, (h, w) in enumerate(zip(have, want, strict=True)) if h != w)
        n = have[axis]
        # Where an axis of this length stands in its own place, the other one is not that.
        known = n in sizes and not any(h == w == n for h, w in zip(have, want, strict=True))
        there = f"the {n} {sizes[n]}" if known else f"{n}"
        if not known and n == want[axis] + 1:
            there = f"{n}, one too many,"
        return f"{_wanted(axis, want, meaning)}; you have {there} there"
    if len(have) > len(want) and tuple(n for n in have if n != 1) == tuple(n for n in want if n != 1):
        return f"there is an axis of length 1 too many: wanted is one entry for each of the {want[0]} {meaning[0]}"
    for axis in range(len(want)):
        if have == want[:axis] + want[axis + 1 :]:
            gone = f"the axis of the {want[axis]} {meaning[axis]} is gone"
            return f"{gone}: either something was summed over it, or this is another array"
    extra = [n for n in have if n not in want]
    if len(have) > len(want) and extra and extra[0] in sizes:
        return f"there is an axis for the {extra[0]} {sizes[extra[0]]} too: it has to be summed over"
    if (len(have) == 1 and len(want) == 1) or not have or have[0] not in sizes:
        return ""
    return f"{_wanted(0, want, meaning)}; you have the {have[0]} {sizes[have[0]]} there"


def _wanted(axis: int, want: tuple[int, ...], meaning: tuple[str, ...]) -> str:
    places = ("rows", "columns") if len(want) == 2 else ("entries", "", "")
    place = places[axis] if len(want) <= 2 else f"axis {axis}"
    return f"{place} are {meaning[axis]}, {want[axis]}"
