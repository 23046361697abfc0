"""`rbf_kernel`: radial basis function (Gaussian) kernel, ``K_ij = exp(−γ ‖a_i − b_j‖²)``."""

from __future__ import annotations

import numpy as np

from fnnkit import kernels
from fnnkit.exercises.ch1_xor.four_points import XOR_X
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``rbf_kernel(A, B, gamma)``; far from the origin ``‖a‖² + ‖b‖² − 2 a·b`` loses what matters."""
    value, far, edge = "similarities of all pairs", "points far from the origin", "one point, other sizes"
    gamma = float(rng.choice([0.3, 0.6, 0.8]))
    A = both_signs(rng, 3, 2, high=1.5)
    away = np.round(np.array([1234567.3, -7654321.7]) + both_signs(rng, 4, 2, high=1.0), 2)
    near = [
        (sign * np.round(rng.uniform(5.5, 7.0, (9, 4)), 2), sign * np.round(rng.uniform(5.5, 7.0, (5, 4)), 2))
        for sign in (1, -1)
    ]
    return [
        Case((XOR_X, XOR_X, gamma), value, "the four points of XOR"),
        Case((A, both_signs(rng, 2, 2, high=1.5), gamma), value),
        Case((A, A, gamma), value, "A = B"),
        Case((away, away, 0.7), far, "a million away"),
        Case(
            (both_signs(rng, 1, 3, high=1.0), both_signs(rng, 4, 3, high=1.0), 0.4),
            edge,
            "one point against four",
        ),
        Case((both_signs(rng, 3, 1, high=1.0), both_signs(rng, 2, 1, high=1.0), 1.3), edge, "one coordinate"),
        *(Case((*points, 0.25), edge, "four coordinates, all of one sign") for points in near),
    ]


def distance_not_squared(A, B, gamma):
    """The norm itself in the exponent."""
    distance = np.sqrt(((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2))
    return np.exp(-gamma * distance)


def gamma_as_width(A, B, gamma):
    """γ is taken for σ: division by 2σ²."""
    squared = ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-squared / (2 * gamma**2))


def minus_forgotten(A, B, gamma):
    """Far points come out similar."""
    squared = ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2)
    return np.exp(gamma * squared)


def divided_by_gamma(A, B, gamma):
    """γ in the denominator."""
    squared = ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-squared / gamma)


def points_against_themselves(A, B, gamma):
    """B is not looked at."""
    squared = ((A[:, None, :] - A[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-gamma * squared)


def rows_are_the_second_set(A, B, gamma):
    """The matrix is transposed."""
    squared = ((B[:, None, :] - A[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-gamma * squared)


def inner_product_in_the_place_of_distance(A, B, gamma):
    """Exponential of the inner products."""
    return np.exp(-gamma * (A @ B.T))


def only_pairs_of_equal_rows(A, B, gamma):
    """Row i of A against row i of B."""
    return np.exp(-gamma * ((A - B) ** 2).sum(axis=1))


def squares_multiplied_out(A, B, gamma):
    """``‖a‖² + ‖b‖² − 2 a·b``: far from the origin nothing is left of the difference."""
    squared = (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1)[None, :] - 2 * A @ B.T
    return np.exp(-gamma * squared)


def diagonal_of_ones(A, B, gamma):
    """The diagonal is set to 1, as if both sets were the same."""
    K = np.exp(-gamma * ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(K, 1.0)
    return K


def sum_of_absolute_differences(A, B, gamma):
    """Manhattan distance."""
    return np.exp(-gamma * np.abs(A[:, None, :] - B[None, :, :]).sum(axis=2))


def manhattan_squared(A, B, gamma):
    """The Manhattan distance, squared."""
    return np.exp(-gamma * np.abs(A[:, None, :] - B[None, :, :]).sum(axis=2) ** 2)


def difference_of_the_sums(A, B, gamma):
    """The square of the summed differences."""
    return np.exp(-gamma * (A[:, None, :] - B[None, :, :]).sum(axis=2) ** 2)


def mean_over_coordinates(A, B, gamma):
    """The mean in the place of the sum."""
    return np.exp(-gamma * ((A[:, None, :] - B[None, :, :]) ** 2).mean(axis=2))


def gamma_squared(A, B, gamma):
    """γ² in the exponent."""
    return np.exp(-((gamma * np.sqrt(((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2))) ** 2))


def gamma_as_variance(A, B, gamma):
    """Divided by 2γ."""
    return np.exp(-((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2) / (2 * gamma))


def half_in_the_exponent(A, B, gamma):
    """½γ."""
    return np.exp(-0.5 * gamma * ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2))


def without_exponential(A, B, gamma):
    """γ times the squared distance."""
    return gamma * ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2)


def gamma_forgotten(A, B, gamma):
    """γ = 1."""
    return np.exp(-((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2))


def exponentials_added(A, B, gamma):
    """A kernel for each coordinate, added up."""
    return np.exp(-gamma * (A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2)


def rows_add_up_to_one(A, B, gamma):
    """Similarities divided by their sum."""
    squared = ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2)
    K = np.exp(-gamma * squared)
    return K / K.sum(axis=1, keepdims=True)


def largest_difference(A, B, gamma):
    """The largest coordinate's difference."""
    return np.exp(-gamma * np.abs(A[:, None, :] - B[None, :, :]).max(axis=2) ** 2)


def without_exponential_but_falling(A, B, gamma):
    """1/(1 + γd²)."""
    return 1 / (1 + gamma * ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2))


def first_coordinate_only(A, B, gamma):
    """One coordinate."""
    return np.exp(-gamma * (A[:, None, 0] - B[None, :, 0]) ** 2)


EXERCISE = Exercise(
    name="rbf_kernel",
    chapter="ch1_xor",
    reference=kernels.rbf_kernel,
    cases=cases,
    criteria=(
        Criterion("similarities of all pairs", 1.0, agrees()),
        Criterion("points far from the origin", 0.5, agrees()),
        Criterion("one point, other sizes", 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            distance_not_squared,
            "the distance itself stands in the exponent. It should be squared: the sum of the squares, without a root.",
        ),
        Misconception(
            gamma_as_width,
            "`gamma` was taken for the width σ of a bell, with 2σ² in the denominator. Here γ multiplies.",
        ),
        Misconception(
            minus_forgotten,
            "similarities above 1: the minus in the exponent is missing. Far points should be less similar.",
        ),
        Misconception(divided_by_gamma, "`gamma` multiplies the squared distance; it does not divide it."),
        Misconception(
            points_against_themselves, "`B` is not used: the points of `A` were compared with each other."
        ),
        Misconception(
            rows_are_the_second_set,
            "it is transposed: row i belongs to point i of `A`, column j to point j of `B`.",
        ),
        Misconception(
            inner_product_in_the_place_of_distance,
            "the inner products a·b stand in the exponent. The squared distance is ‖a − b‖².",
        ),
        Misconception(
            only_pairs_of_equal_rows,
            "row i of `A` was compared with row i of `B` only. All pairs are asked for: `A[:, None, :] - B[None, :, :]` "
            "has shape `(n, m, d)`.",
        ),
        Misconception(
            squares_multiplied_out,
            "‖a‖² + ‖b‖² − 2 a·b is right on paper. Far from the origin it subtracts huge numbers that are nearly equal, "
            "and what is left is rounding error, even a negative square. Subtract first, then square.",
        ),
        Misconception(
            diagonal_of_ones,
            "the diagonal was set to 1. Point i of `A` and point i of `B` are different points in "
            "general: it is 1 by itself where they are equal.",
        ),
        Misconception(
            sum_of_absolute_differences,
            "the absolute differences were added up. The squared distance adds the squares of the "
            "differences.",
        ),
        Misconception(
            manhattan_squared,
            "the absolute differences were added up, and the sum was squared. Square each difference "
            "first, then add up.",
        ),
        Misconception(
            difference_of_the_sums,
            "the differences were added up before the square, so that coordinates of opposite signs "
            "cancel. Square first.",
        ),
        Misconception(
            mean_over_coordinates,
            "the squares were averaged over the coordinates. The squared distance is their sum.",
        ),
        Misconception(
            gamma_squared,
            "`gamma` is squared in the exponent. Only the distance is.",
        ),
        Misconception(
            gamma_as_variance,
            "`gamma` was taken for the variance of a bell, with twice of it below the line. Here γ "
            "multiplies, and there is no 2.",
        ),
        Misconception(
            half_in_the_exponent,
            "there is a factor ½ too many in the exponent.",
        ),
        Misconception(
            without_exponential,
            "this is γ times the squared distance. A similarity is the exponential of minus that.",
        ),
        Misconception(
            gamma_forgotten,
            "`gamma` is not used: it multiplies the squared distance.",
        ),
        Misconception(
            exponentials_added,
            "the exponential was taken of each coordinate, and then the sum. Add the squares up "
            "first, then take one exponential.",
        ),
        Misconception(
            rows_add_up_to_one,
            "the rows were divided by their sums. A kernel is no distribution: each pair has its "
            "similarity, whatever the others are.",
        ),
        Misconception(
            largest_difference,
            "only the coordinate that differs most counts here. The squared distance adds the squares "
            "of all.",
        ),
        Misconception(
            without_exponential_but_falling,
            "this falls with the distance too, as 1/(1 + γ‖a − b‖²). The RBF kernel has an exponential.",
        ),
        Misconception(
            first_coordinate_only,
            "only the first coordinate of the points was used. The squared distance adds the squares of all.",
        ),
    ),
    minutes=10,
    difficulty=2,
)
