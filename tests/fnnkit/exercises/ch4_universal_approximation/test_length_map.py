"""`length_map`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import erf
from scipy.stats import norm

from fnnkit.expressivity import length_map
from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise

WORTH = 2.0
# What each mistake leaves, by hand, of 2: the Gaussian mean of φ² 1.25, large q, still to 1e-6 0.5, inputs
# unchanged, no warning 0.25
COSTS = {
    "monte_carlo": 0.0,
    "density_forgotten": 0.0,
    "density_without_its_constant": 0.0,
    "density_without_the_root": 0.0,
    "density_too_narrow": 0.0,
    "q_without_the_root": 0.0,
    "root_of_q_outside": 0.0,
    "sigma_w_not_squared": 0.0,
    "sigma_b_not_squared": 0.0,
    "biases_forgotten": 0.0,
    "biases_inside_the_product": 0.0,
    "square_of_the_mean": 0.0,
    "mean_without_square": 0.0,
    "too_short_an_interval": 0.0,
    "three_standard_deviations": 0.0,
    "four_standard_deviations": 0.0,
    "five_standard_deviations": 0.0,
    "step_forgotten": 0.0,
    "points_for_gaps": 0.0,
    "mean_of_the_weighted_values": 0.0,
    "right_half_doubled": 0.0,
    "too_few_nodes": 1.5,
    "nodes_of_hermite_unscaled": 0.0,
    "density_of_q_not_normalised": 0.0,
    "scale_inside_the_activation": 0.0,
    "activation_at_the_root_of_q": 0.0,
    "density_squared_too": 0.0,
    "right_half_only": 0.0,
    "variance_for_the_mean_square": 0.0,
    "no_activation": 0.0,
    "rooted_in_the_end": 0.0,
    "moduli_for_squares": 0.0,
    "uniform_mean": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["monte_carlo", "density_forgotten"]


CLOSED = {
    "ReLU": (lambda z: np.maximum(0, z), lambda q: q / 2),
    "identity": (lambda z: z, lambda q: q),
    "sine": (np.sin, lambda q: (1 - np.exp(-2 * q)) / 2),
    "erf": (erf, lambda q: 2 / np.pi * np.arcsin(2 * q / (1 + 2 * q))),
}


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("q", [0.4, 3.0, 14.0])
def test_closed_forms(name, q):
    phi, mean_square = CLOSED[name]
    expected = 1.7**2 * mean_square(q) + 0.4**2
    assert length_map(q, 1.7, 0.4, phi) == pytest.approx(expected, abs=1e-9)


def test_scipy_integrates_tanh_to_the_same():
    for q in (0.5, 13.0):
        mean = quad(
            lambda z, q=q: np.tanh(np.sqrt(q) * z) ** 2 * norm.pdf(z), -12, 12, points=[0.0], limit=400
        )[0]
        assert length_map(q, 2.0, 0.3, np.tanh) == pytest.approx(4 * mean + 0.09, abs=1e-9)


def recipe(q, phi):
    """What the first hint of the card says: 501 points from -10 to 10."""
    x = np.linspace(-10, 10, 501)
    return (x[1] - x[0]) * np.sum(phi(np.sqrt(q) * x) ** 2 * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))


SUCH = {
    "tanh": np.tanh,
    "sine": np.sin,
    "softplus": lambda z: np.logaddexp(0, z),
    "ReLU": lambda z: np.maximum(0, z),
    "leaky ReLU": lambda z: np.maximum(0.1 * z, z),
}


@pytest.mark.parametrize("name", SUCH)
@pytest.mark.parametrize("q", [0.05, 0.5, 4.0, 15.0])
def test_the_recipe_of_the_hint_reaches_six_digits_for_what_the_card_names(name, q):
    assert recipe(q, SUCH[name]) == pytest.approx(length_map(q, 1.0, 0.0, SUCH[name]), rel=1e-7)


def test_the_recipe_fails_where_the_card_says_so():
    def jump(z):
        return (z > 0).astype(float)

    def hard_tanh(z):
        return np.clip(z, -1, 1)

    assert f"{recipe(4.0, jump):.3f}" == "0.492"
    assert length_map(4.0, 1.0, 0.0, jump) == pytest.approx(0.5)
    exact = length_map(4.0, 1.0, 0.0, hard_tanh, kinks=(-1.0, 1.0))
    assert 1e-5 < abs(recipe(4.0, hard_tanh) / exact - 1) < 1e-3


def test_no_call_of_the_check_goes_beyond_what_the_card_names():
    calls = [c.args for seed in range(20) for c in exercise("length_map").cases(np.random.default_rng(seed))]
    assert max(q for q, *_ in calls) <= 15
    assert {phi.name for *_, phi in calls} <= {"tanh", "relu", "softplus", "sine"}


def test_a_mistake_is_known_whatever_the_quadrature_is():
    def square_of_a_coarse_mean(q, sigma_w, sigma_b, phi):
        z = np.linspace(-9, 9, 401)
        p = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        return sigma_w**2 * (np.sum(phi(np.sqrt(q) * z) * p) * (z[1] - z[0])) ** 2 + sigma_b**2

    for seed in range(5):
        assert judged("length_map", square_of_a_coarse_mean, seed).misconception == "square_of_the_mean"


def test_what_is_nearly_right_is_not_taken_for_a_mistake_that_is_nearly_right():
    def too_coarse(q, sigma_w, sigma_b, phi):
        z = np.linspace(-10, 10, 101)
        p = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        return sigma_w**2 * np.sum(phi(np.sqrt(q) * z) ** 2 * p) * (z[1] - z[0]) + sigma_b**2

    for seed in range(5):
        verdict = judged("length_map", too_coarse, seed)
        assert not verdict.solved
        assert verdict.misconception == ""
