"""`trajectory_length`: what its mistakes cost, and witnesses of what it asks."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.spatial.distance import euclidean

from fnnkit.expressivity import circle, trajectory_length

WORTH = 1.0
# What each mistake leaves, by hand, of 1: the sum of the distances 0.25, the closing segment 0.25, unusual
# input 0.25, inputs unchanged, no warning 0.25
COSTS = {
    "squares_added_up": 0.0,
    "root_of_all_squares": 0.0,
    "coordinates_added_up": 0.0,
    "mean_of_the_distances": 0.0,
    "first_two_coordinates": 0.0,
    "norms_of_the_columns": 0.0,
    "straight_from_start_to_end": 0.0,
    "neighbouring_coordinates": 0.0,
    "distances_from_the_origin": 0.0,
    "never_closed": 0.75,
    "always_closed": 0.0,
    "closed_once_too_often": 0.0,
    "closed_the_whole_way_back": 0.75,
    "closed_to_the_second_corner": 0.75,
    "rolled_without_an_axis": 0.75,
    "distances_from_the_first_corner": 0.0,
    "all_pairs_of_corners": 0.0,
    "closing_segment_alone": 0.75,
    "length_up_to_each_corner": 0.0,
    "lengths_of_the_segments": 0.0,
    "longest_segment": 0.0,
    "last_segment_left_out": 0.0,
    "last_segment_lost_if_open": 0.0,
    "first_segment_left_out": 0.0,
    "closed_the_other_way_round": 0.0,
    "coordinates_added_before_the_square": 0.0,
    "mean_square_under_the_root": 0.0,
    "largest_coordinate": 0.0,
    "distances_from_the_origin_compared": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["squares_added_up", "never_closed"]


def test_the_perimeter_of_a_regular_polygon():
    for n in (3, 4, 50):
        corners = circle(n, 2, q=0.5)  # of radius 1
        assert trajectory_length(corners, True) == pytest.approx(2 * n * np.sin(np.pi / n))
        assert trajectory_length(corners, False) == pytest.approx(2 * (n - 1) * np.sin(np.pi / n))


def test_scipy_adds_up_the_same_distances():
    curve = np.random.default_rng(5).normal(size=(9, 4))
    expected = sum(euclidean(p, q) for p, q in pairwise(curve))
    assert trajectory_length(curve, False) == pytest.approx(expected)
