"""`tanh_from_sigmoid`: hyperbolic tangent as a scaled and shifted sigmoid, ``2 σ(2z) − 1``, elementwise."""

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
    """Calls of ``tanh_from_sigmoid(z)``."""
    return [*smooth_cases(rng, "twice the sigmoid of 2z, less 1"), *far_out(rng, STABLE)]


def sigmoid_unscaled(z):
    """σ(z) for σ(2z)."""
    e = np.exp(-np.abs(z))
    return 2.0 * np.where(z >= 0, 1.0, e) / (1.0 + e) - 1.0


def only_squeezed(z):
    """Neither stretched nor shifted."""
    e = np.exp(-2.0 * np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def not_stretched(z):
    """σ(2z) − 1."""
    e = np.exp(-2.0 * np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e) - 1.0


def not_shifted(z):
    """2σ(2z)."""
    e = np.exp(-2.0 * np.abs(z))
    return 2.0 * np.where(z >= 0, 1.0, e) / (1.0 + e)


def upside_down(z):
    """1 − 2σ(2z)."""
    return -np.tanh(z)


def tanh_as_a_quotient(z):
    """∞ / ∞ on both sides."""
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def tanh_as_a_short_quotient(z):
    """∞ / ∞ far to the right."""
    return (np.exp(2.0 * z) - 1) / (np.exp(2.0 * z) + 1)


def tanh_that_warns(z):
    """Right values, but numpy warns far to the left."""
    return 2 / (1 + np.exp(-2.0 * z)) - 1


def stretched_sideways(z):
    """2σ(z/2) − 1."""
    return np.tanh(z / 4)


def shifted_before_stretched(z):
    """2(σ(2z) − 1)."""
    return np.tanh(z) - 1.0


def shift_inside(z):
    """2σ(2z − 1)."""
    return 1.0 + np.tanh(z - 0.5)


def shifted_by_a_half(z):
    """σ(2z) − ½."""
    return 0.5 * np.tanh(z)


def both_factors_in_front(z):
    """4σ(z) − 2."""
    return 2.0 * np.tanh(z / 2)


def squeezed_twice(z):
    """tanh(2z)."""
    return np.tanh(2.0 * z)


def sigmoid_squared(z):
    """2σ(z)² − 1."""
    return 2.0 * (0.5 + 0.5 * np.tanh(0.5 * z)) ** 2 - 1.0


def squeezed_and_squared(z):
    """2σ(2z)² − 1."""
    return 2.0 * (0.5 + 0.5 * np.tanh(z)) ** 2 - 1.0


def raised(z):
    """2σ(2z) + 1."""
    return 2.0 + np.tanh(z)


def tanh_of_a_clipped_z(z, limit=10.0):
    """z is kept from −10 to 10, so that nothing overflows, and tanh never comes near to ±1."""
    return np.tanh(np.clip(z, -limit, limit))


EXERCISE = Exercise(
    name="tanh_from_sigmoid",
    chapter="ch3_activations",
    reference=activations.tanh_from_sigmoid,
    needs=("softplus_grad",),
    cases=cases,
    criteria=(
        Criterion("twice the sigmoid of 2z, less 1", 0.5, agrees()),
        Criterion(STABLE, 0.25, both(agrees(), unwarned)),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion(CALM, 0.25, calm_outside(STABLE), every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            sigmoid_unscaled,
            "2σ(z) − 1 has the right range, but rises half as fast: the sigmoid wants 2z. Compare the slopes at 0.",
        ),
        Misconception(
            only_squeezed,
            "this is σ(2z), from 0 to 1. Stretch it to twice the height, and shift it down by 1.",
        ),
        Misconception(not_stretched, "this is σ(2z) − 1, from −1 to 0. The factor 2 in front is missing."),
        Misconception(not_shifted, "this is 2σ(2z), from 0 to 2. The − 1 is missing."),
        Misconception(
            upside_down,
            "it is upside down: this is −tanh(z). tanh rises: 2σ(2z) − 1, with no other minus in it.",
        ),
        Misconception(
            tanh_as_a_quotient,
            "far out the numbers above and below the line are infinite, on both sides, and ∞ / ∞ is no number. Use "
            "the sigmoid, written so that it never sees a positive exponent.",
        ),
        Misconception(
            tanh_as_a_short_quotient,
            "far to the right `exp(2z)` is infinite, and ∞ / ∞ is no number. Use the sigmoid, written so that it never "
            "sees a positive exponent.",
        ),
        Misconception(tanh_that_warns, OVERFLOWS_ON_THE_WAY),
        Misconception(
            stretched_sideways,
            "the sigmoid was taken at z/2, which stretches it sideways. To squeeze by 2 means that it is taken "
            "at 2z.",
        ),
        Misconception(
            shifted_before_stretched,
            "it is 1 too low: this is 2σ(2z) − 2, as it comes out when 1 is subtracted before the factor 2. Stretch "
            "first: 2σ(2z), then − 1.",
        ),
        Misconception(
            shift_inside,
            "the 1 was subtracted inside of the sigmoid, which shifts it sideways. It is subtracted from the "
            "result.",
        ),
        Misconception(
            shifted_by_a_half,
            "this is σ(2z) − ½, from −½ to ½. Stretch to twice the height first, then shift by 1.",
        ),
        Misconception(
            both_factors_in_front,
            "this goes from −2 to 2, and too slowly. The factor 2 stands in front once, and once inside: 2σ(2z) "
            "− 1.",
        ),
        Misconception(
            squeezed_twice,
            "this is tanh(2z), squeezed once too often: the sigmoid is taken at 2z, not at 4z.",
        ),
        Misconception(
            sigmoid_squared,
            "the sigmoid was squared. The 2 inside is a factor of z: 2σ(2z) − 1.",
        ),
        Misconception(
            squeezed_and_squared,
            "σ(2z) was squared: 2σ(2z) − 1 has no square in it.",
        ),
        Misconception(
            raised,
            "it is 2 too high: this is 2σ(2z) + 1. The 1 is subtracted.",
        ),
        Misconception(
            tanh_of_a_clipped_z,
            "clipping z stops the overflow, and stops tanh too: beyond the clip it stays as it is, and does not go on "
            "to −1 or 1. Let the exponential see −|z| only, and nothing has to be clipped.",
            any_size="limit",
        ),
    ),
    minutes=4,
    difficulty=2,
    core=False,
)
