"""A normal and a non-normal matrix with the same eigenvalues (chapter 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.dynamics import power_norms
from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, checked, slider

STEPS = 150


def transient(transient_peak: Callable[..., Any]) -> Shown:
    """Norms of the powers of ``[[r, c], [0, r]]`` beside those of ``[[r, 0], [0, r]]``.

    Parameters
    ----------
    transient_peak : callable
        ``transient_peak(W, K)`` gives ``(peak, k)``; the mark is drawn by it.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Vanishing and Exploding Gradient Problem"; Trefethen, Embree (2005), chapter 16.
    """
    figure = LiveFigure(7.6, 4.0)
    axes = figure.figure.add_subplot(
        xlabel="k", ylabel="$\\|W^k\\|_2$", yscale="log", xlim=(0, STEPS), ylim=(1e-4, 1e4)
    )
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.axhline(1, color=GREY, linewidth=1)
    k = np.arange(STEPS + 1)
    (skewed,) = figure.changing(axes.plot([], [], color=BLUE, label="[[r, c], [0, r]], not normal"))
    (normal,) = figure.changing(axes.plot([], [], "--", color=ORANGE, label="[[r, 0], [0, r]], normal"))
    (mark,) = figure.changing(axes.plot([], [], "o", color="black", label="your peak"))
    axes.legend(loc="lower left", fontsize=9, frameon=False)

    def update(transient_peak: Any, entry: float, radius: float) -> tuple[str, str]:
        W = np.array([[radius, entry], [0.0, radius]])
        peak, when = checked(transient_peak, transient_peak(W, STEPS), peak=(), k=())
        norms = power_norms(W, STEPS)
        skewed.set_data(k, norms)
        normal.set_data(k, power_norms(radius * np.eye(2), STEPS))
        mark.set_data([float(when)], [float(peak)])
        over = np.flatnonzero(norms >= 1)
        below = int(over[-1]) + 1 if over.size else 0
        said = f"Both have radius {radius:.2g}. Not normal (c = {entry:g}): peak {float(peak):.1f} at k = {int(when)}"
        if below > STEPS:
            said += f", still above 1 at k = {STEPS}."
        else:
            said += f", below 1 for good from k = {below}."
        said += f" Normal: {radius ** int(when):.2g} at that k."
        return said, f"Spectral norms of the powers of two matrices on a logarithmic axis. {said}"

    return figure.live(
        update,
        transient_peak,
        entry=slider("c, off the diagonal", 5.0, 0.0, 10.0, 0.25),
        radius=slider("r, on the diagonal", 0.95, 0.8, 1.05, 0.01),
    )
