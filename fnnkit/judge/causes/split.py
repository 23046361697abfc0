"""Where an answer is right and where it is wrong, if one property of its input tells the two apart in every call."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fnnkit.judge.causes.evidence import Evidence
from fnnkit.judge.causes.finding import Finding
from fnnkit.judge.causes.repair import agrees_beyond, further, harmless

FEWEST_RIGHT, FEWEST_WRONG = 2, 2
"""Calls that have to lie on either side."""
PROOF = "What is different there?"

Called = list[tuple[tuple[Any, ...], bool]]
"""Arguments of calls, and whether what came back is right."""


def split(seen: Evidence) -> Iterator[Finding]:
    """Say for which input it is right and for which wrong; nothing if several properties would tell, or somebody knows more."""
    if seen.verdict.misconception or not seen.plain:
        return
    if seen.words:
        yield from _by_word(seen)
        return
    calls = [i for i in range(len(seen.cases)) if seen.expected(i).error is None]
    wrong = [i for i in calls if i in seen.wrong]
    right = [i for i in calls if i not in seen.wrong]
    if _different(seen, right) < FEWEST_RIGHT or not wrong:
        return
    found = _telling(seen, [(seen.cases[i].args, i in right) for i in calls])
    # Other numbers of the same sizes are right, too: else it is the numbers that matter.
    own = ast.unparse(seen.tree) if seen.tree is not None else ""
    if not found or not all(agrees_beyond(seen, own, i) for i in right):
        return
    called = [(seen.cases[i].args, i in right) for i in calls]
    if harmless(seen, blocks=True) and seen.exercise.searched:
        called += _elsewhere(seen, own)
    if len({repr(args) for args, good in called if not good}) < FEWEST_WRONG:
        return
    found = _telling(seen, called)
    if len(found) == 1:
        yield Finding("", "split", found[0], PROOF, "split")


def _elsewhere(seen: Evidence, own: str) -> Called:
    """The calls of other seeds, and whether the answer is right in them."""
    found: Called = []
    for cases, known in further(seen.exercise):
        seen.run.ahead([own], cases)
        there = replace(seen, cases=cases, answers=(), known=known)
        for i, case in enumerate(cases):
            if there.expected(i).error is None:
                found.append((case.args, there.agrees(i, seen.run(own, case))))
    return found


def _by_word(seen: Evidence) -> Iterator[Finding]:
    """Say of which word, or truth value, nothing but another one came back."""
    wanted = {seen.expected(i).value for i in seen.wrong}
    others = {
        seen.expected(i).value
        for i in range(len(seen.cases))
        if i not in seen.wrong and seen.expected(i).error is None
    }
    given = [seen.answers[i] for i in seen.wrong]
    if len(wanted) != 1 or not others - wanted or any(a.error is not None for a in given):
        return
    said = {a.value for a in given if isinstance(a.value, str | bool | np.bool_)}
    if not said or len(said) > 2 or any(not isinstance(a.value, str | bool | np.bool_) for a in given):
        return
    instead = " or ".join(sorted(f"`{s}`" for s in said))
    words = f"every call that is wrong should give `{wanted.pop()}`, and gives {instead}"
    yield Finding("", "split", words, "Which question of yours takes those?", "split")


def _different(seen: Evidence, calls: Sequence[int]) -> int:
    """How many different inputs some calls have: several criteria may look at the same."""
    return len({repr(seen.cases[i].args) for i in calls})


def _telling(seen: Evidence, called: Called) -> list[str]:
    """In words, each property of an argument that tells right calls from wrong ones; those that are always alike once."""
    found: dict[tuple[Any, ...], str] = {}
    for position, parameter in enumerate(seen.parameters):
        given = [args[position] for args, _ in called if position < len(args)]
        if len(given) < len(called):
            continue
        for name, values in _properties(given):
            good = {v for (_, right), v in zip(called, values, strict=True) if right}
            bad = {v for (_, right), v in zip(called, values, strict=True) if not right}
            if not good or not bad or good & bad or None in good | bad:
                continue
            if len(good) == 1:
                text = _words(name, parameter, good.pop(), sorted(bad))
            elif len(bad) == 1:
                text = _only(name, parameter, bad.pop())
            else:
                continue
            found.setdefault(tuple(values), text)
    return list(found.values())


def _properties(given: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """What calls can differ in, with its value for each; None where there is none."""
    if all(isinstance(a, int | np.integer) and not isinstance(a, bool) for a in given):
        yield "number", [int(a) for a in given]
    if all(isinstance(a, list) for a in given):
        yield "elements", [len(a) for a in given]
    if not all(isinstance(a, np.ndarray) for a in given):
        return
    yield "axes", [a.ndim for a in given]
    yield "columns", [a.shape[1] if a.ndim == 2 else None for a in given]
    yield "rows", [a.shape[0] if a.ndim == 2 else None for a in given]
    yield "entries", [a.size if a.ndim == 1 else None for a in given]
    yield "square", [a.shape[0] == a.shape[1] if a.ndim == 2 else None for a in given]
    yield "whole", [a.dtype.kind in "iu" for a in given]
    yield "negative", [bool((a < 0).any()) if a.size and a.dtype.kind in "fiu" else None for a in given]


ONE = {"axes": "axis", "columns": "column", "rows": "row", "entries": "entry", "elements": "element"}


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
        here = (
            f"for `{parameter}` = {good}"
            if name == "number"
            else f"for {_count(name, good)} of `{parameter}`"
        )
        there = "for " + " or ".join(", ".join(str(b) for b in bad).rsplit(", ", 1))
    return f"the result is right {here}, and wrong {there}"


def _only(name: str, parameter: str, bad: Any) -> str:
    here = f"for `{parameter}` = {bad}" if name == "number" else f"for {_count(name, bad)} of `{parameter}`"
    return f"the result is wrong {here}, and right for every other number"


def _count(name: str, number: int) -> str:
    return f"{number} {ONE[name] if number == 1 else name}"
