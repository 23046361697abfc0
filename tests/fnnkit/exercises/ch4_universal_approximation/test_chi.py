"""`chi`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from fnnkit.expressivity import chi
from fnnkit.judge.registry import exercise

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
    "density_without_the_root": 0.0,
    "q_without_the_root": 0.0,
    "slope_at_z": 0.0,
    "times_q": 0.0,
    "the_length_map": 0.0,
    "too_few_nodes": 1.0,
    "density_of_q_not_normalised": 0.0,
    "scale_inside_the_activation": 0.0,
    "activation_at_the_root_of_q": 0.0,
    "density_squared_too": 0.0,
    "right_half_only": 0.0,
    "variance_for_the_mean_square": 0.0,
    "right_half_doubled": 0.0,
    "step_forgotten": 0.0,
    "points_for_gaps": 0.0,
    "mean_of_the_weighted_values": 0.0,
    "too_short_an_interval": 0.0,
    "three_standard_deviations": 0.0,
    "four_standard_deviations": 0.0,
    "density_too_narrow": 0.0,
    "monte_carlo": 0.0,
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


def test_the_card_s_recipe_reaches_six_digits_for_smooth_slopes_and_misses_a_jump():
    def recipe(q, dphi):
        x = np.linspace(-10, 10, 501)
        return (x[1] - x[0]) * np.sum(dphi(np.sqrt(q) * x) ** 2 * norm.pdf(x))

    for slope in (np.cos, expit, lambda z: 1 - np.tanh(z) ** 2):
        for q in (0.05, 1.0, 15.0):
            assert recipe(q, slope) == pytest.approx(chi(q, 1.0, slope), rel=1e-7)
    assert f"{recipe(4.0, lambda z: z > 0):.3f}" == "0.492"
    assert chi(4.0, 1.0, lambda z: (z > 0).astype(float)) == pytest.approx(0.5)


def test_no_call_of_the_check_goes_beyond_what_the_card_names():
    calls = [c.args for seed in range(20) for c in exercise("chi").cases(np.random.default_rng(seed))]
    assert max(q for q, *_ in calls) <= 15
    assert {slope.name for *_, slope in calls} <= {"tanh_slope", "sigmoid", "cosine"}
