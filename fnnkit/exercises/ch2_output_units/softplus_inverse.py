"""`softplus_inverse`: inverse of the softplus, ``ζ⁻¹(y) = log(exp(y) − 1)``, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

ENDS_OF_INVERSE = "stable for large and for tiny y"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``softplus_inverse(y)``."""
    value = "values"
    y = np.round(rng.uniform(0.2, 3.0, 4), 2)
    return [
        Case((y,), value),
        Case((np.round(rng.uniform(0.5, 6.0, (1, 3)), 2),), value, "a matrix"),
        Case((np.stack([y, 2 * y]).reshape(2, 1, 4),), value, "three axes"),
        Case((np.round(rng.uniform(0.2, 8.0, (9, 4)), 2),), value, "nine examples"),
        Case((activations.softplus(np.array([-15.0, 0.0, 15.0])),), value, "back from ζ(−15), ζ(0), ζ(15)"),
        Case((np.round(rng.uniform(800.0, 1e4, 2), 1),), ENDS_OF_INVERSE, "large"),
        Case((np.array([1e-20, float(y[0]), 1e-300]),), ENDS_OF_INVERSE, "tiny"),
        Case((rng.permuted(np.array([1e-4, 12.0, 16.0])),), ENDS_OF_INVERSE, "nearly log y, and nearly y"),
    ]


def softplus_inverse_that_overflows(y):
    """The printed formula."""
    return np.log(np.exp(y) - 1)


def softplus_inverse_by_expm1(y):
    """Right for tiny y; overflows for large."""
    return np.log(np.expm1(y))


def softplus_inverse_loses_tiny(y):
    """Right for large y; 1 − exp(−y) is 0 for tiny."""
    return y + np.log(1 - np.exp(-y))


def softplus_once_more(y):
    """ζ itself."""
    return np.logaddexp(0, y)


def softplus_inverse_as_reciprocal(y):
    """1/ζ."""
    return 1 / np.logaddexp(0, y)


def softplus_inverse_one_forgotten(y):
    """log exp y is y."""
    return 1.0 * y


def softplus_inverse_log_below_one(y):
    """log y for y below 1."""
    return np.where(y < 1, np.log(y), y + np.log(-np.expm1(-np.maximum(y, 1))))


def softplus_inverse_y_from_five_on(y):
    """y itself from 5 on."""
    return np.where(y >= 5, y, np.log(np.expm1(np.minimum(y, 5))))


def softplus_inverse_without_logarithm(y):
    """exp y − 1."""
    return np.expm1(y)


def softplus_inverse_y_forgotten(y):
    """log(1 − exp(−y))."""
    return np.log(-np.expm1(-y))


def softplus_inverse_one_outside(y):
    """y − 1."""
    return y - 1


def softplus_inverse_negative(y):
    """−ζ."""
    return -np.logaddexp(0, y)


def softplus_inverse_minus_the_logarithm(y):
    """y − log(1 − exp(−y))."""
    return y - np.log(-np.expm1(-y))


def softplus_inverse_of_the_sigmoid(y):
    """The logit of σ(y), which is y, by its parts: log y − log(1 + y)."""
    return np.log(y) - np.log1p(y)


def softplus_inverse_log_of_y_minus_one(y):
    """exp(log y) and so on: log(1 + y)."""
    return np.log1p(y)


def softplus_inverse_clipped(y, limit=700.0):
    """The argument of exp is clipped: large y become 700."""
    return np.log(np.expm1(np.clip(y, -limit, limit)))


def softplus_inverse_y_from_ten_on(y):
    """y itself from 10 on."""
    return np.where(y >= 10, y, np.log(np.expm1(np.minimum(y, 10))))


def softplus_inverse_log_below_a_thousandth(y):
    """log y for small y, which is right for tiny ones."""
    return np.where(y < 1e-3, np.log(y), y + np.log(-np.expm1(-np.maximum(y, 1e-3))))


def softplus_inverse_with_both_signs_wrong(y):
    """y − log(1 + exp(−y))."""
    return y - np.log1p(np.exp(-y))


EXERCISE = Exercise(
    name="softplus_inverse",
    chapter="ch2_output_units",
    reference=activations.softplus_inverse,
    cases=cases,
    criteria=(
        # Near ζ(−15) the printed formula keeps nine digits: enough for the first criterion.
        Criterion("values", 0.5, agrees(rtol=1e-7)),
        stable(ENDS_OF_INVERSE, 0.5),
        calm_but(ENDS_OF_INVERSE),
    ),
    misconceptions=(
        Misconception(
            softplus_inverse_that_overflows,
            "exp(y) overflows for large y, and exp(y) − 1 rounds to 0 for tiny y. Pull y out: "
            "log(exp(y) − 1) = y + log(1 − exp(−y)), and `np.expm1` keeps the small difference.",
        ),
        Misconception(
            softplus_inverse_by_expm1,
            "`np.expm1` is right for tiny y, but overflows for large y as exp does. Pull y out: "
            "y + log(−expm1(−y)).",
        ),
        Misconception(
            softplus_inverse_loses_tiny,
            "no overflow, but for tiny y exp(−y) rounds to 1, and nothing is left of 1 − exp(−y). `-np.expm1(-y)` is "
            "that difference with all its digits: take its logarithm, `np.log`.",
        ),
        Misconception(
            softplus_once_more, "this is the softplus itself: the sign before the 1 is a minus here."
        ),
        Misconception(
            softplus_inverse_as_reciprocal,
            "ζ⁻¹ is the inverse function, not 1/ζ: ask which z has ζ(z) = y.",
        ),
        Misconception(
            softplus_inverse_one_forgotten,
            "this is y itself, as log(exp(y)) is: the −1 is missing.",
        ),
        Misconception(
            softplus_inverse_log_below_one,
            "log y was taken for every y below 1. That is right for tiny y only: `np.expm1` is right "
            "for all.",
        ),
        Misconception(
            softplus_inverse_y_from_five_on,
            "y itself was taken from 5 on. There log(1 − exp(−y)) is still −0.0068: no bound is "
            "needed if y is pulled out of the logarithm.",
        ),
        Misconception(
            softplus_inverse_without_logarithm,
            "the logarithm is missing: this is exp(y) − 1.",
        ),
        Misconception(
            softplus_inverse_y_forgotten,
            "y was pulled out of the logarithm and not added again.",
        ),
        Misconception(
            softplus_inverse_one_outside,
            "this is y − 1. The 1 is subtracted from exp(y): inside of the logarithm, and not in the exponent.",
        ),
        Misconception(
            softplus_inverse_negative,
            "ζ⁻¹ is the inverse function, not minus the softplus: ask which z has ζ(z) = y.",
        ),
        Misconception(
            softplus_inverse_minus_the_logarithm,
            "the logarithm was subtracted. What stands in it is below 1, so z is less than y: it is added.",
        ),
        Misconception(
            softplus_inverse_of_the_sigmoid,
            "this has no exponential. The softplus is log(1 + exp(z)): undo the logarithm with an "
            "exponential first.",
        ),
        Misconception(
            softplus_inverse_log_of_y_minus_one,
            "this is log(1 + y), without an exponential. Undo the logarithm of ζ with an exponential first.",
        ),
        Misconception(
            softplus_inverse_clipped,
            "clipping y stops the overflow, but ζ⁻¹(y) is about y for large y, and here it stays at the clip. Pull y "
            "out: log(exp(y) − 1) = y + log(1 − exp(−y)).",
            any_size="limit",
        ),
        Misconception(
            softplus_inverse_y_from_ten_on,
            "y itself was taken from some bound on, where log(exp(y) − 1) is still a little less. No bound is needed "
            "if y is pulled out of the logarithm.",
        ),
        Misconception(
            softplus_inverse_log_below_a_thousandth,
            "log y was taken below some bound, where exp(y) − 1 is still a little more than y. `np.expm1` is right "
            "for all y, and no bound is needed.",
        ),
        Misconception(
            softplus_inverse_with_both_signs_wrong,
            "this is y − log(1 + exp(−y)), with two signs exchanged: y + log(1 − exp(−y)).",
        ),
    ),
    minutes=8,
    difficulty=2,
    core=False,
)
