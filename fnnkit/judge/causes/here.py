"""The cause of a wrong answer, looked for in the kernel in which it was written."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import FunctionType
from typing import Any

from fnnkit.judge.causes import diagnose
from fnnkit.judge.exercise import Case, Exercise
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import Answer
from fnnkit.kernel.copies import Copies

CERTAIN = ("order", "order of results", "name")
"""Kinds that are believed before a registered mistake with the same values."""


def with_cause(
    verdict: Verdict,
    text: str,
    exercise: Exercise,
    function: Callable[..., Any] | None,
    cases: Sequence[Case],
    answers: Sequence[Answer],
    whole: bool,
) -> Verdict:
    """A verdict that says where the mistake is in the student's code, if that can be found; else the same verdict.

    Parameters
    ----------
    verdict, exercise, cases, answers
        What was found, and of what.
    text : str
        The cell with the function; empty if it is not known.
    function : callable
        The student's.
    whole : bool
        Whether the kind of the mistake is told too, or only its place.
    """
    if verdict.solved or not text or not isinstance(function, FunctionType):
        return verdict
    if function.__name__ != exercise.name or hasattr(function, "__wrapped__"):
        return verdict
    copies = Copies(function.__globals__, exercise.name, function)
    # Whatever happens here is no reason to withhold a verdict; somebody who stops it wants to see that.
    with contextlib.suppress(Exception, KeyboardInterrupt), _quiet():
        if said := _step_by_step(verdict, exercise, function, cases, answers):
            return replace(verdict, cause=said, witness="ledger")
        found = diagnose(
            text, exercise, cases, answers, lambda edited, case: copies(edited, case.args), verdict
        )
        if found is not None:
            # Values alone may be those of another mistake; which results came back, and in which order, is certain.
            hint = "" if found.kind in CERTAIN else verdict.hint
            return replace(verdict, hint=hint, cause=found.said(whole), witness=found.witness)
    return verdict


def _step_by_step(
    verdict: Verdict,
    exercise: Exercise,
    function: Callable[..., Any],
    cases: Sequence[Case],
    answers: Sequence[Answer],
) -> str:
    """The ledger of the first call that a gradient is wrong for; empty if it does not say which step is."""
    problem = verdict.problem
    if exercise.ledger is None or problem is None or problem.kind not in ("values", "shape", "property"):
        return ""
    ordinary = [i for i, case in enumerate(cases) if not case.stage]
    for i in sorted(ordinary, key=lambda i: cases[i].place):
        if answers[i].error is None:
            found = exercise.ledger(cases[i].args, function)
            if found.first:
                return "\n".join([found.headline(), *found.lines()])
    return ""


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What numerical libraries write past Python, about numbers that an edited copy gave them, goes nowhere."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        yield
    finally:
        for i, descriptor in enumerate(kept, 1):
            os.dup2(descriptor, i)
            os.close(descriptor)
        os.close(nothing)
