"""`transient_peak`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest

from fnnkit.dynamics import transient_peak

WORTH = 1.0
# What each mistake leaves, by hand, of 1: the peak ¼, the first k that attains it ¼, unusual ¼, calm ¼
COSTS = {
    "power_of_the_norm": 0.0,
    "power_of_the_radius": 0.0,
    "each_entry_to_the_power": 0.0,
    "frobenius_norm": 0.0,
    "largest_entry": 0.0,
    "power_zero_left_out": 0.0,
    "place_in_a_list_from_one": 0.0,
    "counted_from_one": 0.5,
    "last_power_left_out": 0.0,
    "the_last_of_equal_ones": 0.5,
    "stops_at_the_first_descent": 0.0,
    "the_last_power": 0.0,
    "powers_of_whole_numbers": 0.75,
    "step_before_peak": 0.0,
    "longest_column": 0.0,
    "largest_sum_of_a_column": 0.0,
    "largest_sum_of_a_row": 0.0,
    "smallest_stretch": 0.0,
    "one_power_too_many": 0.0,
    "a_factor_ahead": 0.0,
    "squared_each_time": 0.0,
    "products_entry_by_entry": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["power_of_the_radius"]


def test_the_example_of_the_chapter_peaks_at_19():
    """``Wᵏ = [[0.95ᵏ, 5k·0.95^(k−1)], [0, 0.95ᵏ]]``, whose largest singular value has a closed form."""
    k = np.arange(131)
    a, b = 0.95**k, 5 * k * 0.95 ** (k - 1.0)
    norms = (np.sqrt(b**2 + 4 * a**2) + b) / 2
    peak, when = transient_peak([[0.95, 5.0], [0.0, 0.95]], 130)
    assert (round(peak, 3), when) == (37.739, 19)
    assert peak == pytest.approx(norms.max())
    assert int(np.argmax(norms)) == 19
    assert np.flatnonzero(norms >= 1)[-1] == 126  # below 1 for good from k = 127 on
