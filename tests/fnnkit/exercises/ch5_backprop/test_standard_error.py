"""`standard_error`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
from scipy import stats

from grader.answers import right

WORTH = 0.0
# What each mistake leaves, by hand, of 1: σ / √m 0.5, unusual input 0.25, calm 0.25
COSTS = {
    "divided_by_m": 0.0,
    "divided_by_n": 0.0,
    "root_of_n": 0.0,
    "variance_for_deviation": 0.0,
    "variance_of_the_mean": 0.0,
    "mean_absolute_deviation": 0.0,
    "mean_for_deviation": 0.0,
    "deviation_of_one": 0.0,
    "both_roots": 0.0,
    "of_the_first_m": 0.0,
    "of_the_first_m_and_their_number": 0.0,
    "of_the_first_m_over_the_root_of_n": 0.0,
    "of_the_first_m_by_m": 0.0,
    "without_replacement": 0.0,
    "m_minus_one": 0.0,
    "squares_over_m_minus_one": 0.0,
    "squares_over_m": 0.0,
    "times_the_root": 0.0,
    "root_of_the_mean_square": 0.0,
    "root_of_the_mean_square_by_n": 0.0,
    "sum_not_divided": 0.0,
    "range_for_deviation": 0.0,
    "smaller_of_m_and_n": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["divided_by_m", "divided_by_n"]


def test_scipy_agrees_where_as_many_are_drawn_as_there_are():
    values = np.random.default_rng(3).normal(size=11)
    for function in right("ch5_backprop", "standard_error"):
        assert abs(function(values, 11) - stats.sem(values)) < 1e-14


def test_drawing_shows_it():
    rng = np.random.default_rng(3)
    values = rng.normal(size=200)
    means = values[rng.integers(0, 200, (20000, 9))].mean(axis=1)
    assert abs(means.std() / right("ch5_backprop", "standard_error")[0](values, 9) - 1) < 0.02
