"""Sup error of interpolants against their width, four targets (chapter 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fnnkit.arguments import Float
from fnnkit.figures.ch4_universal_approximation.targets import TARGETS, value
from fnnkit.figures.ch4_universal_approximation.training import spread_start, steps
from fnnkit.figures.engine.live import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    LiveFigure,
    Shown,
    checked,
    in_own_style,
    slider,
)

WIDTHS = 2 ** np.arange(2, 9)
TRAINED = (4, 8, 16, 32)
POINTS = 4001
STEPS, EVERY = 1500, 250
"""Of a training, and from one picture of it to the next."""
LOOKS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (PINK, "D"))


@in_own_style
def error_against_width(
    relu_interpolant: Callable[..., Any], sup_error: Callable[..., Any], convergence_rate: Callable[..., Any]
) -> Shown:
    """Sup error of your interpolants against the number of units, both axes logarithmic, with your fitted slopes.

    Parameters
    ----------
    relu_interpolant, sup_error, convergence_rate : callable
        As in the exercises of these names.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Universal Approximation Theorem"; de Boor (2001), *A Practical Guide to Splines*, chapter III.
    """
    figure = LiveFigure(9.4, 4.8)
    (relu,) = figure.mine("relu")
    axes = figure.figure.add_subplot(
        xscale="log",
        yscale="log",
        xlim=(3, 700),
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
        name: figure.changing(
            axes.text(WIDTHS[-1], 1, "", fontsize=10, color=line.get_color(), ha="left", va="center")
        )
        for name, line in lines.items()
    }
    mark = figure.changing(axes.axvline(16, color=GREY, linestyle=":"))
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

    def update(
        relu_interpolant: Any, sup_error: Any, convergence_rate: Any, shift: float, e: int
    ) -> tuple[str, str]:
        said, marked = [], []
        crosses.set_data([], [])
        for name, f in TARGETS.items():
            found = np.maximum(errors(relu_interpolant, sup_error, f, shift), 1e-16)
            rate = float(checked(convergence_rate, convergence_rate(WIDTHS, found), rate=()))
            lines[name].set_data(WIDTHS, found)
            notes[name].set_position((1.1 * WIDTHS[-1], found[-1]))
            notes[name].set_text(f"slope {rate:.2f}")
            said.append(f"{name}: {rate:.2f}")
            marked.append(found)
        mark.set_xdata([2**e] * 2)
        here = [float(found[e - 2]) for found in marked]
        figure.facts(sine=here[0], kink_at_four=float(marked[1][0]))
        text = f"Slopes: {', '.join(said)}. At {2**e} units: {', '.join(f'{error:.2g}' for error in here)}."
        return (
            text,
            f"Sup error against the number of units on logarithmic axes, from {WIDTHS[0]} to {WIDTHS[-1]}. {text}",
        )

    def train(
        relu_interpolant: Any, sup_error: Any, convergence_rate: Any, shift: float, e: int
    ) -> Iterator[tuple[str, str]]:
        x = np.linspace(0.0, 1.0, 201)[:, None]
        sine, places, found = TARGETS["sin 2πx"], [], []
        grid = np.linspace(0.0, 1.0, POINTS)
        for m in TRAINED:
            for seed in range(3):
                net = spread_start([m], 4 * x - 2, seed)
                places.append(m)
                found.append(np.nan)
                for k, _ in enumerate(steps(net, 4 * x - 2, sine(x), STEPS), start=1):
                    if k % EVERY == 0:
                        error = np.abs(net.forward(4 * grid[:, None] - 2)[:, 0] - sine(grid)).max()
                        found[-1] = float(error)
                        crosses.set_data(places, found)
                        text = f"{m} units, start {seed + 1}, step {k} of {STEPS}: sup error {error:.3f}."
                        yield text, text

    figure.handle(
        "width that is read off", axes, place=lambda v: (2.0 ** v["e"], 1.5), free="x", shape="vertical", step=(4.0, 0.0),
        values=lambda x, y, v: {"e": round(float(np.log2(max(x, 1.0))))},
    )  # fmt: skip
    figure.run("Train networks on the sine", train, 3 * len(TRAINED) * (STEPS // EVERY))
    figure.predict(
        "√x is vertical at 0. Which slope will its error have on these axes?",
        ("−2, as the sine", "−1, as the kink", "−½", "0, as the jump"), "−½",
        "On the first segment, of length 1/m, the error is a fixed share of √(1/m): four times the units halve it.",
    )  # fmt: skip
    figure.goal(
        "a knot on the kink for four units: no error there", lambda s: s.kink_at_four < 1e-6, shift=1 / 3
    )
    figure.goal("the first of these widths with an error of the sine below 0.001", lambda s: s.e == 7, e=7)
    figure.mistakes("slopes_as_weights", "last_segment_lost", "mean_of_the_distances", "axes_swapped")
    return figure.live(
        update,
        relu_interpolant,
        sup_error,
        convergence_rate,
        exercises=("relu_interpolant", "sup_error", "convergence_rate"),
        help="Shift the inner knots: what happens to the kink when a knot comes to lie on it?",
        shift=slider(
            "shift of inner knots, in spacings", 0.0, -14 / 30, 14 / 30, 1 / 30, every_step=False, digits=2
        ),
        e=slider("width marked, as a power of 2", 4, 2, 8),
    )
