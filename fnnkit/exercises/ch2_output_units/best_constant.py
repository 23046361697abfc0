"""`best_constant`: the constant prediction with the least loss: the mean for ``"mse"``, the median for ``"mae"``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fnnkit import losses
from fnnkit.exercises.ch2_output_units.calmness import ever_calm
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.compare import difference, show
from fnnkit.judge.criteria import agrees, raised_problem
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception, Trial
from fnnkit.judge.verdict import Problem


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``best_constant(y, loss)``: mean, median, mode and midrange are four different numbers."""
    squared, absolute = "least squared error", "least absolute error"
    cases = []
    for loss, criterion in (("mse", squared), ("mae", absolute)):
        scale, shift = rng.integers(1, 4), int(rng.integers(-3, 4))
        five = scale * rng.permuted(np.array([0.0, 0.0, 1.0, 3.0, 9.0])) + shift
        cases += [
            Case((five, loss), criterion),
            Case((-five[rng.permutation(5)], loss), criterion, "a long tail to the left"),
            Case(
                (rng.permuted(np.array([-5.0, -5.0, 2.0, 3.0, 4.0, 10.0, 25.0])), loss),
                criterion,
                "seven targets",
            ),
            Case((rng.permuted(np.arange(17.0) ** 2) + shift, loss), criterion, "seventeen targets"),
            Case((rounded(rng, 1), loss), criterion, "one target"),
        ]
    # In the middle, unsorted, stand two that are far from being medians, and differ.
    around, middle = rng.permuted(np.array([0.0, 1.0, 3.0, 4.0])), rng.permuted(np.array([0.0, 20.0]))
    even = np.concatenate([around[:2], middle, around[2:]]) + rng.integers(-3, 4)
    return [
        *cases,
        Case((even, "mae"), absolute, "an even number of targets: any point between the middle two"),
    ]


def least_absolute(trials: Sequence[Trial]) -> Problem | None:
    """Test that no other constant has a smaller sum of absolute errors: for an even number there are many."""
    for trial in trials:
        if trial.given.error:
            return raised_problem(trial, trial.given.error)
        problem = difference(trial.expected.value, trial.given.value)
        if problem is None:
            continue
        y = np.sort(np.asarray(trial.case.args[0], dtype=float))
        low, high = y[(len(y) - 1) // 2], y[len(y) // 2]
        if problem.kind == "values":
            slack = 1e-5 if trial.case.args[0].dtype == np.float32 else 1e-9
            if low - slack <= float(trial.given.value) <= high + slack:
                continue
        if low < high:
            problem = replace(problem, expected=f"any number from {show(low)} to {show(high)}", finding="")
        return replace(problem, call=trial.written())
    return None


def best_constants_swapped(y, loss):
    """Median for the squared error, mean for the absolute one."""
    return float(np.median(y) if loss == "mse" else np.mean(y))


def best_constant_always_mean(y, loss):
    """The mean, whatever the loss."""
    return float(np.mean(y))


def best_constant_always_median(y, loss):
    """The median, whatever the loss."""
    return float(np.median(y))


def best_constant_mode(y, loss):
    """The most frequent value."""
    values, counts = np.unique(y, return_counts=True)
    return float(values[np.argmax(counts)])


def best_constant_midrange(y, loss):
    """Halfway between the smallest and the largest."""
    return float((np.min(y) + np.max(y)) / 2)


def best_constant_middle_entry(y, loss):
    """The entry in the middle, without sorting."""
    return float(np.mean(y) if loss == "mse" else y[len(y) // 2])


def best_constant_middle_entries(y, loss):
    """The entry in the middle, or the mean of the middle two, without sorting."""
    if loss == "mse":
        return float(np.mean(y))
    return float((y[(len(y) - 1) // 2] + y[len(y) // 2]) / 2)


def least_loss_itself(y, loss):
    """The smallest loss, in the place of where it is."""
    if loss == "mse":
        return float(np.mean((y - np.mean(y)) ** 2))
    return float(np.mean(np.abs(y - np.median(y))))


def best_constant_below_the_median(y, loss):
    """The sorted list is counted from 1."""
    return np.mean(y) if loss == "mse" else np.sort(y)[len(y) // 2 - 1]


def best_constant_among_the_targets(y, loss):
    """Only targets are tried."""
    power = 2 if loss == "mse" else 1
    return min(y, key=lambda c: (np.abs(y - c) ** power).sum())


def best_constant_whole_numbers(y, loss):
    """The mean is rounded."""
    return np.round(np.mean(y)) if loss == "mse" else np.median(y)


def best_constant_not_divided(y, loss):
    """The sum in the place of the mean."""
    return np.sum(y) if loss == "mse" else np.median(y)


def best_constant_root_mean_square(y, loss):
    """The root of the mean square."""
    return np.sqrt(np.mean(y**2)) if loss == "mse" else np.median(y)


def best_constant_each_value_once(y, loss):
    """Repeated targets count once."""
    once = np.unique(y)
    return np.mean(once) if loss == "mse" else np.median(once)


def best_constant_mean_of_sizes(y, loss):
    """The mean of |y|."""
    return np.mean(y) if loss == "mse" else np.mean(np.abs(y))


def best_constant_spread(y, loss):
    """The standard deviation, and the mean deviation."""
    return np.std(y) if loss == "mse" else np.mean(np.abs(y - np.median(y)))


def best_constant_zero(y, loss):
    """The derivative's zero is taken for the answer."""
    return 0.0


def best_constant_median_of_sizes(y, loss):
    """The median of |y|."""
    return np.mean(y) if loss == "mse" else np.median(np.abs(y))


def best_constant_weighted_once(y, loss):
    """n − 1 below the mean."""
    return np.sum(y) / max(len(y) - 1, 1) if loss == "mse" else np.median(y)


def best_constant_above_the_median(y, loss):
    """The middle of the sorted list, and one more."""
    if loss == "mse":
        return np.mean(y)
    return np.sort(y)[min(len(y) // 2 + 1, len(y) - 1)] if len(y) % 2 else np.median(y)


def best_constant_index(y, loss):
    """The place of the best target."""
    power = 2 if loss == "mse" else 1
    return int(np.argmin([(np.abs(y - c) ** power).sum() for c in y]))


def best_constant_distance_from_the_mean(y, loss):
    """The mean of |y − mean|."""
    return np.mean(y) if loss == "mse" else np.mean(np.abs(y - np.mean(y)))


def best_constant_half_of_a_percent(y, loss):
    """The median as percentile ½."""
    return np.mean(y) if loss == "mse" else np.percentile(y, 0.5)


EXERCISE = Exercise(
    name="best_constant",
    chapter="ch2_output_units",
    reference=losses.best_constant,
    cases=cases,
    criteria=(
        Criterion("least squared error", 0.5, agrees()),
        Criterion("least absolute error", 0.5, least_absolute),
        ever_calm(),
    ),
    misconceptions=(
        Misconception(
            best_constants_swapped,
            "the two are swapped. A squared error punishes large distances hard and is pulled by an outlier: the "
            "mean. An absolute error only asks how many lie on either side: the median.",
        ),
        Misconception(
            best_constant_always_mean,
            "this is the mean for both losses. Move c a little to the right of the middle target: more absolute "
            "errors grow than shrink. The minimiser of the absolute error is the median.",
        ),
        Misconception(
            best_constant_always_median,
            'this is the median for both losses. For `"mse"`, set the derivative of Σ(yᵢ − c)² to 0: the mean.',
        ),
        Misconception(
            best_constant_mode,
            "this is the mode, the most frequent target. It would be best if only exact hits counted.",
        ),
        Misconception(
            best_constant_midrange,
            "this is the middle between the smallest and the largest target. It would be best if only the "
            "largest error counted.",
        ),
        Misconception(
            best_constant_middle_entry,
            "this is the entry in the middle of the array as it came. That is the median only if the array is sorted: "
            "`np.sort` first, or `np.median`.",
        ),
        Misconception(
            best_constant_middle_entries,
            "this is the middle of the array as it came. That is the median only if the array is sorted: `np.sort` "
            "first, or `np.median`.",
        ),
        Misconception(
            least_loss_itself,
            "this is the smallest value of the loss. Asked for is the constant that attains it.",
        ),
        Misconception(
            best_constant_below_the_median,
            "the neighbour below the median came out. Positions count from 0, so the middle of the "
            "sorted targets stands one further on.",
        ),
        Misconception(
            best_constant_among_the_targets,
            "for squared errors the best of the targets came out. The best constant need not be one of them: it is "
            "their mean.",
        ),
        Misconception(
            best_constant_whole_numbers,
            "the mean was rounded, or only whole numbers were tried. The best constant may be any number.",
        ),
        Misconception(
            best_constant_not_divided,
            "this is the sum of the targets. The mean divides it by their number.",
        ),
        Misconception(
            best_constant_root_mean_square,
            "this is the root of the mean square of the targets. The constant that is nearest in "
            "squares is their plain mean.",
        ),
        Misconception(
            best_constant_each_value_once,
            "targets that are equal were counted once. Each of them has a loss of its own, so each counts.",
        ),
        Misconception(
            best_constant_mean_of_sizes,
            "this is the mean of the absolute targets. The absolute value belongs to the error, and "
            "the constant that makes those smallest is the median.",
        ),
        Misconception(
            best_constant_spread,
            "this says how far the targets scatter. Asked for is the constant that they scatter around.",
        ),
        Misconception(
            best_constant_zero,
            "this is 0 for all targets. The derivative is 0 at the best constant; the constant itself "
            "is not.",
        ),
        Misconception(
            best_constant_median_of_sizes,
            "this is the median of the absolute targets. The signs of the targets count: take the "
            "median of the targets.",
        ),
        Misconception(
            best_constant_weighted_once,
            "the sum is divided by one less than the number of targets. A mean divides by their number.",
        ),
        Misconception(
            best_constant_above_the_median,
            "the neighbour above the median came out. Positions count from 0, so the middle of the sorted targets "
            "stands one before.",
        ),
        Misconception(
            best_constant_index,
            "this is the index of the best of the targets. Asked for is the constant itself, and for squared errors "
            "that need not be a target: it is their mean.",
        ),
        Misconception(
            best_constant_distance_from_the_mean,
            "this is how far the targets are from their mean, on average. Asked for is the constant that makes the "
            "absolute errors smallest: the median.",
        ),
        Misconception(
            best_constant_half_of_a_percent,
            "below this number lies half a percent of the targets, not half of them: `np.percentile` counts up to "
            "100. The median is `np.median`.",
        ),
    ),
    minutes=5,
    difficulty=1,
)
