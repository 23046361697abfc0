"""Networks with one hidden layer, built for a target: stairs of sigmoids or straight pieces of ReLUs (chapter 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection

from fnnkit.arguments import Float
from fnnkit.figures.ch4_universal_approximation.targets import TARGETS, relu, sigmoid, units, value
from fnnkit.figures.engine.live import (
    BLUE,
    GREY,
    ORANGE,
    LiveFigure,
    Shown,
    checked,
    dropdown,
    slider,
)

STAIRS, STRAIGHT = "stairs of sigmoids", "straight pieces of ReLUs"
POINTS = 1201
X = np.linspace(0.0, 1.0, POINTS)
MOST = 80
HOW = "The thin lines below are what single hidden units add. The mark shows where the largest error sits."


def build_a_function(
    staircase_network: Callable[..., Any], relu_interpolant: Callable[..., Any], sup_error: Callable[..., Any]
) -> Shown:
    """A network built by your own functions for a target on [0, 1], its single units, and its sup error.

    Parameters
    ----------
    staircase_network, relu_interpolant, sup_error : callable
        As in the exercises of these names.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Universal Approximation Theorem"; Hornik, Stinchcombe, White (1989).
    """
    figure = LiveFigure(9.6, 5.6)
    above, below = figure.figure.subplots(2, 1, sharex=True, height_ratios=[2, 1])
    above.set(xlim=(0, 1), ylim=(-1.35, 1.35), ylabel="y")
    below.set(xlabel="x", ylabel="single units", ylim=(-2.4, 2.4))
    for axes in (above, below):
        axes.grid(color="#dddddd", linewidth=0.6)
    (target,) = figure.changing(
        above.plot([], [], color="black", linewidth=1.2, linestyle="--", label="target")
    )
    (curve,) = figure.changing(above.plot([], [], color=BLUE, linewidth=2.2, label="network"))
    (gap,) = figure.changing(
        above.plot([], [], color=ORANGE, linewidth=3, marker="_", markersize=12, label="sup error")
    )
    single = LineCollection([], colors=GREY, linewidths=0.8)
    figure.changing(below.add_collection(single, autolim=False))
    above.legend(loc="upper right", ncols=3, fontsize=9)

    def update(
        staircase_network: Any,
        relu_interpolant: Any,
        sup_error: Any,
        f: Any,
        kind: str,
        m: int,
        sharpness: float,
    ) -> tuple[str, str]:
        parameters, phi = _built(staircase_network, relu_interpolant, f, kind, m, 10.0**sharpness)

        def network(x: Float) -> Float:
            return value(phi, x, *parameters)

        y, g = f(X), network(X)
        error = float(checked(sup_error, sup_error(f, network, 0.0, 1.0, POINTS), error=()))
        at = int(np.argmax(np.abs(y - g)))
        target.set_data(X, y)
        curve.set_data(X, g)
        gap.set_data([X[at]] * 2, [y[at], g[at]])
        each = units(phi, X[::4], *parameters[:3])
        single.set_segments([np.column_stack([X[::4], column]) for column in each.T])
        said = f"{np.size(parameters[2])} hidden units: sup error {error:.4f}, at x = {X[at]:.3f}."
        return said, f"A target on [0, 1] and a network of {kind} that follows it. {said}"

    return figure.live(
        update,
        staircase_network,
        relu_interpolant,
        sup_error,
        help=HOW,
        f=dropdown("target", TARGETS),
        kind=dropdown("network", [STAIRS, STRAIGHT]),
        m=slider("hidden units", 8, 1, MOST),
        sharpness=slider("log₁₀ of sharpness", 2.0, 0.0, 3.0, 0.1),
    )


def _built(
    staircase_network: Any,
    relu_interpolant: Any,
    f: Callable[[Float], Float],
    kind: str,
    m: int,
    sharpness: float,
) -> tuple[Any, Callable[[Float], Float]]:
    """Parameters of the network, by the student's functions, and its activation."""
    if kind == STAIRS:
        knots, values = (np.arange(m) + 1) / (m + 1), f((np.arange(m + 1) + 0.5) / (m + 1))
        found = checked(
            staircase_network,
            staircase_network(knots, values, sharpness),
            W=(1, None),
            c=(None,),
            w=(None,),
            b=(),
        )
        return found, sigmoid
    knots = np.linspace(0.0, 1.0, m + 1)
    found = checked(
        relu_interpolant, relu_interpolant(knots, f(knots)), W=(1, None), c=(None,), w=(None,), b=()
    )
    return found, relu
