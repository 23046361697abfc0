"""What is said of wrong answers that are known: by whom the mistake is named, and of which nothing is said.

Each is looked at as its check does it: registered misconceptions, mutants of the reference, and correct answers, of
which nothing must be said.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fnnkit.judge.causes import cause_of, with_finding
from fnnkit.judge.causes.here import Here
from fnnkit.judge.edits import Mutant
from fnnkit.judge.exercise import Case, Exercise, Known, public_cases, source_of
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import Answer, Raised

WITNESSES = ("registered", "ledger", "fact", "repair", "trace", "mutant", "split", "relation")
"""Who can say something: a registered misconception with the same values, a witness of `fnnkit.judge.causes`, or how
the numbers are related to the right ones."""
KINDS = ("misconceptions", "mutants", "correct answers")


@dataclass
class Said:
    """How many answers of a kind there are, of how many something is said, and by whom; several may speak of one."""

    answers: int = 0
    named: int = 0
    by: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0

    @property
    def nothing(self) -> int:
        """Of how many nothing is said."""
        return self.answers - self.named

    def add(self, verdict: Verdict, seconds: float = 0.0) -> None:
        """Count one."""
        found = who_speaks(verdict)
        self.answers += 1
        self.named += bool(found)
        self.by.update(found)
        self.slowest = max(self.slowest, seconds)

    def __add__(self, other: Said) -> Said:
        both = Said(self.answers + other.answers, self.named + other.named, self.by + other.by)
        both.slowest = max(self.slowest, other.slowest)
        return both


def who_speaks(verdict: Verdict) -> list[str]:
    """Who says something of a mistake."""
    found = [verdict.witness] if verdict.cause else []
    if verdict.misconception:
        found.append("registered")
    elif verdict.problem is not None and verdict.problem.cause:
        found.append("relation")
    return found


def said_of(
    exercise: Exercise,
    mutants: Sequence[Mutant],
    right: Sequence[Callable[..., Any]],
    told: Callable[[str], None] = lambda _: None,
) -> tuple[dict[str, Said], list[str]]:
    """Look for the causes of all wrong answers that are known, and of right ones.

    Returns
    -------
    said : dict
        By kind.
    faults : list of str
        A sentence for each correct answer of which something is said.
    """
    said = {kind: Said() for kind in KINDS}
    faults = []
    asked: list[tuple[str, str, Callable[..., Any], str]] = [
        ("misconceptions", m.name, m.answer, _text(m.answer, exercise.name)) for m in exercise.misconceptions
    ]
    asked += [("mutants", m.name, m.function, m.text) for m in mutants]
    asked += [
        ("correct answers", f.__name__, f, _text(f, exercise.name)) for f in (exercise.reference, *right)
    ]
    known = Known(public_cases(exercise))
    for kind, name, function, text in asked:
        told(name)
        begin = time.process_time()
        verdict = explained(exercise, function, text, known)
        if verdict.solved and kind != "correct answers":
            continue  # an equivalent one, or one that the audit tells of
        said[kind].add(verdict, time.process_time() - begin)
        if kind == "correct answers" and who_speaks(verdict):
            faults.append(f"of the correct answer {name} a cause is said: {verdict.cause or verdict.hint}")
    return said, faults


def _text(function: Callable[..., Any], name: str) -> str:
    try:
        return source_of(function, name)
    except (ValueError, OSError, TypeError):
        return ""


def explained(exercise: Exercise, function: Callable[..., Any], text: str, known: Known) -> Verdict:
    """The verdict of a function on the calls of its check, with its cause."""
    answers = answers_of(function, known, exercise.seconds)
    verdict = exercise.judge(known.cases, answers, known=known)
    if verdict.solved or not text:
        return verdict
    space = dict(getattr(function, "__globals__", {}))
    with contextlib.suppress(Exception):
        exec(compile(text, "<answer>", "exec"), space)  # noqa: S102  # an answer of the course's own
        run = Here(space, exercise.name, space[exercise.name])
        return with_finding(verdict, cause_of(text, exercise, known.cases, answers, run, verdict))
    return verdict


def answers_of(function: Callable[..., Any], known: Known, seconds: float) -> list[Answer]:
    """What a function gives, with a limit on the time that all calls may take together, as when marking."""
    end = time.monotonic() + seconds
    answers: list[Answer] = []
    for position in range(len(known.cases)):
        left = end - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            with time_limit(left):
                answers.append(known.answer(function, position))
        except TimeoutError:
            answers.append(Answer(error=Raised(("Timeout",), f"stopped after {seconds:g} s")))
    return answers


def verdict_of(
    exercise: Exercise,
    function: Callable[..., Any],
    cases: Sequence[Case],
    known: Known | None = None,
    seconds: float | None = None,
) -> Verdict:
    """Judge a function on cases, with a limit on the time that all of them may take together, as when marking."""
    known = known or Known(cases)
    answers = answers_of(function, known, exercise.seconds if seconds is None else seconds)
    return exercise.judge(cases, answers, known=known)


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
