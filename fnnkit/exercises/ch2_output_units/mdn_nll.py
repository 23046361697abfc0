"""`mdn_nll`: negative log-likelihood of Gaussian mixtures, the mean of ``−log Σ_i π_i N(y; μ_i, σ_i² I)``."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import outputs
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.exercises.drawing import beyond, both_signs, rounded
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

NARROW = "stable for σ = 10⁻⁶ and far targets"


def mixture(rng: np.random.Generator, n: int, k: int, d: int) -> tuple[Any, Any, Any, Any]:
    """Weights, means, scales and targets of an ordinary mixture."""
    pi = np.round(rng.uniform(0.1, 1.0, (n, k)), 2)
    log_pi = np.log(pi / pi.sum(axis=1, keepdims=True))
    sigma = np.round(rng.uniform(0.4, 0.8, (n, k)), 2) * np.resize([1.0, 2.0], k)
    return log_pi, both_signs(rng, n, k, d), sigma, rounded(rng, n, d)


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``mdn_nll(log_pi, mu, sigma, y)``."""
    value = "the negative log-likelihood"
    log_pi, mu, sigma, y = mixture(rng, 2, 2, 2)
    half = np.log(np.full((1, 2), 0.5))
    near = np.array([[[0.25, -1.0], [2.0, 1.0]]])
    return [
        Case((log_pi, mu, sigma, y), value, "two components, two outputs"),
        Case((np.zeros((2, 1)), both_signs(rng, 2, 1, 3), np.ones((2, 1)), rounded(rng, 2, 3)), value,
             "one component, σ = 1: gaussian_nll"),
        Case(mixture(rng, 3, 3, 1), value, "three components, one output"),
        Case((log_pi[:, ::-1], mu[:, ::-1], sigma[:, ::-1], y), value, "components in another order"),
        Case(mixture(rng, 9, 4, 2), value, "nine examples, four components"),
        *(
            Case((*mixture(rng, 2, 2, 2)[:1], *places[:1], (1 + abs(sign)) * np.ones((2, 2)), *places[1:]), value, why)
            for (places, why), sign in zip(beyond(rng, (2, 2, 2), (2, 2)), (4.0, 0.0, 0.0), strict=True)
        ),
        Case((half, near, np.full((1, 2), 1e-6), near[:, 0] + 1e-6), NARROW, "narrow, and close to one mean"),
        Case((half, near, np.full((1, 2), 0.05), near[:, 0] + 30.0), NARROW, "far from every mean"),
        Case((np.array([[0.0, -np.inf]]), near, np.full((1, 2), 1e-6), near[:, 1]), NARROW,
             "one weight is 0, and the target lies at its mean"),
        Case((np.repeat(half, 2, 0), np.repeat(near, 2, 0), np.full((2, 2), 0.05), near[[0, 0], 0] + [[0.05], [30.0]]), NARROW,
             "one target close to a mean, one far from every mean"),
    ]  # fmt: skip


def mdn_plain_sum(log_pi, mu, sigma, y):
    """Densities are added as they are: they underflow to 0."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    density = np.exp(-0.5 * squared / sigma**2) / (2 * np.pi) ** (d / 2) / sigma**d
    return -np.log((np.exp(log_pi) * density).sum(axis=1)).mean()


def mdn_normaliser_of_one_dimension(log_pi, mu, sigma, y):
    """log σ and ½ log 2π once, whatever d is."""
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - np.log(sigma) - 0.5 * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_one_log_sigma(log_pi, mu, sigma, y):
    """log σ once, whatever d is; the rest of the normaliser is right."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_one_log_two_pi(log_pi, mu, sigma, y):
    """½ log 2π once, whatever d is; the rest of the normaliser is right."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_mixture_for_each_dimension(log_pi, mu, sigma, y):
    """No product over the dimensions: each has a mixture of its own."""
    s = sigma[:, :, None]
    joint = log_pi[:, :, None] - 0.5 * ((y[:, None, :] - mu) / s) ** 2 - np.log(s) - 0.5 * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).sum(axis=1).mean()


def mdn_average_of_logs(log_pi, mu, sigma, y):
    """Σ π log N in the place of log Σ π N."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    log_n = -0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -(np.exp(log_pi) * log_n).sum(axis=1).mean()


def mdn_weights_forgotten(log_pi, mu, sigma, y):
    """log Σ N."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    log_n = -0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(log_n, axis=1).mean()


def mdn_variance_for_scale(log_pi, mu, sigma, y):
    """σ is taken for the variance."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma - 0.5 * d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_best_component_only(log_pi, mu, sigma, y):
    """The maximum in the place of the sum."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -joint.max(axis=1).mean()


def mdn_summed_over_examples(log_pi, mu, sigma, y):
    """The sum over the examples."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).sum()


def mdn_square_over_scale(log_pi, mu, sigma, y):
    """σ in the exponent, the normaliser is right."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_half_forgotten(log_pi, mu, sigma, y):
    """The exponent without its half."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_without_log_sigma(log_pi, mu, sigma, y):
    """No −d log σ."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_without_two_pi(log_pi, mu, sigma, y):
    """No constant."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_logs_added_up(log_pi, mu, sigma, y):
    """The sum of the logarithms over the components."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -joint.sum(axis=1).mean()


def mdn_maximum_not_added_back(log_pi, mu, sigma, y):
    """The shift is not undone."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.log(np.exp(joint - joint.max(axis=1, keepdims=True)).sum(axis=1)).mean()


def mdn_log_likelihood(log_pi, mu, sigma, y):
    """Without the minus."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return np.logaddexp.reduce(joint, axis=1).mean()


def mdn_mean_over_components(log_pi, mu, sigma, y):
    """The densities are averaged."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return np.log(mu.shape[1]) - np.logaddexp.reduce(joint, axis=1).mean()


def mdn_norm_not_squared(log_pi, mu, sigma, y):
    """The distance without its square."""
    d = y.shape[1]
    distance = np.sqrt(((y[:, None, :] - mu) ** 2).sum(axis=2))
    joint = log_pi - 0.5 * distance / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_squares_averaged(log_pi, mu, sigma, y):
    """The mean over the outputs."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).mean(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_square_of_the_sum(log_pi, mu, sigma, y):
    """(Σ diff)²."""
    d = y.shape[1]
    squared = (y[:, None, :] - mu).sum(axis=2) ** 2
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_normaliser_with_the_wrong_sign(log_pi, mu, sigma, y):
    """+ d log σ."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 + d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_log_weights_as_weights(log_pi, mu, sigma, y):
    """log of the logarithm is avoided: the weights are log π."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = np.exp(log_pi) - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_one_number_an_example(log_pi, mu, sigma, y):
    """The mean is left to others."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1)


def mdn_log_of_the_mean(log_pi, mu, sigma, y):
    """The densities of the examples are averaged before the logarithm."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return np.log(len(y)) - np.logaddexp.reduce(joint, axis=None)


def mdn_divided_by_entries(log_pi, mu, sigma, y):
    """The mean over n·d."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).sum() / y.size


def mdn_one_maximum_for_all(log_pi, mu, sigma, y):
    """The maximum of all examples."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.mean(joint.max() + np.log(np.exp(joint - joint.max()).sum(axis=1)))


def mdn_d_is_the_number_of_components(log_pi, mu, sigma, y):
    """k in the place of d."""
    k = mu.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - k * np.log(sigma) - 0.5 * k * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_constant_not_halved(log_pi, mu, sigma, y):
    """d log 2π."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_logs_multiplied(log_pi, mu, sigma, y):
    """log π · log N."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    with np.errstate(invalid="ignore"):
        joint = log_pi * (-0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi))
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_half_of_log_sigma(log_pi, mu, sigma, y):
    """(d/2) log σ."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - 0.5 * d * np.log(2 * np.pi * sigma)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_logs_averaged(log_pi, mu, sigma, y):
    """The mean of the logarithms over the components."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -joint.mean()


EXERCISE = Exercise(
    name="mdn_nll",
    chapter="ch2_output_units",
    reference=outputs.mdn_nll,
    cases=cases,
    criteria=(
        Criterion("the negative log-likelihood", 1.25, agrees()),
        stable(NARROW, 0.5, rtol=1e-8),
        calm_but(NARROW),
    ),
    misconceptions=(
        Misconception(
            mdn_plain_sum,
            "far from every mean each density underflows to 0, and log 0 is −inf. Stay with logarithms: that of a "
            "component's density is a sum, and log Σ exp, with the largest pulled out, adds the components up.",
        ),
        Misconception(
            mdn_normaliser_of_one_dimension,
            "the normaliser is that of one dimension. In d dimensions a component has σ⁻ᵈ(2π)^(−d/2): both "
            "logarithms come d times.",
        ),
        Misconception(
            mdn_one_log_sigma,
            "log σ comes once. In d dimensions a component has σ⁻ᵈ(2π)^(−d/2), so its logarithm has −d log σ.",
        ),
        Misconception(
            mdn_one_log_two_pi,
            "½ log 2π comes once. In d dimensions a component has σ⁻ᵈ(2π)^(−d/2): it comes d times.",
        ),
        Misconception(
            mdn_mixture_for_each_dimension,
            "each output has a mixture of its own here. A component is a density of the whole vector y: sum the "
            "squares over the outputs **before** the components are added up.",
        ),
        Misconception(
            mdn_average_of_logs,
            "the weighted logs were averaged: Σ π log N. The density is a sum, and its logarithm stands outside: "
            "log Σ π N.",
        ),
        Misconception(mdn_weights_forgotten, "the weights are missing: add `log_pi` to each log-density."),
        Misconception(
            mdn_variance_for_scale,
            "σ is a standard deviation. The exponent has σ², and the normaliser σᵈ.",
        ),
        Misconception(
            mdn_best_component_only,
            "only the best component counts here. The maximum approximates log Σ exp; the sum is asked for.",
        ),
        Misconception(mdn_summed_over_examples, "this is summed over the examples. The loss is their mean."),
        Misconception(
            mdn_square_over_scale,
            "the squared distance is divided by σ. In the exponent stands σ², as σ is a standard deviation.",
        ),
        Misconception(mdn_half_forgotten, "the ½ of the exponent is missing."),
        Misconception(
            mdn_without_log_sigma,
            "the term −d log σ is missing: without it a wide component costs nothing.",
        ),
        Misconception(mdn_without_two_pi, "the constant (d/2)·log 2π is missing."),
        Misconception(
            mdn_logs_added_up,
            "the logarithms of the components were added up, which multiplies their densities. A "
            "mixture adds the densities: log Σ exp.",
        ),
        Misconception(
            mdn_maximum_not_added_back,
            "the maximum was pulled out of the sum and not added again: it stands in front of the logarithm.",
        ),
        Misconception(mdn_log_likelihood, "the sign is that of the log-likelihood. A loss is minus that."),
        Misconception(
            mdn_mean_over_components,
            "the components were averaged. They have weights already, so they are added up.",
        ),
        Misconception(
            mdn_norm_not_squared,
            "the distance stands in the exponent without its square: a square root that nobody asked for. Sum the "
            "squares.",
        ),
        Misconception(
            mdn_squares_averaged,
            "the squares were averaged over the outputs. The squared distance is their sum.",
        ),
        Misconception(
            mdn_square_of_the_sum,
            "the differences were added up over the outputs before the square, so that opposite signs "
            "cancel. Square first.",
        ),
        Misconception(
            mdn_normaliser_with_the_wrong_sign,
            "d log σ was added to the log-density. A wide component is low: it is subtracted.",
        ),
        Misconception(
            mdn_log_weights_as_weights,
            "the weights were added to log-densities. Logarithms are added to logarithms: `log_pi` as it is.",
        ),
        Misconception(mdn_one_number_an_example, "one number an example came back. The loss is their mean."),
        Misconception(
            mdn_log_of_the_mean,
            "the densities of the examples were averaged before the logarithm. Take the logarithm for "
            "each example, then the mean.",
        ),
        Misconception(
            mdn_divided_by_entries,
            "this is divided by the number of all target entries. The mean is over the n examples.",
        ),
        Misconception(
            mdn_one_maximum_for_all,
            "one maximum was pulled out for all examples. An example far below it is rounded to 0: "
            "each has a maximum of its own.",
        ),
        Misconception(
            mdn_d_is_the_number_of_components,
            "the normaliser uses the number of components. d is the number of outputs: `y.shape[1]`.",
        ),
        Misconception(
            mdn_constant_not_halved,
            "the constant has lost its ½: it is (d/2)·log 2π.",
        ),
        Misconception(
            mdn_logs_multiplied,
            "log π was multiplied with log N. The logarithm of the product π·N is the sum of the two.",
        ),
        Misconception(
            mdn_half_of_log_sigma,
            "log σ has a factor ½ too many: it is d log σ, or (d/2)·log σ².",
        ),
        Misconception(
            mdn_logs_averaged,
            "the logarithms of the components were averaged. A mixture adds their densities, each with its weight, "
            "and the logarithm is that of the sum: log Σ exp.",
        ),
    ),
    verify="Start with one component (`log_pi` is 0) and σ = 2: the result should be your `gaussian_nll(y / 2, mu[:, 0] / 2)`, "
    "plus d log 2. Then halve its weight, and give the other half to a component that is far away: log 2 more.",
    minutes=15,
    difficulty=3,
    core=False,
)
