"""`tanh_grad`: derivative of the hyperbolic tangent, ``1 − tanh²(z) = 4 σ′(2z)``, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import CALM, STABLE, far_out, smooth_cases
from fnnkit.judge.criteria import UNUSUAL, agrees, both, calm_outside, unwarned
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``tanh_grad(z)``."""
    return [*smooth_cases(rng, "the slope of tanh"), *far_out(rng, STABLE)]


def from_the_output_of_tanh(z):
    """Takes z for tanh(z)."""
    return 1.0 - z**2


def square_forgotten(z):
    """1 − tanh."""
    return 1.0 - np.tanh(z)


def slope_of_the_sigmoid(z):
    """The slope of the sigmoid."""
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def four_without_two(z):
    """4σ′(z) for 4σ′(2z)."""
    e = np.exp(-np.abs(z))
    return 4.0 * e / (1 + e) ** 2


def slope_as_a_quotient(z):
    """∞ / ∞ on both sides."""
    return 1 - ((np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))) ** 2


def hyperbolic_cosine_overflows(z):
    """Right values, but numpy warns on both sides."""
    return 1 / np.cosh(z) ** 2


def tanh_itself(z):
    """The value in the place of the slope."""
    return np.tanh(z)


EXERCISE = Exercise(
    name="tanh_grad",
    chapter="ch3_activations",
    reference=activations.tanh_grad,
    cases=cases,
    criteria=(
        Criterion("the slope of tanh", 0.5, agrees()),
        Criterion(STABLE, 0.25, both(agrees(), unwarned)),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion(CALM, 0.25, calm_outside(STABLE), every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            from_the_output_of_tanh,
            "z was taken for tanh(z). The formula 1 − h² wants the output h = tanh(z); here the pre-activation comes in.",
        ),
        Misconception(square_forgotten, "the square is missing: 1 − tanh²(z)."),
        Misconception(
            slope_of_the_sigmoid,
            "this is the slope of the sigmoid, ¼ at 0. The slope of tanh is 1 there: 1 − tanh²(z).",
        ),
        Misconception(
            four_without_two,
            "4σ′(z) is 1 at 0, but falls off half as fast: tanh(z) = 2σ(2z) − 1, so its slope is 4σ′(2z).",
        ),
        Misconception(
            slope_as_a_quotient,
            "far out one exponential is infinite, above and below the line, and ∞ / ∞ is no number. `np.tanh` is safe "
            "everywhere.",
        ),
        Misconception(
            hyperbolic_cosine_overflows,
            "the values are right, and numpy warns: cosh is infinite far out. `np.tanh` is safe everywhere.",
        ),
        Misconception(tanh_itself, "this is tanh itself. Its slope is 1 − tanh²(z)."),
    ),
    minutes=4,
    difficulty=2,
    core=False,
)
