"""`linear_decay`: what its mistakes cost, and witnesses of what it asks."""

import pytest

from grader.answers import right

WORTH = 0.0
# What each mistake leaves, by hand, of 1: falls linearly 0.5, stays at eta_T from T on 0.25, calm 0.25
COSTS = {
    "goes_on_falling": 0.75,
    "never_below_zero": 0.75,
    "zero_after_the_end": 0.75,
    "exponential": 0.0,
    "rates_swapped": 0.0,
    "whole_division": 0.0,
    "towards_zero": 0.0,
    "both_in_full": 0.0,
    "not_below_the_end": 0.0,
    "clipped_between_the_rates": 0.0,
    "back_to_the_first_rate": 0.75,
    "nothing_after_the_end": 0.75,
    "whole_way_in_t_minus_one": 0.0,
    "one_update_late": 0.0,
    "counted_from_one": 0.0,
    "falls_like_one_over_k": 0.0,
    "half_a_cosine": 0.0,
    "squared_share": 0.0,
    "difference_in_full": 0.0,
    "sign_of_the_way": 0.0,
    "end_without_the_start": 0.0,
    "largest_of_both": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["goes_on_falling"]


@pytest.mark.parametrize("function", right("ch5_backprop", "linear_decay"))
def test_by_hand(function):
    assert [round(float(function(k, 4, 1.0, 0.2)), 12) for k in (0, 1, 2, 4, 9)] == [1.0, 0.8, 0.6, 0.2, 0.2]
