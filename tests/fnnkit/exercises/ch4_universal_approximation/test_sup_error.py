"""`sup_error`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from fnnkit.approximation import sup_error
from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise

WORTH = 1.0
# What each mistake leaves, by hand, of 1: the largest distance 0.5, both ends belong to the points 0.25,
# inputs unchanged, no warning 0.25
COSTS = {
    "mean_of_the_distances": 0.0,
    "root_mean_square": 0.0,
    "signed_difference": 0.0,
    "signed_the_other_way": 0.0,
    "largest_square": 0.0,
    "difference_of_the_maxima": 0.0,
    "difference_of_the_largest_moduli": 0.0,
    "difference_of_moduli": 0.0,
    "relative_error": 0.0,
    "sum_of_the_distances": 0.0,
    "where_it_is": 0.0,
    "place_in_the_array": 0.0,
    "points_of_its_own": 0.0,
    "last_point_missing": 0.0,
    "last_point_left_out": 0.75,
    "first_point_left_out": 0.75,
    "mean_square": 0.0,
    "euclidean_length": 0.0,
    "area_between": 0.0,
    "one_point_too_many": 0.0,
    "both_ends_missing": 0.0,
    "middles_of_the_steps": 0.0,
    "ends_only": 0.0,
    "modulus_taken_last": 0.0,
    "smallest_with_its_sign": 0.0,
    "smallest_distance": 0.0,
    "distance_of_the_last_point": 0.0,
    "points_between_0_and_1": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["mean_of_the_distances", "signed_difference"]


def test_a_parabola_and_its_chord_are_a_quarter_apart():
    assert sup_error(np.square, lambda x: x, 0.0, 1.0, 101) == 0.25


def test_scipy_finds_the_same_largest_distance():
    def minus_the_gap(x):
        return -abs(np.exp(x) - (1 + x))

    found = -minimize_scalar(minus_the_gap, bounds=(-1.0, 2.0), method="bounded").fun
    assert sup_error(np.exp, lambda x: 1 + x, -1.0, 2.0, 10_001) == pytest.approx(found, rel=1e-4)


def test_no_function_of_the_check_has_a_jump_so_roundings_of_points_do_no_harm():
    assert {
        f.name
        for seed in range(20)
        for c in exercise("sup_error").cases(np.random.default_rng(seed))
        for f in c.args[:2]
    } == {"polynomial"}

    def other_points(f, g, a, b, n):
        x = a + (b - a) * (np.arange(n) / (n - 1))
        return np.abs(f(x) - g(x)).max()

    for seed in range(20):
        assert judged("sup_error", other_points, seed).solved
