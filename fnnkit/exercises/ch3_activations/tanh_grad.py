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


def twice_for_the_square(z):
    """2h for h²."""
    return 1.0 - 2.0 * np.tanh(z)


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


def inner_derivative_missing(z):
    """2σ′(2z)."""
    return 0.5 * (1.0 - np.tanh(z) ** 2)


def outer_and_inner_missing(z):
    """σ′(2z)."""
    return 0.25 * (1.0 - np.tanh(z) ** 2)


def square_of_z(z):
    """1 − tanh(z²)."""
    return 1.0 - np.tanh(np.square(z, dtype=float))


def rule_of_the_sigmoid(z):
    """h (1 − h)."""
    h = np.tanh(z)
    return h * (1.0 - h)


def square_of_the_difference(z):
    """(1 − h)²."""
    return (1.0 - np.tanh(z)) ** 2


def square_alone(z):
    """h²."""
    return np.tanh(z) ** 2


def one_over_cosh(z):
    """Not squared."""
    with np.errstate(over="ignore"):
        return 1.0 / np.cosh(z)


def tanh_of_tanh(z):
    """The slope at the output."""
    return 1.0 - np.tanh(np.tanh(z)) ** 2


def slope_of_tanh_at_twice_z(z):
    """1 − tanh²(2z)."""
    return 1.0 - np.tanh(2.0 * z) ** 2


def one_less_the_square_of_the_sigmoid(z):
    """1 − σ(z)²."""
    return 1.0 - (0.5 + 0.5 * np.tanh(0.5 * z)) ** 2


def one_less_the_square_of_the_squeezed_sigmoid(z):
    """1 − σ(2z)²."""
    return 1.0 - (0.5 + 0.5 * np.tanh(z)) ** 2


def twice_the_slope_of_the_sigmoid(z):
    """2σ′(z)."""
    e = np.exp(-np.abs(z))
    return 2.0 * e / (1 + e) ** 2


def one_and_the_square(z):
    """1 + h²."""
    return 1.0 + np.tanh(z) ** 2


def square_less_one(z):
    """h² − 1."""
    return np.tanh(z) ** 2 - 1.0


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
            "z was taken for tanh(z). The formula 1 − h² wants the output h = tanh(z); here the pre-activation comes "
            "in.",
        ),
        Misconception(square_forgotten, "the square is missing: 1 − tanh²(z)."),
        Misconception(
            twice_for_the_square,
            "this is 1 − 2 tanh(z). tanh²(z) is the square, tanh(z) times itself.",
        ),
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
            "far out the exponentials above and below the line are infinite, on both sides, and ∞ / ∞ is no number. "
            "`np.tanh` is safe everywhere.",
        ),
        Misconception(
            hyperbolic_cosine_overflows,
            "the values are right, and numpy warns: far out an exponential, or a cosh, is too large for a number. "
            "`np.tanh` is safe everywhere.",
        ),
        Misconception(tanh_itself, "this is tanh itself. Its slope is 1 − tanh²(z)."),
        Misconception(
            inner_derivative_missing,
            "this is half of the slope: 2σ′(2z). The 2 in front of 2σ(2z) − 1 stays, and the chain rule brings another 2, "
            "the derivative of 2z: 4σ′(2z).",
        ),
        Misconception(
            outer_and_inner_missing,
            "this is σ′(2z), and the factor 4 is missing: 2 from the front of 2σ(2z) − 1, and 2 from inside.",
        ),
        Misconception(
            square_of_z,
            "the *argument* was squared. tanh²(z) means the square of tanh(z).",
        ),
        Misconception(
            rule_of_the_sigmoid,
            "h (1 − h) is the rule for the sigmoid. For tanh it is 1 − h².",
        ),
        Misconception(
            square_of_the_difference,
            "the whole difference was squared. Only the tanh is: 1 − h², not (1 − h)².",
        ),
        Misconception(
            square_alone,
            "this is tanh²(z), which is 0 where tanh is steepest. The slope is 1 less that.",
        ),
        Misconception(
            one_over_cosh,
            "the cosh is not squared: the slope is 1 / cosh²(z). (Without an overflow: 1 − tanh²(z).)",
        ),
        Misconception(
            tanh_of_tanh,
            "tanh was applied twice: this is the slope at tanh(z). It is asked at z.",
        ),
        Misconception(
            slope_of_tanh_at_twice_z,
            "this is the slope at 2z. The factor 2 belongs into the sigmoid, 4σ′(2z), not into tanh.",
        ),
        Misconception(
            one_less_the_square_of_the_sigmoid,
            "this is 1 − σ(z)². What is squared is tanh(z), not the sigmoid.",
        ),
        Misconception(
            one_less_the_square_of_the_squeezed_sigmoid,
            "this is 1 − σ(2z)². What is squared is tanh(z), which is 2σ(2z) − 1.",
        ),
        Misconception(
            twice_the_slope_of_the_sigmoid,
            "this is 2σ′(z). Of 2σ(2z) − 1 the sigmoid is taken at 2z, and so is its slope, and the chain rule brings "
            "another factor 2: 4σ′(2z).",
        ),
        Misconception(
            one_and_the_square,
            "there is a plus where a minus belongs: 1 − tanh²(z).",
        ),
        Misconception(
            square_less_one,
            "the sign is turned round. tanh rises everywhere: its slope is 1 − tanh²(z).",
        ),
    ),
    minutes=4,
    difficulty=2,
    core=False,
)
