"""The cause of a wrong answer, looked for in its own code; no verdict depends on it.

Three witnesses, in this order of trust: facts of the code, where what was seen agrees; one edit of the student's own
function that makes everything right; a registered mistake with the same values. Where these are silent, it is said for
which input the answer is right and for which wrong. No cause is better than an untrue one.
"""

from __future__ import annotations

from collections.abc import Sequence

from fnnkit.judge.causes.evidence import Evidence, Run
from fnnkit.judge.causes.facts import facts
from fnnkit.judge.causes.finding import Finding
from fnnkit.judge.causes.repair import repaired
from fnnkit.judge.causes.split import split
from fnnkit.judge.exercise import Case, Exercise, Known
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import Answer

__all__ = ["Finding", "diagnose"]

SILENT = ("missing", "unanswered", "cell", "library", "stopped")
"""Kinds of problems whose cause is said already."""


def diagnose(
    text: str,
    exercise: Exercise,
    cases: Sequence[Case],
    answers: Sequence[Answer],
    run: Run,
    verdict: Verdict | None = None,
) -> Finding | None:
    """Look for the cause of a wrong answer.

    Parameters
    ----------
    text : str
        The cell with the student's function.
    exercise : Exercise
        What was asked.
    cases, answers : sequence
        The calls, and what they gave.
    run : callable
        Told an edited text and a case: runs a copy, and gives its answer.
    verdict : Verdict, optional
        On these answers, if it is known.

    Returns
    -------
    Finding or None
        None if nothing is known of the cause.
    """
    known = Known(cases)
    verdict = verdict or exercise.judge(cases, answers, known=known)
    problem = verdict.problem
    if problem is None or problem.kind in SILENT:
        return None
    seen = Evidence(text, exercise, cases, answers, run, verdict, known)
    if seen.function is None:
        return None
    for fact in facts(seen):
        return fact
    return next(repaired(seen), None) or next(split(seen), None)
