"""`staircase_network`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
from scipy.special import expit

from fnnkit.approximation import staircase_network
from fnnkit.judge.attempt import judged

WORTH = 2.0
# What each mistake leaves, by hand, of 2: the height of every stair 1, a gentle slope 0.25, one unit a
# step 0.25, unusual input 0.25, inputs unchanged, no warning 0.25
COSTS = {
    "absolute_heights": 0.0,
    "absolute_heights_from_zero": 0.0,
    "starts_at_zero": 0.0,
    "biases_without_sharpness": 0.0,
    "sharpness_forgotten": 0.0,
    "biases_of_the_wrong_sign": 0.0,
    "steps_upwards_only": 0.0,
    "steps_in_the_other_direction": 0.0,
    "weights_as_a_column": 0.0,
    "a_unit_for_the_first_value": 1.75,
    "heights_above_the_ground": 0.0,
    "first_value_as_a_step": 0.0,
    "last_value_as_the_bias": 0.0,
    "sharpness_in_the_output_weights": 0.0,
    "biases_divided_by_the_sharpness": 0.0,
    "sharpness_in_the_biases_only": 0.0,
    "mean_as_the_bias": 0.0,
    "weights_without_an_axis": 0.0,
    "bias_in_an_array": 0.0,
    "values_as_output_weights": 0.0,
    "steps_one_value_early": 0.0,
    "steps_one_knot_late": 0.0,
    "first_value_as_a_step_too": 0.0,
    "step_kept_for_the_height": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["absolute_heights"]


def test_a_steep_staircase_is_a_step_function():
    knots, values = np.array([-1.0, 0.5, 2.0]), np.array([3.0, -1.0, 4.0, 0.5])
    W, c, w, b = staircase_network(knots, values, 1e4)
    x = np.array([-5.0, -0.2, 1.0, 9.0])
    np.testing.assert_allclose(
        expit(x[:, None] * W + c) @ w + b, values[np.searchsorted(knots, x)], atol=1e-12
    )


def test_other_parameters_of_the_same_function_get_full_marks():
    def mirrored(knots, values, sharpness):
        return np.full((1, len(knots)), -sharpness), sharpness * knots, -np.diff(values), float(values[-1])

    assert judged("staircase_network", mirrored).points == 2.0


def test_a_network_of_millions_of_units_is_not_evaluated():
    def huge(knots, values, sharpness):
        m = 1_000_000
        return np.zeros((1, m)), np.zeros(m), np.zeros(m), 0.0

    verdict = judged("staircase_network", huge)
    assert verdict.points == 0.0
    assert "far more than needed" in verdict.problem.finding


def test_a_gentle_slope_on_a_steep_staircase_is_named_by_its_place():
    def nearly(knots, values, sharpness):
        return np.full((1, len(knots)), sharpness), -sharpness * knots, np.diff(values), values[0] + 0.5

    assert "and should have" in judged("staircase_network", nearly).problem.finding


def test_a_mistake_is_known_by_the_function_that_the_network_is():
    def from_the_right(knots, values, sharpness):
        """The units go off in turn, each by its height above the ground."""
        W = np.full((1, len(knots)), -sharpness)
        w = values[0] - values[1:]
        return W, sharpness * knots, w, float(values[0] - w.sum())

    for seed in range(5):
        assert judged("staircase_network", from_the_right, seed).misconception == "heights_above_the_ground"
