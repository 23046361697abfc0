"""One declaration of an exercise: its cases, its criteria and the mistakes that it knows by name.

An exercise never calls the student's function. It makes cases, somebody else calls the function with them (the
student's kernel, or the marking sandbox), and it judges the answers. So the same declaration serves the instant
feedback, the marks, the tests of the tests and the item analysis.
"""

from __future__ import annotations

import functools
import inspect
import math
import re
import textwrap
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from fnnkit.exercises.call import Answer, Raised, call
from fnnkit.exercises.compare import close, difference, first_difference, precision_of, show, typed
from fnnkit.exercises.verdict import Problem, Result, Verdict
from fnnkit.exercises.wire import encode

Test = Callable[["Sequence[Trial]"], Problem | None]


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
    """

    args: tuple[Any, ...]
    criterion: str
    why: str = ""


class Known:
    """What known functions (the reference, misconceptions) answer to cases: each is called once, when it is asked for.

    Whoever judges many answers to the same cases, as an audit does, hands one of these to `Exercise.judge` each time.
    """

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = cases
        self._answers: dict[tuple[Callable[..., Any], int], Answer] = {}
        self._wrong: dict[tuple[str, str], bool] = {}

    def answer(self, function: Callable[..., Any], position: int) -> Answer:
        """The function's answer to the case at a position."""
        key = function, position
        if key not in self._answers:
            self._answers[key] = call(function, self.cases[position].args)
        return self._answers[key]

    def is_wrong(self, misconception: Misconception, criterion: Criterion, trials: Sequence[Trial]) -> bool:
        """Whether a misconception fails a criterion; the trials are anybody's answers to the cases."""
        key = misconception.name, criterion.name
        if key not in self._wrong:
            mine = [
                replace(t, given=self.answer(misconception.answer, i))
                for i, t in enumerate(trials)
                if criterion.every or t.case.criterion == criterion.name
            ]
            self._wrong[key] = criterion.test(mine) is not None
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

    def written(self) -> str:
        """The call as one could type it."""
        parameters = parameters_of(self.exercise.reference)
        parts = [f"{p}={typed(a)}" for p, a in zip(parameters, self.case.args, strict=False)]
        return f"{self.exercise.name}({', '.join(parts)})" + (f"  # {self.case.why}" if self.case.why else "")


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
    """

    name: str
    points: float
    test: Test
    every: bool = False
    claim: bool = False


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that people give: an executable function, and the hint for whoever gives the same values."""

    answer: Callable[..., Any]
    hint: str

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
        Told a `numpy.random.Generator`; gives the cases.
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

    def __post_init__(self) -> None:
        names = [c.name for c in self.criteria]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: criteria should have different names, but they are {names}")
        for c in self.criteria:
            if c.points <= 0 or (4 * c.points) % 1:
                raise ValueError(f"{self.name}: points should be quarters, but {c.name!r} has {c.points}")

    @property
    def points(self) -> float:
        """All points of the exercise."""
        return math.fsum(c.points for c in self.criteria)

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
    ) -> Verdict:
        """Judge the answers to cases.

        Parameters
        ----------
        cases : sequence of Case
            What `cases` gave.
        answers : sequence of Answer
            One a case, of the student's function.
        wrong_earlier : collection of str
            Names of exercises already found wrong.
        known : Known, optional
            Of these very cases: saves calling the reference and the misconceptions again.
        """
        known = known or Known(cases)
        right = [known.answer(self.reference, i) for i in range(len(cases))]
        trials = [Trial(self, c, r, a) for c, r, a in zip(cases, right, answers, strict=True)]
        return self._judge(trials, wrong_earlier, known)

    def _judge(self, trials: Sequence[Trial], wrong_earlier: Collection[str], known: Known) -> Verdict:
        barred = _cannot_be_judged(trials)
        results, gate = [], self.criteria[0].name
        open_gate = barred is None
        for position, criterion in enumerate(self.criteria):
            mine = [t for t in trials if criterion.every or t.case.criterion == criterion.name]
            if barred:
                problem, waits = (barred, "") if position == 0 else (None, gate)
            elif not open_gate:
                problem, waits = None, gate
            else:
                problem, waits = criterion.test(mine), ""
            if position == 0 and problem:
                open_gate = False
            earned = criterion.points if problem is None and not waits else 0.0
            results.append(Result(criterion.name, criterion.points, earned, problem, waits, criterion.claim))
        verdict = Verdict(self.name, tuple(results), core=self.core)
        if verdict.solved or not verdict.attempted:
            return verdict
        recognised = self._recognise(trials, verdict, known)
        follows = next((n for n in self.needs if n in wrong_earlier), "")
        return replace(
            verdict,
            misconception=recognised.name if recognised else "",
            hint=recognised.hint if recognised else "",
            follows_from=follows,
        )

    def _recognise(self, trials: Sequence[Trial], verdict: Verdict, known: Known) -> Misconception | None:
        """Find the registered wrong answer that gives what the student's function gave.

        It has to agree on every trial of the criterion that failed, to be wrong on one of them, and it is the one
        that agrees on most trials in all.
        """
        failed = next(r for r in verdict.results if r.problem)
        criterion = next(c for c in self.criteria if c.name == failed.criterion)
        best, most = None, 0
        for misconception in self.misconceptions:
            agreed = 0
            for position, trial in enumerate(trials):
                wrong = known.answer(misconception.answer, position)
                if _same_answer(wrong, trial.given, trial.case.args, criterion.claim, trial.expected.error):
                    agreed += 1
                elif criterion.every or trial.case.criterion == criterion.name:
                    agreed = 0
                    break
            if agreed > most and known.is_wrong(misconception, criterion, trials):
                best, most = misconception, agreed
        return best


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
                finding=f"this is fnnkit's own `{trial.given.library}`",
                step="Write yours: numpy is all that you need.",
            )
    return None


def _same_answer(
    a: Answer, b: Answer, args: tuple[Any, ...], claims: bool, expected_error: Raised | None
) -> bool:
    if (a.error is None) != (b.error is None):
        return False
    if a.error and b.error:
        if a.error.kind != b.error.kind:
            return False
        # numpy raises these two for a hundred reasons: only the same words, whatever the numbers in them, point at
        # the same one. A refusal that is asked for has the words of its author.
        loose = expected_error is None and a.error.kind in ("ValueError", "TypeError")
        return not loose or _words(a.error.message) == _words(b.error.message)
    if claims and (bool(a.warnings), a.changed) != (bool(b.warnings), b.changed):
        return False
    return _equal(a.value, b.value, precision_of(*args))


def _words(message: str) -> list[str]:
    return re.findall(r"[^\W\d]+", message)


def _equal(a: Any, b: Any, eps: float) -> bool:
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(_equal(x, y, eps) for x, y in zip(a, b, strict=True))
    if not _comparable(a) or not _comparable(b):
        return type(a) is type(b) and encode(a) == encode(b)
    return close(a, b, eps=eps, rtol=1e-7, floor=1e-9)


def _comparable(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.generic | int | float) and np.asarray(value).dtype.kind in "biuf"


def raised_problem(trial: Trial, error: Raised) -> Problem:
    """Describe an exception where a value was expected."""
    call_text = trial.written()
    if error.kind == "Timeout":
        return Problem(
            "stopped",
            call=call_text,
            yours=error.message,
            expected=show(trial.expected.value),
            cause="a loop that does not end, or far more work than the exercise needs",
            step="Look for a `while` whose condition never becomes false.",
        )
    if error.kind == "KernelDied":
        return Problem(
            "stopped",
            call=call_text,
            yours=error.message,
            cause="the process was ended: by `exit`, by too much memory, or by too much output",
            step="Return the result; leave the process alone.",
        )
    yours = f"{error.kind}: {error.message}" if error.message else error.kind
    causes = {
        "NameError": "the name is misspelt, or it is defined in a cell of your own; only answer cells and given cells "
        "run when marking, so helper functions and imports belong into the answer cell",
        "UnboundLocalError": "a variable is read before it gets a value",
        "ModuleNotFoundError": "this package is not part of the course",
        "ImportError": "this is not there when marking: write it yourself",
        "RecursionError": "the function calls itself without end",
        "IndentationError": "the lines of the function are not indented alike",
    }
    cause = causes.get(error.kind, "")
    if error.kind == "ValueError" and ("broadcast" in error.message or "mismatch" in error.message):
        cause = "two shapes do not fit: look at which axis is which, and at `.T`"
    if "UFuncTypeError" in error.kinds and "Cannot cast" in error.message:
        cause = (
            "an array of integers cannot hold fractions, so `-=` and its like fail: make it one of floats first, "
            "`np.array(…, dtype=float)`"
        )
    if error.kind == "LinAlgError" and "ingular" in error.message:
        cause = "the matrix has no inverse for this input"
    for said, meaning in MEANINGS.items():
        if not cause and said in error.message:
            cause = meaning
    if error.kind == "TypeError" and f"{trial.exercise.name}() " in error.message:
        parameters = ", ".join(inspect.signature(trial.exercise.reference).parameters)
        cause = (
            f"its parameters are not those that were handed out: `def {trial.exercise.name}({parameters}):`"
        )
    return Problem(
        "raised",
        call=call_text,
        yours=yours,
        expected=show(trial.expected.value),
        finding=f"raised by the line `{error.line}`" if error.line else "",
        cause=cause,
        step="Make this call in a cell of your own and read the last lines of the error.",
    )


# What messages of Python and numpy that puzzle beginners mean, by a part of the message.
MEANINGS = {
    "truth value": "an `if`, `while`, `and`, `or` or `max` asks a whole array for one answer: choose entry by entry, with "
    "`np.where` or `np.maximum`, and join conditions by `&` and `|`, each in brackets; or ask for `.any()` or `.all()`",
    "and 'function'": "a function stands where a number should: call it, with its argument in parentheses",
    "'function' and": "a function stands where a number should: call it, with its argument in parentheses",
    "setting an array element with a sequence": "an array was put into the place of one number: the array that it goes "
    "into has too few axes",
    "only integer scalar arrays can be converted": "an array stands where numpy wants one integer, such as an axis: "
    "`np.max(a, axis)` takes one array, `np.maximum(a, b)` two",
    "'NoneType'": "something is None: a function that was called returns nothing, or its result was not kept",
}


def agrees(part: int | None = None, rtol: float = 1e-9, floor: float = 1e-12) -> Test:
    """Test that what is returned agrees with the reference.

    Parameters
    ----------
    part : int, optional
        Look at this one of several returned values only.
    rtol, floor : float
        As in `compare.difference`.
    """

    def test(trials: Sequence[Trial]) -> Problem | None:
        for trial in trials:
            error = trial.given.error
            if error:
                return raised_problem(trial, error)
            problem = _compare(trial, part, rtol, floor)
            if problem:
                return replace(problem, call=trial.written())
        return None

    return test


def _compare(trial: Trial, part: int | None, rtol: float, floor: float) -> Problem | None:
    want, have = trial.expected.value, trial.given.value
    names = trial.exercise.returns
    tolerance: dict[str, Any] = {"eps": precision_of(*trial.case.args), "rtol": rtol, "floor": floor}
    if not names:
        return difference(want, have, **tolerance)
    if not isinstance(have, tuple | list) or len(have) != len(names):
        problem = difference(want, have, **tolerance)
        listed = ", ".join(names)
        if problem and problem.kind == "type":
            return replace(problem, expected=f"({listed})", step=f"Return all of them: `return {listed}`.")
        return problem
    chosen = range(len(names)) if part is None else [part]
    return first_difference(
        [want[i] for i in chosen], [have[i] for i in chosen], [names[i] for i in chosen], **tolerance
    )


def refuses(instead: str) -> Test:
    """Test that a ``ValueError`` is raised.

    Parameters
    ----------
    instead : str
        One next step for somebody whose function returns something.
    """

    def test(trials: Sequence[Trial]) -> Problem | None:
        for trial in trials:
            error = trial.given.error
            if error and "ValueError" in error.kinds:
                continue
            yours = f"{error.kind}: {error.message}" if error else show(trial.given.value)
            return Problem(
                "refusal", call=trial.written(), yours=yours, expected="a ValueError", step=instead
            )
        return None

    return test


def calm(trials: Sequence[Trial]) -> Problem | None:
    """Test that no call changed its inputs or warned."""
    for trial in trials:
        parameters = parameters_of(trial.exercise.reference)
        # What the kernel claims may be anything: an index of no argument is no finding.
        changed = [i for i in trial.given.changed if 0 <= i < len(parameters)]
        if changed:
            parameter = parameters[changed[0]]
            return Problem(
                "claim",
                call=trial.written(),
                finding=f"the argument `{parameter}` is not what it was before the call",
                cause=f"something works in place, such as `{parameter} -= …` or `{parameter}[…] = …`",
                step=f"Work on a copy, `{parameter} = {parameter}.copy()`, or make a new array: `{parameter} = {parameter} - …` "
                f"in the place of `{parameter} -= …`.",
            )
        if trial.given.warnings:
            return _warned(trial)
    return None


def calm_outside(*criteria: str) -> Test:
    """Test that no call changed its inputs or warned, but for the calls of some criteria.

    Where an exercise has a criterion about extreme inputs, a naive formula warns on these. That is part of the criterion
    (see `unwarned`), and should not cost the mark for calm as well.

    Parameters
    ----------
    *criteria : str
        Names of the criteria whose calls are left out.
    """

    def test(trials: Sequence[Trial]) -> Problem | None:
        return calm([t for t in trials if t.case.criterion not in criteria])

    return test


def unwarned(trials: Sequence[Trial]) -> Problem | None:
    """Test that no call warned."""
    return next((_warned(t) for t in trials if t.given.warnings), None)


def both(*tests: Test) -> Test:
    """Test one thing after the other, on the same calls."""

    def test(trials: Sequence[Trial]) -> Problem | None:
        return next((problem for problem in (t(trials) for t in tests) if problem), None)

    return test


WARNED_OF = {
    "overflow": "a number became too large for floating point, often `exp` of something large",
    "divide by zero": "the logarithm of 0, or a division by 0",
    "invalid value": "something undefined, such as 0 · ∞, ∞ − ∞ or 0 / 0",
}


def _warned(trial: Trial) -> Problem:
    warning = trial.given.warnings[0]
    return Problem(
        "claim",
        call=trial.written(),
        yours=warning,
        expected="no warning",
        cause=next((cause for words, cause in WARNED_OF.items() if words in warning), ""),
        step="Find the operation that numpy warns of, and avoid it for this input.",
    )


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


@dataclass
class Chapter:
    """The exercises of a chapter, in the order of the notebook."""

    id: str
    exercises: list[Exercise] = field(default_factory=list)

    def add(self, exercise: Exercise) -> Exercise:
        """Append an exercise."""
        self.exercises.append(exercise)
        return exercise
