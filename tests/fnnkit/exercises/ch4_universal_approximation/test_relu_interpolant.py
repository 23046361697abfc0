"""`relu_interpolant`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.approximation import relu_interpolant
from fnnkit.judge.attempt import judged

WORTH = 2.0
# What each mistake leaves, by hand, of 2: through the knots, straight between them 1, knots in any order
# 0.25, no more units than knots 0.25, unusual input 0.25, inputs unchanged, no warning 0.25
COSTS = {
    "slopes_as_weights": 0.0,
    "slopes_added_up": 0.0,
    "first_slope_lost": 0.0,
    "last_segment_lost": 0.0,
    "heights_as_weights": 0.0,
    "kinks_at_the_right_ends": 0.0,
    "kinks_at_minus_the_knots": 0.0,
    "starts_at_zero": 0.0,
    "not_sorted": 1.75,
    "values_not_sorted_along": 1.75,
    "both_sorted_alone": 0.0,
    "bias_before_sorting": 1.75,
    "two_units_a_knot": 1.75,
    "whole_numbers_stay_whole": 1.75,
    "slopes_at_the_knots": 0.0,
    "slopes_upside_down": 0.0,
    "rises_not_divided": 0.0,
    "changes_turned_round": 0.0,
    "height_at_zero_as_the_bias": 0.0,
    "kinks_in_the_middles": 0.0,
    "last_value_as_the_bias": 0.0,
    "sorted_by_the_values": 0.0,
    "weights_without_an_axis": 0.0,
    "change_kept_for_the_slope": 0.0,
    "change_from_the_first_slope": 0.0,
    "less_all_slopes_before": 0.0,
    "last_slope_before_the_first": 0.0,
    "change_to_the_next_slope": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["slopes_as_weights", "last_segment_lost"]


def test_numpy_interpolates_the_same_polygon():
    rng = np.random.default_rng(1)
    x, y = rng.permutation(np.linspace(-2.0, 3.0, 9)), rng.normal(size=9)
    W, c, w, b = relu_interpolant(x, y)
    at = np.linspace(-2.0, 3.0, 101)
    order = np.argsort(x)
    expected = np.interp(at, x[order], y[order])
    np.testing.assert_allclose(np.maximum(0, at[:, None] * W + c) @ w + b, expected, atol=1e-12)


def test_what_happens_outside_of_the_knots_is_free():
    def straight_on_at_the_left(x, y):
        order = np.argsort(x)
        x, y = x[order] * 1.0, y[order] * 1.0
        if len(x) == 1:
            return np.ones((1, 1)), -x, np.zeros(1), y[0]
        slopes = np.diff(y) / np.diff(x)
        w = np.concatenate([[slopes[0]], -slopes[:1], np.diff(slopes)])[: len(x)]
        W = np.array([[1.0, -1.0, *np.ones(len(x) - 2)]])
        c = np.concatenate([[-x[0], x[0]], -x[1:-1]])
        return W, c, w, y[0]

    assert judged("relu_interpolant", straight_on_at_the_left).points == 2.0


def test_through_one_knot_goes_a_constant_from_no_unit_or_from_one():
    def with_units(fewest):
        def interpolant(x, y):
            if len(x) > 1:
                return relu_interpolant(x, y)
            return np.ones((1, fewest)), np.zeros(fewest), np.zeros(fewest), y[0]

        return judged("relu_interpolant", interpolant).points

    assert [with_units(0), with_units(1)] == [2.0, 2.0]


def test_a_mistake_is_known_by_the_function_that_the_network_is():
    def twice_as_steep(x, y):
        order = np.argsort(x)
        x, y = x[order], y[order]
        slopes = np.diff(y) / np.diff(x)
        return np.full((1, len(slopes)), 2.0), -2 * x[:-1], slopes / 2, float(y[0])

    for seed in range(5):
        assert judged("relu_interpolant", twice_as_steep, seed).misconception == "slopes_as_weights"
