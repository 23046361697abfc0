"""`gaussian_nll`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest

from fnnkit.judge.registry import exercise

WORTH = 1.5
# What each mistake leaves, by hand, of 1½: value 1, edge ¼, calm ¼
COSTS = {
    "gaussian_density_with_a_small_constant": 1.25,
    "gaussian_through_the_density": 1.0,
    "gaussian_constant_dropped": 0.0,
    "gaussian_mean_over_entries": 0.0,
    "gaussian_half_missing": 0.0,
    "gaussian_constant_of_one_output": 0.0,
    "gaussian_summed_over_examples": 0.0,
    "gaussian_log_likelihood": 0.0,
    "gaussian_norm_not_squared": 0.0,
    "gaussian_constant_of_n": 0.0,
    "gaussian_sum_down_the_columns": 0.0,
    "gaussian_one_number_an_example": 0.0,
    "gaussian_constant_once_for_the_batch": 0.0,
    "gaussian_constant_for_every_entry": 0.0,
    "gaussian_log_of_two_times_pi": 0.0,
    "gaussian_log_of_pi": 0.0,
    "gaussian_constant_subtracted": 0.0,
    "gaussian_exponent_with_the_wrong_sign": 0.0,
    "gaussian_square_of_the_sum": 0.0,
    "gaussian_absolute_errors": 0.0,
    "gaussian_per_output": 0.0,
    "gaussian_laplace": 0.0,
    "gaussian_d_inside_the_logarithm": 0.0,
    "gaussian_constant_for_all_examples": 0.0,
    "gaussian_halved_twice": 0.0,
    "gaussian_constant_without_logarithm": 0.0,
    "gaussian_constant_to_base_ten": 0.0,
}


def test_one_component_of_width_one_is_the_gaussian_of_the_first_exercise():
    gaussian = exercise("gaussian_nll").reference
    (case,) = [c for c in exercise("mdn_nll").cases(np.random.default_rng(0)) if "gaussian_nll" in c.why]
    log_pi, mu, sigma, y = case.args
    assert exercise("mdn_nll").reference(log_pi, mu, sigma, y) == pytest.approx(gaussian(y, mu[:, 0]))
