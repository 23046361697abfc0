"""What criteria test: values that agree, refusals, calm; each says the first problem that it finds.

A test is told the trials of its criterion, and looks at them in the order in which the exercise lists its cases.
"""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fnnkit.judge.compare import BY_HAND, difference, first_difference, precision_of, show
from fnnkit.judge.exercise import UNUSUAL as UNUSUAL  # for whoever declares an exercise
from fnnkit.judge.exercise import Test, Trial, parameters_of
from fnnkit.judge.standalone import ALONE
from fnnkit.judge.verdict import Problem
from fnnkit.kernel.call import Raised
from fnnkit.kernel.named import Named


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
            step="Which of its loops runs longest for this call? A `while`, if there is one, needs a condition that becomes "
            "false.",
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
        "OverflowError": "a number is too large for floating point; whole numbers of Python may have any number of digits",
        "KeyError": "a dictionary is asked for a key that it does not have: print its keys",
        "IndentationError": "the lines of the function are not indented alike",
    }
    cause = causes.get(error.kind, "")
    if error.kind == "ValueError" and ("broadcast" in error.message or "mismatch" in error.message):
        cause = "two shapes do not fit together: print them, and see which axis is which"
    if "UFuncTypeError" in error.kinds and "Cannot cast" in error.message:
        cause = (
            "an array of integers cannot hold fractions, so `-=` and its like fail: make it one of floats first, "
            "`np.array(…, dtype=float)`"
        )
    if error.kind == "LinAlgError" and "ingular" in error.message:
        cause = "the matrix has no inverse for this input"
    if not cause and (error.line or "").lstrip().startswith(("raise ", "assert ")):
        cause = (
            "a check of your own stops this call, which is one that should be answered: it asks for too much, or what it "
            "looks at is wrong already"
        )
    for said, meaning in MEANINGS.items():
        if not cause and said in error.message:
            cause = meaning
    if error.kind == "TypeError" and f"{trial.exercise.name}() " in error.message:
        parameters = ", ".join(inspect.signature(trial.exercise.reference).parameters)
        cause = (
            f"its parameters are not those that were handed out: `def {trial.exercise.name}({parameters}):`"
        )
    step = "Make this call in a cell of your own and read the last lines of the error."
    if error.message == ALONE:  # in a cell of one's own it would answer
        cause = "`mine` gives nothing while an answer is checked or marked"
        step = "Write what it needs into the answer's own cell: a function of its own, under another name, will do."
    return Problem(
        "raised",
        call=call_text,
        yours=yours,
        expected=show(trial.expected.value),
        finding=f"raised by the line `{error.line}`" if error.line else "",
        cause=cause,
        step=step,
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
    "arrays can be converted to Python scalars": "a function of one number, such as those of `math`, or `float(…)`, is given a "
    "whole array: numpy's own, such as `np.exp`, take each entry",
    "zero-size array to reduction": "the largest or smallest of no numbers is asked for: an array is empty here",
    "out of bounds for axis": "an index lies beyond the end: an axis of length n has the indices 0 … n − 1",
    "index out of range": "an index lies beyond the end: a list of n elements has the indices 0 … n − 1",
    "cannot reshape array": "an array cannot be laid out in this shape: it has another number of entries",
    "too many values to unpack": "more values come back than there are names to take them",
    "not enough values to unpack": "fewer values come back than there are names to take them",
    "object is not callable": "something that is no function is called: brackets after it, or a variable with a function's name",
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
            problem = raised_problem(trial, error) if error else _compare(trial, part, rtol, floor)
            if problem:
                return replace(
                    problem, call=trial.written(), about=trial.unusual, step=_next_step(trial, problem)
                )
        return None

    test.part = part  # type: ignore[attr-defined]  # for whoever compares answers as this test does
    return test


def _next_step(trial: Trial, problem: Problem) -> str:
    """What the exercise says to check where values are wrong; by hand only what a hand can do."""
    if problem.kind != "values":
        return problem.step
    if trial.exercise.verify:
        return trial.exercise.verify
    return BY_HAND if _numbers(trial.case.args) <= 8 and _numbers(trial.expected.value) <= 4 else problem.step


def _numbers(value: Any) -> float:
    """How many numbers a value holds; endless for a function."""
    if isinstance(value, Named):
        return math.inf
    if isinstance(value, tuple | list):
        return sum(map(_numbers, value))
    return float(np.size(value)) if not isinstance(value, dict) else math.inf


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
    problem = first_difference(
        [want[i] for i in chosen], [have[i] for i in chosen], [names[i] for i in chosen], **tolerance
    )
    if problem and _exchanged(want, have, tolerance):
        listed = ", ".join(names)
        return replace(
            problem,
            cause="the right values came back in another order",
            step=f"Return them as asked: `return {listed}`.",
        )
    return problem


def _exchanged(want: Sequence[Any], have: Sequence[Any], tolerance: dict[str, Any]) -> bool:
    """Whether several returned values are the expected ones, two or more of them exchanged."""
    return len(want) <= 4 and any(
        order != tuple(range(len(want)))
        and first_difference(want, [have[i] for i in order], [""] * len(want), **tolerance) is None
        for order in itertools.permutations(range(len(want)))
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
    """Test that no call on ordinary input changed its inputs or warned."""
    for trial in trials:
        if trial.case.criterion == UNUSUAL:
            continue
        parameters = parameters_of(trial.exercise.reference)
        # What the kernel claims may be anything: an index of no argument is no finding.
        changed = [i for i in trial.given.changed if 0 <= i < len(parameters)]
        if changed:
            parameter = parameters[changed[0]]
            return Problem(
                "claim",
                call=trial.written(),
                finding=f"the argument `{parameter}` is not what it was before the call",
                cause=f"something in it writes into the caller's own `{parameter}`",
                step=_leave(parameter, trial.case.args[changed[0]]),
            )
        if trial.given.warnings:
            return _warned(trial)
    return None


def _leave(parameter: str, argument: Any) -> str:
    """How an argument stays as it is."""
    if isinstance(argument, dict):
        return (
            f"Make a new dictionary with new values, and leave `{parameter}` and what is in it as they are."
        )
    copied = f"{parameter}.copy()" if isinstance(argument, np.ndarray) else f"list({parameter})"
    return f"Begin with a copy, `{parameter} = {copied}`, and work on that."


def new_array(trials: Sequence[Trial]) -> Problem | None:
    """Test that no call on ordinary input returned an array of the caller's."""
    for trial in trials:
        parameters = parameters_of(trial.exercise.reference)
        shared = [i for i in trial.given.shared if 0 <= i < len(parameters)]
        if shared and trial.case.criterion != UNUSUAL:
            parameter = parameters[shared[0]]
            return Problem(
                "claim",
                call=trial.written(),
                finding=f"what comes back is the array `{parameter}` of the caller, not a new one",
                cause=f"there is a way through the function that returns `{parameter}` itself",
                step=f"Whoever changes the result would change `{parameter}` too: return a new array on every way.",
            )
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
