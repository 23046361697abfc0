"""`sigmoid_grad`: derivative of the sigmoid, ``σ′(z) = σ(z) (1 − σ(z)) = σ(z) σ(−z)``, elementwise."""

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
    """Calls of ``sigmoid_grad(z)``."""
    return [*smooth_cases(rng, "the slope of the sigmoid"), *far_out(rng, STABLE)]


def from_the_output(z):
    """Takes z for σ(z)."""
    return z * (1.0 - z)


def square_overflows_left(z):
    """∞ / ∞ far to the left."""
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


def square_overflows_right(z):
    """∞ / ∞ far to the right."""
    return np.exp(z) / (1 + np.exp(z)) ** 2


def slope_that_warns(z):
    """Right values, but numpy warns far to the left."""
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)


def slope_of_a_clipped_z(z, limit=10.0):
    """z is kept from −10 to 10, so that nothing overflows, and the slope never comes near to 0."""
    s = 1 / (1 + np.exp(-np.clip(z, -limit, limit)))
    return s * (1 - s)


def sigmoid_itself(z):
    """The value in the place of the slope."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def one_minus_the_square(z):
    """The rule for tanh, used on the sigmoid."""
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return 1.0 - s**2


def sigmoid_times_one_plus(z):
    """A plus in the place of the minus."""
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return s * (1.0 + s)


def difference_of_the_factors(z):
    """σ − (1 − σ)."""
    return np.tanh(0.5 * z)


def slope_of_tanh(z):
    """The slope of tanh."""
    return 1.0 - np.tanh(z) ** 2


def flat_beyond_five(z):
    """Called saturated, and set to 0."""
    e = np.exp(-np.abs(z))
    return np.where(np.abs(z) > 5, 0.0, e / (1.0 + e) ** 2)


def square_of_the_sigmoid(z):
    """1 / (1 + e^−z)²."""
    return (0.5 + 0.5 * np.tanh(0.5 * z)) ** 2


def second_factor_alone(z):
    """σ(−z)."""
    return 0.5 - 0.5 * np.tanh(0.5 * z)


def one_minus_z(z):
    """σ(z) (1 − z)."""
    return (0.5 + 0.5 * np.tanh(0.5 * z)) * (1.0 - z)


def sigmoid_twice(z):
    """The output is taken for the input."""
    s = 0.5 + 0.5 * np.tanh(0.5 * z)
    again = 0.5 + 0.5 * np.tanh(0.5 * s)
    return again * (1.0 - again)


def sigma_of_the_output(z):
    """σ(z) σ(−σ(z))."""
    s = 0.5 + 0.5 * np.tanh(0.5 * z)
    return s * (0.5 - 0.5 * np.tanh(0.5 * s))


def square_inside_the_sum(z):
    """1 + e² for (1 + e)²."""
    e = np.exp(-np.abs(z))
    return e / (1.0 + e**2)


def product_with_minus_one(z):
    """σ (σ − 1)."""
    e = np.exp(-np.abs(z))
    return -e / (1.0 + e) ** 2


def square_of_the_second_factor(z):
    """σ(−z)²."""
    return (0.5 - 0.5 * np.tanh(0.5 * z)) ** 2


EXERCISE = Exercise(
    name="sigmoid_grad",
    chapter="ch3_activations",
    reference=activations.sigmoid_grad,
    needs=("softplus_grad",),
    cases=cases,
    criteria=(
        Criterion("the slope of the sigmoid", 0.5, agrees()),
        Criterion(STABLE, 0.25, both(agrees(), unwarned)),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion(CALM, 0.25, calm_outside(STABLE), every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            slope_of_a_clipped_z,
            "clipping z stops the overflow, and stops the slope too: beyond the clip it stays as it is, and does not go to 0. "
            "Let the exponential see −|z| only, and nothing has to be clipped.",
            any_size="limit",
        ),
        Misconception(
            from_the_output,
            "z was taken for σ(z). The formula s(1 − s) wants the output s = σ(z); here the pre-activation z comes "
            "in.",
        ),
        Misconception(
            square_overflows_left,
            "far to the left e^(−z) is infinite, and ∞ / ∞ or 0 · ∞ is no number. The slope is even in z: use |z|, "
            "and the exponent is never positive. Or multiply two sigmoids: σ(z) σ(−z).",
        ),
        Misconception(
            square_overflows_right,
            "far to the right e^z is infinite, and ∞ / ∞ or 0 · ∞ is no number. The slope is even in z: use −|z| in "
            "the exponent. Or multiply two sigmoids: σ(z) σ(−z).",
        ),
        Misconception(slope_that_warns, OVERFLOWS_ON_THE_WAY),
        Misconception(sigmoid_itself, "this is σ(z) itself. Its slope is σ(z) (1 − σ(z))."),
        Misconception(
            one_minus_the_square,
            "1 − s² is the rule for tanh. For the sigmoid it is s (1 − s).",
        ),
        Misconception(sigmoid_times_one_plus, "there is a plus where a minus belongs: σ(z) (1 − σ(z))."),
        Misconception(
            difference_of_the_factors,
            "this is σ(z) − (1 − σ(z)). The slope is the product of the two.",
        ),
        Misconception(
            slope_of_tanh,
            "this is the slope of tanh, 1 at z = 0. The sigmoid is flatter: its slope is ¼ there.",
        ),
        Misconception(
            flat_beyond_five,
            "far out the slope was set to 0. A saturated unit is almost flat, and the little that is left "
            "counts: at |z| = 5 it is 0.0066.",
        ),
        Misconception(
            square_of_the_sigmoid,
            "this is σ(z)², and 1 − σ(−z) is σ(z) as well. The second factor is σ(−z) = 1 − σ(z): σ(z) σ(−z), or "
            "e^(−z) / (1 + e^(−z))², with e^(−z) above the line.",
        ),
        Misconception(
            second_factor_alone,
            "this is σ(−z) = 1 − σ(z), which is one of the two factors. The slope is σ(z) σ(−z), or e^(−z) / (1 "
            "+ e^(−z))² with the square below the line.",
        ),
        Misconception(
            one_minus_z,
            "the second factor is 1 − z here. It is 1 − σ(z): the output again, not the pre-activation.",
        ),
        Misconception(
            sigmoid_twice,
            "the sigmoid was applied twice: this is the slope at σ(z). It is asked at z.",
        ),
        Misconception(
            sigma_of_the_output,
            "the second factor is the sigmoid of the *output*. Both factors are taken at the pre-activation: "
            "σ(z) σ(−z).",
        ),
        Misconception(
            square_inside_the_sum,
            "the middle term is missing below the line: (1 + e)² is 1 + 2e + e², so it is e^z + 2 + e^(−z), not e^z + "
            "e^(−z).",
        ),
        Misconception(
            product_with_minus_one,
            "the slope came out negative. The sigmoid rises everywhere: it is σ (1 − σ), or e^(−z) / (1 + e^(−z))², "
            "with no minus in front.",
        ),
        Misconception(
            square_of_the_second_factor,
            "this is σ(−z)², which is (1 − σ(z))². One of the two factors is σ(z) itself: σ(z) (1 − σ(z)).",
        ),
    ),
    minutes=6,
    difficulty=2,
)
