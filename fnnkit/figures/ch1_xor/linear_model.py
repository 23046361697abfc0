"""The linear model of XOR: three sliders, the line that it draws, and the bowl of its error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.colors import Normalize

from fnnkit.figures.ch1_xor.xor_plane import POINTS, TARGETS, four_points, grid, list_of, plane
from fnnkit.figures.engine.live import SURFACE, LiveFigure, Shown, checked, slider

LOW, HIGH, N = -0.5, 1.5, 41
WEIGHTS = np.linspace(-2.0, 2.0, 17)


def linear_model(mse: Callable[..., Any], fit_linear: Callable[..., Any]) -> Shown:
    """Sliders for w₁, w₂ and b; the plane of inputs on the left, the error as a function of the weights on the right.

    Parameters
    ----------
    mse : callable
        ``mse(y_pred, y_true)`` gives the error that is shown.
    fit_linear : callable
        ``fit_linear(X, y)`` gives ``(w, b)``; the cross marks it.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Linear Model for Learning XOR".
    """
    figure = LiveFigure(9.4, 4.3)
    left, right = figure.figure.subplots(1, 2)
    left.set_title("inputs, coloured by the prediction", fontsize=11)
    inputs = grid(LOW, HIGH, N)
    image = figure.changing(plane(left, LOW, HIGH, N))
    figure.figure.colorbar(
        image,
        ax=left,
        ticks=[-0.5, 0, 0.5, 1, 1.5],
        extend="both",
        label="prediction   (white line: ½)",
        shrink=0.8,
    )
    (line,) = figure.changing(left.plot([], [], color="white", linewidth=2.5, zorder=3))
    figure.changing(four_points(left))
    words = figure.changing(
        [
            left.annotate(
                "", point, textcoords="offset points", xytext=(9, 9), fontsize=9, zorder=6,
                bbox={"boxstyle": "round,pad=.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
            )
            for point in POINTS
        ]
    )  # fmt: skip
    right.set(xlabel="$w_1$", ylabel="$w_2$", xlim=(-2, 2), ylim=(-2, 2))
    right.set_title("your error for these weights, at this b", fontsize=11)
    half = (WEIGHTS[1] - WEIGHTS[0]) / 2
    bowl = figure.changing(
        right.imshow(
            np.zeros((len(WEIGHTS),) * 2), origin="lower", cmap=SURFACE, norm=Normalize(0.0, 3.0),
            extent=(-2 - half, 2 + half, -2 - half, 2 + half), interpolation="bilinear",
        )
    )  # fmt: skip
    figure.figure.colorbar(bowl, ax=right, extend="max", label="mean squared error", shrink=0.8)
    (here,) = figure.changing(
        right.plot(
            [], [], "o", color="white", markeredgecolor="black", markersize=10, zorder=5, label="sliders"
        )
    )
    (best,) = figure.changing(
        right.plot(
            [],
            [],
            "X",
            color="#E69F00",
            markeredgecolor="black",
            markersize=12,
            zorder=4,
            label="your fit_linear",
        )
    )
    figure.changing(right.legend(loc="lower left", fontsize=9))

    def update(mse: Any, fit_linear: Any, w1: float, w2: float, b: float) -> tuple[str, str]:
        w = np.array([w1, w2])
        outputs = POINTS @ w + b
        error = float(checked(mse, mse(outputs, TARGETS), error=()))
        image.set_data((inputs @ w + b).reshape(N, N))
        line.set_data(*_line_of_half(w1, w2, b))
        for label, value in zip(words, outputs, strict=True):
            label.set_text(f"{value + 0.0:.3g}")
        errors = [[mse(POINTS @ np.array([p, q]) + b, TARGETS) for p in WEIGHTS] for q in WEIGHTS]
        bowl.set_data(checked(mse, errors, errors=(len(WEIGHTS), len(WEIGHTS))))
        here.set_data([w1], [w2])
        w_best, b_best = checked(fit_linear, fit_linear(POINTS, TARGETS), w=(2,), b=())
        best.set_data([w_best[0]], [w_best[1]])
        least = float(checked(mse, mse(POINTS @ w_best + b_best, TARGETS), error=()))
        said = (
            f"Predictions for (0,0), (0,1), (1,0), (1,1): {list_of(outputs)}; mean squared error {error:.4g}. Your "
            f"fit_linear gives w = ({list_of(w_best)}), b = {list_of(b_best)}, with the error {least:.4g}."
        )
        return said, (
            f"Left: the plane of the inputs coloured by the prediction, with the four points of XOR. {said} Right: the "
            "error as a function of both weights, a bowl, with the place of the sliders and that of your fit_linear."
        )

    figure.preset("All zero", w1=0.0, w2=0.0, b=0.0)
    figure.preset("Three right", w1=1.0, w2=1.0, b=0.0)
    return figure.live(
        update, mse, fit_linear, w1=slider("w 1", 0.75, -2.0, 2.0, 0.25), w2=slider("w 2", -0.5, -2.0, 2.0, 0.25),
        b=slider("b", 0.25, -2.0, 2.0, 0.25),
    )  # fmt: skip


def _line_of_half(w1: float, w2: float, b: float) -> tuple[Any, Any]:
    """Two points of the line where the prediction is ½; none if the model looks at no input."""
    ends = np.array([LOW - 1, HIGH + 1])
    if abs(w2) >= abs(w1) and w2:
        return ends, (0.5 - b - w1 * ends) / w2
    if w1:
        return (0.5 - b - w2 * ends) / w1, ends
    return np.array([]), np.array([])
