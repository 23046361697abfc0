"""The constant with the smallest loss, and how an outlier moves it (chapter 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, PINK, LiveFigure, Shown, checked, slider

FIXED = np.array([0.2, 0.7, 1.1, 1.6, 2.1, 2.4, 2.9, 3.4])
CONSTANTS = np.linspace(-2.0, 11.0, 131)
FAR = 1e-6
"""A constant is called the best one if no other on the curve is better by more than this."""


def mean_or_median(best_constant: Callable[..., Any], gaussian_nll: Callable[..., Any]) -> Shown:
    """A slider for one target out of nine; squared and absolute error against the constant that is predicted.

    Parameters
    ----------
    best_constant : callable
        ``best_constant(y, loss)`` gives a number; it is marked on both curves.
    gaussian_nll : callable
        ``gaussian_nll(y, mean)`` gives a number; it draws the left curve.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Cost Function for Learning Conditional Statistics"; Goodfellow, Bengio, Courville (2016), section 6.2.1.2.
    """
    figure = LiveFigure(9.6, 4.3)
    panels = [
        _Panel(figure, axes, title, label, top)
        for axes, title, label, top in zip(
            figure.figure.subplots(1, 2),
            ("squared error: your gaussian_nll", "absolute error"),
            ("negative log-likelihood", "mean absolute error"),
            (24.0, 9.0),
            strict=True,
        )
    ]

    def update(best_constant: Callable[..., Any], gaussian_nll: Callable[..., Any], outlier: float) -> Any:
        y = np.append(FIXED, outlier)
        column = y[:, np.newaxis]

        def squared(c: float) -> float:
            given = gaussian_nll(column, np.full_like(column, c))
            return float(checked(gaussian_nll, given, nll=()))

        def absolute(c: float) -> float:
            return float(np.abs(y - c).mean())

        said = []
        for panel, loss, cost in zip(panels, ("mse", "mae"), (squared, absolute), strict=True):
            best = float(checked(best_constant, best_constant(y, loss), c=()))
            curve = np.array([cost(c) for c in CONSTANTS])
            panel.draw(curve, best, cost(best), y)
            lower = float(CONSTANTS[curve.argmin()])
            fair = cost(best) <= curve.min() + FAR
            said.append(f"{best:.3g}" + ("" if fair else f" (the curve is lower at {lower:.3g})"))
        below = (
            f"Your best constant is {said[0]} for the squared error and {said[1]} for the absolute error, with the "
            f"outlier at {outlier:.3g}."
        )
        others = ", ".join(f"{v:g}" for v in FIXED)
        return below, (
            f"Two curves of the loss against the constant that is predicted for nine targets: {others} and the outlier "
            f"at {outlier:.3g}. {below}"
        )

    figure.preset("Among the others", outlier=2.5)
    figure.preset("Far away", outlier=10.0)
    return figure.live(update, best_constant, gaussian_nll, outlier=slider("outlier", 2.5, -2.0, 11.0, 0.25))


class _Panel:
    """One loss against the constant, the targets below it."""

    def __init__(self, figure: LiveFigure, axes: Any, title: str, label: str, top: float) -> None:
        floor = -0.12 * top
        axes.set(
            title=title, xlabel="constant c", ylabel=label, xlim=(CONSTANTS[0], CONSTANTS[-1]), ylim=(floor, top)
        )  # fmt: skip
        axes.plot(FIXED, np.full_like(FIXED, 0.5 * floor), "|", color=GREY, markersize=14, markeredgewidth=2,
                  label="targets")  # fmt: skip
        (self.outlier,) = figure.changing(
            axes.plot([], [], marker=(5, 1), color=PINK, markersize=13, markeredgecolor="black", linestyle="none",
                      label="outlier")
        )  # fmt: skip
        (self.curve,) = figure.changing(axes.plot([], [], color=BLUE, linewidth=2, label="loss"))
        (self.line,) = figure.changing(axes.plot([], [], color=ORANGE, linewidth=1.2, linestyle="--"))
        (self.best,) = figure.changing(
            axes.plot([], [], "s", color=ORANGE, markersize=9, markeredgecolor="white", linestyle="none",
                      label="your best constant")
        )  # fmt: skip
        self.floor = floor
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), fontsize=9, ncols=4, frameon=False,
                    handlelength=1.4, columnspacing=1.0)  # fmt: skip

    def draw(self, curve: Any, best: float, cost: float, y: Any) -> None:
        self.curve.set_data(CONSTANTS, curve)
        self.best.set_data([best], [cost])
        self.line.set_data([best, best], [self.floor, cost])
        self.outlier.set_data([y[-1]], [0.5 * self.floor])
