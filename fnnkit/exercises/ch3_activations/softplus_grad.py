"""`softplus_grad`: derivative of the softplus, ``ζ′(z) = σ(z)``, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import (
    CALM,
    OVERFLOWS_ON_THE_WAY,
    STABLE,
    far_out,
    smooth_cases,
)
from fnnkit.judge.criteria import UNUSUAL, agrees, both, calm_outside, unwarned
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``softplus_grad(z)``."""
    value = "the sigmoid"
    return [*smooth_cases(rng, value), *far_out(rng, STABLE)]


def quotient_of_exponentials(z):
    """∞ / ∞ far to the right."""
    return np.exp(z) / (1 + np.exp(z))


def exponential_of_minus_z(z):
    """Right values, but numpy warns far to the left."""
    return 1 / (1 + np.exp(-z))


def sigmoid_of_minus_z(z):
    """The sign of the exponent."""
    return 1 / (1 + np.exp(z))


def softplus_itself(z):
    """The value in the place of the derivative."""
    return np.logaddexp(0.0, z)


def derivative_of_the_sigmoid(z):
    """Differentiated once too often."""
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def step_of_relu(z):
    """The derivative of the ReLU."""
    return np.where(z > 0, 1.0, 0.0)


def tanh_for_sigmoid(z):
    """From −1 to 1."""
    return np.tanh(z)


def sigmoid_of_a_clipped_z(z, limit=10.0):
    """z is kept from −10 to 10, so that nothing overflows, and the slope never comes near to 0 or 1."""
    return 1 / (1 + np.exp(-np.clip(z, -limit, limit)))


def decimals_cut_off(z):
    """``zeros_like`` of whole numbers holds whole numbers."""
    s = np.zeros_like(z)
    for i in np.ndindex(z.shape):
        e = np.exp(-abs(float(z[i])))
        s[i] = (1.0 if z[i] >= 0 else e) / (1.0 + e)
    return s


def sigmoid_of_the_modulus(z):
    """One formula for both sides, of |z|."""
    return 1.0 / (1.0 + np.exp(-np.abs(z)))


def sigmoid_of_minus_the_modulus(z):
    """The formula of the left side for both."""
    e = np.exp(-np.abs(z))
    return e / (1.0 + e)


def denominator_missing_on_the_left(z):
    """e^z for e^z / (1 + e^z)."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0 / (1.0 + e), e)


def zero_left_out(z):
    """Two masks, and 0 in neither."""
    e = np.exp(-np.abs(z))
    return np.where(z > 0, 1.0, np.where(z < 0, e, 0.0)) / (1.0 + e)


def square_of_the_sigmoid(z):
    """1 / (1 + e^−z)²."""
    return (0.5 + 0.5 * np.tanh(0.5 * z)) ** 2


def sigmoid_of_twice_z(z):
    """σ(2z)."""
    return 0.5 + 0.5 * np.tanh(z)


def softplus_of_minus_the_modulus(z):
    """log(1 + e^−|z|)."""
    return np.log1p(np.exp(-np.abs(z)))


EXERCISE = Exercise(
    name="softplus_grad",
    chapter="ch3_activations",
    reference=activations.softplus_grad,
    cases=cases,
    criteria=(
        Criterion("the sigmoid", 0.5, agrees()),
        Criterion(STABLE, 0.5, both(agrees(), unwarned)),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion(CALM, 0.25, calm_outside(STABLE), every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            sigmoid_of_a_clipped_z,
            "clipping z stops the overflow, and stops the slope too: beyond the clip it stays as it is, and does not go to 0 "
            "or 1. Let the exponential see −|z| only, and nothing has to be clipped.",
            any_size="limit",
        ),
        Misconception(
            quotient_of_exponentials,
            "far to the right e^z is infinite, and ∞ / ∞ or ∞ · 0 is no number. Where z is positive, divide above and "
            "below by e^z, so that the exponent is negative there.",
        ),
        Misconception(exponential_of_minus_z, OVERFLOWS_ON_THE_WAY),
        Misconception(
            sigmoid_of_minus_z,
            "this is σ(−z) = 1 − σ(z), which falls from 1 to 0. The sigmoid rises from 0 to 1.",
        ),
        Misconception(
            softplus_itself,
            "this is the softplus itself. Its derivative is asked: the chain rule gives e^z / (1 + e^z).",
        ),
        Misconception(
            derivative_of_the_sigmoid,
            "this is differentiated once too often: σ(z)(1 − σ(z)) is the derivative of the sigmoid, and the sigmoid "
            "itself is the derivative of the softplus.",
        ),
        Misconception(
            step_of_relu,
            "this is the step of the ReLU. The softplus is smooth, and so is its derivative: ½ at 0.",
        ),
        Misconception(
            tanh_for_sigmoid, "this is tanh, from −1 to 1. The sigmoid goes from 0 to 1, and is ½ at 0."
        ),
        Misconception(
            decimals_cut_off,
            "the result has the type of `z`: when that is whole numbers, the decimals are cut off. The sigmoid needs "
            "floating-point numbers, whatever `z` holds; `np.zeros(z.shape)` has room for them.",
        ),
        Misconception(
            sigmoid_of_the_modulus,
            "this is σ(|z|), which is never below ½. With the exponential of −|z| both sides have the same "
            "denominator, and the numerator differs: left of 0 it is not 1.",
        ),
        Misconception(
            sigmoid_of_minus_the_modulus,
            "this is σ(−|z|), which is never above ½. With the exponential of −|z| both sides have the same "
            "denominator, and the numerator differs: right of 0 it is 1.",
        ),
        Misconception(
            denominator_missing_on_the_left,
            "for negative z this is e^z alone. It has to be divided by 1 + e^z there.",
        ),
        Misconception(
            zero_left_out,
            "at exactly 0 nothing was computed: it lies in neither of the two parts. One of them has to hold it, "
            "`>=` or `<=`.",
        ),
        Misconception(
            square_of_the_sigmoid,
            "this is σ(z)²: there is a square too many.",
        ),
        Misconception(
            sigmoid_of_twice_z,
            "this is σ(2z), twice as steep. The exponent is z, not 2z.",
        ),
        Misconception(
            softplus_of_minus_the_modulus,
            "this is a logarithm, the softplus of −|z|. Its derivative is asked, which is a quotient.",
        ),
    ),
    minutes=8,
    difficulty=2,
)
