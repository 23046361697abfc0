"""The constant with the smallest loss, and how an outlier moves it (chapter 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.figures.engine.live import (
    BLUE,
    GREY,
    ORANGE,
    PINK,
    LiveFigure,
    Shown,
    checked,
    in_own_style,
    slider,
)

FIXED = np.array([0.2, 0.7, 1.1, 1.6, 2.1, 2.4, 2.9, 3.4])
CONSTANTS = np.linspace(-2.4, 12.4, 149)
FAR = 1e-6
"""A constant is called the best one if no other on the curve is better by more than this."""


@in_own_style
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

        said, bests = [], []
        for panel, loss, cost in zip(panels, ("mse", "mae"), (squared, absolute), strict=True):
            best = float(checked(best_constant, best_constant(y, loss), c=()))
            if cost is squared:
                calls = [(column, np.full_like(column, c)) for c in CONSTANTS]
                curve = checked(gaussian_nll, gaussian_nll.each(calls), nll=(len(CONSTANTS),))  # type: ignore[attr-defined]
            else:
                curve = np.abs(y - CONSTANTS[:, np.newaxis]).mean(axis=1)
            bests.append(best)
            panel.draw(curve, best, cost(best), y)
            lower = float(CONSTANTS[curve.argmin()])
            fair = cost(best) <= curve.min() + FAR
            said.append(f"{best:.3g}" + ("" if fair else f" (the curve is lower at {lower:.3g})"))
        figure.facts(mean=bests[0], median=bests[1])
        below = (
            f"Your best constant is {said[0]} for the squared error and {said[1]} for the absolute error, with the "
            f"outlier at {outlier:.3g}."
        )
        others = ", ".join(f"{v:g}" for v in FIXED)
        return below, (
            f"Two curves of the loss against the constant that is predicted for nine targets: {others} and the outlier "
            f"at {outlier:.3g}. {below}"
        )

    for panel, name in zip(panels, ("squared", "absolute"), strict=True):
        figure.handle(
            f"outlier, below the {name} error",
            panel.axes,
            x="outlier",
            at=0.5 * panel.floor,
            shape="circle",
            colour=PINK,
        )
    figure.read(panels[0].axes, lambda best_constant, gaussian_nll, x, y, outlier: (
        f"At c = {x:.2f} your gaussian_nll is "
        f"{float(gaussian_nll(np.append(FIXED, outlier)[:, np.newaxis], np.full((9, 1), x))):.4g}."
    ))  # fmt: skip
    figure.read(panels[1].axes, lambda best_constant, gaussian_nll, x, y, outlier: (
        f"At c = {x:.2f} the mean absolute error is {np.abs(np.append(FIXED, outlier) - x).mean():.4g}."
    ))  # fmt: skip
    figure.predict(
        "The outlier moves far to the right. What do the two best constants do?",
        ("both follow", "the one of the squared error follows", "the one of the absolute error follows"),
        "the one of the squared error follows",
        "The mean takes a ninth of every step of the outlier. The median only asks on which side it lies.", outlier=11.0,
    )  # fmt: skip
    figure.goal("the mean moves by 1, the median not at all",
                lambda s: abs(s.mean - s.first.mean) >= 1 and abs(s.median - s.first.median) < 1e-9, outlier=12.0)  # fmt: skip
    figure.goal("move the median", lambda s: abs(s.median - s.first.median) > 0.1, outlier=-2.0)
    figure.goal("mean and median agree", lambda s: abs(s.mean - s.median) < 0.005, outlier=1.8)
    figure.mistakes("best_constants_swapped", "best_constant_always_mean", "best_constant_midrange", "best_constant_middle_entry",
                    "gaussian_norm_not_squared", "gaussian_half_missing", "gaussian_log_likelihood")  # fmt: skip
    figure.preset("Among the others", outlier=2.5)
    figure.preset("Far away", outlier=10.0)
    return figure.live(
        update, best_constant, gaussian_nll, exercises=("best_constant", "gaussian_nll"),
        outlier=slider("outlier", 2.5, -2.0, 12.0, 0.1),
    )  # fmt: skip


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
                      label="outlier", clip_on=False)
        )  # fmt: skip
        (self.curve,) = figure.changing(axes.plot([], [], color=BLUE, linewidth=2, label="loss"))
        (self.line,) = figure.changing(axes.plot([], [], color=ORANGE, linewidth=1.2, linestyle="--"))
        (self.best,) = figure.changing(
            axes.plot([], [], "s", color=ORANGE, markersize=9, markeredgecolor="white", linestyle="none",
                      label="your best constant")
        )  # fmt: skip
        self.axes, self.floor = axes, floor
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), fontsize=9, ncols=4, frameon=False,
                    handlelength=1.4, columnspacing=1.0)  # fmt: skip

    def draw(self, curve: Any, best: float, cost: float, y: Any) -> None:
        self.curve.set_data(CONSTANTS, curve)
        self.best.set_data([best], [cost])
        self.line.set_data([best, best], [self.floor, cost])
        self.outlier.set_data([y[-1]], [0.5 * self.floor])
