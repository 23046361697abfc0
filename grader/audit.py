"""The test of the tests: wrong answers have to lose marks and be named, right ones must not.

Wrong answers are the registered misconceptions and automatic mutants of the reference. Right ones are the reference
and differently written answers. Everything is judged over many seeds.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from fnnkit.exercises import Answer, Case, Exercise, Raised, Verdict, call
from grader.course import CourseError
from grader.mutants import mutants

SEEDS = 50
MUTANT_SEEDS = 5
FEWEST_ANSWERS = 3
FEWEST_MISCONCEPTIONS = 4  # of an exercise that is not trivial


@dataclass
class Audit:
    """What auditing one exercise gave; `faults` are sentences for its author."""

    exercise: str
    wrong: int = 0
    survived: int = 0
    right: int = 0
    refused: int = 0
    misconceptions: int = 0
    mutants: int = 0
    equivalent: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def audit(exercise: Exercise, seeds: int = SEEDS, told: Callable[[str], None] = lambda _: None) -> Audit:
    """Audit one exercise.

    Parameters
    ----------
    exercise : Exercise
        What to audit.
    seeds : int
        Sets of inputs that each misconception and each right answer is judged on.
    told : callable, optional
        Told what is being judged.
    """
    found = Audit(exercise.name)
    start = time.perf_counter()
    answers, equivalents = _listed(exercise)
    sets = [exercise.cases(np.random.default_rng(seed)) for seed in range(seeds)]
    _cases_and_criteria(exercise, sets, found)
    _right_answers(exercise, answers, sets, found, told)
    _misconceptions(exercise, sets, found, told)
    _mutants(exercise, equivalents, sets[:MUTANT_SEEDS], found, told)
    found.seconds = time.perf_counter() - start
    return found


def _listed(exercise: Exercise) -> tuple[list[Callable[..., Any]], dict[str, str]]:
    try:
        module = import_module(f"grader.answers.{exercise.chapter}")
    except ModuleNotFoundError:
        raise CourseError(
            f"grader/answers/{exercise.chapter}.py is missing: audit in a clone of the course, with differently written "
            "correct answers there"
        ) from None
    return list(module.ANSWERS.get(exercise.name, [])), dict(
        getattr(module, "EQUIVALENT_MUTANTS", {}).get(exercise.name, {})
    )


def verdict_of(exercise: Exercise, function: Callable[..., Any], cases: Sequence[Case]) -> Verdict:
    """Judge a function on cases, with a limit on the time it may take."""
    answers = []
    for case in cases:
        try:
            with time_limit(exercise.seconds):
                answers.append(call(function, case.args))
        except TimeoutError:
            answers.append(Answer(error=Raised(("Timeout",), f"stopped after {exercise.seconds:g} s")))
    return exercise.judge(cases, answers)


def _cases_and_criteria(exercise: Exercise, sets: list[list[Case]], found: Audit) -> None:
    """A criterion that looks at no case is met by everybody; a case that belongs to no criterion tests nothing."""
    criteria = {c.name for c in exercise.criteria}
    looked_at = [{case.criterion for case in cases} for cases in sets]
    for criterion in exercise.criteria:
        if not criterion.every and not all(criterion.name in names for names in looked_at):
            found.faults.append(f"the criterion {criterion.name!r} has no case: everybody meets it")
    for name in sorted(set().union(*looked_at) - criteria):
        found.faults.append(f"there are cases for {name!r}, which is no criterion")


def _right_answers(
    exercise: Exercise,
    answers: list[Callable[..., Any]],
    sets: list[list[Case]],
    found: Audit,
    told: Callable[[str], None],
) -> None:
    if len(answers) < FEWEST_ANSWERS:
        found.faults.append(
            f"{len(answers)} differently written correct answers are listed; {FEWEST_ANSWERS} are needed"
        )
    for function in [exercise.reference, *answers]:
        told(function.__name__)
        found.right += 1
        for seed, cases in enumerate(sets):
            verdict = verdict_of(exercise, function, cases)
            if not verdict.solved or verdict.points != exercise.points:
                found.refused += 1
                found.faults.append(
                    f"the correct answer {function.__name__} is refused (seed {seed}):\n{verdict}"
                )
                break


def _misconceptions(
    exercise: Exercise, sets: list[list[Case]], found: Audit, told: Callable[[str], None]
) -> None:
    if exercise.difficulty > 1 and len(exercise.misconceptions) < FEWEST_MISCONCEPTIONS:
        found.faults.append(
            f"{len(exercise.misconceptions)} misconceptions are listed; {FEWEST_MISCONCEPTIONS} are needed"
        )
    for misconception in exercise.misconceptions:
        told(misconception.name)
        found.wrong += 1
        found.misconceptions += 1
        for seed, cases in enumerate(sets):
            verdict = verdict_of(exercise, misconception.answer, cases)
            if verdict.points >= exercise.points:
                found.survived += 1
                found.faults.append(f"the misconception {misconception.name} loses no marks (seed {seed})")
                break
            if verdict.misconception != misconception.name:
                found.survived += 1
                called = verdict.misconception or "nothing at all"
                found.faults.append(
                    f"the misconception {misconception.name} is taken for {called} (seed {seed}):\n{verdict}"
                )
                break


def _mutants(
    exercise: Exercise,
    equivalents: dict[str, str],
    sets: list[list[Case]],
    found: Audit,
    told: Callable[[str], None],
) -> None:
    unused = set(equivalents)
    for mutant in mutants(exercise.reference):
        told(mutant.name)
        lost = [verdict_of(exercise, mutant.function, cases).points < exercise.points for cases in sets]
        if mutant.name in equivalents:
            unused.discard(mutant.name)
            found.equivalent += 1
            if all(lost):
                found.faults.append(
                    f"the mutant {mutant.name!r} is listed as equivalent, but it is caught: unlist it"
                )
            continue
        found.wrong += 1
        found.mutants += 1
        if not all(lost):  # a student meets one set of inputs: each has to tell right from wrong
            found.survived += 1
            found.faults.append(
                f"the mutant {mutant.name!r} of the reference gets full marks (seed {lost.index(False)})"
            )
    found.faults += [
        f"the listed equivalent mutant {name!r} does not exist any more" for name in sorted(unused)
    ]


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the main thread when something takes too long."""

    def stop(_signal: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
