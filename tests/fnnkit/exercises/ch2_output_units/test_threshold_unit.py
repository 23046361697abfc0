"""`threshold_unit`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.attempt import judged

WORTH = 0.0
# What each mistake leaves, by hand, of 1¼: p ½, slope ½, calm ¼
COSTS = {
    "threshold_slope_everywhere": 0.75,
    "threshold_slope_at_the_corners": 0.75,
    "threshold_slope_of_relu": 0.75,
    "threshold_as_a_step": 0.0,
    "threshold_as_a_sigmoid": 0.0,
    "threshold_value_only": 0.0,
    "threshold_slope_half_at_the_corners": 0.75,
    "threshold_slope_of_the_sigmoid": 0.75,
    "threshold_slope_is_the_value": 0.75,
    "threshold_slope_is_p": 0.75,
    "threshold_slope_at_zero": 0.75,
    "threshold_slope_at_one": 0.75,
    "threshold_slope_inverted": 0.75,
    "threshold_slope_below_one": 0.75,
    "threshold_no_upper_end": 0.0,
    "threshold_no_lower_end": 0.0,
    "threshold_from_minus_one": 0.0,
    "threshold_ends_exchanged": 0.0,
    "threshold_slope_rounded": 0.75,
    "threshold_slope_zero": 0.75,
    "threshold_slope_of_relu_with_its_corner": 0.75,
    "threshold_slope_up_to_one": 0.75,
    "threshold_always_zero": 0.0,
    "threshold_zero_above_one": 0.0,
    "threshold_slope_is_the_sign": 0.75,
}


def test_a_truth_value_is_no_derivative():
    verdict = judged("threshold_unit", lambda z: (np.clip(z, 0, 1), (z > 0) & (z < 1)))
    assert verdict.points == 0.75
    assert "truth values" in verdict.problem.cause
