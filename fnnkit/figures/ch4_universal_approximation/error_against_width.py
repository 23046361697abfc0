"""Sup error of interpolants against their width, four targets (chapter 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fnnkit import approximation
from fnnkit.arguments import Float
from fnnkit.figures.ch4_universal_approximation.targets import TARGETS, relu, value
from fnnkit.figures.ch4_universal_approximation.training import spread_start, steps
from fnnkit.figures.engine.live import BLUE, GREEN, ORANGE, PINK, LiveFigure, Shown, checked, slider

WIDTHS = 2 ** np.arange(2, 9)
TRAINED = (4, 8, 16, 32)
POINTS = 4001
LOOKS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (PINK, "D"))


def error_against_width(
    relu_interpolant: Callable[..., Any], sup_error: Callable[..., Any], convergence_rate: Callable[..., Any]
) -> Shown:
    """Sup error of your interpolants against the number of units, both axes logarithmic, with your fitted slopes.

    Parameters
    ----------
    relu_interpolant, sup_error, convergence_rate : callable
        As in the exercises of these names. While `convergence_rate` is not written, the figure fits by itself.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Universal Approximation Theorem"; de Boor (2001), *A Practical Guide to Splines*, chapter III.
    """
    figure = LiveFigure(9.6, 4.8)
    axes = figure.figure.add_subplot(
        xscale="log",
        yscale="log",
        xlim=(3, 600),
        ylim=(3e-5, 3),
        xlabel="hidden units",
        ylabel="sup error on [0, 1]",
    )
    axes.set_xticks(WIDTHS, [str(w) for w in WIDTHS])
    axes.minorticks_off()
    axes.grid(color="#dddddd", linewidth=0.6)
    lines = {
        name: figure.changing(axes.plot([], [], color=colour, marker=marker, label=name))[0]
        for (name, (colour, marker)) in zip(TARGETS, LOOKS, strict=True)
    }
    notes = {
        name: figure.changing(axes.text(280, 1, "", fontsize=10, color=line.get_color()))
        for name, line in lines.items()
    }
    (crosses,) = figure.changing(
        axes.plot([], [], "x", color=BLUE, markersize=10, markeredgewidth=2, label="sin 2πx, trained")
    )
    axes.legend(loc="lower left", fontsize=9)

    def errors(relu_interpolant: Any, sup_error: Any, f: Callable[[Float], Float], shift: float) -> Float:
        found = []
        for m in WIDTHS:
            inner = (np.arange(1, m) + shift) / m
            knots = np.concatenate([[0.0], inner, [1.0]])
            parameters = checked(
                relu_interpolant, relu_interpolant(knots, f(knots)), W=(1, None), c=(None,), w=(None,), b=()
            )

            def network(x: Float, parameters: Any = parameters) -> Float:
                return value(relu, x, *parameters)

            found.append(float(checked(sup_error, sup_error(f, network, 0.0, 1.0, POINTS), error=())))
        return np.array(found)

    def update(relu_interpolant: Any, sup_error: Any, convergence_rate: Any, shift: float) -> tuple[str, str]:
        said = []
        crosses.set_data([], [])
        for name, f in TARGETS.items():
            found = np.maximum(errors(relu_interpolant, sup_error, f, shift), 1e-16)
            try:
                rate = float(checked(convergence_rate, convergence_rate(WIDTHS, found), rate=()))
            except NotImplementedError:
                rate = approximation.convergence_rate(WIDTHS, found)
            lines[name].set_data(WIDTHS, found)
            notes[name].set_position((280, found[-1]))
            notes[name].set_text(f"slope {rate:.2f}")
            said.append(f"{name}: {rate:.2f}")
        text = "Slopes: " + ", ".join(said) + "."
        return (
            text,
            f"Sup error against the number of units on logarithmic axes, from {WIDTHS[0]} to {WIDTHS[-1]}. {text}",
        )

    def train(
        relu_interpolant: Any, sup_error: Any, convergence_rate: Any, shift: float
    ) -> Iterator[tuple[str, str]]:
        x = np.linspace(0.0, 1.0, 201)[:, None]
        sine, places, found = TARGETS["sin 2πx"], [], []
        for m in TRAINED:
            for seed in range(3):
                net = spread_start([m], 4 * x - 2, seed)
                for _ in steps(net, 4 * x - 2, sine(x), 1500):
                    pass
                places.append(m)
                grid = np.linspace(0.0, 1.0, POINTS)
                found.append(float(np.abs(net.forward(4 * grid[:, None] - 2)[:, 0] - sine(grid)).max()))
                crosses.set_data(places, found)
                text = f"{m} units, start {seed + 1}: built by hand or trained, the sup error after training is {found[-1]:.3f}."
                yield text, text

    figure.run("Train networks on the sine", train, 3 * len(TRAINED))
    return figure.live(
        update,
        relu_interpolant,
        sup_error,
        convergence_rate,
        help="Shift the inner knots: what happens to the kink when a knot comes to lie on it?",
        shift=slider("shift of inner knots, in spacings", 0.0, -0.45, 0.45, 0.05, every_step=False),
    )
