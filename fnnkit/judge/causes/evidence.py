"""What was seen of a wrong answer, made ready for whoever looks for its cause."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from fnnkit.judge.answers import only_defines, parse
from fnnkit.judge.exercise import Case, Exercise, Known, Trial
from fnnkit.judge.recognise import parameters_of, same_answer
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import Answer


class Run(Protocol):
    """Runs edited copies of a cell where its function is at home: here, or in a sandbox."""

    spent: float
    """Seconds of processor time that it took elsewhere."""

    def __call__(self, text: str, case: Case) -> Answer:
        """Run a copy, and call its function once."""

    def ahead(self, texts: Sequence[str], cases: Sequence[Case]) -> None:
        """Say what will be asked for next, each text with each case: whoever is far away does it all at once."""

    def recorded(self, case: Case) -> tuple[Answer, list[Any]]:
        """Call the function itself once more, and give what its variables held."""


Said = Iterator[tuple[ast.AST | None, str, str]]
"""What a fact says: where, the kind, and what it is."""


@dataclass(frozen=True)
class Evidence:
    """A cell, what its function was asked and answered, and what should have come out.

    Attributes
    ----------
    text : str
        The cell.
    exercise, cases, answers : Exercise, sequence of Case, sequence of Answer
        What was asked, and what came back.
    run : Run
        Runs edited copies.
    verdict : Verdict
        On these answers.
    """

    text: str
    exercise: Exercise
    cases: Sequence[Case]
    answers: Sequence[Answer]
    run: Run
    verdict: Verdict
    known: Known = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module | None:
        """The cell's syntax tree."""
        tree = parse(self.text)
        if tree is not None:  # what a cell does besides defining is not done again
            tree.body = [node for node in tree.body if only_defines(node)]
        return tree

    @cached_property
    def function(self) -> ast.FunctionDef | None:
        """The last definition of the function in the cell."""
        found = [
            n
            for n in (self.tree.body if self.tree else ())
            if isinstance(n, ast.FunctionDef) and n.name == self.exercise.name and not n.decorator_list
        ]
        return found[-1] if found else None

    @cached_property
    def parameters(self) -> list[str]:
        """Names of the function's parameters, as the student has them."""
        assert self.function is not None
        given = self.function.args
        return [a.arg for a in (*given.posonlyargs, *given.args)]

    @cached_property
    def plain(self) -> bool:
        """Whether the function takes what was asked for, in that order; what the reference has beyond that is its own."""
        if self.function is None:
            return False
        asked = parameters_of(self.exercise.reference).values()
        least = sum(p.default is p.empty for p in asked)
        return bool(least <= len(self.parameters) <= len(asked))

    def expected(self, position: int) -> Answer:
        """What the call at a position should have given."""
        return self.known.answer(self.exercise.reference, position)

    def called(self, position: int) -> str:
        """A call as the verdict writes it."""
        case = self.cases[position]
        return Trial(self.exercise, case, self.expected(position), self.answers[position], position).written()

    def agrees(self, position: int, given: Answer) -> bool:
        """Whether the values of an answer are the expected ones."""
        want, case = self.expected(position), self.cases[position]
        if want.error is not None:
            return given.error is not None and want.error.kind in given.error.kinds
        return same_answer(want, given, case.args, False, want.error) or self._accepted(position, given)

    def _accepted(self, position: int, given: Answer) -> bool:
        """Whether the criterion of a call takes an answer that is another one: some questions have several, or allow for more."""
        case = self.cases[position]
        criterion = next((c for c in self.exercise.criteria if c.name == case.criterion), None)
        if criterion is None or given.error is not None or not _of_all(criterion.test):
            return False
        want = self.expected(position)
        if isinstance(want.value, int | str):
            return False  # there is one
        if hasattr(criterion.test, "part") and not _near(want.value, given.value):
            return False  # to say what is wrong takes long
        trial = Trial(self.exercise, case, want, given, position)
        with contextlib.suppress(Exception):  # what a wrong answer returns can be anything
            return criterion.test([trial]) is None
        return False

    @cached_property
    def wrong(self) -> list[int]:
        """Positions of the calls whose values were wrong, those of the criterion that failed first."""
        failed = next((r.criterion for r in self.verdict.results if r.problem), "")
        found = [i for i, given in enumerate(self.answers) if not self.agrees(i, given)]
        return sorted(found, key=lambda i: (self.cases[i].criterion != failed, size(self.cases[i].args)))

    @cached_property
    def words(self) -> bool:
        """Whether what is asked for is one of a few values, so that many a function gives the right one by chance."""
        wanted = [a.value for i in self.wrong if (a := self.expected(i)).error is None]
        return bool(wanted) and all(isinstance(v, str | bool | np.bool_) for v in wanted)

    @cached_property
    def values(self) -> list[Any]:
        """What came back at the calls that were wrong."""
        return [self.answers[i].value for i in self.wrong]


def _near(want: Any, have: Any) -> bool:
    """Whether a value is within what any criterion allows."""
    if not isinstance(want, np.ndarray | np.generic | float) or not isinstance(
        have, np.ndarray | np.generic | float
    ):
        return True
    a, b = np.asarray(want), np.asarray(have)
    if a.shape != b.shape or a.dtype.kind not in "iuf" or b.dtype.kind not in "iuf":
        return False
    with np.errstate(all="ignore"):
        return bool(
            np.allclose(
                b, a, rtol=0.01, atol=0.01 * max(1.0, float(np.abs(a).max(initial=0.0))), equal_nan=True
            )
        )


def _of_all(test: Any) -> bool:
    """Whether a criterion looks at all that a call returns: it compares it, or is an exercise's own."""
    if hasattr(test, "part"):
        return test.part is None
    return not str(getattr(test, "__module__", "fnnkit.judge")).startswith("fnnkit.judge")


def size(value: Any) -> int:
    """How many numbers a value holds, about."""
    if isinstance(value, tuple | list):
        return sum(map(size, value))
    if isinstance(value, dict):
        return sum(map(size, value.values()))
    return int(getattr(value, "size", 1))
