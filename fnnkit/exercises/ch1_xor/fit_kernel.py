"""`fit_kernel`: coefficients of kernel ridge regression: ``(K + ridge · I) alpha = y``."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import kernels
from fnnkit.exercises.ch1_xor.four_points import XOR_Y
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``fit_kernel(K, y, ridge)``; in one, two points are equal and only the ridge keeps K invertible."""
    value, equal = "(K + ridge · I) alpha = y", "a kernel matrix without inverse"
    close, far = np.exp(-1.0), np.exp(-2.0)
    K = np.array(
        [[1, close, close, far], [close, 1, far, close], [close, far, 1, close], [far, close, close, 1]]
    )

    def gram(n: int) -> Any:
        """Inner products of n points, away from a matrix without inverse."""
        features = both_signs(rng, n, n + 1)
        return np.round(features @ features.T, 2) + 0.5 * np.eye(n)

    twins = np.array([[2.0, 2.0, 0.5], [2.0, 2.0, 0.5], [0.5, 0.5, 1.0]])
    return [
        Case((K, XOR_Y, 1e-10), value, "the RBF kernel of XOR, next to no ridge"),
        Case((K, XOR_Y, 0.3), value, "the RBF kernel of XOR"),
        Case((gram(3), both_signs(rng, 3), 0.75), value),
        Case((4 * gram(9), both_signs(rng, 9, low=5.5, high=9.0), 0.5), value, "nine points, large numbers"),
        Case((gram(3), -np.abs(both_signs(rng, 3)), 0.4), value, "all targets negative"),
        Case((twins, both_signs(rng, 3), 0.5), equal, "two equal points"),
        Case((np.array([[4.0]]), np.round(rng.uniform(2, 6, 1), 2), 1.0), equal, "one point"),
    ]


def ridge_on_every_entry(K, y, ridge):
    """``K + ridge`` adds to all entries."""
    return np.linalg.solve(K + ridge, y)


def ridge_forgotten(K, y, ridge):
    """Plain interpolation."""
    return np.linalg.solve(K, y)


def kernel_squared(K, y, ridge):
    """Ridge regression on K as if it held features."""
    return np.linalg.solve(K.T @ K + ridge * np.eye(len(K)), K.T @ y)


def ridge_subtracted(K, y, ridge):
    """The sign of the ridge."""
    return np.linalg.solve(K - ridge * np.eye(len(K)), y)


def multiplied_in_the_place_of_solved(K, y, ridge):
    """No inverse."""
    return (K + ridge * np.eye(len(K))) @ y


def predictions_in_the_place_of_coefficients(K, y, ridge):
    """``K @ alpha``."""
    return K @ np.linalg.solve(K + ridge * np.eye(len(K)), y)


def ridge_times_n(K, y, ridge):
    """The mean of the losses instead of their sum."""
    return np.linalg.solve(K + len(K) * ridge * np.eye(len(K)), y)


def only_the_diagonal(K, y, ridge):
    """Each point by itself."""
    return y / (np.diagonal(K) + ridge)


def kernel_scaled_by_the_ridge(K, y, ridge):
    """K times 1 + ridge."""
    return np.linalg.solve((1 + ridge) * K, y)


def targets_centred(K, y, ridge):
    """The mean of the targets is taken away."""
    return np.linalg.solve(K + ridge * np.eye(len(K)), y - np.mean(y))


def ridge_added_to_the_coefficients(K, y, ridge):
    """The ridge comes after solving."""
    return np.linalg.solve(K, y) + ridge


def diagonal_replaced(K, y, ridge):
    """The ridge overwrites the diagonal."""
    return np.linalg.solve(K - np.diag(np.diagonal(K)) + ridge * np.eye(len(K)), y)


def ridge_squared(K, y, ridge):
    """λ² on the diagonal."""
    return np.linalg.solve(K + ridge**2 * np.eye(len(K)), y)


def ridge_inverted(K, y, ridge):
    """1/λ on the diagonal, as the C of a support vector machine."""
    return np.linalg.solve(K + np.eye(len(K)) / ridge, y)


def diagonal_one_and_ridge(K, y, ridge):
    """1 + ridge on the diagonal in addition to K."""
    return np.linalg.solve(K + (1 + ridge) * np.eye(len(K)), y)


def ridge_doubled(K, y, ridge):
    """The 2 of a derivative is left on the ridge."""
    return np.linalg.solve(K + 2 * ridge * np.eye(len(K)), y)


def ridge_halved(K, y, ridge):
    """½ ridge."""
    return np.linalg.solve(K + 0.5 * ridge * np.eye(len(K)), y)


def diagonal_of_an_rbf_kernel(K, y, ridge):
    """The diagonal is set to 1 + ridge."""
    return np.linalg.solve(K - np.diag(np.diagonal(K)) + (1 + ridge) * np.eye(len(K)), y)


def divided_by_row_sums(K, y, ridge):
    """Each target is divided by the sum of its row."""
    return y / (K.sum(axis=1) + ridge)


def ridge_added_to_the_inverse(K, y, ridge):
    """The ridge comes after inverting."""
    return (np.linalg.inv(K) + ridge * np.eye(len(K))) @ y


EXERCISE = Exercise(
    name="fit_kernel",
    chapter="ch1_xor",
    reference=kernels.fit_kernel,
    cases=cases,
    criteria=(
        Criterion("(K + ridge · I) alpha = y", 0.5, agrees(rtol=1e-8)),
        Criterion("a kernel matrix without inverse", 0.25, agrees(rtol=1e-8)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            ridge_on_every_entry,
            "the ridge was added to every entry of `K`. It belongs on the diagonal: `ridge * np.eye(len(K))`.",
        ),
        Misconception(ridge_forgotten, "the ridge is missing: solve (K + ridge · I) α = y."),
        Misconception(
            kernel_squared,
            "this is ridge regression with `K` as a table of features, and squares `K`. K is already made of inner "
            "products: solve (K + ridge · I) α = y as it stands.",
        ),
        Misconception(ridge_subtracted, "the ridge is added to the diagonal, not subtracted."),
        Misconception(
            multiplied_in_the_place_of_solved,
            "`y` was multiplied by the matrix. The equation has to be solved for α: `np.linalg.solve(matrix, y)`.",
        ),
        Misconception(
            predictions_in_the_place_of_coefficients,
            "these are the predictions `K @ alpha`. The coefficients `alpha` are asked for.",
        ),
        Misconception(
            ridge_times_n,
            "the ridge was multiplied by the number of points. Here it is added to the diagonal as it is.",
        ),
        Misconception(
            only_the_diagonal,
            "only the diagonal of `K` was used, each point by itself. The points act on each other: a "
            "system of equations has to be solved.",
        ),
        Misconception(
            kernel_scaled_by_the_ridge,
            "every entry of `K` has grown by the factor 1 + ridge. The ridge itself is added, and to the diagonal "
            "only, whatever stands there.",
        ),
        Misconception(
            targets_centred,
            "the targets were centred first. Here there is no intercept: the equation holds `y` as it is.",
        ),
        Misconception(
            ridge_added_to_the_coefficients,
            "the ridge was added to the coefficients. It belongs into the matrix, before the "
            "equations are solved.",
        ),
        Misconception(
            diagonal_replaced,
            "the ridge has replaced the diagonal of `K`. It is added to what stands there.",
        ),
        Misconception(
            ridge_squared,
            "the ridge was squared. It is added to the diagonal as it is.",
        ),
        Misconception(
            ridge_inverted,
            "1/ridge was added to the diagonal. The ridge itself belongs there: a larger one smooths more.",
        ),
        Misconception(
            diagonal_one_and_ridge,
            "the diagonal has grown by 1 + ridge. It grows by the ridge only.",
        ),
        Misconception(
            ridge_doubled,
            "twice the ridge was added. A 2 that comes from a derivative would stand on both sides of the equation, "
            "and cancel.",
        ),
        Misconception(
            ridge_halved,
            "half of the ridge was added. It is added to the diagonal as it is.",
        ),
        Misconception(
            diagonal_of_an_rbf_kernel,
            "the diagonal was set to 1 + ridge. It is 1 for some kernels only: add the ridge to what "
            "stands there.",
        ),
        Misconception(
            divided_by_row_sums,
            "each target was divided by the sum of its row. Dividing by a matrix means to solve a "
            "system of equations.",
        ),
        Misconception(
            ridge_added_to_the_inverse,
            "the ridge was added to the inverse of `K`. It belongs on the diagonal of `K` itself, before the "
            "equations are solved.",
        ),
    ),
    verify="Multiply back: `(K + ridge * np.eye(len(K))) @ alpha` should be `y`.",
    minutes=5,
    difficulty=2,
)
