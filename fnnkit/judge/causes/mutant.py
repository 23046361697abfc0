"""Mutants with words: what came back is, in every call, what a right function gives that has one thing changed.

The mutants are those of the audit, of the reference. One speaks only if it is equal on all inputs of the check and of
another seed, and if all that are equal would say the same: what it says is true of the values, however they came about.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from fnnkit.judge.causes.evidence import Evidence
from fnnkit.judge.causes.finding import Finding
from fnnkit.judge.causes.repair import further, harmless
from fnnkit.judge.edits import Mutant, mutants
from fnnkit.judge.exercise import Case, Exercise
from fnnkit.judge.recognise import same_answer
from fnnkit.kernel.call import Answer
from fnnkit.kernel.copies import Copies

MOST = 150
"""Mutants that are tried."""
FEWEST = 2
"""Different wrong values that have to agree."""
PROOF = "A right function with this one change gives what yours gives, in every call."

WORDS: tuple[tuple[str, str, str], ...] = (
    (r"(Add -> Sub|Sub -> Add)", "sign", "somewhere a sum stands for a difference, or the other way round"),
    (r"Mult -> Div", "operator", "somewhere it is divided where it should be multiplied"),
    (r"(Div|FloorDiv) -> (Mult|Div)", "operator", "somewhere another division, or a product, stands for a division"),
    (r"Mult -> Add", "operator", "somewhere a sum stands for a product"),
    (r"Pow -> Mult", "operator", "somewhere a product stands for a power"),
    (r"factors of @ swapped", "order", "the factors of a matrix product stand in the other order"),
    (r"(right|left) operand of (Mult|Div) left out", "missing factor", "a factor, or a divisor, is missing"),
    (r"(right|left) operand of (Add|Sub) left out", "missing term", "a term of a sum is missing"),
    (r"right operand of Pow left out", "missing power", "a power, such as a square, is missing"),
    (r"(right|left) operand of MatMult left out", "missing factor", "a factor of a matrix product is missing"),
    (r"(Lt|LtE|Gt|GtE|Eq|NotEq) -> (Lt|LtE|Gt|GtE|Eq|NotEq)", "comparison", "a comparison is another one"),
    (r"minus left out", "sign", "a minus sign is missing"),
    (r"\.T left out", "transposition", "a transposition is missing"),
    (r"mean -> sum", "function", "the sum stands for the mean"),
    (r"sum -> mean", "function", "the mean stands for the sum"),
    (r"(maximum -> minimum|max -> min)", "function", "the smaller of two, or the smallest, is taken for the larger"),
    (r"(minimum -> maximum|min -> max)", "function", "the larger of two, or the largest, is taken for the smaller"),
    (r"(argmax -> argmin|argmin -> argmax)", "function", "the smallest and the largest are exchanged"),
    (r"axis left out", "axis", "a sum, mean or maximum runs over everything, not along one axis"),
    (r"ddof left out", "constant", "a mean of squares is divided by another number"),
    (r"returned values swapped", "order of results", "the returned values stand in the other order"),
)  # fmt: skip
"""What a change of the reference is in words, by the end of its name."""


def mutated(seen: Evidence) -> Iterator[Finding]:
    """Say what the change is with which a right function gives what came back."""
    if seen.verdict.misconception or not seen.plain or not seen.exercise.searched or not harmless(seen):
        return  # what somebody has registered says more
    if _different(seen) < FEWEST:
        return
    reference = inspect.unwrap(seen.exercise.reference)
    copies = Copies(dict(reference.__globals__), reference.__name__, reference)
    order = [*seen.wrong, *(i for i in range(len(seen.cases)) if i not in seen.wrong)]
    found: set[tuple[str, str]] = set()
    for mutant in _mutants(seen.exercise):
        if all(
            _same(seen, seen.cases[i], copies(mutant.text, seen.cases[i].args), seen.answers[i], i)
            for i in order
        ) and _same_elsewhere(seen, copies, mutant):
            found.add(_words(mutant))
    if len(found) == 1:
        kind, words = found.pop()
        if words:
            yield Finding("", kind, words, PROOF, "mutant")


@lru_cache(maxsize=8)
def _mutants(exercise: Exercise) -> tuple[Mutant, ...]:
    try:
        return tuple(mutants(inspect.unwrap(exercise.reference))[:MOST])
    except (OSError, TypeError, SyntaxError):
        return ()


def _same(seen: Evidence, case: Case, wrong: Answer, given: Answer, position: int) -> bool:
    return same_answer(wrong, given, case.args, False, seen.expected(position).error)


def _same_elsewhere(seen: Evidence, copies: Copies, mutant: Mutant) -> bool:
    """Whether it gives what the student's function gives on the inputs of another seed, too."""
    assert seen.tree is not None
    cases, known = further(seen.exercise)[0]
    own = ast.unparse(seen.tree)
    seen.run.ahead([own], cases)
    return all(
        same_answer(
            copies(mutant.text, case.args), seen.run(own, case), case.args, False,
            known.answer(seen.exercise.reference, i).error,
        )
        for i, case in enumerate(cases)
    )  # fmt: skip


def _words(mutant: Mutant) -> tuple[str, str]:
    change = re.sub(r" #\d+$", "", mutant.name.rpartition(": ")[2])
    return next(((kind, words) for form, kind, words in WORDS if re.fullmatch(form, change)), ("", ""))


def _different(seen: Evidence) -> int:
    """How many different finite values came back where they were wrong."""
    return len(
        {repr(a.value) for i in seen.wrong if (a := seen.answers[i]).error is None and _finite(a.value)}
    )


def _finite(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return all(map(_finite, value))
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    array = np.asarray(value)
    return array.dtype.kind in "bU" or (array.dtype.kind in "iuf" and bool(np.isfinite(array).all()))
