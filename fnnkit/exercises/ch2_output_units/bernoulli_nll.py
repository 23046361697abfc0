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


def bernoulli_all_zeros(z, y):
    """ζ(z): as if every target were 0."""
    return np.logaddexp(0, z) + 0 * y


def bernoulli_sign_outside(z, y):
    """(1 − 2y) ζ(z)."""
    return (1 - 2 * y) * np.logaddexp(0, z)


def bernoulli_targets_of_plus_and_minus_one(z, y):
    """ζ(−yz), for targets of ±1."""
    return np.logaddexp(0, -y * z)


def bernoulli_squared_error(z, y):
    """(σ − y)²."""
    return (0.5 * (1 + np.tanh(0.5 * z)) - y) ** 2


def bernoulli_hinge(z, y):
    """max(0, (1 − 2y)z)."""
    return np.maximum(0, (1 - 2 * y) * z)


def bernoulli_plus_for_minus(z, y):
    """ζ(z) + yz."""
    return np.logaddexp(0, z) + y * z


def bernoulli_probability_of_the_other(z, y):
    """σ((1 − 2y)z)."""
    return 0.5 * (1 + np.tanh(0.5 * (1 - 2 * y) * z))


def bernoulli_probability(z, y):
    """σ((2y − 1)z)."""
    return 0.5 * (1 + np.tanh(0.5 * (2 * y - 1) * z))


def bernoulli_ones_only(z, y):
    """yζ(−z)."""
    return y * np.logaddexp(0, -z)


def bernoulli_zeros_only(z, y):
    """(1 − y)ζ(z)."""
    return (1 - y) * np.logaddexp(0, z)


def bernoulli_minus_missing_for_ones(z, y):
    """The two terms have different signs."""
    return np.where(y == 1, -np.logaddexp(0, -z), np.logaddexp(0, z))


def bernoulli_sum_taken(z, y):
    """The sum over the entries."""
    return np.logaddexp(0, (1 - 2 * y) * z).sum()


def bernoulli_softplus_minus_y(z, y):
    """ζ(z) − y."""
    return np.logaddexp(0, z) - y


def bernoulli_of_both(z, y):
    """ζ(z) + ζ(−z)."""
    return np.logaddexp(0, z) + np.logaddexp(0, -z) + 0 * y


def bernoulli_difference_in_the_softplus(z, y):
    """ζ(y − z)."""
    return np.logaddexp(0, y - z)


def bernoulli_minus_missing_for_zeros(z, y):
    """The two terms have different signs, the other way round."""
    return np.where(y == 1, np.logaddexp(0, -z), -np.logaddexp(0, z))


def bernoulli_complement_of_the_loss_for_zeros(z, y):
    """1 − ζ(−z) for y = 0."""
    return np.where(y == 1, np.logaddexp(0, -z), 1 - np.logaddexp(0, -z))


def bernoulli_complement_of_the_loss_for_ones(z, y):
    """1 − ζ(z) for y = 1."""
    return np.where(y == 1, 1 - np.logaddexp(0, z), np.logaddexp(0, z))


def bernoulli_minus_the_loss_for_zeros(z, y):
    """−ζ(−z) for y = 0."""
    return np.where(y == 1, np.logaddexp(0, -z), -np.logaddexp(0, -z))


def bernoulli_of_the_likelier(z, y):
    """ζ(−|z|)."""
    return np.logaddexp(0, -np.abs(z)) + 0 * y


def bernoulli_of_a_probability(z, y):
    """The probability in the place of the logit."""
    return np.logaddexp(0, (1 - 2 * y) * 0.5 * (1 + np.tanh(0.5 * z)))


def bernoulli_zeros_counted_always(z, y):
    """yζ(−z) + ζ(z)."""
    return y * np.logaddexp(0, -z) + np.logaddexp(0, z)


def bernoulli_ones_counted_always(z, y):
    """ζ(−z) + (1 − y)ζ(z)."""
    return np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)


EXERCISE = Exercise(
    name="bernoulli_nll",
    chapter="ch2_output_units",
    reference=losses.bernoulli_nll,
    cases=cases,
    criteria=(Criterion("values", 0.75, agrees(rtol=NEAR)), stable(FAR, 0.5), calm_but(FAR)),
    misconceptions=(
        Misconception(
            log_of_the_sigmoid,
            "a confident mistake costs infinity (or numpy warns on the way): an exponential overflows, or σ rounds to "
            "0, before the logarithm sees it. Stay with the logit: −log σ((2y − 1)z) is ζ((1 − 2y)z), and your "
            "softplus is safe.",
        ),
        Misconception(
            cross_entropy_of_the_sigmoid,
            "the probability rounds to 0 or 1, and then 0·log 0 is NaN. The logarithm and the exponential of the "
            "sigmoid undo each other: use ζ((1 − 2y)z) from the logit.",
        ),
        Misconception(
            clipped_cross_entropy,
            "a small number keeps the logarithms off 0, so every mistake beyond a certain logit costs the same, and "
            "its gradient is 0. Use ζ((1 − 2y)z) from the logit: no such number is needed.",
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
            "right answers are dear here, and mistakes cheap: this is minus the logarithm of the other outcome's "
            "probability, or ζ of the logit with the other sign. For y = 1 the loss falls as z grows.",
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
        Misconception(
            bernoulli_all_zeros,
            "the target plays no part: this is −log(1 − σ(z)) for every entry, right for y = 0 only.",
        ),
        Misconception(
            bernoulli_sign_outside,
            "for y = 1 this is −ζ(z), so losses become negative. The minus belongs to the logit, inside of the "
            "softplus.",
        ),
        Misconception(
            bernoulli_targets_of_plus_and_minus_one,
            "this is ζ(−yz), which is right for targets −1 and 1. Here they are 0 and 1: make signs of them first.",
        ),
        Misconception(
            bernoulli_squared_error,
            "this is the squared error of the probability. The loss of a Bernoulli distribution is minus the "
            "logarithm of the probability of what was seen.",
        ),
        Misconception(
            bernoulli_hinge,
            "this is max(0, (1 − 2y)z), with a corner. The logarithm of the sigmoid is rounded there: "
            "a softplus.",
        ),
        Misconception(
            bernoulli_plus_for_minus,
            "for y = 1 the loss should fall with z: multiplied out it is ζ(z) − yz, with a minus.",
        ),
        Misconception(
            bernoulli_probability_of_the_other,
            "this is the probability of the other outcome, a number below 1. The loss is minus the "
            "logarithm of that of the outcome that was seen.",
        ),
        Misconception(
            bernoulli_probability,
            "this is the probability of what was seen. The loss is minus its logarithm.",
        ),
        Misconception(
            bernoulli_ones_only,
            "targets 0 cost nothing here: the term for them, −(1 − y) log(1 − σ(z)), is missing.",
        ),
        Misconception(
            bernoulli_zeros_only,
            "targets 1 cost nothing here: the term for them, −y log σ(z), is missing.",
        ),
        Misconception(
            bernoulli_minus_missing_for_ones,
            "for y = 1 this is the log-likelihood: there the minus of the loss is missing.",
        ),
        Misconception(
            bernoulli_sum_taken,
            "one number came back, a sum. Here each entry keeps its own loss.",
        ),
        Misconception(
            bernoulli_softplus_minus_y,
            "this is ζ(z) − y. For y = 1 the logit is taken away from ζ(z), not 1.",
        ),
        Misconception(
            bernoulli_of_both,
            "both outcomes are counted in every entry. Only the one that was seen costs something.",
        ),
        Misconception(
            bernoulli_difference_in_the_softplus,
            "the softplus sees the difference of target and logit. The target chooses the sign of z: "
            "(1 − 2y)z.",
        ),
        Misconception(
            bernoulli_minus_missing_for_zeros,
            "for y = 0 this is the log-likelihood: there the minus of the loss is missing.",
        ),
        Misconception(
            bernoulli_complement_of_the_loss_for_zeros,
            "for y = 0 this is 1 minus the loss of y = 1. Probabilities add up to 1, their logarithms do not: take 1 "
            "− σ(z) before the logarithm.",
        ),
        Misconception(
            bernoulli_complement_of_the_loss_for_ones,
            "for y = 1 this is 1 minus the loss of y = 0. Probabilities add up to 1, losses do not: for y = 1 the "
            "loss is −log σ(z).",
        ),
        Misconception(
            bernoulli_minus_the_loss_for_zeros,
            "for y = 0 this is minus the loss of y = 1, so losses become negative. The probability of 0 is 1 − σ(z): "
            "the loss there is minus the logarithm of that.",
        ),
        Misconception(
            bernoulli_of_the_likelier,
            "this is ζ(−|z|), as if the likelier outcome had been seen every time: the target plays no part.",
        ),
        Misconception(
            bernoulli_of_a_probability,
            "the logit went through the sigmoid, and the result was taken for the logit. ζ((1 − 2y)z) has the sigmoid "
            "in it already.",
        ),
        Misconception(
            bernoulli_zeros_counted_always,
            "for y = 1 the loss of y = 0 is counted as well: the factor 1 − y has no effect, or is missing.",
        ),
        Misconception(
            bernoulli_ones_counted_always,
            "for y = 0 the loss of y = 1 is counted as well: the factor y has no effect, or is missing.",
        ),
    ),
    minutes=8,
    difficulty=2,
    needs=("softplus",),
)
