"""The cause of a wrong answer, looked for in its own code; no verdict depends on it.

Witnesses, in this order of trust: facts of the code, where what was seen agrees; one edit of the student's own function
that makes everything right; a registered mistake with the same values. Where these are silent, a trace says where numbers
are lost, a relation by which factor or term the result is off in every call, a mutant of the reference what a right
function with one change gives, and a split for which input the answer is right and for which wrong. No cause is better
than an untrue one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace

from fnnkit.judge.causes.evidence import Evidence, Run
from fnnkit.judge.causes.facts import facts, last_facts
from fnnkit.judge.causes.finding import Finding
from fnnkit.judge.causes.known import another
from fnnkit.judge.causes.mutant import mutated
from fnnkit.judge.causes.repair import repaired
from fnnkit.judge.causes.scale import scaled
from fnnkit.judge.causes.split import split
from fnnkit.judge.causes.trace import trace
from fnnkit.judge.compare import UNDEFINED
from fnnkit.judge.exercise import Case, Exercise, Known
from fnnkit.judge.verdict import Result, Verdict
from fnnkit.kernel.call import Answer

__all__ = ["Finding", "cause_of", "diagnose", "with_finding"]

CERTAIN = ("order", "order of results", "result", "changed early")
"""Kinds that are believed before a registered mistake with the same values."""

SILENT = ("missing", "unanswered", "cell", "library", "stopped")
"""Kinds of problems whose cause is said already."""


def cause_of(
    text: str,
    exercise: Exercise,
    cases: Sequence[Case],
    answers: Sequence[Answer],
    run: Run,
    verdict: Verdict,
) -> Finding | None:
    """What is said of a wrong answer, by its check and when it is marked: its ledger, if it is a gradient, or `diagnose`.

    Parameters
    ----------
    text, exercise, cases, answers, run, verdict
        As those of `diagnose`; the cases are those of the check.
    """
    if verdict.solved or not text:
        return None
    return step_by_step(verdict, exercise, run, cases, answers) or diagnose(
        text, exercise, cases, answers, run, verdict
    )


def with_finding(verdict: Verdict, found: Finding | None, whole: bool = True) -> Verdict:
    """A verdict that says a cause; without the kind of the mistake, if that is not told yet."""
    if found is None:
        return verdict
    # Values alone may be those of another mistake; which results came back, and in which order, is certain.
    hint, results = verdict.hint, verdict.results
    if found.kind in CERTAIN:
        hint, results = "", _without_cause(results)
    if found.kind == "not finite":  # the operation is known
        results = _without_cause(results, UNDEFINED)
    return replace(verdict, hint=hint, results=results, cause=found.said(whole), witness=found.witness)


def _without_cause(results: Sequence[Result], cause: str = "") -> tuple[Result, ...]:
    """Results whose problems say no cause; with a cause, only that one is not said."""
    return tuple(
        replace(r, problem=replace(r.problem, cause=""))
        if r.problem and cause in ("", r.problem.cause)
        else r
        for r in results
    )


def step_by_step(
    verdict: Verdict, exercise: Exercise, run: Run, cases: Sequence[Case], answers: Sequence[Answer]
) -> Finding | None:
    """The ledger of the first call that a gradient is wrong for; None if it does not say which step is."""
    problem = verdict.problem
    if exercise.ledger is None or problem is None or problem.kind not in ("values", "shape", "property"):
        return None
    ordinary = [i for i, case in enumerate(cases) if not case.stage]
    for i in sorted(ordinary, key=lambda i: cases[i].place):
        if answers[i].error is None:
            # What a wrong answer returns can be anything.
            with contextlib.suppress(Exception):
                found = exercise.ledger(cases[i].args, *run.recorded(cases[i]))
                if found.first:
                    return Finding(
                        "", found.first, "\n".join([found.headline(), *found.lines()]), "", "ledger"
                    )
    return None


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
    run : Run
        Runs edited copies.
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
    for witness in (repaired, trace, another, scaled, mutated, split, last_facts):
        for finding in witness(seen):
            return finding
    return None
