"""`mse`: mean squared error, over all entries."""

from __future__ import annotations

import numpy as np

from fnnkit import losses
from fnnkit.exercises.ch1_xor.four_points import XOR_Y
from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.criteria import agrees, calm, refuses
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``mse(y_pred, y_true)``."""
    value, shapes = "the mean of the squares", "different shapes are refused"
    return [
        Case((both_signs(rng, 4), XOR_Y), value, "the targets of XOR"),
        Case((both_signs(rng, 3), both_signs(rng, 3)), value),
        Case((both_signs(rng, 3, 2), both_signs(rng, 3, 2)), value, "several outputs an example"),
        Case((both_signs(rng, 1), both_signs(rng, 1) + 3.0), value, "one example"),
        *(Case(args, value, why) for args, why in beyond(rng, (9, 4), (9, 4))),
        Case((both_signs(rng, 2, 3, 4), both_signs(rng, 2, 3, 4)), value, "three axes"),
        Case((both_signs(rng, 3), both_signs(rng, 3, 1)), shapes, "shape (3,) against (3, 1)"),
        Case((both_signs(rng, 2, 1), both_signs(rng, 2)), shapes, "shape (2, 1) against (2,)"),
        Case((both_signs(rng, 4), both_signs(rng, 1)), shapes, "shape (4,) against (1,)"),
        Case((both_signs(rng, 2, 3), both_signs(rng, 3, 2)), shapes, "shape (2, 3) against (3, 2)"),
    ]


def sum_of_squares(y_pred, y_true):
    """Sum in the place of the mean."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.sum((y_pred - y_true) ** 2)


def half_the_mean(y_pred, y_true):
    """An extra ½."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return 0.5 * np.mean((y_pred - y_true) ** 2)


def mean_absolute_error(y_pred, y_true):
    """Absolute value in the place of the square."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.mean(np.abs(y_pred - y_true))


def root_mean_square(y_pred, y_true):
    """The square root is taken."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.sqrt(np.mean((y_pred - y_true) ** 2))


def mean_over_rows_only(y_pred, y_true):
    """Sum over the outputs, mean over the examples."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.sum((y_pred - y_true) ** 2) / len(y_pred)


def broadcast_to_a_square(y_pred, y_true):
    """Right for equal shapes; ``(n,)`` against ``(n, 1)`` broadcasts."""
    return np.mean((y_pred - y_true) ** 2)


def difference_in_place(y_pred, y_true):
    """Right values, but the predictions are overwritten."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    y_pred -= y_true
    return np.mean(y_pred**2)


def square_of_the_mean(y_pred, y_true):
    """First the mean, then the square."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.mean(y_pred - y_true) ** 2


def difference_of_the_squares(y_pred, y_true):
    """Squares of both are subtracted."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.mean(y_pred**2 - y_true**2)


def norm_of_the_difference(y_pred, y_true):
    """The length of the difference."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.sqrt(np.sum((y_pred - y_true) ** 2))


def norm_over_the_number(y_pred, y_true):
    """The length, divided by the number of entries."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.sqrt(np.sum((y_pred - y_true) ** 2)) / np.size(y_pred)


def one_number_a_column(y_pred, y_true):
    """Averaged over the examples only."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.mean((y_pred - y_true) ** 2, axis=0)


def divided_by_one_less(y_pred, y_true):
    """n − 1, as for a variance."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.sum((y_pred - y_true) ** 2) / (np.size(y_pred) - 1)


def variance_of_the_difference(y_pred, y_true):
    """The mean difference is taken away."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.var(y_pred - y_true)


def mean_difference(y_pred, y_true):
    """Without any square."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.mean(y_pred - y_true)


def mean_over_columns_only(y_pred, y_true):
    """Divided by the length of the last axis."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.sum((y_pred - y_true) ** 2) / np.shape(y_pred)[-1]


def square_of_the_sum(y_pred, y_true):
    """The differences are added up, squared, and divided."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.sum(y_pred - y_true) ** 2 / np.size(y_pred)


def relative_to_the_targets(y_pred, y_true):
    """Divided by the squares of the targets."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.sum((y_pred - y_true) ** 2) / np.sum(y_true**2)


EXERCISE = Exercise(
    name="mse",
    chapter="ch1_xor",
    reference=losses.mse,
    cases=cases,
    criteria=(
        Criterion("the mean of the squares", 0.5, agrees()),
        Criterion(
            "different shapes are refused",
            0.25,
            refuses(
                "Compare `y_pred.shape` and `y_true.shape` first, and `raise ValueError(…)` if they differ."
            ),
        ),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            sum_of_squares,
            "this is the sum of the squared differences. The mean divides it by the number of entries, so that "
            "the loss does not grow with the size of the data set.",
        ),
        Misconception(
            half_the_mean,
            "there is a factor ½ too many. Some books put it there to cancel the 2 of the derivative; the slides "
            "use the plain mean.",
        ),
        Misconception(
            mean_absolute_error,
            "this is the mean of the absolute differences. The S in MSE is for squared: take the square of each "
            "difference, `** 2`, in the place of its size.",
        ),
        Misconception(root_mean_square, "the square root is not part of the mean squared error."),
        Misconception(
            mean_over_rows_only,
            "the sum is divided by the number of rows, the length of the first axis. Divide by the number of all "
            "entries, `y_pred.size`.",
        ),
        Misconception(
            broadcast_to_a_square,
            "numpy broadcasts `(n,)` against `(n, 1)` to `(n, n)`: every prediction is compared with every target. "
            "The number that comes out looks plausible, and means nothing.",
        ),
        Misconception(
            difference_in_place,
            "the caller's array is overwritten. `y_pred -= y_true` works in place, `y_pred - y_true` makes a new one.",
        ),
        Misconception(
            square_of_the_mean,
            "the differences were averaged before they were squared, so that errors of opposite signs "
            "cancel. Square first.",
        ),
        Misconception(
            difference_of_the_squares,
            "both were squared and then subtracted. The square is that of the difference.",
        ),
        Misconception(
            norm_of_the_difference,
            "this is the length of the difference: a square root too many, and the division by the "
            "number of entries is missing.",
        ),
        Misconception(
            norm_over_the_number,
            "this divides the length of the difference, which is a root, by the number of entries. The sum of the "
            "squares is the length squared.",
        ),
        Misconception(
            one_number_a_column,
            "only the first axis is averaged, so that arrays of more axes give several numbers. The "
            "mean is over all entries.",
        ),
        Misconception(
            divided_by_one_less,
            "the sum is divided by one less than the number of entries, as for the variance of a "
            "sample. This is a plain mean.",
        ),
        Misconception(
            variance_of_the_difference,
            "this is the variance of the differences: their mean is taken away first, so that a "
            "constant error costs nothing.",
        ),
        Misconception(
            mean_difference,
            "the differences are averaged without a square, so that errors of opposite signs cancel.",
        ),
        Misconception(
            mean_over_columns_only,
            "the sum is divided by the length of the last axis. Divide by the number of all entries.",
        ),
        Misconception(
            square_of_the_sum,
            "the differences were added up before the sum was squared. Square each of them first.",
        ),
        Misconception(
            relative_to_the_targets,
            "the sum is divided by that of the squared targets, as for a relative error. Divide by the number of "
            "all entries.",
        ),
    ),
    minutes=5,
    difficulty=1,
)
