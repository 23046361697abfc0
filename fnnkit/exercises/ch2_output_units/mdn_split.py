"""`mdn_split`: split raw outputs into the parameters of Gaussian mixtures."""

from __future__ import annotations

import numpy as np

from fnnkit import outputs
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

RAW = "stable for raw outputs of ±10⁴"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``mdn_split(a, k, d)``; k and d differ, so that the blocks show."""
    cases = []
    for criterion in ("log_pi", "mu", "sigma"):
        cases += [
            Case((both_signs(rng, 2, 12), 3, 2), criterion, "three components, two outputs"),
            Case((both_signs(rng, 3, 6), 2, 1), criterion, "two components, one output"),
            Case((both_signs(rng, 2, 10), 2, 3), criterion, "two components, three outputs"),
        ]
    cases += [
        Case((both_signs(rng, 1, 3), 1, 1), "mu", "one component, one example"),
        *(
            Case((*a, 3, 2), criterion, f"nine examples, {why}")
            for criterion in ("log_pi", "mu", "sigma")
            for a, why in beyond(rng, (9, 12))
        ),
        Case((np.array([[1e4, -1e4, 0.5, 2.0, 1e4, -40.0]]), 2, 1), RAW),
        Case((np.array([[-1e4, 1e4, 1.0, -1.0, 800.0, 1e4]]), 2, 1), RAW),
    ]
    return cases


def mdn_split_weights_over_the_batch(a, k, d):
    """The weights are normalised over the examples."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=0, keepdims=True)
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_probabilities(a, k, d):
    """π in the place of log π."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return np.exp(log_pi), a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_logits_as_they_are(a, k, d):
    """The weights are not normalised."""
    return a[:, :k], a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_means_by_dimension(a, k, d):
    """Means are read dimension by dimension."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    mu = a[:, k : k + k * d].reshape(len(a), d, k).transpose(0, 2, 1)
    return log_pi, mu, np.logaddexp(0, a[:, k + k * d :])


def mdn_split_means_flat(a, k, d):
    """Means of shape (n, k·d)."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return log_pi, a[:, k : k + k * d], np.logaddexp(0, a[:, k + k * d :])


def mdn_split_negative_scales(a, k, d):
    """Raw scales: a standard deviation may be negative."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), a[:, k + k * d :]


def mdn_split_scales_by_exp(a, k, d):
    """Exponential in the place of the softplus."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    sigma = np.exp(np.minimum(a[:, k + k * d :], 700))
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), sigma


def mdn_split_as_printed(a, k, d):
    """log of the softmax, and log(1 + exp): not stable."""
    e = np.exp(a[:, :k])
    log_pi = np.log(e / e.sum(axis=1, keepdims=True))
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.log(1 + np.exp(a[:, k + k * d :]))


def mdn_split_weights_over_all_columns(a, k, d):
    """The log-softmax runs over means and scales too."""
    log_all = a - np.logaddexp.reduce(a, axis=1, keepdims=True)
    return log_all[:, :k], a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_means_first(a, k, d):
    """Blocks in another order: means, logits, scales."""
    logits = a[:, k * d : k * d + k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return log_pi, a[:, : k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_scales_in_the_middle(a, k, d):
    """Blocks in another order: logits, scales, means."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return log_pi, a[:, 2 * k :].reshape(len(a), k, d), np.logaddexp(0, a[:, k : 2 * k])


def mdn_split_component_by_component(a, k, d):
    """As if each component had its logit, its means and its scale together."""
    each = a.reshape(len(a), k, 2 + d)
    log_pi = each[:, :, 0] - np.logaddexp.reduce(each[:, :, 0], axis=1, keepdims=True)
    return log_pi, each[:, :, 1 : 1 + d], np.logaddexp(0, each[:, :, 1 + d])


def mdn_split_means_through_softplus(a, k, d):
    """Positive means."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    mu = np.logaddexp(0, a[:, k : k + k * d]).reshape(len(a), k, d)
    return log_pi, mu, np.logaddexp(0, a[:, k + k * d :])


def mdn_split_scales_from_the_logits(a, k, d):
    """The first columns again."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, logits)


def mdn_split_log_scales(a, k, d):
    """log σ."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    sigma = np.logaddexp(0, a[:, k + k * d :])
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.log(sigma)


def mdn_split_variances(a, k, d):
    """σ²."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    sigma = np.logaddexp(0, a[:, k + k * d :])
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), sigma**2


def mdn_split_deviations_of_variances(a, k, d):
    """√ of the softplus."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    sigma = np.logaddexp(0, a[:, k + k * d :])
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.sqrt(sigma)


def mdn_split_one_sum_for_all(a, k, d):
    """The weights of all examples sum to 1."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=None)
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_minus_log_weights(a, k, d):
    """−log π."""
    logits = a[:, :k]
    minus = np.logaddexp.reduce(logits, axis=1, keepdims=True) - logits
    return minus, a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_scales_by_abs(a, k, d):
    """|raw|."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.abs(a[:, k + k * d :])


def mdn_split_logs_of_sigmoids(a, k, d):
    """A sigmoid for each weight."""
    log_pi = -np.logaddexp(0, -a[:, :k])
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_log_of_the_softmax(a, k, d):
    """The probability has rounded to 0 before the logarithm sees it."""
    e = np.exp(a[:, :k] - a[:, :k].max(axis=1, keepdims=True))
    log_pi = np.log(e / e.sum(axis=1, keepdims=True))
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_naive_softplus(a, k, d):
    """log(1 + exp) overflows."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.log(1 + np.exp(a[:, k + k * d :]))


def mdn_split_means_in_the_other_order(a, k, d):
    """Means of shape (n, d, k)."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return log_pi, a[:, k : k + k * d].reshape(len(a), d, k), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_scales_after_the_first_means(a, k, d):
    """k scales from column k + d on."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + d : k + d + k])


EXERCISE = Exercise(
    name="mdn_split",
    chapter="ch2_output_units",
    reference=outputs.mdn_split,
    returns=("log_pi", "mu", "sigma"),
    cases=cases,
    criteria=(
        Criterion("log_pi", 0.5, agrees(part=0)),
        Criterion("mu", 0.5, agrees(part=1)),
        Criterion("sigma", 0.5, agrees(part=2)),
        stable(RAW, 0.25),
        calm_but(RAW),
    ),
    misconceptions=(
        Misconception(
            mdn_split_weights_over_the_batch,
            "the weights are normalised over the examples: axis 0. Each example has a mixture of its own, so its k "
            "weights sum to 1: the last axis.",
        ),
        Misconception(
            mdn_split_probabilities,
            "these are the weights π. Asked for are their logarithms, which do not underflow.",
        ),
        Misconception(
            mdn_split_logits_as_they_are,
            "the logits came back as they are. Weights have to sum to 1: pass them through your `log_softmax`.",
        ),
        Misconception(
            mdn_split_means_by_dimension,
            "the means are read dimension by dimension. The block holds them component by component: all d numbers "
            "of component 0, then of component 1: `.reshape(n, k, d)`.",
        ),
        Misconception(
            mdn_split_means_flat,
            "the means came back flat. Give them one axis for components and one for outputs: `.reshape(n, k, d)`.",
        ),
        Misconception(
            mdn_split_negative_scales,
            "σ can be negative here. Pass the raw scales through your `softplus`.",
        ),
        Misconception(
            mdn_split_scales_by_exp,
            "the raw scales went through the exponential. It is positive too (many papers use it), but asked for is "
            "the softplus, which does not run away for large raw outputs.",
        ),
        Misconception(
            mdn_split_as_printed,
            "the exponentials overflow for large raw outputs. Use your stable `log_softmax` and `softplus`.",
        ),
        Misconception(
            mdn_split_weights_over_all_columns,
            "the log-softmax ran over all columns, means and scales too, so the weights do not sum to "
            "1. Cut the logits out first.",
        ),
        Misconception(
            mdn_split_means_first,
            "the blocks are taken in another order. The logits come first, then the means, then the "
            "raw scales.",
        ),
        Misconception(
            mdn_split_scales_in_the_middle,
            "the scales were looked for in the middle. The logits come first, then the means, then "
            "the raw scales.",
        ),
        Misconception(
            mdn_split_component_by_component,
            "each component was given its logit, its means and its scale side by side. There are "
            "three blocks: all logits, all means, all raw scales.",
        ),
        Misconception(
            mdn_split_means_through_softplus,
            "the means went through the softplus too. They are free: only scales have to be positive.",
        ),
        Misconception(
            mdn_split_scales_from_the_logits,
            "the scales were made of the logits. The raw scales are the last k columns.",
        ),
        Misconception(
            mdn_split_log_scales,
            "the logarithm of the scales came back. Only the weights are asked for as logarithms.",
        ),
        Misconception(
            mdn_split_variances,
            "the scales were squared. The softplus is the standard deviation itself.",
        ),
        Misconception(
            mdn_split_deviations_of_variances,
            "the softplus was taken for the variance, and its root returned. It is the standard "
            "deviation itself.",
        ),
        Misconception(
            mdn_split_one_sum_for_all,
            "all examples share one sum. Each example has a mixture of its own, so its k weights sum to 1.",
        ),
        Misconception(
            mdn_split_minus_log_weights,
            "there is a minus before the logarithms of the weights. The minus comes with the loss.",
        ),
        Misconception(
            mdn_split_scales_by_abs,
            "the absolute value makes the scales positive, with a kink and a 0. Asked for is the softplus.",
        ),
        Misconception(
            mdn_split_logs_of_sigmoids,
            "each weight went through a sigmoid of its own. The k weights share one sum: a softmax.",
        ),
        Misconception(
            mdn_split_log_of_the_softmax,
            "a weight has rounded to 0 before the logarithm sees it, and log 0 is −inf. Use your `log_softmax`, which "
            "takes no logarithm of a probability.",
        ),
        Misconception(
            mdn_split_naive_softplus,
            "for the scales an exponential overflows where the raw output is large. Use your stable `softplus`.",
        ),
        Misconception(
            mdn_split_means_in_the_other_order,
            "the axes of the means are in another order: the components come before the outputs, `.reshape(n, k, d)`.",
        ),
        Misconception(
            mdn_split_scales_after_the_first_means,
            "the scales begin too early, at column k + d. There are k·d means before them: the raw scales are the "
            "last k columns.",
        ),
    ),
    minutes=10,
    difficulty=2,
    needs=("log_softmax", "softplus"),
    core=False,
)
