"""Sparsity of the layers of a deep random network (chapter 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit import activations
from fnnkit.arguments import Float
from fnnkit.datasets import digits
from fnnkit.figures.engine.live import BLUE, GREEN, ORANGE, LiveFigure, Shown, checked, slider

LAYERS, WIDTH, EXAMPLES = 8, 64, 200
UNITS: dict[str, tuple[Callable[[Float], Float], str, str, str]] = {
    "ReLU": (activations.relu, BLUE, "o", "-"),
    "tanh": (activations.tanh, ORANGE, "s", "--"),
    "sigmoid": (activations.sigmoid, GREEN, "^", ":"),
}


def inputs() -> Float:
    """Images of digits, each pixel centred, all scaled so that the mean square of an entry is 1."""
    X = digits().X_test[:EXAMPLES]
    X = X - X.mean(axis=0)
    scaled: Float = X / np.sqrt((X**2).mean())
    return scaled


def propagate(X: Float, unit: Callable[[Float], Float], bias: float, scale: float, start: int) -> list[Float]:
    """Activations of every layer of a random network: weights of variance ``scale² · 2 / width``, all biases equal."""
    rng = np.random.default_rng(start)
    layers, H = [], X
    for _ in range(LAYERS):
        W = rng.normal(0.0, scale * np.sqrt(2.0 / H.shape[1]), (H.shape[1], WIDTH))
        H = unit(H @ W + bias)
        layers.append(H)
    return layers


def sparsity_through_depth(sparsity: Callable[..., Any], dead_units: Callable[..., Any]) -> Shown:
    """Share of exact zeros, and number of dead units, in each layer of a deep random network, by your own functions.

    Parameters
    ----------
    sparsity : callable
        ``sparsity(H)``.
    dead_units : callable
        ``dead_units(H)``.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Rectifier units lead to sparse networks"; Glorot, Bordes, Bengio (2011), section 3.
    """
    X, layer = inputs(), np.arange(1, LAYERS + 1)
    figure = LiveFigure(9.6, 4.0)
    left, right = figure.figure.subplots(1, 2)
    left.set(
        xlabel="layer",
        ylabel="share of exact zeros",
        xlim=(0.5, LAYERS + 0.5),
        ylim=(-0.05, 1.05),
        xticks=layer,
    )
    right.set(
        xlabel="layer", ylabel=f"dead units, of {WIDTH}", xlim=(0.5, LAYERS + 0.5), ylim=(-0.05 * WIDTH, 1.05 * WIDTH),
        xticks=layer,
    )  # fmt: skip
    lines = {}
    for name, (_, colour, marker, style) in UNITS.items():
        # A sigmoid's line lies on that of tanh: its markers are smaller, so that both are seen.
        look: dict[str, Any] = {
            "color": colour, "marker": marker, "linestyle": style, "markersize": 5 if name == "sigmoid" else 9,
        }  # fmt: skip
        lines[name] = [figure.changing(axes.plot([], [], **look))[0] for axes in (left, right)]
        lines[name][0].set_label(name)
    for axes in (left, right):
        axes.grid(color="#dddddd", linewidth=0.6)
    handles = [pair[0] for pair in lines.values()]
    figure.figure.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=9, frameon=False)

    def update(sparsity: Any, dead_units: Any, bias: float, scale: float, start: int) -> tuple[str, str]:
        found = {}
        for name, (unit, *_) in UNITS.items():
            layers = propagate(X, unit, bias, scale, start)
            zeros = [float(checked(sparsity, sparsity(H), share=())) for H in layers]
            dead = [len(checked(dead_units, dead_units(H), indices=(None,))) for H in layers]
            for line, values in zip(lines[name], (zeros, dead), strict=True):
                line.set_data(layer, values)
            found[name] = zeros, dead
        zeros, dead = found["ReLU"]
        others = max(max(found[name][0]) for name in ("tanh", "sigmoid"))
        said = (
            f"ReLU: {zeros[0]:.0%} exact zeros in layer 1, {zeros[-1]:.0%} in layer {LAYERS}; {dead[0]} and {dead[-1]} "
            f"dead units. tanh and sigmoid: at most {others:.0%} in any layer."
        )
        each = ", ".join(f"{z:.0%}" for z in zeros)
        return said, f"{said} ReLU layer by layer: {each}; dead units {', '.join(map(str, dead))}."

    return figure.live(
        update,
        sparsity,
        dead_units,
        bias=slider("bias of every unit", 0.0, -2.0, 1.0, 0.1, every_step=False),
        scale=slider("scale of weights", 1.0, 0.5, 2.0, 0.1, every_step=False),
        start=slider("random start", 1, 1, 10, every_step=False),
    )
