"""`gaussian_nll`: negative log-likelihood of normal targets with unit covariance, ``½‖y − mean‖² + (d/2) log 2π``."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import losses
from fnnkit.exercises.ch2_output_units.calmness import ever_calm
from fnnkit.exercises.drawing import beyond, both_signs, rounded
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``gaussian_nll(y, mean)``; one, two and three outputs, so that d shows."""
    value, edge = "the negative log-likelihood", "one example, targets far from the mean"
    near = both_signs(rng, 3, 2)

    def about(mean: Any) -> Any:
        return np.round(mean + both_signs(rng, *mean.shape), 2)

    # The least density that is drawn anywhere: how far a small constant shows is not left to chance.
    off = np.abs(both_signs(rng, 9, 4))
    off[0] = 2.0
    wide, column, other = rounded(rng, 2, 3), rounded(rng, 4, 1), rounded(rng, 3, 2)
    return [
        Case((about(wide), wide), value, "two examples, three outputs"),
        Case((about(column), column), value, "one output"),
        Case((about(other), other), value),
        *(
            Case((mean + sign * rng.permutation(off), mean), value, f"nine examples, {why}")
            for ((mean,), why), sign in zip(beyond(rng, (9, 4)), (1, 1, -1), strict=True)
        ),
        Case((both_signs(rng, 1, 2), both_signs(rng, 1, 2)), edge, "one example"),
        Case((near + both_signs(rng, 3, 2, low=41.0, high=60.0), near), edge, "the density rounds to 0"),
    ]


def gaussian_constant_dropped(y, mean):
    """The part that does not depend on the network is left out."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean()


def gaussian_mean_over_entries(y, mean):
    """The squares are averaged over the outputs too."""
    return 0.5 * ((y - mean) ** 2).mean() + 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_half_missing(y, mean):
    """The square without its ½."""
    return ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_constant_of_one_output(y, mean):
    """½ log 2π once, whatever d is."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * np.log(2 * np.pi)


def gaussian_summed_over_examples(y, mean):
    """The sum over the examples."""
    return 0.5 * ((y - mean) ** 2).sum() + 0.5 * y.size * np.log(2 * np.pi)


def gaussian_log_likelihood(y, mean):
    """The log-likelihood itself, to be maximised."""
    return -0.5 * ((y - mean) ** 2).sum(axis=1).mean() - 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_norm_not_squared(y, mean):
    """The distance in the place of its square."""
    return 0.5 * np.linalg.norm(y - mean, axis=1).mean() + 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_constant_of_n(y, mean):
    """n in the place of d."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * len(y) * np.log(2 * np.pi)


def gaussian_sum_down_the_columns(y, mean):
    """Axis 0: summed over the examples, averaged over the outputs."""
    return 0.5 * ((y - mean) ** 2).sum(axis=0).mean() + 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_one_number_an_example(y, mean):
    """The mean over the examples is left to others."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1) + 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_through_the_density(y, mean):
    """The logarithm of the density: far from the mean that is rounded to 0."""
    density = np.exp(-0.5 * ((y - mean) ** 2).sum(axis=1)) / (2 * np.pi) ** (y.shape[1] / 2)
    return -np.log(density).mean()


def gaussian_density_with_a_small_constant(y, mean, eps=1e-12):
    """log(density + ε): far from the mean the loss stops growing."""
    density = np.exp(-0.5 * ((y - mean) ** 2).sum(axis=1)) / (2 * np.pi) ** (y.shape[1] / 2)
    return -np.log(density + eps).mean()


def gaussian_constant_once_for_the_batch(y, mean):
    """The constant is added once and divided by n as well."""
    return (0.5 * ((y - mean) ** 2).sum() + 0.5 * y.shape[1] * np.log(2 * np.pi)) / len(y)


def gaussian_constant_for_every_entry(y, mean):
    """d log 2π: the half is missing."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean() + y.shape[1] * np.log(2 * np.pi)


def gaussian_log_of_two_times_pi(y, mean):
    """log(2) · π."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * y.shape[1] * np.log(2) * np.pi


def gaussian_log_of_pi(y, mean):
    """log π."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * y.shape[1] * np.log(np.pi)


def gaussian_constant_subtracted(y, mean):
    """The sign of the constant."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean() - 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_exponent_with_the_wrong_sign(y, mean):
    """The sign of the square."""
    return -0.5 * ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_square_of_the_sum(y, mean):
    """(Σ diff)²."""
    return 0.5 * ((y - mean).sum(axis=1) ** 2).mean() + 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_absolute_errors(y, mean):
    """|y − mean|."""
    return 0.5 * np.abs(y - mean).sum(axis=1).mean() + 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_per_output(y, mean):
    """Everything divided by d too."""
    return 0.5 * ((y - mean) ** 2).mean() + 0.5 * np.log(2 * np.pi)


def gaussian_laplace(y, mean):
    """The likelihood of the other loss."""
    return np.abs(y - mean).sum(axis=1).mean() + y.shape[1] * np.log(2)


def gaussian_d_inside_the_logarithm(y, mean):
    """½ log(2πd)."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * np.log(2 * np.pi * y.shape[1])


def gaussian_constant_for_all_examples(y, mean):
    """n d / 2 log 2π."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * y.size * np.log(2 * np.pi)


def gaussian_halved_twice(y, mean):
    """½ of everything, the constant's own half beside it."""
    return 0.5 * (((y - mean) ** 2).sum(axis=1) + 0.5 * y.shape[1] * np.log(2 * np.pi)).mean()


def gaussian_constant_without_logarithm(y, mean):
    """d/2 · 2π."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * y.shape[1] * 2 * np.pi


def gaussian_constant_to_base_ten(y, mean):
    """log₁₀ 2π."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * y.shape[1] * np.log10(2 * np.pi)


EXERCISE = Exercise(
    name="gaussian_nll",
    chapter="ch2_output_units",
    reference=losses.gaussian_nll,
    cases=cases,
    criteria=(
        Criterion("the negative log-likelihood", 1.0, agrees(rtol=1e-4)),
        Criterion("one example, targets far from the mean", 0.25, agrees()),
        ever_calm(),
    ),
    misconceptions=(
        Misconception(
            gaussian_constant_dropped,
            "the constant (d/2)·log 2π is missing. It does not move the minimum, but without it this is no "
            "log-likelihood, and no comparison with another distribution would be fair.",
        ),
        Misconception(
            gaussian_mean_over_entries,
            "the squares are averaged over the outputs of an example as well. ‖y − mean‖² is a **sum** over the "
            "d outputs; the mean is over the examples only: `.sum(axis=1).mean()`.",
        ),
        Misconception(
            gaussian_half_missing,
            "the ½ of the exponent −½‖y − mean‖² is missing.",
        ),
        Misconception(
            gaussian_constant_of_one_output,
            "the constant stands there once. A density in d dimensions has the factor (2π)^(−d/2): the constant "
            "is d/2 times log 2π, with `d = y.shape[1]`.",
        ),
        Misconception(
            gaussian_summed_over_examples,
            "this is summed over the examples. Take the mean, so that the loss does not grow with the data set.",
        ),
        Misconception(
            gaussian_log_likelihood,
            "the sign is that of the log-likelihood. It is to be maximised; a loss is minimised, so put a minus "
            "in front.",
        ),
        Misconception(
            gaussian_constant_of_n,
            "the constant uses the number of examples. d is the number of outputs of one example: `y.shape[1]`.",
        ),
        Misconception(
            gaussian_sum_down_the_columns,
            "the squares were divided by the number of outputs: that is what summing them down the columns and "
            "averaging comes to. Sum along each row, `axis=1`, then average over the n examples.",
        ),
        Misconception(
            gaussian_one_number_an_example,
            "one number an example came back. The loss is their mean.",
        ),
        Misconception(
            gaussian_through_the_density,
            "this is the logarithm of a density that was computed first. Some 39 away from the mean the density is rounded "
            "to 0, and log 0 is −∞. Take the logarithm on paper, where the exponential goes away, and then compute.",
        ),
        Misconception(
            gaussian_density_with_a_small_constant,
            "a small number, added to the density or as its lower bound, hides that this rounds to 0 far from the "
            "mean: there the loss stops growing. Take the logarithm on paper, where the exponential goes away, and "
            "then compute.",
            any_size="eps",
        ),
        Misconception(
            gaussian_norm_not_squared,
            "the distance ‖y − mean‖ stands there without its square: a square root that nobody asked for. Sum the "
            "squares.",
        ),
        Misconception(
            gaussian_constant_once_for_the_batch,
            "the constant was added once for the whole batch, and then divided by n. Every example has it.",
        ),
        Misconception(
            gaussian_constant_for_every_entry,
            "the ½ of the constant is missing: (2π)^(−d/2) has half of d in the exponent.",
        ),
        Misconception(
            gaussian_log_of_two_times_pi,
            "the logarithm of 2 was multiplied by π. It is the logarithm of the product 2π.",
        ),
        Misconception(
            gaussian_log_of_pi,
            "the constant has log π. It is the logarithm of 2π.",
        ),
        Misconception(
            gaussian_constant_subtracted,
            "the constant was subtracted. In the negative log-likelihood both parts have the same sign.",
        ),
        Misconception(
            gaussian_exponent_with_the_wrong_sign,
            "the square was subtracted, so that targets far from their means are cheap. In the "
            "negative log-likelihood both parts have the same sign.",
        ),
        Misconception(
            gaussian_square_of_the_sum,
            "the differences of an example were added up before the square, so that opposite signs "
            "cancel. Square first.",
        ),
        Misconception(
            gaussian_absolute_errors,
            "absolute values stand where the squares should: those belong to the Laplace distribution.",
        ),
        Misconception(
            gaussian_per_output,
            "this is the mean over all entries. An example is one vector: its d outputs add up, and "
            "the mean is over the n examples.",
        ),
        Misconception(
            gaussian_laplace,
            "this is the Laplace distribution. The Gaussian has half of the square, and (d/2)·log 2π.",
        ),
        Misconception(
            gaussian_d_inside_the_logarithm,
            "d stands inside of the logarithm. As an exponent it comes out as a factor: d/2 times log 2π.",
        ),
        Misconception(
            gaussian_constant_for_all_examples,
            "the constant is that of all examples together, and the squares are averaged. Both are "
            "averaged over the n examples.",
        ),
        Misconception(
            gaussian_halved_twice,
            "the constant is half of what it should be: it is d/2 times log 2π, and any further ½ belongs to the "
            "square alone.",
        ),
        Misconception(
            gaussian_constant_without_logarithm,
            "the constant has lost its logarithm: it is d/2 times log 2π.",
        ),
        Misconception(
            gaussian_constant_to_base_ten,
            "the logarithm of 2π is to base 10 here: `np.log` is the natural one.",
        ),
    ),
    minutes=8,
    difficulty=2,
)
