import numpy as np
import pytest

from fnnkit.dynamics import transient_peak
from fnnkit.figures.ch6_vanishing_gradients import transient


def test_the_mark_stands_at_38_and_19_and_on_the_curve():
    shown = transient(transient_peak)
    axes = shown.figure.figure.axes[0]
    curve, mark = axes.lines[1], axes.lines[3]
    assert mark.get_xydata()[0] == pytest.approx([19, 37.739], rel=1e-4)
    assert curve.get_ydata()[19] == pytest.approx(37.739, rel=1e-4)
    assert "below 1 for good from k = 127" in shown.said


def test_a_step_up_on_the_handle_raises_c_and_the_peak():
    shown = transient(transient_peak)
    before = shown.figure.found["peak"]
    shown.ask({"do": "step", "index": 0, "dx": 0, "dy": 1})
    assert shown.values["entry"] > 5.0
    assert shown.figure.found["peak"] > before


def test_a_normal_matrix_never_rises():
    shown = transient(transient_peak).at(entry=0.0)
    norms = shown.figure.figure.axes[0].lines[1].get_ydata()
    assert (np.diff(norms) < 0).all()
