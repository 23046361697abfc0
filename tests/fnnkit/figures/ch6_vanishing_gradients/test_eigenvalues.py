import numpy as np
import pytest

from fnnkit.dynamics import power_by_eigen, spectral_radius
from fnnkit.figures.ch6_vanishing_gradients import eigenvalues


def test_the_path_is_that_of_repeated_multiplication():
    shown = eigenvalues(power_by_eigen, spectral_radius).at(modulus=0.9, angle=0.5, skew=4.0)
    path = shown.figure.figure.axes[1].lines[0].get_xydata()
    W = np.array([[0.0, -3.6], [0.225, 0.0]])  # a quarter turn, 0.9 times, along ellipses
    x = np.array([1.0, 0.0])
    for place in path:
        np.testing.assert_allclose(place, x, atol=1e-9)
        x = W @ x
    assert "radius 0.9" in shown.said
    assert "vanish" in shown.said


def test_either_eigenvalue_can_be_taken_and_the_other_follows():
    shown = eigenvalues(power_by_eigen, spectral_radius)
    upper, lower = shown.figure.figure.axes[0].lines[-1].get_xydata()
    for index in (0, 1):
        shown.ask({"do": "step", "index": index, "dx": -5, "dy": 0})
        upper, lower = shown.figure.figure.axes[0].lines[-1].get_xydata()
        np.testing.assert_allclose(upper, lower * [1, -1], atol=1e-12)
    assert shown.values["modulus"] < 0.95


def test_what_is_said_of_skew_comes_true():
    shown = eigenvalues(power_by_eigen, spectral_radius).at(skew=6.0)
    assert max(shown.figure.figure.axes[2].lines[0].get_ydata()) > 1
    assert shown.figure.found["radius"] == pytest.approx(0.95)
