"""The linear model of XOR: three weights, the line that it draws, and the bowl of its error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import contourpy
import numpy as np
from matplotlib.collections import LineCollection

from fnnkit.figures.ch1_xor.xor_plane import POINTS, TARGETS, four_points, grid, line_of, list_of
from fnnkit.figures.engine.live import LiveFigure, Shown, checked, in_own_style, slider
from fnnkit.figures.engine.surface import Surface

LOW, HIGH, N = -0.5, 1.5, 41
END = 2.3
"""End of the picture of the error: a little beyond the sliders, so that no marker is cut."""
WEIGHTS = np.linspace(-END, END, 25)
PAIRS = np.array([(p, q) for q in WEIGHTS for p in WEIGHTS])
LEVELS = (0.3, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
SIDE = np.linspace(LOW, HIGH, N)


def near_half(predictions: Any) -> Any:
    """A scale for predictions, which reach from −7.5 to 8.5: close to ½ it parts what far away it need not."""
    return np.arcsinh(2 * (predictions - 0.5))


@in_own_style
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
    figure = LiveFigure(9.4, 4.4)
    left, right = figure.figure.subplots(1, 2)
    left.set_title("inputs, coloured by the prediction", fontsize=11)
    inputs = grid(LOW, HIGH, N)
    left.set(xlabel="$x_1$", ylabel="$x_2$", xticks=[0, 1], yticks=[0, 1], aspect="equal")
    right.set(xlabel="$w_1$", ylabel="$w_2$", aspect="equal")
    surface = Surface(figure, left, SIDE, SIDE, np.linspace(-3.6, 3.6, 37), scale=near_half)
    names = {-4.0: "−4", -1.0: "−1", 0.0: "0", 0.5: "½", 1.0: "1", 2.0: "2", 5.0: "5"}
    surface.colour_bar(at=names, label="prediction   (white line: ½)", shrink=0.8)
    (line,) = figure.changing(left.plot([], [], color="white", linewidth=2.5, zorder=3))
    beside = figure.changing(
        [left.plot([], [], color="white", linewidth=1, linestyle=":", zorder=3)[0] for _ in (0.0, 1.0)]
    )
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
    right.set_title("your error for these weights, at this b", fontsize=11)
    bowl = Surface(figure, right, WEIGHTS, WEIGHTS, np.linspace(-2.4, 5.2, 39), scale=np.log2)
    sizes = {0.25: "¼", 0.5: "½", 1.0: "1", 2.0: "2", 4.0: "4", 8.0: "8", 16.0: "16", 32.0: "32"}
    bowl.colour_bar(at=sizes, label="mean squared error", shrink=0.8)
    rings = figure.changing(
        right.add_collection(LineCollection([], colors="white", linewidths=0.8, zorder=2), autolim=False)
    )
    (here,) = figure.changing(
        right.plot([], [], "o", color="white", markeredgecolor="black", markersize=10, zorder=5, label="your weights")
    )  # fmt: skip
    (best,) = figure.changing(
        right.plot([], [], "X", color="#E69F00", markeredgecolor="black", markersize=12, zorder=4, label="your fit_linear")
    )  # fmt: skip
    for axes in (left, right):
        axes.legend(
            loc="upper center",
            bbox_to_anchor=(0.5, -0.13),
            fontsize=9,
            frameon=False,
            ncols=2,
            markerscale=0.6,
        )

    def update(mse: Any, fit_linear: Any, w1: float, w2: float, b: float) -> tuple[str, str]:
        w = np.array([w1, w2])
        outputs = POINTS @ w + b
        error = float(checked(mse, mse(outputs, TARGETS), error=()))
        surface.set_values(inputs @ w + b)
        line.set_data(*line_of(w1, w2, b - 0.5))
        for other, level in zip(beside, (0.0, 1.0), strict=True):
            other.set_data(*line_of(w1, w2, b - level))
        for label, value in zip(words, outputs, strict=True):
            label.set_text(f"{value + 0.0:.3g}")
        found = mse.each([(row, TARGETS) for row in PAIRS @ POINTS.T + b])
        errors = checked(mse, found, errors=(len(PAIRS),)).reshape(len(WEIGHTS), len(WEIGHTS))
        bowl.set_values(np.maximum(errors, 1e-6))
        contours = contourpy.contour_generator(WEIGHTS, WEIGHTS, errors)
        rings.set_segments([ring for level in LEVELS for ring in contours.lines(level)])
        here.set_data([w1], [w2])
        w_best, b_best = checked(fit_linear, fit_linear(POINTS, TARGETS), w=(2,), b=())
        best.set_data([w_best[0]], [w_best[1]])
        least = float(checked(mse, mse(POINTS @ w_best + b_best, TARGETS), error=()))
        right_ones = (outputs > 0.5) == (TARGETS > 0.5)
        figure.facts(error=error, right=right_ones.tolist())
        said = (
            f"Predictions for (0,0), (0,1), (1,0), (1,1): {list_of(outputs)}; {right_ones.sum()} of 4 on the right side of ½; "
            f"mean squared error {error:.4g}. Your fit_linear gives w = ({list_of(w_best)}), b = {list_of(b_best)}, with the "
            f"error {least:.4g}."
        )
        return said, (
            f"Left: the plane of the inputs coloured by the prediction, with the four points of XOR. {said} Right: the "
            "error as a function of both weights, a bowl, with the place of your weights and that of your fit_linear."
        )

    def foot(v: dict[str, float]) -> tuple[float, float]:
        """The point of the line of ½ nearest to the middle of the four points."""
        size = v["w1"] ** 2 + v["w2"] ** 2 or 1.0
        away = (v["w1"] * 0.5 + v["w2"] * 0.5 + v["b"] - 0.5) / size
        return 0.5 - away * v["w1"], 0.5 - away * v["w2"]

    figure.handle("weights w₁ and w₂", right, x="w1", y="w2")
    figure.handle("line of ½, moved by b", left, shape="diamond", place=foot,
                  values=lambda x, y, v: {"b": 0.5 - v["w1"] * x - v["w2"] * y})  # fmt: skip
    figure.read(left, lambda mse, fit_linear, x, y, w1, w2, b:
                f"At ({x:.2f}, {y:.2f}) the prediction is {w1 * x + w2 * y + b + 0.0:.3g}.")  # fmt: skip
    figure.read(right, lambda mse, fit_linear, x, y, w1, w2, b:
                f"At w = ({x:.2f}, {y:.2f}) your mse is {float(mse(POINTS @ np.array([x, y]) + b, TARGETS)):.4g}.")  # fmt: skip
    figure.predict(
        "How many of the four points can a linear model put on the right side of ½?",
        ("two", "three", "four"), "three",
        "A line can cut off any one corner of the square, so three are within reach. All four are not: the two points of "
        "target 1 lie across from each other, and so do the two of target 0.",
        w1=1.0, w2=1.0, b=0.0,
    )  # fmt: skip
    figure.goal("the least error that there is", lambda s: abs(s.error - 0.25) < 1e-3, w1=0.0, w2=0.0, b=0.5)
    figure.goal(
        "three right, and only (1,1) wrong",
        lambda s: s.right == [True, True, True, False],
        w1=1.0,
        w2=1.0,
        b=0.0,
    )
    figure.goal("three right, and only (0,0) wrong", lambda s: s.right == [False, True, True, True],
                w1=-1.0, w2=-1.0, b=2.0)  # fmt: skip
    figure.mistakes("sum_of_squares", "mean_absolute_error", "root_mean_square", "no_intercept")  # fmt: skip
    figure.preset("All zero", w1=0.0, w2=0.0, b=0.0)
    figure.preset("Three right", w1=1.0, w2=1.0, b=0.0)
    return figure.live(
        update, mse, fit_linear, exercises=("mse", "fit_linear"), w1=slider("w₁", 0.75, -2.0, 2.0, 0.05),
        w2=slider("w₂", -0.5, -2.0, 2.0, 0.05), b=slider("b", 0.25, -2.0, 2.0, 0.05),
    )  # fmt: skip
