"""`length_map`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import erf
from scipy.stats import norm

from fnnkit.expressivity import length_map

WORTH = 2.0
# What each mistake leaves, by hand, of 2: the Gaussian mean of φ² 1.25, large q, still to 1e-6 0.5, inputs
# unchanged, no warning 0.25
COSTS = {
    "monte_carlo": 0.0,
    "density_forgotten": 0.0,
    "density_without_its_constant": 0.0,
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
    "step_forgotten": 0.0,
    "right_half_doubled": 0.0,
    "too_few_nodes": 1.5,
    "nodes_of_hermite_unscaled": 0.0,
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
