"""`rbf_kernel`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise

WORTH = 2.0
# What each mistake leaves, by hand,
# of 2: similarities of all pairs 1, points far from the origin 0.5, edges 0.25, calm 0.25
COSTS = {
    "distance_not_squared": 0.0,
    "gamma_as_width": 0.0,
    "minus_forgotten": 0.0,
    "divided_by_gamma": 0.0,
    "points_against_themselves": 0.0,
    "rows_are_the_second_set": 0.0,
    "inner_product_in_the_place_of_distance": 0.0,
    "only_pairs_of_equal_rows": 0.0,
    "squares_multiplied_out": 1.5,
    "diagonal_of_ones": 0.0,
    "sum_of_absolute_differences": 0.0,
    "manhattan_squared": 0.0,
    "difference_of_the_sums": 0.0,
    "mean_over_coordinates": 0.0,
    "gamma_squared": 0.0,
    "gamma_as_variance": 0.0,
    "half_in_the_exponent": 0.0,
    "without_exponential": 0.0,
    "gamma_forgotten": 0.0,
    "exponentials_added": 0.0,
    "rows_add_up_to_one": 0.0,
    "largest_difference": 0.0,
    "without_exponential_but_falling": 0.0,
    "first_coordinate_only": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["distance_not_squared", "gamma_as_width", "minus_forgotten", "squares_multiplied_out"]


SEEDS = range(20)


def test_the_kernel_is_symmetric_positive_semidefinite_and_one_on_the_diagonal_near_and_far():
    asked = exercise("rbf_kernel")
    same = [c for c in asked.cases(np.random.default_rng(3)) if np.array_equal(c.args[0], c.args[1])]
    assert {c.criterion for c in same} == {"similarities of all pairs", "points far from the origin"}
    for case in same:
        K = asked.reference(*case.args)
        np.testing.assert_array_equal(K, K.T)
        np.testing.assert_array_equal(np.diag(K), 1.0)
        assert np.linalg.eigvalsh(K).min() > -1e-12


def test_multiplying_the_square_out_fails_far_away_however_its_negative_squares_are_hidden():
    def clipped(A, B, gamma):
        squared = (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) - 2 * A @ B.T
        return np.exp(-gamma * np.maximum(squared, 0))

    for seed in SEEDS:
        assert judged("rbf_kernel", clipped, seed).points == 1.5
