"""One declaration of an exercise: its cases, its criteria and the mistakes that it knows by name.

An exercise never calls the student's function. It makes cases, somebody else calls the function with them (the
student's kernel, or the marking sandbox), and it judges the answers. So the same declaration serves the instant
feedback, the marks, the tests of the tests and the item analysis.
"""

from __future__ import annotations

import functools
import inspect
import math
import textwrap
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from fnnkit.judge.compare import typed
from fnnkit.judge.gradients import Ledger
from fnnkit.judge.recognise import recognise
from fnnkit.judge.verdict import Problem, Result, Verdict
from fnnkit.kernel.call import Answer, call

Test = Callable[["Sequence[Trial]"], Problem | None]

UNUSUAL = "unusual input"
"""Name of the criterion for what lies beyond ordinary input: empty arrays, whole numbers, float32, more axes, infinities."""

STOPPED = ("Timeout", "KernelDied")
"""Kinds of errors that end all calls, not one of them."""


@dataclass(frozen=True)
class Case:
    """One call that is made: the arguments, and the criterion that looks at it.

    Attributes
    ----------
    args : tuple
        Plain data: arrays, numbers, texts, tuples, lists, dicts, or `Named` test functions.
    criterion : str
        Name of the criterion that it is for.
    why : str
        What is special about it, in a few words; shown when it fails.
    last : bool
        Whether it is called after all others, as it takes long: where the time ends, the others have been answered.
    place : int
        Where the exercise lists it; `Exercise.cases` fills it in.
    """

    args: tuple[Any, ...]
    criterion: str
    why: str = ""
    last: bool = False
    place: int = field(default=-1, compare=False, repr=False)

    @property
    def stage(self) -> int:
        """When it is called: 0 what is ordinary, 1 what is unusual, 2 what takes long."""
        return 2 if self.last else int(self.criterion == UNUSUAL)


class InDrawnOrder:
    """Cases in an order that the seed decides, so that nobody can tell a call by its position.

    What is ordinary comes before what is unusual, and what takes long comes last.

    Parameters
    ----------
    declared : callable
        Told a random generator; gives the cases in the order in which they are judged.
    """

    def __init__(self, declared: Callable[[np.random.Generator], list[Case]]) -> None:
        self.declared = declared

    def __call__(self, rng: np.random.Generator) -> list[Case]:
        """The cases, in the order in which they are called."""
        made = [replace(case, place=i) for i, case in enumerate(self.declared(rng))]
        mixed = [made[i] for i in rng.permutation(len(made))]
        return sorted(mixed, key=lambda case: case.stage)


class Known:
    """What known functions (the reference, misconceptions) answer to cases: each is called once, when it is asked for.

    Whoever judges many answers to the same cases, as an audit does, hands one of these to `Exercise.judge` each time.
    """

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = cases
        self._answers: dict[tuple[Callable[..., Any], int], Answer] = {}
        self._wrong: dict[tuple[str, str], str] = {}

    def answer(self, function: Callable[..., Any], position: int) -> Answer:
        """The function's answer to the case at a position."""
        key = function, position
        if key not in self._answers:
            self._answers[key] = call(function, self.cases[position].args)
        return self._answers[key]

    def fault(self, misconception: Misconception, criterion: Criterion, trials: Sequence[Trial]) -> str:
        """How a misconception fails a criterion, by the kind of the problem; the trials are anybody's answers."""
        key = misconception.name, criterion.name
        if key not in self._wrong:
            mine = [
                replace(t, given=self.answer(misconception.answer, t.position))
                for t in trials
                if criterion.every or t.case.criterion == criterion.name
            ]
            problem = criterion.test(mine)
            self._wrong[key] = problem.kind if problem else ""
        return self._wrong[key]


@functools.cache
def parameters_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """Names of a function's parameters."""
    return tuple(inspect.signature(function).parameters)


@dataclass(frozen=True)
class Trial:
    """A case with the expected answer and the given one."""

    exercise: Exercise
    case: Case
    expected: Answer
    given: Answer
    position: int = 0

    def written(self) -> str:
        """The call as one could type it."""
        parameters = parameters_of(self.exercise.reference)
        parts = [f"{p}={typed(a)}" for p, a in zip(parameters, self.case.args, strict=False)]
        why = "" if self.unusual else self.case.why
        return f"{self.exercise.name}({', '.join(parts)})" + (f"  # {why}" if why else "")

    @property
    def unusual(self) -> str:
        """What is unusual about the input, in words; empty if it is ordinary."""
        return self.case.why if self.case.criterion == UNUSUAL else ""


@dataclass(frozen=True)
class Criterion:
    """One thing that an answer is judged by.

    Attributes
    ----------
    name : str
        A few words that finish "it has to be right about …".
    points : float
        Quarters.
    test : callable
        Told the trials of this criterion; gives the first problem, or None.
    every : bool
        Whether it looks at the trials of all criteria.
    claim : bool
        Whether it rests on what the student's kernel reports (warnings, changed inputs) rather than on values.
    withdrawn : str
        Why it is no longer judged, in words for students: "the text left it open". It is out of the total then.
    credited : bool
        Whether everybody gets the points of a withdrawn criterion instead.
    """

    name: str
    points: float
    test: Test
    every: bool = False
    claim: bool = False
    withdrawn: str = ""
    credited: bool = False

    @property
    def worth(self) -> float:
        """Points in the total: none once it is withdrawn, unless everybody gets them."""
        return 0.0 if self.withdrawn and not self.credited else self.points


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that people give: an executable function, and the hint for whoever gives the same values.

    Attributes
    ----------
    answer : callable
        The wrong answer.
    hint : str
        What to think about.
    any_size : str
        Name of a parameter of `answer` with a default, a small number that everybody chooses otherwise: the mistake is
        known by it whatever the number is.
    """

    answer: Callable[..., Any]
    hint: str
    any_size: str = ""

    @property
    def name(self) -> str:
        """Name of the wrong answer's function."""
        return self.answer.__name__


@dataclass(frozen=True)
class Exercise:
    """Everything about one exercise.

    Attributes
    ----------
    name, chapter : str
        Name of the function that the student writes; id of its chapter.
    reference : callable
        The right answer, from fnnkit.
    cases : callable
        Told a `numpy.random.Generator`; gives the cases in the order in which they are called, which is drawn too
        (see `InDrawnOrder`); they are judged in the order in which the exercise declares them.
    criteria : tuple of Criterion
        The first one gates the others: nothing else earns points before it is met.
    misconceptions : tuple of Misconception
        Wrong answers known by name.
    minutes, difficulty : int
        What the card says; difficulty from 1 to 4.
    returns : tuple of str
        Names of the returned values, if several.
    given, needs : tuple
        Library functions that may be called; names of earlier exercises that an answer may call.
    core : bool
        Whether it carries points in the chapter; a further exercise is judged alike, and is worth nothing.
    seconds : float
        Wall-clock limit for all its cases when marking.
    verify : str
        What somebody whose values are wrong can check, where nobody can compute an input by hand: "Multiply back: …".
    searched : bool
        Whether edited copies of a wrong answer are tried, to find the mistake: not where its calls take long.
    alike : callable, optional
        Told what came back, what a registered mistake gives and what is expected: whether the first is the second. For
        answers that can be given in several ways, such as columns whose sign is free; else they are the same numbers.
    ledger : callable, optional
        Told the arguments of a call, its answer and what its variables held: the gradient step by step, yours beside
        what is expected.
    """

    name: str
    chapter: str
    reference: Callable[..., Any]
    cases: Callable[[np.random.Generator], list[Case]]
    criteria: tuple[Criterion, ...]
    misconceptions: tuple[Misconception, ...]
    minutes: int
    difficulty: int
    returns: tuple[str, ...] = ()
    given: tuple[Callable[..., Any], ...] = ()
    needs: tuple[str, ...] = ()
    core: bool = True
    seconds: float = 5.0
    verify: str = ""
    searched: bool = True
    alike: Callable[[Any, Any, Any], bool] | None = None
    ledger: Callable[[tuple[Any, ...], Answer, Sequence[Any]], Ledger] | None = None

    def __post_init__(self) -> None:
        names = [c.name for c in self.criteria]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: criteria should have different names, but they are {names}")
        for c in self.criteria:
            if c.points <= 0 or (4 * c.points) % 1:
                raise ValueError(f"{self.name}: points should be quarters, but {c.name!r} has {c.points}")
            if c.credited and not c.withdrawn:
                raise ValueError(f"{self.name}: {c.name!r} is credited to everybody: say why, withdrawn=…")
        if not isinstance(self.cases, InDrawnOrder):
            object.__setattr__(self, "cases", InDrawnOrder(self.cases))

    @property
    def points(self) -> float:
        """All points of the exercise."""
        return math.fsum(c.worth for c in self.criteria)

    @property
    def worth(self) -> float:
        """Points in the chapter: none for a further exercise."""
        return self.points if self.core else 0.0

    def judge(
        self,
        cases: Sequence[Case],
        answers: Sequence[Answer],
        wrong_earlier: Collection[str] = (),
        known: Known | None = None,
        recognised: bool = True,
    ) -> Verdict:
        """Judge the answers to cases.

        Parameters
        ----------
        cases : sequence of Case
            What `cases` gave.
        answers : sequence of Answer
            One a case, of the student's function. A call that did not come to an end, or ended the process, counts for
            whatever would have been called at the same stage or later: which of these came before it, the seed decides.
        wrong_earlier : collection of str
            Names of exercises already found wrong.
        known : Known, optional
            Of these very cases: saves calling the reference and the misconceptions again.
        recognised : bool
            Say which registered mistake it is; no point depends on that, and it takes longer than all else.
        """
        known = known or Known(cases)
        right = [known.answer(self.reference, i) for i in range(len(cases))]
        given = zip(cases, right, answers, strict=True)
        trials = [Trial(self, c, r, a, i) for i, (c, r, a) in enumerate(given)]
        stopped = next((t for t in trials if t.given.error and t.given.error.kind in STOPPED), None)
        trials = sorted(trials, key=lambda t: t.case.place)
        verdict = self._judge(trials, stopped)
        if verdict.solved or not verdict.attempted or not recognised:
            return verdict
        mistake = recognise(self, trials, verdict, known)
        return replace(
            verdict,
            misconception=mistake.name if mistake else "",
            hint=mistake.hint if mistake else "",
            follows_from=next((n for n in self.needs if n in wrong_earlier), ""),
        )

    def _judge(self, trials: Sequence[Trial], stopped: Trial | None = None) -> Verdict:
        barred = _cannot_be_judged(trials)
        judged = [c for c in self.criteria if not c.withdrawn]
        results, gate = [], judged[0].name if judged else ""
        open_gate = barred is None
        for criterion in self.criteria:
            if criterion.withdrawn:
                results.append(withdrawn(criterion))
                continue
            mine = [t for t in trials if criterion.every or t.case.criterion == criterion.name]
            if stopped:
                called = [t for t in mine if t.case.stage < stopped.case.stage]
                mine = called if criterion.every or len(called) == len(mine) else [stopped]
            if barred:
                problem, waits = (barred, "") if criterion.name == gate else (None, gate)
            elif not open_gate:
                problem, waits = None, gate
            else:
                problem, waits = criterion.test(mine), ""
            if criterion.name == gate and problem:
                open_gate = False
            earned = criterion.points if problem is None and not waits else 0.0
            results.append(Result(criterion.name, criterion.points, earned, problem, waits, criterion.claim))
        return Verdict(self.name, tuple(results), core=self.core)


def public_cases(asked: Exercise) -> list[Case]:
    """The inputs of an exercise's check: the same at every call, so that a repaired function meets those that failed."""
    return asked.cases(np.random.default_rng(zlib.crc32(asked.name.encode())))


def withdrawn(criterion: Criterion) -> Result:
    """What a criterion gives that is no longer judged: nothing, of nothing; or everything, to everybody."""
    return Result(
        criterion.name, criterion.worth, criterion.worth, claim=criterion.claim, withdrawn=criterion.withdrawn
    )


def _cannot_be_judged(trials: Sequence[Trial]) -> Problem | None:
    """What stops a judgement before any value is looked at: no function, no code yet, the library's own function."""
    for trial in trials:
        name, error = trial.exercise.name, trial.given.error
        if error and error.kind == "Missing":
            return Problem(
                "missing",
                finding=f"there is no function called `{name}`"
                + (f": {error.message}" if error.message else ""),
                step=f"Write `def {name}(…):` in the answer cell, and run that cell.",
            )
        if (
            error
            and error.kind == "NotImplementedError"
            and error.line
            and "NotImplemented" not in error.line
        ):
            return Problem(
                "raised",
                call=trial.written(),
                finding=f"the line `{error.line}` calls a function that has no code yet",
                step="Write that function first, and run its cell.",
            )
        if error and error.kind == "NotImplementedError":
            return Problem(
                "unanswered",
                step="Replace `raise NotImplementedError` in the answer cell by your own code, then run both cells.",
            )
    for trial in trials:
        if trial.given.library:
            return Problem(
                "library",
                call=trial.written(),
                finding=f"this is {_owner(trial.exercise)}'s own `{trial.given.library}`",
                step="Write yours: numpy is all that you need.",
            )
    return None


def _owner(exercise: Exercise) -> str:
    """Who has written the reference: fnnkit, or the course that asks."""
    top = exercise.reference.__module__.partition(".")[0]
    return "fnnkit" if top == "fnnkit" else "the course"


def source_of(function: Callable[..., Any], name: str) -> str:
    """Source text of a named function, under another name: how a registered answer gets into a notebook.

    Raises
    ------
    ValueError
        If it is a lambda, whose source cannot be cut out.
    """
    if function.__name__ == "<lambda>":
        raise ValueError("an answer should be a named function, but it is a lambda")
    text = textwrap.dedent(inspect.getsource(function))
    return text.replace(f"def {function.__name__}(", f"def {name}(", 1)
