"""`relu`: rectified linear unit ``max(0, z)``, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.drawing import beyond, both_signs, rounded
from fnnkit.judge.criteria import agrees, both, calm, new_array
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``relu(z)``: numbers below 0, between 0 and 1, and above 1."""
    value, shapes = "max(0, z)", "any shape"
    mixed = rng.permuted(np.concatenate([both_signs(rng, 2), [-1.5, -0.25, 0.25, 0.75, 2.5]]))
    (far, _), (positive, _), (negative, _) = beyond(rng, (9, 4), (2, 3), (5,))
    return [
        Case((np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),), value, "around the kink"),
        Case((mixed,), value),
        Case(
            (np.array([[-1.0, 0.5, -2.0], [1.5, -3.0, 0.25]]) + rounded(rng, 2, 3, scale=0.05),),
            value,
            "a matrix",
        ),
        Case((positive[1],), value, "nothing negative"),
        Case((negative[2],), value, "nothing positive"),
        Case((100 * far[0],), value, "large numbers"),
        Case((np.array(0.75 + np.round(rng.uniform(), 2)),), shapes, "a single number above 0"),
        Case((np.array(-0.75 - np.round(rng.uniform(), 2)),), shapes, "a single number below 0"),
        Case((both_signs(rng, 2, 1, 3),), shapes, "three axes"),
        Case((both_signs(rng, 2, 2, 3, 2),), shapes, "four axes"),
    ]


def absolute_value(z):
    """|z|."""
    return np.abs(z)


def cut_below_one(z):
    """Lets through what is above 1."""
    return np.where(z > 1, z, 0)


def clipped_to_one(z):
    """Cut on both sides."""
    return np.clip(z, 0, 1)


def smaller_of_the_two(z):
    """The minimum in the place of the maximum."""
    return np.minimum(0, z)


def step(z):
    """1 where the unit is on."""
    return np.where(z > 0, 1.0, 0.0)


def leaky(z):
    """A small slope is left below 0."""
    return np.where(z > 0, z, 0.01 * z)


def one_number_at_a_time(z):
    """Python's own ``max`` compares whole arrays."""
    return max(0, z)


def unchanged(z):
    """A loop that gives values to a name, and not to the array."""
    return z.copy()


def negatives_overwritten(z):
    """Right values, but the input is overwritten."""
    z[z < 0] = 0
    return z


def half_forgotten(z):
    """z + |z|."""
    return z + np.abs(z)


def shape_lost(z):
    """The entries in one row."""
    return np.maximum(0, np.ravel(z))


def softened(z):
    """Softplus."""
    return np.logaddexp(0, z)


def negatives_left_out(z):
    """Fewer entries come back."""
    return z[z > 0]


def other_side(z):
    """max(0, −z)."""
    return np.maximum(0, -z)


def fractions_cut_off(z):
    """Whole numbers."""
    return np.trunc(np.maximum(0, z))


def logistic(z):
    """The sigmoid."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def minus_one_below(z):
    """The sign."""
    return np.sign(z)


def shifted_to_zero(z):
    """The smallest entry becomes 0."""
    return z - z.min()


def squared_above(z):
    """max(0, z)²."""
    return np.maximum(0, z) ** 2


def sign_kept_small(z):
    """max(0, z) and −1 … for the rest: tanh."""
    return np.tanh(z)


EXERCISE = Exercise(
    name="relu",
    chapter="ch1_xor",
    reference=activations.relu,
    cases=cases,
    criteria=(
        Criterion("max(0, z)", 0.5, agrees()),
        Criterion("any shape", 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, both(calm, new_array), every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            absolute_value,
            "negative numbers come out positive: this is the absolute value. The ReLU turns them into 0.",
        ),
        Misconception(
            cut_below_one,
            "numbers between 0 and 1 come out as 0: the cut is at 1. The kink of the ReLU is at 0.",
        ),
        Misconception(clipped_to_one, "numbers above 1 are cut to 1. Above 0 the ReLU leaves them alone."),
        Misconception(
            smaller_of_the_two, "the smaller of 0 and z came out. The ReLU is the larger of the two."
        ),
        Misconception(
            step, "only 0 and 1 come out: this says whether a unit is on. The ReLU then gives z itself."
        ),
        Misconception(
            leaky,
            "a small slope is left below 0: this is the leaky ReLU of chapter 3. Here negative numbers become 0.",
        ),
        Misconception(
            one_number_at_a_time,
            "Python's `max` and `if` ask one question about a whole array. `np.maximum` and `np.where` compare entry "
            "by entry.",
        ),
        Misconception(
            unchanged,
            "z comes back as it was. Where a loop over entries says `x = 0`, that gives another value to the name x "
            "and writes nothing into the array.",
        ),
        Misconception(
            negatives_overwritten,
            "the caller's array is overwritten. Work on a new one: `np.maximum` or `np.where` makes it.",
        ),
        Misconception(
            half_forgotten,
            "this is z + |z|, twice the ReLU: half of it is meant.",
        ),
        Misconception(
            shape_lost,
            "the entries are right, but the result has one axis only. Give it the shape of `z`.",
        ),
        Misconception(
            softened,
            "this is the softplus of chapter 2, which rounds the corner off. At 0 the ReLU is 0, and "
            "above 0 it is z itself.",
        ),
        Misconception(
            negatives_left_out,
            "negative entries were left out. The result has the shape of `z`, with 0 in their places.",
        ),
        Misconception(
            other_side,
            "negative numbers come out positive and positive ones as 0: this is the ReLU of −z.",
        ),
        Misconception(
            fractions_cut_off,
            "the fractions are cut off. Above 0 the ReLU gives z itself: keep the numbers as floats.",
        ),
        Misconception(
            logistic,
            "this is the sigmoid, which runs from 0 to 1. The ReLU is max(0, z).",
        ),
        Misconception(
            minus_one_below,
            "this is the sign of z. The ReLU gives z itself above 0, and 0 below.",
        ),
        Misconception(
            shifted_to_zero,
            "the smallest entry was subtracted, so that it becomes 0. Each number is compared with 0 "
            "by itself.",
        ),
        Misconception(
            squared_above,
            "what is above 0 comes out squared. The ReLU gives z itself there.",
        ),
        Misconception(
            sign_kept_small,
            "this is tanh. The ReLU is max(0, z).",
        ),
    ),
    minutes=5,
    difficulty=1,
)
