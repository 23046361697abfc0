"""`heteroscedastic_nll`: normal targets whose mean and standard deviation are both outputs of a network."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import losses
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.exercises.drawing import both_signs, rounded
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

EXTREME = "stable for raw scales from −30 to 1000"


def drawn(rng: np.random.Generator, n: int) -> tuple[Any, Any]:
    """Raw outputs and targets of n examples."""
    return both_signs(rng, n, 2), rounded(rng, n)


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``heteroscedastic_nll(a, y)``; no scale is 1, where squares and logarithms hide mistakes."""
    value = "the negative log-likelihood"
    near = both_signs(rng, 2)
    close = np.column_stack([near, np.array([-30.0, -28.0])])
    wide = both_signs(rng, 2, 2, low=5.5, high=9.5)
    wide[:, 1] = np.abs(wide[:, 1])  # no density of an ordinary target is rounded to 0
    large = np.column_stack([both_signs(rng, 2), np.array([1000.0, 800.0])])
    return [
        Case(drawn(rng, 3), value),
        Case(drawn(rng, 4), value),
        Case(drawn(rng, 1), value, "one example"),
        Case(drawn(rng, 9), value, "nine examples"),
        Case((wide, both_signs(rng, 2, low=5.5, high=20.0)), value, "large numbers"),
        Case((np.round(rng.uniform(0.25, 2.0, (3, 2)), 2), np.round(rng.uniform(0.25, 2.0, 3), 2)), value,
             "nothing negative"),
        Case((np.round(rng.uniform(-2.0, -0.25, (3, 2)), 2), np.round(rng.uniform(-2.0, -0.25, 3), 2)), value,
             "nothing positive"),
        Case((close, near), EXTREME, "tiny scales, and the means are right"),
        Case((large, both_signs(rng, 2)), EXTREME, "large scales"),
        Case((np.array([[0.25, 900.0], [-0.5, -30.0]]), np.array([0.75, -0.5])), EXTREME, "one of each"),
        Case((np.array([[0.5, -5.0]]), np.array([1.75])), EXTREME, "a target many scales from its mean"),
    ]  # fmt: skip


def hetero_textbook_softplus(a, y):
    """log(1 + exp(raw)) as it is printed."""
    sigma = np.log(1 + np.exp(a[:, 1]))
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_without_log_scale(a, y):
    """Only the weighted square, and the constant."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + 0.5 * np.log(2 * np.pi)).mean()


def hetero_constant_dropped(a, y):
    """Without ½ log 2π."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + np.log(sigma)).mean()


def hetero_scale_is_the_variance(a, y):
    """The softplus is taken for σ²."""
    variance = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * (y - a[:, 0]) ** 2 / variance + 0.5 * np.log(variance) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_square_over_scale(a, y):
    """(y − μ)² / σ: the scale is not squared."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * (y - a[:, 0]) ** 2 / sigma + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_half_forgotten(a, y):
    """(y − μ)² / σ² without the ½."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (((y - a[:, 0]) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_exponential_scale(a, y):
    """σ = exp(raw), another map into the positive numbers."""
    with np.errstate(all="ignore"):
        return (0.5 * ((y - a[:, 0]) * np.exp(-a[:, 1])) ** 2 + a[:, 1] + 0.5 * np.log(2 * np.pi)).mean()


def hetero_raw_scale(a, y):
    """The raw scale itself, whatever its sign."""
    sigma = a[:, 1]
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + np.log(np.abs(sigma)) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_columns_exchanged(a, y):
    """The first column is taken for the scale."""
    sigma = np.maximum(a[:, 0], 0) + np.log1p(np.exp(-np.abs(a[:, 0])))
    return (0.5 * ((y - a[:, 1]) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_summed_over_examples(a, y):
    """The sum over the examples."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).sum()


def hetero_every_target_with_every_mean(a, y):
    """A column against a row."""
    sigma = np.maximum(a[:, 1:], 0) + np.log1p(np.exp(-np.abs(a[:, 1:])))
    return (0.5 * ((y - a[:, :1]) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_means_alone_in_a_column(a, y):
    """The means are a column, the scales are none."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * ((y - a[:, :1]) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_scales_alone_in_a_column(a, y):
    """The scales are a column, the means are none."""
    sigma = np.maximum(a[:, 1:], 0) + np.log1p(np.exp(-np.abs(a[:, 1:])))
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_means_through_softplus(a, y):
    """Both outputs are made positive."""
    m, sigma = np.logaddexp(0, a).T
    return (0.5 * ((y - m) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_raw_in_the_normaliser(a, y):
    """The raw scale in the place of log σ."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + a[:, 1] + 0.5 * np.log(2 * np.pi)).mean()


def hetero_sigma_in_the_normaliser(a, y):
    """σ in the place of log σ."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + sigma + 0.5 * np.log(2 * np.pi)).mean()


def hetero_log_of_the_variance(a, y):
    """2 log σ."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + 2 * np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_half_of_log_sigma(a, y):
    """½ log σ."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + 0.5 * np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_not_squared(a, y):
    """|y − μ| / σ."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * np.abs(y - a[:, 0]) / sigma + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_times_sigma(a, y):
    """(y − μ)² σ²."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * ((y - a[:, 0]) * sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_log_sigma_subtracted(a, y):
    """− log σ."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 - np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_log_likelihood(a, y):
    """The sign of all."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return -(0.5 * ((y - a[:, 0]) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_one_number_an_example(a, y):
    """The mean is left to others."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return 0.5 * ((y - a[:, 0]) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)


def hetero_constant_not_halved(a, y):
    """log 2π."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + np.log(sigma) + np.log(2 * np.pi)).mean()


def hetero_raw_scale_in_the_square(a, y):
    """The raw scale below the square, σ in the logarithm."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    return (0.5 * ((y - a[:, 0]) / a[:, 1]) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_one_scale_for_all(a, y):
    """The mean of the scales."""
    sigma = np.mean(np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1]))))
    return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_fixed_scale(a, y):
    """σ = 1."""
    return (0.5 * (y - a[:, 0]) ** 2 + 0.5 * np.log(2 * np.pi)).mean()


def hetero_logarithm_of_the_raw_scale(a, y):
    """The raw scale itself, and NaN where it is negative."""
    sigma = a[:, 1]
    with np.errstate(all="ignore"):
        return (0.5 * ((y - a[:, 0]) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)).mean()


def hetero_through_the_density(a, y):
    """The logarithm of the density: many scales from the mean that is rounded to 0."""
    sigma = np.maximum(a[:, 1], 0) + np.log1p(np.exp(-np.abs(a[:, 1])))
    with np.errstate(all="ignore"):
        return -np.log(np.exp(-0.5 * ((y - a[:, 0]) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))).mean()


def hetero_scale_by_sigmoid(a, y):
    """σ is taken for the sigmoid."""
    with np.errstate(over="ignore"):
        scale = 1 / (1 + np.exp(-a[:, 1]))
    return (0.5 * ((y - a[:, 0]) / scale) ** 2 + np.log(scale) + 0.5 * np.log(2 * np.pi)).mean()


EXERCISE = Exercise(
    name="heteroscedastic_nll",
    chapter="ch2_output_units",
    reference=losses.heteroscedastic_nll,
    cases=cases,
    criteria=(
        Criterion("the negative log-likelihood", 1.0, agrees()),
        stable(EXTREME, 0.5, rtol=1e-8),
        calm_but(EXTREME),
    ),
    misconceptions=(
        Misconception(
            hetero_textbook_softplus,
            "log(1 + exp(raw)) overflows for a large raw scale, and loses its digits for a very negative one. Call your own "
            "`softplus`.",
        ),
        Misconception(
            hetero_without_log_scale,
            "log σ is missing: without it the loss is smallest for an endless σ, which says nothing about any target.",
        ),
        Misconception(hetero_constant_dropped, "the constant is missing: ½ log 2π belongs to the density."),
        Misconception(
            hetero_scale_is_the_variance,
            "the softplus was taken for the variance. It is the standard deviation σ: the square has σ² below it, and the "
            "normaliser is log σ.",
        ),
        Misconception(
            hetero_square_over_scale,
            "the square is divided by σ. Divide the difference by σ, and square that.",
        ),
        Misconception(hetero_half_forgotten, "the factor ½ in front of the square is missing."),
        Misconception(
            hetero_exponential_scale,
            "σ is exp(raw) here. That is positive too, but the card asks for the softplus.",
        ),
        Misconception(
            hetero_raw_scale,
            "the raw scale, or its absolute value, stands where σ should. σ is the softplus of it.",
        ),
        Misconception(
            hetero_columns_exchanged,
            "the columns are exchanged: the mean is `a[:, 0]`, the raw scale `a[:, 1]`.",
        ),
        Misconception(
            hetero_summed_over_examples, "this is summed over the examples. The loss is their mean."
        ),
        Misconception(
            hetero_every_target_with_every_mean,
            "every target is compared with every mean and the σ that belongs to it, n·n numbers. Arrays of shape "
            "`(n, 1)` and `(n,)` do that together: `mu`, `sigma` and `y` all have to have shape `(n,)`.",
        ),
        Misconception(
            hetero_means_alone_in_a_column,
            "every target, with its σ, is compared with every mean, n·n numbers. Arrays of shape `(n, 1)` and `(n,)` "
            "do that together: `mu`, `sigma` and `y` all have to have shape `(n,)`.",
        ),
        Misconception(
            hetero_scales_alone_in_a_column,
            "every difference of target and mean is divided by every σ, n·n numbers. Arrays of shape `(n, 1)` and `(n,)` do "
            "that together: `mu`, `sigma` and `y` all have to have shape `(n,)`.",
        ),
        Misconception(
            hetero_means_through_softplus,
            "the means went through the softplus too. Only the scale has to be positive; a mean is free.",
        ),
        Misconception(
            hetero_raw_in_the_normaliser,
            "the raw scale was added in the place of log σ.",
        ),
        Misconception(
            hetero_sigma_in_the_normaliser,
            "σ was added without its logarithm.",
        ),
        Misconception(
            hetero_log_of_the_variance,
            "this has 2 log σ, which is log σ². Add log σ, or half of log σ².",
        ),
        Misconception(
            hetero_half_of_log_sigma,
            "log σ has a factor ½ too many. The half belongs to log σ², as in ½ log(2πσ²).",
        ),
        Misconception(
            hetero_not_squared,
            "the absolute difference over σ stands where its square should.",
        ),
        Misconception(
            hetero_times_sigma,
            "the difference was multiplied by σ. It is divided by it: a large scale makes an error cheap.",
        ),
        Misconception(
            hetero_log_sigma_subtracted,
            "log σ was subtracted, so that the loss is smallest for an endless σ. It is added.",
        ),
        Misconception(
            hetero_log_likelihood,
            "the sign is that of the log-likelihood. A loss is minus that.",
        ),
        Misconception(
            hetero_one_number_an_example,
            "one number an example came back. The loss is their mean.",
        ),
        Misconception(
            hetero_constant_not_halved,
            "the constant has lost its ½: it is ½ log 2π.",
        ),
        Misconception(
            hetero_raw_scale_in_the_square,
            "the difference was divided by the raw scale. Divide it by σ, the softplus of that.",
        ),
        Misconception(
            hetero_one_scale_for_all,
            "the scales were averaged. Each example has a scale of its own.",
        ),
        Misconception(
            hetero_fixed_scale,
            "the raw scale is not used: this is the loss for σ = 1.",
        ),
        Misconception(
            hetero_logarithm_of_the_raw_scale,
            "the raw scale was taken for σ; where it is negative its logarithm is NaN. Pass it through the softplus.",
        ),
        Misconception(
            hetero_through_the_density,
            "this is the logarithm of a density that was computed first. Some 39 σ from the mean the density is "
            "rounded to 0, and log 0 is −∞: take the logarithm on paper, where the exponential goes away, and then "
            "compute.",
        ),
        Misconception(
            hetero_scale_by_sigmoid,
            "the raw scale went through the sigmoid, which stays below 1. σ is a standard deviation here: the "
            "softplus of the raw scale.",
        ),
    ),
    needs=("softplus",),
    verify="Try two examples: means 0 and 10, raw scales log(e² − 1) and log(e − 1), which make σ 2 and 1. For y = 2 and 10 "
    "the result should be ¼ + ½ log 2 + ½ log 2π.",
    minutes=10,
    difficulty=2,
)
