"""`chi`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from fnnkit.expressivity import chi

WORTH = 0.0
# What each mistake leaves, by hand, of 1.25: the Gaussian mean of the squared slope 0.75, large q, still
# to 1e-6 0.25, inputs unchanged, no warning 0.25
COSTS = {
    "slope_not_squared": 0.0,
    "square_of_the_mean": 0.0,
    "sigma_w_not_squared": 0.0,
    "root_taken": 0.0,
    "density_forgotten": 0.0,
    "density_without_its_constant": 0.0,
    "q_without_the_root": 0.0,
    "slope_at_z": 0.0,
    "times_q": 0.0,
    "the_length_map": 0.0,
    "too_few_nodes": 1.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["density_forgotten"]


def test_the_slope_of_the_sine_has_a_closed_form():
    for q in (0.5, 4.0, 13.0):
        assert chi(q, 1.7, np.cos) == pytest.approx(1.7**2 * (1 + np.exp(-2 * q)) / 2, abs=1e-9)


def test_scipy_integrates_the_slope_of_tanh_to_the_same():
    for q in (0.5, 13.0):
        mean = quad(
            lambda z, q=q: np.cosh(np.sqrt(q) * z) ** -4 * norm.pdf(z), -12, 12, points=[0.0], limit=400
        )[0]
        assert chi(q, 2.5, lambda z: 1 - np.tanh(z) ** 2) == pytest.approx(2.5**2 * mean, abs=1e-9)
