"""Which registered mistake gives what a student's function gave.

A mistake may have a number in it that everybody chooses otherwise, such as a small constant added in a logarithm. It is
found from what came back: the one round number with which the mistake gives the same values.
"""

from __future__ import annotations

import functools
import inspect
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fnnkit.judge.compare import close, precision_of
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import Answer, Raised, call
from fnnkit.kernel.wire import encode

if TYPE_CHECKING:
    from fnnkit.judge.exercise import Criterion, Exercise, Known, Misconception, Trial

SMALL, LARGE = (-320.0, -0.5), (0.25, 5.0)
"""Decimal exponents between which a small constant, and a large one, are looked for."""
SAME, EPS = 3e-13, float(np.finfo(float).eps)


def recognise(
    exercise: Exercise, trials: Sequence[Trial], verdict: Verdict, known: Known
) -> Misconception | None:
    """Find the registered wrong answer that gives what the student's function gave.

    It has to agree on every trial of the criterion that failed, in what that looks at (one of several returned values;
    warnings, if they are the failure), to be wrong on one of them, and it is the one
    that agrees on most trials in all.
    """
    failed = next(r for r in verdict.results if r.problem)
    criterion = next(c for c in exercise.criteria if c.name == failed.criterion)
    warned = failed.problem is not None and failed.problem.kind == "claim"
    claims = criterion.claim and warned
    part = getattr(criterion.test, "part", None)
    asked_of = [t for t in trials if criterion.every or t.case.criterion == criterion.name]
    stopped = all(t.given.error for t in asked_of if not _right(t.given, t)) and not warned
    best, most = None, 0
    for misconception in exercise.misconceptions:
        if misconception.any_size and not warned:
            continue
        agreed = 0
        for trial in trials:
            wrong = known.answer(misconception.answer, trial.position)
            mine = criterion.every or trial.case.criterion == criterion.name
            one, other = (_part(wrong, part), _part(trial.given, part)) if mine else (wrong, trial.given)
            if (
                same_answer(one, other, trial.case.args, claims, trial.expected.error)
                or _both_refuse(misconception, one, other)
                or (exercise.alike is not None and not warned and _alike(exercise.alike, other, one, trial))
            ):
                agreed += 1
            elif mine:
                agreed = 0
                break
        fault = known.fault(misconception, criterion, trials) if agreed > most else ""
        if fault and stopped and _elsewhere(misconception, trials, known):
            continue
        if fault and (fault == "claim") == warned:
            best, most = misconception, agreed
    return best or (None if warned else _fitted(exercise.misconceptions, criterion, trials))


def _alike(alike: Callable[[Any, Any, Any], bool], given: Answer, wrong: Answer, trial: Trial) -> bool:
    if given.error or wrong.error or trial.expected.error:
        return False
    try:
        return alike(given.value, wrong.value, trial.expected.value)
    except (ValueError, TypeError, IndexError):  # a student returns what he likes
        return False


def _both_refuse(mistake: Misconception, wrong: Answer, given: Answer) -> bool:
    """Whether a mistake and a student refuse a call by a `raise` of their own: each does it in words of his own."""
    if wrong.error is None or given.error is None or wrong.error.kind != given.error.kind:
        return False
    own = getattr(mistake.answer, "__code__", None)
    refuses = re.search(r"\braise\b", given.error.line) is not None
    return refuses and own is not None and wrong.error.message in own.co_consts


def _right(answer: Answer, trial: Trial) -> bool:
    return same_answer(trial.expected, answer, trial.case.args, False, trial.expected.error)


def _elsewhere(mistake: Misconception, trials: Sequence[Trial], known: Known) -> bool:
    """Whether a mistake is wrong in a call in which the student is right: then, that both stop in another one says little."""
    return any(_right(t.given, t) and not _right(known.answer(mistake.answer, t.position), t) for t in trials)


def _fitted(
    mistakes: Sequence[Misconception], criterion: Criterion, trials: Sequence[Trial]
) -> Misconception | None:
    """The mistake with a number of one's own choice in it that gives, with some number, what came back; the nearest of them."""
    best, nearest = None, math.inf
    for mistake in mistakes:
        if mistake.any_size:
            distance = _distance(mistake, criterion, trials)
            if distance < nearest:
                best, nearest = mistake, distance
    return best


def _distance(mistake: Misconception, criterion: Criterion, trials: Sequence[Trial]) -> float:
    """How far from what came back a mistake is with the number that fits best; infinite where it does not explain it."""
    part = getattr(criterion.test, "part", None)
    mine = [t for t in trials if criterion.every or t.case.criterion == criterion.name]
    pairs = [(_numbers(_part(t.expected, part)), _numbers(_part(t.given, part))) for t in mine]
    if any(want is None or have is None or want.shape != have.shape for want, have in pairs):
        return math.inf
    place, entry = _furthest(pairs)
    if place < 0:
        return math.inf
    aim = float(pairs[place][1][entry])

    def answer(trial: Trial, size: float) -> Answer:
        return call(functools.partial(mistake.answer, **{mistake.any_size: size}), trial.case.args)

    def above(exponent: float) -> float:
        numbers = _numbers(_part(answer(mine[place], 10.0**exponent), part))
        return math.nan if numbers is None or numbers.size <= entry else float(numbers[entry]) - aim

    usual = parameters_of(mistake.answer)[mistake.any_size].default
    found = _root(above, *(LARGE if usual > 1 else SMALL))
    for size in [] if found is None else _typed_numbers(10.0**found):
        again = [replace(t, given=answer(t, size)) for t in mine]
        explained = all(
            explains(want, have, _numbers(_part(t.given, part)))
            for (want, have), t in zip(pairs, again, strict=True)
        )
        if explained and criterion.test(again) is not None:
            # Where two of them differ by roundings alone, the one that is listed first is as good as the other.
            return max(SAME, *(_apart(t.given, answer(t, size)) for t in trials))
    return math.inf


def _apart(given: Answer, wrong: Answer) -> float:
    a, b = _numbers(given), _numbers(wrong)
    if a is None or b is None or a.shape != b.shape:
        return 1.0
    with np.errstate(all="ignore"):
        off = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0.0, np.abs(a - b))
    return float(np.max(np.minimum(off, 1.0), initial=0.0))


def _numbers(answer: Answer) -> Any:
    """All numbers of an answer in a row; None if there is anything else in it."""
    found: list[Any] = []
    waiting = [answer.value] if answer.error is None else [None]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [value[key] for key in sorted(value, key=str)]
        elif isinstance(value, tuple | list):
            waiting += value
        elif _comparable(value):
            found.append(np.ravel(np.asarray(value, dtype=float)))
        else:
            return None
    return np.concatenate(found) if found else None


def _furthest(pairs: Sequence[tuple[Any, Any]]) -> tuple[int, int]:
    """The pair and the entry in it where a finite value is furthest from the expected one; (-1, -1) if all is right."""
    best, most = (-1, -1), 0.0
    for i, (want, have) in enumerate(pairs):
        with np.errstate(all="ignore"):
            gap = np.where(np.isfinite(have), np.abs(have - want), 0.0)
        entry = int(gap.argmax()) if gap.size else 0
        if gap.size and gap[entry] > most:
            best, most = (i, entry), float(gap[entry])
    return best


def _root(function: Callable[[float], float], low: float, high: float) -> float | None:
    """Where a monotone function crosses 0; None if it does not."""
    first, last = function(low), function(high)
    if math.isnan(first) or math.isnan(last) or (first < 0) == (last < 0):
        return None
    for _ in range(60):
        middle = (low + high) / 2
        if (function(middle) < 0) == (first < 0):
            low = middle
        else:
            high = middle
    return high


def _typed_numbers(number: float) -> list[float]:
    """What somebody typed who meant this number: a digit and a power of ten, a whole number, a power of two."""
    if number <= 0 or not math.isfinite(number):
        return []
    exponent = math.floor(math.log10(number))
    digits = [(digit, exponent) for digit in range(1, 10)] + [(1, exponent + 1)]
    typed = [float(f"{digit}e{power}") for digit, power in digits]
    typed += [2.0 ** round(math.log2(number))] if number < 1 else [float(round(number))]
    near = [n for n in typed if abs(number - n) <= 0.02 * n]
    # One minus such a number is rounded, so that many of them give the same.
    return near + [EPS] * (0.25 * EPS < number < 4 * EPS)


def explains(want: Any, have: Any, wrong: Any) -> bool:
    """Whether a mistake's values are those that came back, near enough that they explain what is wrong with these."""
    if wrong is None or not want.shape == have.shape == wrong.shape:
        return False
    with np.errstate(all="ignore"):
        off, size = np.abs(have - want), np.abs(have)
        allowed = np.minimum(1e-3 * off, 1e-6 * size) + 1e-12 * np.maximum(1.0, size)
        return bool(((have == wrong) | (np.abs(have - wrong) <= allowed)).all())


def same_answer(
    a: Answer, b: Answer, args: tuple[Any, ...], claims: bool, expected_error: Raised | None
) -> bool:
    """Whether two answers to a call are the same: value, error, and what is claimed if that counts."""
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


def _part(answer: Answer, part: int | None) -> Answer:
    """The answer with nothing but the returned value that a criterion looks at."""
    values = answer.value
    if part is None or not isinstance(values, tuple | list) or part >= len(values):
        return answer
    return replace(answer, value=values[part])


def _words(message: str) -> list[str]:
    return re.findall(r"[^\W\d]+", message)


def _equal(a: Any, b: Any, eps: float) -> bool:
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(_equal(x, y, eps) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_equal(a[key], b[key], eps) for key in a)
    if not _comparable(a) or not _comparable(b) or _is_truth(a) != _is_truth(b):
        return type(a) is type(b) and encode(a) == encode(b)
    return close(a, b, eps=eps, rtol=1e-7, floor=1e-9)


def _is_truth(value: Any) -> bool:
    return np.asarray(value).dtype.kind == "b"


@functools.cache
def parameters_of(function: Callable[..., Any]) -> Any:
    """Parameters of a function, with their defaults, by name."""
    return inspect.signature(function).parameters


def _comparable(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.generic | int | float) and np.asarray(value).dtype.kind in "biuf"
