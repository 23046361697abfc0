import numpy as np
import pytest

from fnnkit.figures.ch6_vanishing_gradients import cliff
from fnnkit.figures.ch6_vanishing_gradients.cliff import GOAL, loss, slope
from fnnkit.optim import clip_by_global_norm


def test_the_derivative_is_that_of_the_loss():
    for w in (0.95, 0.99, 1.01, 1.03):
        assert slope(w) == pytest.approx((loss(w + 1e-7) - loss(w - 1e-7)) / 2e-7, rel=1e-4, abs=1e-6)
    assert slope(1.03) == pytest.approx(1653, abs=0.5)


def test_clipped_it_reaches_the_minimum_and_unclipped_it_flies_off():
    shown = cliff(clip_by_global_norm)
    assert "-15.5" in shown.said
    w = 1.03
    for _ in range(300):
        w -= 0.01 * np.clip(slope(w), -0.1, 0.1)
    assert shown.figure.figure.axes[1].lines[1].get_ydata()[-1] == pytest.approx(w)
    assert w == pytest.approx(GOAL, abs=1e-3)
    assert len(f"{abs(slope(-15.5)):.0f}") >= 60  # "has sixty digits"


def test_the_start_can_be_moved_along_the_curve():
    shown = cliff(clip_by_global_norm)
    shown.ask({"do": "step", "index": 0, "dx": -1, "dy": 0})
    assert shown.values["start"] < 1.03
