"""The unit square folded layer by layer, and what random weights make of it (chapter 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib
import numpy as np

from fnnkit import expressivity
from fnnkit.arguments import Float
from fnnkit.figures.engine.live import ORANGE, SURFACE, LiveFigure, Shown, checked, in_own_style, slider

SIDE = (np.arange(192) + 0.5) / 192 + 1e-4  # off every crease
GRID = np.array([(p, q) for q in SIDE for p in SIDE])
NEAR = 0.03
"""How near to the dot a point has to land to light up: a distance in the square, so that spots stay as large."""


@in_own_style
def folding(tent: Callable[..., Any], activation_patterns: Callable[..., Any]) -> Shown:
    """The unit square folded by your tent, its regions counted by your function, and random weights beside it.

    Parameters
    ----------
    tent, activation_patterns : callable
        As in the exercises of these names.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Exponential Advantage of Deeper Rectifier Networks"; Montúfar, Pascanu, Cho, Bengio (2014), figures 2 and 3.
    """
    figure = LiveFigure(9.4, 4.0)
    (max_regions_shallow,) = figure.mine("max_regions_shallow")
    square, sheet, random = figure.figure.subplots(1, 3)
    pictures = []
    for axes, title in ((square, "the square, and what lands at the dot"), (random, "random weights")):
        axes.set(title=title, xticks=[0, 1], yticks=[0, 1])
        blank = np.zeros((len(SIDE), len(SIDE), 3))
        pictures.append(
            figure.changing(axes.imshow(blank, extent=(0, 1, 0, 1), origin="lower", interpolation="nearest"))
        )
    sheet.set(
        title="the folded sheet",
        xlim=(0, 1),
        ylim=(0, 1),
        xticks=[0, 1],
        yticks=[0, 1],
        aspect="equal",
        facecolor="#f3efe2",
    )
    for axes in (square, sheet, random):
        axes.set_xlabel("$x_1$" if axes is not sheet else "$h_1$")
        axes.set_ylabel("$x_2$" if axes is not sheet else "$h_2$", rotation=0)
    words = figure.changing(sheet.text(0.5, 0.94, "", ha="center", va="top", fontsize=10))
    (dot,) = figure.changing(sheet.plot([], [], "o", color=ORANGE, markersize=11, markeredgecolor="white"))

    def update(
        tent: Any, activation_patterns: Any, depth: int, h1: float, h2: float, seed: int
    ) -> tuple[str, str]:
        folded = GRID
        for _ in range(depth):
            folded = checked(tent, tent(folded), folded=GRID.shape)
        lit = np.hypot(folded[:, 0] - h1, folded[:, 1] - h2) < NEAR * 2**depth
        by_hand, drawn = (_layers(kind, depth, seed) for kind in ("folds", "random"))
        for picture, layers, mask in ((pictures[0], by_hand, lit), (pictures[1], drawn, None)):
            picture.set_data(_coloured(layers, mask))
        words.set_text(f"{4**depth} layer{'s' * (depth > 0)} of paper")
        dot.set_data([h1], [h2])
        counts = [_count(activation_patterns, layers) for layers in (by_hand, drawn)]
        figure.facts(random=counts[1], lit=float(lit.mean()))
        spots = 4**depth
        said = (
            f"{depth} layer{'s' * (depth != 1)} of four units: "
            f"{counts[0]} regions when they fold, {counts[1]} with these random weights, at most "
            f"{max_regions_shallow(2, 4 * depth)} in one layer. {spots} place{'s' * (spots > 1)} of the square "
            f"land{'s' * (spots == 1)} at the dot ({h1:.2f}, {h2:.2f})."
        )
        return (
            said,
            "Left: the unit square, its regions in colours. Middle: the folded sheet with a dot. Right: random weights. "
            + said,
        )

    figure.handle("dot on the folded sheet", sheet, x="h1", y="h2")
    figure.play("depth", rate=1)
    figure.predict(
        "Three layers of four units fold the square along both axes. How many of its places land at one dot?",
        ("3", "8", "12", "64"), "64",
        "Each layer folds both axes once, so four places become one: 4 · 4 · 4. What the next layer draws at the dot appears 64 "
        "times in the square.",
        depth=3,
    )  # fmt: skip
    figure.goal(
        "a dot on a crease, where places meet", lambda s: s.depth > 0 and 1.0 in (s.h1, s.h2), depth=2, h1=1.0
    )
    figure.goal(
        "two layers of random weights with fewer regions than two folds have",
        lambda s: s.depth == 2 and s.random < 16,
        depth=2,
        seed=2,
    )
    figure.mistakes("half_as_high", "levels_off", "saw", "last_layer_only", "sum_of_the_layers")
    return figure.live(
        update,
        tent,
        activation_patterns,
        exercises=("tent", "activation_patterns"),
        depth=slider("layers", 1, 0, 3),
        h1=slider("dot h₁", 0.6, 0.0, 1.0, 0.05),
        h2=slider("dot h₂", 0.35, 0.0, 1.0, 0.05),
        seed=slider("random start", 1, 1, 30),
    )


def _layers(kind: str, depth: int, seed: int) -> tuple[list[Float], list[Float]]:
    """Hidden layers of four units: those that fold the square, or random ones whose kinks lie about its middle."""
    if depth == 0:
        return [], []
    if kind == "folds":
        weights, biases = expressivity.folding_network(2, 2, depth)
        return weights[:-1], biases[:-1]
    rng = np.random.default_rng(seed)
    weights = [rng.normal(0.0, np.sqrt(2.0 / n), (n, 4)) for n in [2, *[4] * (depth - 1)]]
    biases = [rng.normal(0.0, np.sqrt(0.5), 4) for _ in weights]
    return [6.0 * weights[0], *weights[1:]], [biases[0] - 3.0 * weights[0].sum(axis=0), *biases[1:]]


def _count(activation_patterns: Any, layers: tuple[list[Float], list[Float]]) -> int:
    if not layers[0]:
        return 1
    return int(checked(activation_patterns, activation_patterns(GRID, *layers), patterns=()))


def _coloured(layers: tuple[list[Float], list[Float]], lit: Any) -> Any:
    """Colours of the regions; the lit places in orange."""
    labels = expressivity.region_labels(GRID, *layers) if layers[0] else np.zeros(len(GRID), int)
    # Neighbouring numbers get colours that are far apart.
    colours = matplotlib.colormaps[SURFACE]((0.25 + labels * 0.6180339887) % 1.0)[:, :3]
    colours = 0.45 + 0.55 * colours
    if lit is not None:
        colours[lit] = matplotlib.colors.to_rgb(ORANGE)
    return colours.reshape(len(SIDE), len(SIDE), 3)
