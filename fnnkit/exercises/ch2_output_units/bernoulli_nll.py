"""`bernoulli_nll`: negative log-likelihood of binary targets from logits, ``−log σ((2y − 1) z) = ζ((1 − 2y) z)``, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import losses
from fnnkit.exercises.ch2_output_units.bernoulli_targets import FAR, NEAR, far_logits, logits_and_targets
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``bernoulli_nll(z, y)``."""
    return logits_and_targets(rng, "values") + far_logits(rng)


def log_of_the_sigmoid(z, y):
    """−log σ((2y − 1)z): the sigmoid rounds to 0 first."""
    return -np.log(1 / (1 + np.exp(-(2 * y - 1) * z)))


def cross_entropy_of_the_sigmoid(z, y):
    """The cross-entropy of a probability: 0 · log 0 at both ends."""
    p = 1 / (1 + np.exp(-z))
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def clipped_cross_entropy(z, y, eps=1e-12):
    """The probability is kept off 0 and 1: no confident mistake costs more than 27.6."""
    p = np.clip(np.exp(-np.logaddexp(0, -z)), eps, 1 - eps)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def loss_of_a_clipped_logit(z, y, limit=30.0):
    """The logit is kept from −30 to 30: no confident mistake costs more than 30."""
    z = np.clip(z, -limit, limit)
    return np.logaddexp(0, (1 - 2 * y) * z)


def cross_entropy_with_a_small_constant(z, y, eps=1e-8):
    """log(p + ε): no confident mistake costs more than 18.4."""
    p = np.exp(-np.logaddexp(0, -z))
    return -(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))


def bernoulli_sign_flipped(z, y):
    """ζ((2y − 1) z): dear where the answer is right."""
    return np.logaddexp(0, (2 * y - 1) * z)


def bernoulli_target_ignored(z, y):
    """ζ(−z): as if every target were 1."""
    return np.logaddexp(0, -z)


def bernoulli_mean_taken(z, y):
    """The mean over the entries."""
    return np.logaddexp(0, (1 - 2 * y) * z).mean()


def bernoulli_log_likelihood(z, y):
    """log σ((2y − 1) z)."""
    return -np.logaddexp(0, (1 - 2 * y) * z)


EXERCISE = Exercise(
    name="bernoulli_nll",
    chapter="ch2_output_units",
    reference=losses.bernoulli_nll,
    cases=cases,
    criteria=(Criterion("values", 0.75, agrees(rtol=NEAR)), stable(FAR, 0.5), calm_but(FAR)),
    misconceptions=(
        Misconception(
            log_of_the_sigmoid,
            "σ rounds to 0 before the logarithm sees it, so a confident mistake costs infinity (or numpy warns on "
            "the way). Stay with the logit: −log σ((2y − 1)z) is ζ((1 − 2y)z), and your softplus is safe.",
        ),
        Misconception(
            cross_entropy_of_the_sigmoid,
            "the probability rounds to 0 or 1, and then 0·log 0 is NaN. The logarithm and the exponential of the "
            "sigmoid undo each other: use ζ((1 − 2y)z) from the logit.",
        ),
        Misconception(
            clipped_cross_entropy,
            "clipping the probability hides the overflow and costs the point of it all: every mistake beyond a "
            "certain logit costs the same, so its gradient is 0. Use ζ((1 − 2y)z) from the logit.",
            any_size="eps",
        ),
        Misconception(
            loss_of_a_clipped_logit,
            "the logit is clipped, so every mistake beyond the clip costs the same, and its gradient is 0. ζ((1 − 2y)z) is "
            "safe for any logit: nothing has to be clipped.",
            any_size="limit",
        ),
        Misconception(
            cross_entropy_with_a_small_constant,
            "a small constant in the logarithm hides the infinity and costs the point of it all: every confident mistake "
            "beyond a certain logit costs the same, so its gradient is 0. Use ζ((1 − 2y)z) from the logit: no constant is "
            "needed.",
            any_size="eps",
        ),
        Misconception(
            bernoulli_sign_flipped,
            "right answers are dear here, and mistakes cheap: the sign is 1 − 2y, which is −1 for y = 1.",
        ),
        Misconception(
            bernoulli_target_ignored,
            "the target plays no part: this is −log σ(z) for every entry, right for y = 1 only.",
        ),
        Misconception(
            bernoulli_mean_taken,
            "one number came back. Here each entry keeps its own loss: leave the mean to the caller.",
        ),
        Misconception(
            bernoulli_log_likelihood,
            "this is the log-likelihood, which is never positive. The loss is minus that.",
        ),
    ),
    minutes=8,
    difficulty=2,
    needs=("softplus",),
)
