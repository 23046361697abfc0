"""`relu`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.registry import exercise

WORTH = 1.0
# What each mistake leaves, by hand, of 1: max(0, z) 0.5, any shape 0.25, calm 0.25
COSTS = {
    "absolute_value": 0.0,
    "cut_below_one": 0.0,
    "clipped_to_one": 0.0,
    "smaller_of_the_two": 0.0,
    "step": 0.0,
    "leaky": 0.0,
    "one_number_at_a_time": 0.0,
    "unchanged": 0.0,
    "negatives_overwritten": 0.75,
    "half_forgotten": 0.0,
    "shape_lost": 0.0,
    "softened": 0.0,
    "negatives_left_out": 0.0,
    "other_side": 0.0,
    "fractions_cut_off": 0.0,
    "logistic": 0.0,
    "minus_one_below": 0.0,
    "shifted_to_zero": 0.0,
    "squared_above": 0.0,
    "sign_kept_small": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["absolute_value", "cut_below_one", "one_number_at_a_time", "negatives_overwritten"]


def test_nan_is_no_input_so_both_ways_to_write_a_relu_are_right():
    for case in exercise("relu").cases(np.random.default_rng(0)):
        assert not np.isnan(case.args[0]).any()
        np.testing.assert_array_equal(
            np.maximum(0, case.args[0]), np.where(case.args[0] > 0, case.args[0], 0)
        )
