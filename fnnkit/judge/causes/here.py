"""The cause of a wrong answer, looked for in the kernel in which it was written."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType
from typing import Any

from fnnkit.judge.causes import cause_of, with_finding
from fnnkit.judge.exercise import Case, Exercise
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import Answer
from fnnkit.kernel.copies import Copies
from fnnkit.kernel.recording import recorded


class Here:
    """Runs copies beside the function itself.

    Parameters
    ----------
    space : dict
        Names of the notebook.
    name : str
        Of the function.
    function : callable
        The student's.
    """

    spent = 0.0

    def __init__(self, space: dict[str, Any], name: str, function: Callable[..., Any]) -> None:
        self._copies, self._function = Copies(space, name, function), function

    def __call__(self, text: str, case: Case) -> Answer:
        """Run a copy, and call its function once."""
        return self._copies(text, case.args)

    def ahead(self, texts: Sequence[str], cases: Sequence[Case]) -> None:
        """Do nothing: each is run when it is asked for."""

    def recorded(self, case: Case) -> tuple[Answer, list[Any]]:
        """Call the function once more, and give what its variables held."""
        return recorded(self._function, case.args)


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
    run = Here(function.__globals__, exercise.name, function)
    # Whatever happens here is no reason to withhold a verdict; somebody who stops it wants to see that.
    with contextlib.suppress(Exception, KeyboardInterrupt), _quiet():
        return with_finding(verdict, cause_of(text, exercise, cases, answers, run, verdict), whole)
    return verdict


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
