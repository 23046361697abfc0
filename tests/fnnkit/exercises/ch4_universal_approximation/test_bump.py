"""`bump`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
from scipy.special import expit

from fnnkit.approximation import bump

WORTH = 1.0
# What each mistake leaves, by hand, of 1: one step up, one step down 0.5, unusual input 0.25, inputs
# unchanged, no warning 0.25
COSTS = {
    "sum_of_two_steps": 0.0,
    "a_hole": 0.0,
    "sharpness_on_one_side": 0.0,
    "sharpness_on_the_other_side": 0.0,
    "sharpness_outside": 0.0,
    "bias_not_multiplied": 0.0,
    "height_on_one_step": 0.0,
    "height_on_the_other_step": 0.0,
    "height_forgotten": 0.0,
    "product_of_two_steps": 0.0,
    "with_tanh": 0.0,
    "overflowing": 0.75,
    "sharpness_as_a_width": 0.0,
    "height_inside": 0.0,
    "box_with_vertical_edges": 0.0,
    "second_step_mirrored": 0.0,
    "one_too_high": 0.0,
    "edges_at_minus": 0.0,
    "never_down": 0.0,
    "one_edge_over_the_sum": 0.0,
    "middle_and_width": 0.0,
    "half_as_high": 0.0,
    "sharpness_by_the_width": 0.0,
    "bell_of_the_tanh_slope": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["sum_of_two_steps", "sharpness_on_one_side"]


def test_scipy_makes_the_same_bump():
    rng = np.random.default_rng(0)
    x = rng.normal(size=50)
    left, right, height, s = -0.7, 1.1, 2.5, 3.0
    expected = height * (expit(s * (x - left)) - expit(s * (x - right)))
    np.testing.assert_allclose(bump(x, left, right, height, s), expected, rtol=1e-13)


def test_its_area_is_height_times_width_for_any_sharpness():
    x = np.linspace(-60.0, 60.0, 200_001)
    for s in (0.7, 3.0, 50.0):
        area = bump(x, -1.0, 2.0, 1.5, s).sum() * (x[1] - x[0])
        assert abs(area - 4.5) < 1e-4
