"""`bernoulli_nll_grad`: derivative of `bernoulli_nll` with respect to the logit, ``σ(z) − y``, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import losses
from fnnkit.exercises.ch2_output_units.bernoulli_targets import FAR, far_logits, logits_and_targets
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``bernoulli_nll_grad(z, y)``."""
    return logits_and_targets(rng, "values") + far_logits(rng)


def grad_with_overflow(z, y):
    """The printed sigmoid."""
    return 1 / (1 + np.exp(-z)) - y


def grad_with_quotient(z, y):
    """Infinity over infinity."""
    return np.exp(z) / (1 + np.exp(z)) - y


def grad_to_be_maximised(z, y):
    """y − σ: the gradient of log P."""
    return y - 0.5 * (1 + np.tanh(0.5 * z))


def grad_with_respect_to_p(z, y):
    """The derivative with respect to σ, not to z."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return (p - y) / (p * (1 - p))


def grad_of_the_squared_error(z, y):
    """Times σ′: the gradient of half the squared error."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return (p - y) * p * (1 - p)


def grad_divided_by_n(z, y):
    """Divided by the number of entries."""
    return (0.5 * (1 + np.tanh(0.5 * z)) - y) / z.size


def grad_of_positive_examples(z, y):
    """σ(z) − 1 for all."""
    return 0.5 * (1 + np.tanh(0.5 * z)) - 1 + 0 * y


def grad_without_the_inner_derivative(z, y):
    """σ((1 − 2y)z): the factor 1 − 2y is missing."""
    return 0.5 * (1 + np.tanh(0.5 * (1 - 2 * y) * z))


def grad_of_hard_predictions(z, y):
    """The decision in the place of the probability."""
    return (z > 0).astype(float) - y


def grad_of_the_logit(z, y):
    """z − y."""
    return z - y


def grad_is_the_slope_of_the_sigmoid(z, y):
    """σ(1 − σ)."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return p * (1 - p) + 0 * y


def grad_averaged(z, y):
    """One number."""
    return (0.5 * (1 + np.tanh(0.5 * z)) - y).mean()


def grad_with_softplus(z, y):
    """ζ(z) − y."""
    return np.logaddexp(0, z) - y


def grad_with_the_sign_of_z(z, y):
    """(1 − 2y) σ(z)."""
    return (1 - 2 * y) * 0.5 * (1 + np.tanh(0.5 * z))


def grad_of_zero_examples(z, y):
    """σ(z) for all."""
    return 0.5 * (1 + np.tanh(0.5 * z)) + 0 * y


def grad_plus_target(z, y):
    """σ + y."""
    return 0.5 * (1 + np.tanh(0.5 * z)) + y


def grad_doubled(z, y):
    """2(σ − y)."""
    return 2 * (0.5 * (1 + np.tanh(0.5 * z)) - y)


def grad_of_the_difference(z, y):
    """σ(z − y)."""
    return 0.5 * (1 + np.tanh(0.5 * (z - y)))


def grad_with_the_complement_of_the_sigmoid(z, y):
    """(1 − 2y)(1 − σ)."""
    return (1 - 2 * y) * 0.5 * (1 - np.tanh(0.5 * z))


EXERCISE = Exercise(
    name="bernoulli_nll_grad",
    chapter="ch2_output_units",
    reference=losses.bernoulli_nll_grad,
    cases=cases,
    criteria=(Criterion("values", 0.75, agrees()), stable(FAR, 0.25), calm_but(FAR)),
    misconceptions=(
        Misconception(
            grad_with_overflow,
            "`np.exp` of a large number overflows on the way. Call your own stable `sigmoid`.",
        ),
        Misconception(
            grad_with_quotient,
            "for large z this is infinity over infinity. Call your own stable `sigmoid`.",
        ),
        Misconception(
            grad_to_be_maximised,
            "the sign is that of the log-likelihood, which the slides maximise in their part on back-propagation. "
            "We minimise: σ(z) − y.",
        ),
        Misconception(
            grad_with_respect_to_p,
            "this is the derivative with respect to σ. Asked for is the one with respect to the logit z: multiply "
            "by dσ/dz = σ(1 − σ), and nearly everything cancels.",
        ),
        Misconception(
            grad_of_the_squared_error,
            "there is a factor σ(1 − σ) too many: with it, this belongs to the squared error. Here it cancels "
            "against the derivative of the logarithm.",
        ),
        Misconception(
            grad_divided_by_n,
            "this is divided by the number of entries. `bernoulli_nll` keeps every loss for itself, so its "
            "derivative is elementwise too.",
        ),
        Misconception(
            grad_of_positive_examples,
            "this is right for y = 1 only: for y = 0 the derivative is σ(z).",
        ),
        Misconception(
            grad_without_the_inner_derivative,
            "the sizes are right, and the sign is lost where y = 1: there the derivative is negative. "
            "(In ζ((1 − 2y)z) the chain rule gives a factor 1 − 2y.)",
        ),
        Misconception(
            grad_of_hard_predictions,
            "a decision, 0 or 1, stands where the probability should, as with a perceptron. The derivative has the "
            "probability itself.",
        ),
        Misconception(
            grad_of_the_logit,
            "this is z − y, as for a linear output. The logit has to go through the sigmoid first.",
        ),
        Misconception(
            grad_is_the_slope_of_the_sigmoid,
            "this is the derivative of the sigmoid, and the target plays no part. Asked for is that "
            "of the loss.",
        ),
        Misconception(
            grad_averaged,
            "one number came back. Every entry has a derivative of its own: no mean.",
        ),
        Misconception(
            grad_with_softplus,
            "this is ζ(z) − y: the softplus stands where its derivative, the sigmoid, should.",
        ),
        Misconception(
            grad_with_the_sign_of_z,
            "for y = 1 this is −σ(z): the sign is in front, but not inside of the sigmoid. The derivative of ζ((1 − "
            "2y)z) has 1 − 2y in both places.",
        ),
        Misconception(
            grad_of_zero_examples,
            "this is right for y = 0 only: the target plays no part.",
        ),
        Misconception(
            grad_plus_target,
            "the target was added. The derivative is predicted minus seen.",
        ),
        Misconception(
            grad_doubled,
            "there is a factor 2 too many: there is no square here whose derivative would bring it.",
        ),
        Misconception(
            grad_of_the_difference,
            "the target was subtracted inside of the sigmoid. Subtract it from the probability.",
        ),
        Misconception(
            grad_with_the_complement_of_the_sigmoid,
            "this is right for y = 1 only: for y = 0 the derivative is σ(z), and 1 − σ(z) came back.",
        ),
    ),
    minutes=4,
    difficulty=1,
    needs=("sigmoid",),
)
