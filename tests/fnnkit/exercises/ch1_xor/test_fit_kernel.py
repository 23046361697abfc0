"""`fit_kernel`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.registry import exercise

WORTH = 1.0
# What each mistake leaves, by hand,
# of 1: (K + ridge · I) alpha = y 0.5, a kernel matrix without inverse 0.25, calm 0.25
COSTS = {
    "ridge_on_every_entry": 0.0,
    "ridge_forgotten": 0.0,
    "kernel_squared": 0.0,
    "ridge_subtracted": 0.0,
    "multiplied_in_the_place_of_solved": 0.0,
    "predictions_in_the_place_of_coefficients": 0.0,
    "ridge_times_n": 0.0,
    "only_the_diagonal": 0.0,
    "kernel_scaled_by_the_ridge": 0.0,
    "targets_centred": 0.0,
    "ridge_added_to_the_coefficients": 0.0,
    "diagonal_replaced": 0.0,
    "ridge_squared": 0.0,
    "ridge_inverted": 0.0,
    "diagonal_one_and_ridge": 0.0,
    "ridge_doubled": 0.0,
    "ridge_halved": 0.0,
    "diagonal_of_an_rbf_kernel": 0.0,
    "divided_by_row_sums": 0.0,
    "ridge_added_to_the_inverse": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["ridge_on_every_entry", "kernel_squared"]


def test_as_the_ridge_vanishes_the_predictions_reproduce_xor():
    asked = exercise("fit_kernel")
    K, y, ridge = asked.cases.declared(np.random.default_rng(0))[0].args
    assert ridge <= 1e-9
    np.testing.assert_allclose(K @ asked.reference(K, y, ridge), [0, 1, 1, 0], atol=1e-8)
