"""Linear pieces of deep, shallow and random networks with equal numbers of units (chapter 4)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from fnnkit import expressivity
from fnnkit.arguments import Float
from fnnkit.figures.engine.live import (
    BLUE,
    GREY,
    ORANGE,
    SKY,
    LiveFigure,
    Shown,
    checked,
    in_own_style,
    slider,
)

DEPTHS = np.arange(1, 8)
NETWORKS = 25
REACH = 3.0
FIVE = 3
"""A random start whose five layers have five pieces or more."""


def random_network(widths: list[int], seed: int) -> tuple[list[Float], list[Float]]:
    """One input, hidden layers of ReLUs, one output: weights of variance 2/inputs, biases of variance ½."""
    rng = np.random.default_rng(seed)
    sizes = [1, *widths, 1]
    weights = [rng.normal(0.0, np.sqrt(2.0 / n), (n, m)) for n, m in pairwise(sizes)]
    return weights, [rng.normal(0.0, np.sqrt(0.5), m) for m in sizes[1:]]


@in_own_style
def pieces(count_linear_pieces: Callable[..., Any]) -> Shown:
    """Numbers of linear pieces, by your own count: folded by hand, one layer, and deep with random weights.

    Parameters
    ----------
    count_linear_pieces : callable
        As in the exercise of this name.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Deep vs. Shallow network" and "Exponential Advantage of Deeper Rectifier Networks"; Hanin, Rolnick (2019).
    """
    figure = LiveFigure(9.4, 4.6)
    (relu,) = figure.mine("relu")
    left, right = figure.figure.subplots(1, 2, width_ratios=[1, 1.15])
    left.set(
        xlabel="layers, with two units each",
        ylabel="linear pieces",
        yscale="log",
        xlim=(0.5, 7.5),
        ylim=(0.9, 900),
    )
    left.set_yticks([1, 2, 4, 8, 16, 32, 64, 128], ["1", "2", "4", "8", "16", "32", "64", "128"])
    left.minorticks_off()
    left.grid(color="#dddddd", linewidth=0.6)
    (folded,) = figure.changing(left.plot([], [], color=BLUE, marker="o", label="folded by hand, on [0, 1]"))
    (one,) = figure.changing(
        left.plot([], [], color=ORANGE, marker="s", label="one layer, as many units: the most")
    )
    (drawn,) = figure.changing(
        left.plot(
            [],
            [],
            color=GREY,
            marker="^",
            linestyle="--",
            label=f"random weights, mean of {NETWORKS} on [−3, 3]",
        )
    )
    (wide,) = figure.changing(
        left.plot(
            [],
            [],
            color=GREY,
            marker="s",
            linestyle=":",
            label=f"one layer with random weights, mean of {NETWORKS}",
        )
    )
    mark = figure.changing(left.axvline(1, color=GREY, linestyle=":", linewidth=1))
    left.legend(loc="upper left", fontsize=9)
    right.set(
        xlabel="x",
        title="one random network and its kinks",
        xlim=(-REACH, REACH),
        ylim=(-1.3, 1.3),
        yticks=[],
        ylabel="output",
    )
    (curve,) = figure.changing(right.plot([], [], color=BLUE))
    (kinks,) = figure.changing(right.plot([], [], "o", color=ORANGE, markersize=5))
    (ground,) = figure.changing(right.plot([], [], "|", color=SKY, markersize=9))

    def update(count_linear_pieces: Any, depth: int, start: int) -> tuple[str, str]:
        def count(weights: Any, biases: Any, a: float, b: float) -> int:
            return int(checked(count_linear_pieces, count_linear_pieces(weights, biases, a, b), pieces=()))

        by_hand = [count(*expressivity.folding_network(1, 2, int(d)), 0.0, 1.0) for d in DEPTHS]
        folded.set_data(DEPTHS, by_hand)
        one.set_data(DEPTHS, 2 * DEPTHS + 1)
        deep, shallow = (
            [
                np.mean(
                    [count(*random_network(widths, start * 1000 + s), -REACH, REACH) for s in range(NETWORKS)]
                )
                for widths in kinds
            ]
            for kinds in ([[2] * int(d) for d in DEPTHS], [[2 * int(d)] for d in DEPTHS])
        )
        drawn.set_data(DEPTHS, deep)
        wide.set_data(DEPTHS, shallow)
        weights, biases = random_network([2] * depth, start * 1000)
        ends, _ = expressivity.linear_pieces(weights, biases, -REACH, REACH)
        x = np.unique(np.concatenate([np.linspace(-REACH, REACH, 301), ends]))
        y, at = (_values(relu, p, weights, biases) for p in (x, ends))
        size = np.abs(y - y.mean()).max() or 1.0
        curve.set_data(x, (y - y.mean()) / size)
        kinks.set_data(ends[1:-1], (at[1:-1] - y.mean()) / size)
        ground.set_data(ends[1:-1], np.full(len(ends) - 2, -1.2))
        mark.set_xdata([depth] * 2)
        i = depth - 1
        figure.facts(folded=by_hand[i], random=len(ends) - 1)
        said = (
            f"{depth} layer{'s' * (depth > 1)} of two units: "
            f"{by_hand[i]} pieces when folded by hand, at most {2 * depth + 1} in one layer, and "
            f"{deep[i]:.1f} on average with random weights, where one random layer has {shallow[i]:.1f}; the network on the "
            f"right has {len(ends) - 1}."
        )
        return said, said

    figure.handle("number of layers", left, x="depth", at=1.0)
    figure.play("depth", rate=2)
    figure.predict(
        "Fourteen ReLUs with random weights. Where do you expect more linear pieces?",
        ("in seven layers of two", "about as many in both", "in one layer of fourteen"), "in one layer of fourteen",
        "A random layer seldom folds: it cuts, and it also switches pieces off for good. Exponentially "
        "many pieces exist for the deep "
        "network, in a corner of weight space that a random draw does not hit (Hanin, Rolnick 2019).",
        depth=7,
    )  # fmt: skip
    figure.goal("the first depth where folding beats one layer", lambda s: s.depth == 3, depth=3)
    figure.goal(
        "a random network of five layers with five pieces or more",
        lambda s: s.depth == 5 and s.random >= 5,
        depth=5,
        start=FIVE,
    )
    figure.mistakes("one_more_than_units", "distinct_slopes", "every_breakpoint", "first_layer_only")
    return figure.live(
        update,
        count_linear_pieces,
        exercises=("count_linear_pieces",),
        depth=slider("layers", 4, 1, 7, every_step=False),
        start=slider("random start", 1, 1, 20, every_step=False),
    )


def _values(relu: Any, x: Float, weights: list[Float], biases: list[Float]) -> Float:
    H = x[:, None]
    for W, c in zip(weights[:-1], biases[:-1], strict=True):
        H = relu(H @ W + c)
    values: Float = (H @ weights[-1] + biases[-1])[:, 0]
    return values
