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
            "this is the mean of the absolute differences. The S in MSE is for squared: `** 2` in the place of "
            "`abs`.",
        ),
        Misconception(root_mean_square, "the square root is not part of the mean squared error."),
        Misconception(
            mean_over_rows_only,
            "the sum is divided by the number of rows. Divide by the number of all entries, `y_pred.size`.",
        ),
        Misconception(
            broadcast_to_a_square,
            "numpy broadcasts `(n,)` against `(n, 1)` to `(n, n)`: every prediction is compared with every target. "
            "The number that comes out looks plausible, and means nothing.",
        ),
        Misconception(
            difference_in_place,
            "`y_pred -= y_true` overwrites the caller's array. `y_pred - y_true` makes a new one.",
        ),
    ),
    minutes=5,
    difficulty=1,
)
