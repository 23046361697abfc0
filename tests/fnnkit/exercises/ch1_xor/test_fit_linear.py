"""`fit_linear`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest

from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise

WORTH = 2.0
# What each mistake leaves, by hand,
# of 2: least squares with intercept 1, smallest weights when many fit 0.75, calm 0.25
COSTS = {
    "no_intercept": 0.0,
    "intercept_after_uncentred_fit": 0.0,
    "inverse_of_singular_matrix": 1.25,
    "intercept_kept_small_too": 1.25,
    "intercept_first": 0.0,
    "intercept_without_the_mean_of_x": 0.0,
    "centres_in_place": 1.75,
    "only_the_targets_centred": 0.0,
    "weights_of_standardised_features": 0.0,
    "standardised_and_shifted": 0.0,
    "intercept_with_the_wrong_sign": 0.0,
    "each_column_by_itself": 0.0,
    "covariances_summed": 0.0,
    "covariances_in_the_place_of_weights": 0.0,
    "centred_by_one_mean": 0.0,
    "a_little_ridge": 0.0,
    "sum_of_the_weights_taken_away": 0.0,
    "row_means_taken_away": 0.0,
    "intercept_from_the_wrong_end": 0.0,
    "intercept_without_the_mean_of_y": 0.0,
    "intercept_of_the_centred_data": 0.0,
    "centred_by_one_mean_throughout": 0.0,
    "one_mean_in_the_intercept": 0.0,
    "smallest_for_standardised_columns": 1.25,
    "intercept_from_the_first_example": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["no_intercept", "intercept_after_uncentred_fit", "inverse_of_singular_matrix"]


SEEDS = range(20)


def test_on_xor_the_reference_is_flat_at_one_half():
    asked = exercise("fit_linear")
    case = asked.cases.declared(np.random.default_rng(0))[0]
    w, b = asked.reference(*case.args)
    np.testing.assert_allclose(w, [0.0, 0.0], rtol=0, atol=1e-12)
    assert b == pytest.approx(0.5, abs=1e-12)


def test_the_rank_deficient_inputs_are_exactly_so_and_have_another_solution():
    asked = exercise("fit_linear")
    for seed in SEEDS:
        small = [
            c
            for c in asked.cases(np.random.default_rng(seed))
            if c.criterion == "smallest weights when many fit"
        ]
        assert len(small) == 3
        for case in small:
            X, y = case.args
            centred = X - X.mean(axis=0)
            rank = np.linalg.matrix_rank(centred)
            assert rank < X.shape[1]
            w, b = asked.reference(X, y)
            assert w == pytest.approx(
                np.linalg.lstsq(centred, y - y.mean(), rcond=1e-10)[0], rel=1e-8, abs=1e-10
            )
            null = np.linalg.svd(centred)[2][-1]
            other = w + null
            np.testing.assert_allclose(X @ other + y.mean() - X.mean(axis=0) @ other, X @ w + b, atol=1e-9)
            assert np.linalg.norm(other) > np.linalg.norm(w)


def test_a_ridge_is_not_the_least_squares_fit():
    def ridge(X, y):
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc + 1e-3 * np.eye(X.shape[1]), Xc.T @ (y - y.mean()))
        return w, y.mean() - X.mean(axis=0) @ w

    assert judged("fit_linear", ridge).points < 2.0
