"""`max_regions_shallow`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.expressivity import max_regions_shallow
from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise

WORTH = 1.0
# What each mistake leaves, by hand, of 1: the number of regions 0.5, large numbers to the last digit, and
# 0 0.25, inputs unchanged, no warning 0.25
COSTS = {
    "one_term_short": 0.0,
    "starts_at_one": 0.0,
    "last_term_alone": 0.0,
    "power_of_two": 0.0,
    "always_the_plane": 0.0,
    "a_grid": 0.0,
    "sum_over_the_units": 0.0,
    "in_floats": 0.75,
    "new_cut_among_its_own": 0.0,
    "ordered_choices": 0.0,
    "powers_of_the_units": 0.0,
    "all_through_the_origin": 0.0,
    "points_on_a_line": 0.0,
    "patterns_of_the_inputs": 0.0,
    "product_and_one": 0.0,
    "one_term_too_many": 0.0,
    "first_region_twice": 0.0,
    "all_patterns_but_one": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["power_of_two"]


def test_random_lines_cut_the_plane_into_as_many_parts():
    rng = np.random.default_rng(3)
    X = rng.uniform(-40.0, 40.0, (400_000, 2))
    for m in (2, 3, 4):
        normals, offsets = rng.normal(size=(2, m)), rng.normal(size=m)
        met = len(np.unique(X @ normals + offsets > 0, axis=0))
        assert met == max_regions_shallow(2, m) == 1 + m + m * (m - 1) // 2


def test_pascal_s_rule_for_hyperplanes():
    R = max_regions_shallow
    assert all(R(d, m) == R(d, m - 1) + R(d - 1, m - 1) for d in range(1, 7) for m in range(1, 12))


def test_a_float_that_holds_the_count_exactly_is_right_where_numbers_are_small():
    def of_floats(n_in, n_hidden):
        row = [1.0] * (n_in + 1)
        for _ in range(n_hidden):
            row = [1.0] + [row[d] + row[d - 1] for d in range(1, n_in + 1)]
        return row[n_in]

    assert judged("max_regions_shallow", of_floats).points == 0.75


def test_numbers_of_the_check_are_no_larger_than_the_card_says():
    calls = [
        c.args
        for seed in range(50)
        for c in exercise("max_regions_shallow").cases(np.random.default_rng(seed))
    ]
    assert max(n_in for n_in, _ in calls) <= 50
    assert max(n_hidden for _, n_hidden in calls) <= 220
    assert len(str(max_regions_shallow(50, 220))) == 51


def test_a_whole_number_that_was_a_float_on_the_way_is_said_to_be_one():
    def rounded(n_in, n_hidden):
        total, term = 0, 1.0
        for j in range(n_in + 1):
            total += round(term)
            term = term * (n_hidden - j) / (j + 1)
        return total

    for seed in range(3):
        assert "somewhere on the way there is a float" in str(judged("max_regions_shallow", rounded, seed))
