"""`sigmoid_mse_grad`: derivative of `sigmoid_mse` with respect to the logit, ``2 (σ − y) σ (1 − σ)``, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import losses
from fnnkit.exercises.ch2_output_units.bernoulli_targets import FAR, far_logits, logits_and_targets
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``sigmoid_mse_grad(z, y)``."""
    return logits_and_targets(rng, "values") + far_logits(rng)


def mse_grad_with_overflow(z, y):
    """The printed sigmoid."""
    p = 1 / (1 + np.exp(-z))
    return 2 * (p - y) * p * (1 - p)


def mse_grad_with_quotient(z, y):
    """Infinity over infinity."""
    p = np.exp(z) / (1 + np.exp(z))
    return 2 * (p - y) * p * (1 - p)


def mse_grad_chain_rule_forgotten(z, y):
    """The derivative with respect to σ."""
    return 2 * (0.5 * (1 + np.tanh(0.5 * z)) - y)


def mse_grad_without_the_two(z, y):
    """The 2 of the square is missing."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return (p - y) * p * (1 - p)


def mse_grad_with_plus_sign(z, y):
    """2(y − σ)σ(1 − σ)."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (y - p) * p * (1 - p)


def mse_grad_is_the_nll_grad(z, y):
    """σ − y."""
    return 0.5 * (1 + np.tanh(0.5 * z)) - y


def mse_grad_divided_by_n(z, y):
    """Divided by the number of entries."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (p - y) * p * (1 - p) / z.size


def mse_grad_slope_of_tanh(z, y):
    """1 − σ²."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (p - y) * (1 - p**2)


def mse_grad_sigmoid_twice(z, y):
    """The slope at σ(z)."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    q = 0.5 * (1 + np.tanh(0.5 * p))
    return 2 * (p - y) * q * (1 - q)


def mse_grad_one_factor_missing(z, y):
    """2(σ − y)σ."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (p - y) * p


def mse_grad_other_factor_missing(z, y):
    """2(σ − y)(1 − σ)."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (p - y) * (1 - p)


def mse_grad_difference_of_the_logit(z, y):
    """2(z − y)σ(1 − σ)."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (z - y) * p * (1 - p)


def mse_grad_is_the_loss(z, y):
    """(σ − y)²."""
    return (0.5 * (1 + np.tanh(0.5 * z)) - y) ** 2


def mse_grad_square_kept(z, y):
    """2(σ − y)²σ(1 − σ)."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (p - y) ** 2 * p * (1 - p)


def mse_grad_averaged(z, y):
    """One number."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return np.mean(2 * (p - y) * p * (1 - p))


def mse_grad_slope_of_the_logit(z, y):
    """z(1 − z)."""
    return 2 * (0.5 * (1 + np.tanh(0.5 * z)) - y) * z * (1 - z)


def mse_grad_plus_in_the_slope(z, y):
    """σ(1 + σ)."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (p - y) * p * (1 + p)


def mse_grad_slope_squared(z, y):
    """σ′²."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (p - y) * (p * (1 - p)) ** 2


def mse_grad_slope_alone(z, y):
    """σ(1 − σ)."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return p * (1 - p) + 0 * y


def mse_grad_slope_at_the_target(z, y):
    """y(1 − y)."""
    return 2 * (0.5 * (1 + np.tanh(0.5 * z)) - y) * y * (1 - y)


def mse_grad_brackets_missing(z, y):
    """2σ − yσ(1 − σ)."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * p - y * p * (1 - p)


def mse_grad_slope_of_the_error(z, y):
    """e(1 − e), with e = σ − y."""
    e = 0.5 * (1 + np.tanh(0.5 * z)) - y
    return 2 * e * e * (1 - e)


def mse_grad_of_the_softplus(z, y):
    """2(ζ − y)σ."""
    return 2 * (np.logaddexp(0, z) - y) * 0.5 * (1 + np.tanh(0.5 * z))


EXERCISE = Exercise(
    name="sigmoid_mse_grad",
    chapter="ch2_output_units",
    reference=losses.sigmoid_mse_grad,
    cases=cases,
    criteria=(Criterion("values", 0.75, agrees()), stable(FAR, 0.25), calm_but(FAR)),
    misconceptions=(
        Misconception(
            mse_grad_with_overflow,
            "`np.exp` of a large number overflows on the way. Call your own stable `sigmoid`.",
        ),
        Misconception(
            mse_grad_with_quotient,
            "for large z this is infinity over infinity. Call your own stable `sigmoid`.",
        ),
        Misconception(
            mse_grad_chain_rule_forgotten,
            "this is the derivative with respect to σ. The chain rule adds dσ/dz = σ(1 − σ): the factor that "
            "vanishes for a confident mistake.",
        ),
        Misconception(
            mse_grad_without_the_two,
            "the derivative of a square has a factor 2: d(σ − y)²/dσ = 2(σ − y).",
        ),
        Misconception(mse_grad_with_plus_sign, "the sign is flipped: the inner difference is σ − y."),
        Misconception(
            mse_grad_is_the_nll_grad,
            "this is the gradient of the log-likelihood, σ − y. The squared error has another one: 2(σ − y)·σ(1 − σ).",
        ),
        Misconception(
            mse_grad_divided_by_n,
            "this is divided by the number of entries. It is asked for entry by entry, so that it can be compared "
            "with `bernoulli_nll_grad`.",
        ),
        Misconception(
            mse_grad_slope_of_tanh,
            "1 − σ² has the form of the slope of tanh. That of the sigmoid is σ(1 − σ).",
        ),
        Misconception(
            mse_grad_sigmoid_twice,
            "the slope was taken at σ(z), through the sigmoid a second time. It belongs to z: with σ "
            "in hand it is σ(1 − σ).",
        ),
        Misconception(
            mse_grad_one_factor_missing,
            "the slope of the sigmoid has two factors, σ and 1 − σ. The second is missing.",
        ),
        Misconception(
            mse_grad_other_factor_missing,
            "the slope of the sigmoid has two factors, σ and 1 − σ. The first is missing.",
        ),
        Misconception(
            mse_grad_difference_of_the_logit,
            "the difference is that of the logit and the target. The error is that of the "
            "probability: σ − y.",
        ),
        Misconception(
            mse_grad_is_the_loss,
            "this is the squared error itself. Asked for is its derivative with respect to the logit.",
        ),
        Misconception(
            mse_grad_square_kept,
            "the error stands there squared. The derivative of a square is twice the error, without "
            "the square.",
        ),
        Misconception(
            mse_grad_averaged,
            "one number came back. Every entry has a derivative of its own: no mean.",
        ),
        Misconception(
            mse_grad_slope_of_the_logit,
            "the slope was written with z: z(1 − z). It is σ(1 − σ), with σ of z.",
        ),
        Misconception(
            mse_grad_plus_in_the_slope,
            "the slope of the sigmoid is σ(1 − σ), with a minus.",
        ),
        Misconception(
            mse_grad_slope_squared,
            "the slope σ(1 − σ) stands there twice. The chain rule brings it once.",
        ),
        Misconception(
            mse_grad_slope_alone,
            "this is the slope of the sigmoid alone, and the target plays no part. It multiplies the "
            "derivative of the square.",
        ),
        Misconception(
            mse_grad_slope_at_the_target,
            "the slope was taken from the target, and y(1 − y) is 0 for each. It is σ(1 − σ).",
        ),
        Misconception(
            mse_grad_brackets_missing,
            "brackets around the difference are missing: the slope multiplies all of 2(σ − y).",
        ),
        Misconception(
            mse_grad_slope_of_the_error,
            "the slope was computed from the error σ − y, as if that were σ. It is σ(1 − σ): keep σ as it is (a "
            "second name for an array is no copy, and `-=` changes both).",
        ),
        Misconception(
            mse_grad_of_the_softplus,
            "this is the derivative of (ζ(z) − y)²: the softplus was taken for the sigmoid.",
        ),
    ),
    minutes=5,
    difficulty=2,
    needs=("sigmoid",),
)
