"""`spectral_radius`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest

from fnnkit.dynamics import spectral_radius
from fnnkit.exercises.ch6_vanishing_gradients.power_by_eigen import turning, with_eigenvalues

WORTH = 1.0
# What each mistake leaves, by hand, of 1: real eigenvalues ¼, complex pairs of eigenvalues ¼, unusual ¼, calm ¼
COSTS = {
    "spectral_norm": 0.0,
    "frobenius_norm": 0.0,
    "largest_real_part": 0.0,
    "largest_eigenvalue_itself": 0.0,
    "modulus_of_the_largest": 0.0,
    "largest_modulus_of_a_real_part": 0.75,
    "largest_entry": 0.0,
    "largest_on_the_diagonal": 0.0,
    "symmetric_routine": 0.0,
    "smallest_modulus": 0.0,
    "sum_of_the_moduli": 0.0,
    "sum_of_the_two_parts": 0.75,
    "square_of_the_modulus": 0.0,
    "complex_ones_left_out": 0.75,
    "modulus_of_the_trace": 0.0,
    "modulus_of_the_determinant": 0.0,
    "last_eigenvalue": 0.0,
    "largest_sum_of_a_row": 0.0,
    "first_eigenvalue": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["spectral_norm", "largest_real_part"]


def test_a_high_power_grows_by_the_radius_a_step():
    rng = np.random.default_rng(2)
    for W in (with_eigenvalues(rng, 0.5, -1.4, 0.9), with_eigenvalues(rng, 0.3, 0.8)):
        step = np.linalg.norm(np.linalg.matrix_power(W, 301)) / np.linalg.norm(np.linalg.matrix_power(W, 300))
        assert spectral_radius(W) == pytest.approx(step, rel=1e-6)
    pair = turning(rng, 1.1)
    # The eigenvalues of a pair multiply to the square of their modulus, which is the determinant.
    assert spectral_radius(pair) == pytest.approx(np.linalg.det(pair) ** 0.5)
