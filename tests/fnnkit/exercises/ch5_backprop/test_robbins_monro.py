"""`robbins_monro`: what its mistakes cost, and witnesses of what it asks."""

import pytest

from fnnkit.judge.attempt import judged
from grader.answers import right

WORTH = 0.0
# What each mistake leaves, by hand, of 1: both sums 0.5, the ends, ½ and 1 0.25, calm 0.25
COSTS = {
    "half_included": 0.75,
    "one_excluded": 0.75,
    "both_ends_exchanged": 0.75,
    "only_the_first_sum": 0.0,
    "only_the_second_sum": 0.0,
    "reversed_conditions": 0.0,
    "rates_that_vanish": 0.0,
    "between_zero_and_one": 0.0,
    "sign_of_p_lost": 0.0,
    "a_text": 0.0,
    "exponent_squared": 0.0,
    "any_of_the_two": 0.0,
    "up_to_two": 0.0,
    "from_zero_to_half": 0.0,
    "only_one": 0.0,
    "nothing": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["half_included", "one_excluded"]


@pytest.mark.parametrize(
    ("p", "both"), [(0.4, False), (0.5, False), (0.51, True), (1, True), (1.01, False), (-1, False)]
)
def test_by_the_theorem_on_the_sums_of_powers(p, both):
    for function in right("ch5_backprop", "robbins_monro"):
        assert bool(function(p)) is both


def test_zeros_and_ones_are_no_truth_values():
    assert judged("robbins_monro", lambda p: int(0.5 < p <= 1)).points == 0.0
