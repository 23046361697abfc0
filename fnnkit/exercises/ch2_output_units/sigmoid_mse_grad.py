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
    ),
    minutes=5,
    difficulty=2,
    needs=("sigmoid",),
)
