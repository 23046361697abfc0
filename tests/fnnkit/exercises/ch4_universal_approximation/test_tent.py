"""`tent`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.expressivity import tent
from fnnkit.judge.attempt import judged

WORTH = 0.5
# What each mistake leaves, by hand, of 0.5: up to the middle, and down again 0.25, inputs unchanged, no
# warning 0.25
COSTS = {
    "never_folded": 0.0,
    "saw": 0.0,
    "half_as_high": 0.0,
    "levels_off": 0.0,
    "upside_down": 0.0,
    "four_times_a_product": 0.0,
    "overwritten": 0.25,
    "roof_too_flat": 0.0,
    "second_half_starts_again": 0.0,
    "second_half_starts_after_the_middle": 0.0,
    "larger_of_the_two_sides": 0.0,
    "only_down": 0.0,
    "a_wave": 0.0,
    "not_stretched_on_the_right": 0.0,
    "not_stretched_on_the_right_nor_at_the_middle": 0.0,
    "flat_before_the_middle": 0.0,
    "down_from_zero": 0.0,
    "down_from_zero_after_the_middle": 0.0,
    "slope_of_the_second_half_too_small": 0.0,
    "second_ramp_added": 0.0,
    "second_ramp_as_steep_as_its_weight": 0.0,
    "second_half_of_doubled_values": 0.0,
    "second_half_of_doubled_values_but_for_the_middle": 0.0,
    "first_half_of_folded_values": 0.0,
    "turns_at_a_quarter": 0.0,
    "folded_at_twice_the_slope": 0.0,
    "folded_at_twice_the_slope_in_the_middle_too": 0.0,
}


def test_numpy_interpolates_the_same_tent():
    x = np.linspace(0.0, 1.0, 77)
    np.testing.assert_allclose(tent(x), np.interp(x, [0.0, 0.5, 1.0], [0.0, 1.0, 0.0]), atol=1e-15)


def test_an_array_has_any_shape():
    def of_a_line(x):
        return np.array([2 * t if t < 0.5 else 2 - 2 * t for t in x])

    verdict = judged("tent", of_a_line)
    assert verdict.points == 0.0
    assert "two axes" in str(verdict)
