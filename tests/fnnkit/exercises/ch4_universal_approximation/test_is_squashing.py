"""`is_squashing`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

from fnnkit.approximation import is_squashing
from fnnkit.judge.attempt import judged

WORTH = 0.0
# What each mistake leaves, by hand, of 1.5: all three properties 0.5, jumps and flat parts are allowed
# 0.25, a grid in any order 0.25, tol is for the limits 0.25, inputs unchanged, no warning 0.25
COSTS = {
    "limits_not_tested": 0.0,
    "only_the_ends": 0.0,
    "monotone_and_bounded": 0.0,
    "values_sorted": 0.0,
    "strictly_increasing": 0.0,
    "neighbours_of_the_unsorted_grid": 1.25,
    "tolerance_ignored": 1.25,
    "tolerance_for_the_range_too": 1.25,
    "tolerance_for_the_steps_too": 1.25,
    "tolerance_for_everything": 1.25,
    "decrease_not_seen": 0.0,
    "lower_limit_not_tested": 0.0,
    "upper_limit_not_tested": 0.0,
    "open_interval": 0.0,
    "one_limit_is_enough": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["monotone_and_bounded", "only_the_ends"]


GRID = np.linspace(-30.0, 30.0, 301)


@pytest.mark.parametrize("f", [expit, norm.cdf, lambda z: (z > 0) * 1.0, lambda z: np.clip(z, 0, 1)])
def test_distribution_functions_are_squashing(f):
    assert is_squashing(f, GRID)


@pytest.mark.parametrize("f", [np.tanh, norm.pdf, lambda z: np.maximum(0, z), lambda z: expit(-z)])
def test_others_are_not(f):
    assert not is_squashing(f, GRID)


def test_saying_always_the_same_earns_nothing():
    assert judged("is_squashing", lambda f, grid, tol=1e-3: True).points == 0.0
    assert judged("is_squashing", lambda f, grid, tol=1e-3: False).points == 0.0
