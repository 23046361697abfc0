"""`mse`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest

from fnnkit.judge.attempt import judged

WORTH = 1.0
# What each mistake leaves, by hand, of 1: the mean of the squares 0.5, different shapes are refused 0.25, calm 0.25
COSTS = {
    "sum_of_squares": 0.0,
    "half_the_mean": 0.0,
    "mean_absolute_error": 0.0,
    "root_mean_square": 0.0,
    "mean_over_rows_only": 0.0,
    "broadcast_to_a_square": 0.75,
    "difference_in_place": 0.75,
    "square_of_the_mean": 0.0,
    "difference_of_the_squares": 0.0,
    "norm_of_the_difference": 0.0,
    "norm_over_the_number": 0.0,
    "one_number_a_column": 0.0,
    "divided_by_one_less": 0.0,
    "variance_of_the_difference": 0.0,
    "mean_difference": 0.0,
    "mean_over_columns_only": 0.0,
    "square_of_the_sum": 0.0,
    "relative_to_the_targets": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["sum_of_squares", "half_the_mean", "mean_absolute_error", "broadcast_to_a_square"]


@pytest.mark.parametrize("given", [np.nan, np.inf, None, True, "0.25", [0.25], np.array([0.25]), 0.25j])
def test_no_constant_of_any_kind_is_a_mean_squared_error(given):
    verdict = judged("mse", lambda a, b: given)
    assert verdict.points == 0.0
    assert verdict.misconception == ""


def test_an_assertion_is_not_the_value_error_that_is_asked_for():
    def asserts(y_pred, y_true):
        assert y_pred.shape == y_true.shape
        return ((y_pred - y_true) ** 2).mean()

    assert judged("mse", asserts).points == 0.75


def test_refusing_everything_earns_nothing():
    def refuses(y_pred, y_true):
        raise ValueError

    assert judged("mse", refuses).points == 0.0


def test_refusing_by_size_alone_is_not_enough():
    def by_size(y_pred, y_true):
        if y_pred.size != y_true.size:
            raise ValueError
        return ((y_pred.ravel() - y_true.ravel()) ** 2).mean()

    assert judged("mse", by_size).points == 0.75
