"""`relu_grad`: derivative of the ReLU: 1 where ``z > 0``, else 0 (at 0 the left slope), elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import CALM
from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.criteria import agrees, calm_outside
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``relu_grad(z)``."""
    value, kink = "1 where the unit is active, else 0", "0 at the kink"
    at_zero = rng.permuted(np.append(both_signs(rng, 6), 0.0))
    return [
        Case((both_signs(rng, 4),), value),
        Case((both_signs(rng, 2, 3),), value, "a batch of two examples"),
        Case((both_signs(rng, 2, 1, 3),), value, "three axes"),
        *(Case(z, value, f"nine examples, {why}") for z, why in beyond(rng, (9, 4))),
        Case((at_zero,), kink, "one entry is exactly 0"),
        Case(
            (rng.permuted([1e-6, -1e-6, 1e-20, -1e-20, 0.5]),),
            kink,
            "close to 0 the slope is 0 or 1 as everywhere",
        ),
        Case(
            (rng.permuted(np.append(both_signs(rng, 4), [0.0, 0.0])).reshape(2, 3),),
            kink,
            "two entries are exactly 0",
        ),
    ]


def one_at_zero(z):
    """The right slope at 0."""
    return (z >= 0).astype(float)


def half_at_zero(z):
    """The mean of both slopes at 0."""
    return np.heaviside(z, 0.5)


def relu_over_z(z):
    """0 / 0 at the kink."""
    return np.maximum(0, z) / z


def relu_over_a_little_more(z, eps=1e-8):
    """A small number below the line, against 0 / 0."""
    return np.maximum(0, z) / (np.abs(z) + eps)


def relu_itself(z):
    """The value in the place of the derivative."""
    return np.maximum(0.0, z)


def sign_of_z(z):
    """The derivative of the absolute value."""
    return np.sign(z).astype(float)


def truth_values(z):
    """True and False in the place of numbers."""
    return z > 0


def one_number_only(z):
    """Only for a single number."""
    return 1.0 if z > 0 else 0.0


def slope_into_z(z):
    """Right values, but z is overwritten."""
    z[z <= 0] = 0
    z[z > 0] = 1
    return z


def clipped_at_one(z):
    """The line z between 0 and 1."""
    return np.clip(z, 0.0, 1.0)


def slope_of_a_leaky_relu(z, leak=0.01):
    """A small slope on the left."""
    return np.where(z > 0, 1.0, leak)


def one_on_the_left(z):
    """The sides exchanged."""
    return (z < 0).astype(float)


def one_on_both_sides(z):
    """1 everywhere but at 0."""
    return (z != 0).astype(float)


def one_above_one(z):
    """The wrong threshold."""
    return (z > 1).astype(float)


def one_above_a_tolerance(z):
    """Close to 0 counts as 0."""
    return (z > 1e-8).astype(float)


def left_side_as_it_was(z):
    """z itself on the left."""
    return np.where(z > 0, 1.0, z)


EXERCISE = Exercise(
    name="relu_grad",
    chapter="ch3_activations",
    reference=activations.relu_grad,
    cases=cases,
    criteria=(
        Criterion("1 where the unit is active, else 0", 0.5, agrees(rtol=1e-6)),
        Criterion("0 at the kink", 0.25, agrees()),
        Criterion(CALM, 0.25, calm_outside("0 at the kink"), every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            one_at_zero,
            "the slope at exactly 0 came out as 1. There the ReLU has no derivative; we agree on the left slope, 0: "
            "it is 1 only where z is above 0.",
        ),
        Misconception(
            half_at_zero,
            "the slope at exactly 0 came out as ½. There the ReLU has no derivative; we agree on the left slope, 0.",
        ),
        Misconception(
            relu_over_z,
            "a quotient such as max(0, z) / z is the slope everywhere but at 0, where it is 0 / 0. Compare `z` with "
            "0; do not divide.",
        ),
        Misconception(
            relu_over_a_little_more,
            "max(0, z) over z and a small constant is nearly 1, not 1, and far from it close to the kink. Compare `z` with 0; "
            "do not divide.",
            any_size="eps",
        ),
        Misconception(
            relu_itself,
            "this is the ReLU itself. Its derivative is the slope: 1 on the right, however large z is.",
        ),
        Misconception(
            sign_of_z,
            "the slope on the left came out as −1: that is the slope of |z|. The ReLU is flat there, slope 0.",
        ),
        Misconception(
            truth_values,
            "a comparison gives `True` and `False`. Turn them into numbers: `(…).astype(float)`.",
        ),
        Misconception(
            one_number_only,
            "`if` and `max` compare one number, and `z` is an array. `np.where(z > 0, …, …)` and `(z > 0)` go entry "
            "by entry.",
        ),
        Misconception(
            slope_into_z,
            "the caller's `z` was overwritten. Compute a new array: `np.where(z > 0, 1.0, 0.0)`.",
        ),
        Misconception(
            clipped_at_one,
            "this is z, cut off at 0 and 1. Between them the slope of the ReLU is 1 already, however small z is.",
        ),
        Misconception(
            slope_of_a_leaky_relu,
            "this is the slope of a leaky ReLU. The plain one is flat on the left: slope 0.",
        ),
        Misconception(
            one_on_the_left,
            "the sides are exchanged: the unit is active, and its slope 1, where z is positive.",
        ),
        Misconception(
            one_on_both_sides,
            "the slope on the left came out as 1 too. The ReLU is flat there: slope 0.",
        ),
        Misconception(
            one_above_one,
            "the slope came out as 1 above 1 only. The unit is active as soon as z is above 0.",
        ),
        Misconception(
            one_above_a_tolerance,
            "a positive z that is close to 0 was taken for 0. The unit is active as soon as z is above 0, however "
            "little.",
        ),
        Misconception(
            left_side_as_it_was,
            "where z is negative, z itself came out. The ReLU is flat there: slope 0.",
        ),
    ),
    minutes=5,
    difficulty=1,
)
