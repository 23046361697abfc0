"""`convergence_rate`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
from scipy.stats import linregress

from fnnkit.approximation import convergence_rate

WORTH = 0.0
# What each mistake leaves, by hand, of 1: slope of the line through the logarithms 0.75, inputs unchanged,
# no warning 0.25
COSTS = {
    "sign_turned": 0.0,
    "axes_swapped": 0.0,
    "log_of_the_errors_only": 0.0,
    "log_of_the_widths_only": 0.0,
    "no_logarithm": 0.0,
    "first_and_last_point": 0.0,
    "through_the_origin": 0.0,
    "mean_of_the_slopes": 0.0,
    "cov_and_var_mixed": 0.0,
    "intercept_returned": 0.0,
    "mean_of_the_quotients": 0.0,
    "two_bases": 0.0,
    "the_other_two_bases": 0.0,
    "correlation": 0.0,
    "constant_returned": 0.0,
    "first_two_points": 0.0,
    "last_two_points": 0.0,
    "widths_sorted_alone": 0.0,
    "errors_sorted_alone": 0.0,
    "both_sorted_alone": 0.0,
    "covariance_alone": 0.0,
    "divided_by_the_other_variance": 0.0,
    "only_one_axis_centred": 0.0,
    "one_added_before_the_logarithm": 0.0,
    "median_of_the_slopes": 0.0,
    "quotient_of_the_ranges": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["log_of_the_errors_only", "log_of_the_widths_only"]


def test_scipy_fits_the_same_slope():
    rng = np.random.default_rng(2)
    widths = np.array([3, 7, 20, 50, 90])
    errors = widths**-1.3 * np.exp(0.3 * rng.normal(size=5))
    assert convergence_rate(widths, errors) == pytest.approx(linregress(np.log(widths), np.log(errors)).slope)
