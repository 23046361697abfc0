"""`threshold_unit`: threshold unit ``p = max(0, min(1, z))`` and its derivative, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch2_output_units.calmness import ever_calm
from fnnkit.exercises.drawing import beyond
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``threshold_unit(z)``: below, inside and above the unit interval, and at its corners."""
    value, slope = "the value p", "the derivative dp/dz"
    inside = np.round(rng.uniform(0.1, 0.9, 2), 2)
    spread = rng.permuted(
        np.concatenate([inside, np.round(rng.uniform(0.3, 2, 3), 2) * [-1, -1, 0] + [0, 0, 1.4]])
    )
    (far, _), (positive, _), (negative, _) = beyond(rng, (9, 4), (2, 3), (4,))
    corners = rng.permuted(np.array([0.0, 1.0, 0.5, 0.25, -1.0]))
    both = [
        (spread, ""),
        (far[0], "far out"),
        (positive[1], "nothing negative"),
        (negative[2], "nothing positive"),
    ]
    return [
        *(Case((z,), criterion, why) for criterion in (value, slope) for z, why in both),
        Case((np.round(rng.uniform(-0.5, 1.5, (2, 1, 3)), 2),), slope, "three axes"),
        Case((corners,), slope, "both corners: 0"),
    ]


def threshold_slope_everywhere(z):
    """Derivative 1 everywhere."""
    return np.clip(z, 0.0, 1.0), np.ones(np.shape(z))


def threshold_slope_at_the_corners(z):
    """Derivative 1 at the corners too."""
    return np.clip(z, 0.0, 1.0), ((z >= 0) & (z <= 1)).astype(float)


def threshold_slope_of_relu(z):
    """Derivative 1 above 1 too."""
    return np.clip(z, 0.0, 1.0), (z > 0).astype(float)


def threshold_as_a_step(z):
    """0 or 1."""
    return (z > 0).astype(float), np.zeros(np.shape(z))


def threshold_as_a_sigmoid(z):
    """The unit that does not saturate exactly."""
    s = 0.5 * (1 + np.tanh(0.5 * z))
    return s, s * (1 - s)


def threshold_value_only(z):
    """The derivative is not returned."""
    return np.clip(z, 0.0, 1.0)


def threshold_slope_half_at_the_corners(z):
    """½ at the corners, as a central difference gives."""
    slope = np.where((z > 0) & (z < 1), 1.0, 0.0)
    return np.clip(z, 0.0, 1.0), np.where((z == 0) | (z == 1), 0.5, slope)


def threshold_slope_of_the_sigmoid(z):
    """p(1 − p)."""
    p = np.clip(z, 0.0, 1.0)
    return p, p * (1 - p)


def threshold_slope_is_the_value(z):
    """z inside, 0 elsewhere."""
    return np.clip(z, 0.0, 1.0), np.where((z > 0) & (z < 1), z, 0.0)


def threshold_slope_is_p(z):
    """p again."""
    return np.clip(z, 0.0, 1.0), np.clip(z, 0.0, 1.0)


def threshold_slope_at_zero(z):
    """Derivative 1 at 0 too."""
    return np.clip(z, 0.0, 1.0), ((z >= 0) & (z < 1)).astype(float)


def threshold_slope_at_one(z):
    """Derivative 1 at 1 too."""
    return np.clip(z, 0.0, 1.0), ((z > 0) & (z <= 1)).astype(float)


def threshold_slope_inverted(z):
    """1 outside, 0 inside."""
    return np.clip(z, 0.0, 1.0), ((z <= 0) | (z >= 1)).astype(float)


def threshold_slope_below_one(z):
    """Derivative 1 below 0 too."""
    return np.clip(z, 0.0, 1.0), (z < 1).astype(float)


def threshold_no_upper_end(z):
    """A ReLU."""
    return np.maximum(0.0, z), (z > 0).astype(float)


def threshold_no_lower_end(z):
    """min(1, z)."""
    return np.minimum(1.0, z), (z < 1).astype(float)


def threshold_from_minus_one(z):
    """The hard tanh."""
    return np.clip(z, -1.0, 1.0), ((z > -1) & (z < 1)).astype(float)


def threshold_ends_exchanged(z):
    """max(1, min(0, z))."""
    return np.maximum(1.0, np.minimum(0.0, z)), ((z > 0) & (z < 1)).astype(float)


def threshold_slope_rounded(z):
    """The decision z > ½ in the place of the slope."""
    return np.clip(z, 0.0, 1.0), (z > 0.5).astype(float)


def threshold_slope_zero(z):
    """No slope anywhere."""
    return np.clip(z, 0.0, 1.0), np.zeros(np.shape(z))


def threshold_slope_of_relu_with_its_corner(z):
    """Derivative 1 from 0 on."""
    return np.clip(z, 0.0, 1.0), (z >= 0).astype(float)


def threshold_slope_up_to_one(z):
    """Derivative 1 up to 1."""
    return np.clip(z, 0.0, 1.0), (z <= 1).astype(float)


def threshold_always_zero(z):
    """min(0, max(1, z))."""
    return np.minimum(0.0, np.maximum(1.0, z)), ((z > 0) & (z < 1)).astype(float)


def threshold_zero_above_one(z):
    """z inside, 0 elsewhere."""
    inside = (z > 0) & (z < 1)
    return np.where(inside, z, 0.0), inside.astype(float)


def threshold_slope_is_the_sign(z):
    """−1 below 0, 1 above."""
    return np.clip(z, 0.0, 1.0), np.sign(z)


EXERCISE = Exercise(
    name="threshold_unit",
    chapter="ch2_output_units",
    reference=activations.threshold_unit,
    returns=("p", "dp_dz"),
    cases=cases,
    criteria=(
        Criterion("the value p", 0.5, agrees(part=0)),
        Criterion("the derivative dp/dz", 0.5, agrees(part=1)),
        ever_calm(),
    ),
    misconceptions=(
        Misconception(
            threshold_slope_everywhere,
            "the derivative is 1 everywhere. Outside of (0, 1) p does not move when z does, so it is 0 there: that "
            "is what is wrong with this unit.",
        ),
        Misconception(
            threshold_slope_at_the_corners,
            "at z = 0 and z = 1 the unit has corners. In this exercise the derivative is 0 there: it is 1 only where z is "
            "strictly between 0 and 1.",
        ),
        Misconception(
            threshold_slope_of_relu,
            "the derivative should be 0 from z = 1 on too: p stays at 1 there.",
        ),
        Misconception(
            threshold_as_a_step,
            "this jumps from 0 to 1. Between 0 and 1, p is z itself: max(0, min(1, z)).",
        ),
        Misconception(
            threshold_as_a_sigmoid,
            "this is the sigmoid and its derivative. The threshold unit is max(0, min(1, z)).",
        ),
        Misconception(
            threshold_value_only,
            "only p is returned. The derivative is asked for too: `return p, dp_dz`.",
        ),
        Misconception(
            threshold_slope_half_at_the_corners,
            "at z = 0 and z = 1 your derivative is ½, the mean of both sides, as a central difference "
            "gives it. Here it is 0 at the corners.",
        ),
        Misconception(
            threshold_slope_of_the_sigmoid,
            "p(1 − p) is the slope of the sigmoid. This unit is z itself between 0 and 1: its slope "
            "is 1 there.",
        ),
        Misconception(
            threshold_slope_is_the_value,
            "the derivative is z between 0 and 1. There p = z, and the derivative of that is 1.",
        ),
        Misconception(
            threshold_slope_is_p,
            "the second result is p again. Asked for is its derivative.",
        ),
        Misconception(
            threshold_slope_at_zero,
            "at z = 0 the unit has a corner. In this exercise the derivative is 0 there: it is 1 only where z is strictly "
            "between 0 and 1.",
        ),
        Misconception(
            threshold_slope_at_one,
            "at z = 1 the unit has a corner. In this exercise the derivative is 0 there: it is 1 only where z is strictly "
            "between 0 and 1.",
        ),
        Misconception(
            threshold_slope_inverted,
            "the derivative is 1 where it should be 0, and 0 where it should be 1: p moves with z "
            "between 0 and 1 only.",
        ),
        Misconception(
            threshold_slope_below_one,
            "the derivative should be 0 up to z = 0 too: p stays at 0 there.",
        ),
        Misconception(
            threshold_no_upper_end,
            "nothing is cut off at 1: this is a ReLU. The unit stays at 1 for larger z.",
        ),
        Misconception(
            threshold_no_lower_end,
            "nothing is cut off at 0. The unit stays at 0 for negative z.",
        ),
        Misconception(
            threshold_from_minus_one,
            "the lower end is −1: this is the hard tanh of chapter 3. A probability is not negative.",
        ),
        Misconception(
            threshold_ends_exchanged,
            "the two ends are exchanged, so that everything becomes 1: the minimum is with 1, the "
            "maximum with 0.",
        ),
        Misconception(
            threshold_slope_rounded,
            "this asks on which side of ½ z lies. The derivative is 1 everywhere between 0 and 1.",
        ),
        Misconception(
            threshold_slope_zero,
            "the derivative is 0 everywhere. Between 0 and 1 p moves as z does.",
        ),
        Misconception(
            threshold_slope_of_relu_with_its_corner,
            "the derivative is 1 from z = 0 on. It should be 1 only where z is strictly between 0 and 1: from 1 on p "
            "stays at 1, and at the corners it is 0 here.",
        ),
        Misconception(
            threshold_slope_up_to_one,
            "the derivative is 1 up to z = 1. It should be 1 only where z is strictly between 0 and 1: below 0 p "
            "stays at 0, and at the corners it is 0 here.",
        ),
        Misconception(
            threshold_always_zero,
            "p is 0 for every z, as when the two ends are exchanged: the lower end is 0, the upper end 1.",
        ),
        Misconception(
            threshold_zero_above_one,
            "above 1 p is 0 here. It stays at 1 there.",
        ),
        Misconception(
            threshold_slope_is_the_sign,
            "the derivative is the sign of z here. p moves with z only strictly between 0 and 1: there it is 1, and 0 "
            "elsewhere.",
        ),
    ),
    minutes=5,
    difficulty=1,
    core=False,
)
