"""Sparsity of the layers of a deep random network (chapter 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.arguments import Float
from fnnkit.datasets import digits
from fnnkit.figures.engine.live import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    LiveFigure,
    Shown,
    checked,
    in_own_style,
    slider,
)

LAYERS, WIDTH, EXAMPLES = 8, 64, 200
LOOKS = {"ReLU": (BLUE, "o", "-"), "tanh": (ORANGE, "s", "--"), "sigmoid": (GREEN, "^", ":")}


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


@in_own_style
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
    relu, sigmoid = figure.mine("relu", "sigmoid")
    units: dict[str, Callable[[Float], Float]] = {
        "ReLU": lambda z: checked(relu, relu(z), h=z.shape),
        "tanh": np.tanh,
        "sigmoid": lambda z: checked(sigmoid, sigmoid(z), h=z.shape),
    }
    left, right = figure.figure.subplots(1, 2)
    left.set(
        title="your sparsity",
        xlabel="layer",
        ylabel="share of exact zeros",
        xlim=(0.5, LAYERS + 0.5),
        ylim=(-0.05, 1.05),
        xticks=layer,
    )
    right.set(
        title="your dead_units", xlabel="layer",
        ylabel=f"dead units, of {WIDTH}", xlim=(0.5, LAYERS + 0.5), ylim=(-0.05 * WIDTH, 1.05 * WIDTH),
        xticks=layer,
    )  # fmt: skip
    lines = {}
    for name, (colour, marker, style) in LOOKS.items():
        # A sigmoid's line lies on that of tanh: its markers are smaller, so that both are seen.
        look: dict[str, Any] = {
            "color": colour, "marker": marker, "linestyle": style, "markersize": 5 if name == "sigmoid" else 9,
        }  # fmt: skip
        lines[name] = [figure.changing(axes.plot([], [], **look))[0] for axes in (left, right)]
        lines[name][0].set_label(name)
    at = []
    for axes in (left, right):
        axes.grid(color="#dddddd", linewidth=0.6)
        at += figure.changing(axes.plot([], [], color=GREY, linewidth=1, linestyle=":"))
    handles = [pair[0] for pair in lines.values()]
    figure.figure.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=9, frameon=False)

    def update(
        sparsity: Any, dead_units: Any, bias: float, scale: float, start: int, read: int
    ) -> tuple[str, str]:
        found = {}
        for line, top in zip(at, (1.0, WIDTH), strict=True):
            line.set_data([read, read], [0, top])
        for name, unit in units.items():
            layers = propagate(X, unit, bias, scale, start)
            zeros = [float(checked(sparsity, sparsity(H), share=())) for H in layers]
            dead = [len(checked(dead_units, dead_units(H), indices=(None,))) for H in layers]
            for line, values in zip(lines[name], (zeros, dead), strict=True):
                line.set_data(layer, values)
            found[name] = zeros, dead
        zeros, dead = found["ReLU"]
        others = max(max(found[name][0]) for name in ("tanh", "sigmoid"))
        figure.facts(dead=dead, zeros=zeros)
        rest = f"at most {others:.0%} in any layer" if others else "none in any layer"
        why = " At bias 0 the scale of the weights changes no sign, and so no zero." if bias == 0 else ""
        said = (
            f"ReLU: {zeros[0]:.0%} exact zeros in layer 1, {zeros[-1]:.0%} in layer {LAYERS}; {dead[0]} and {dead[-1]} "
            f"dead units. In layer {read}: {zeros[read - 1]:.1%} and {dead[read - 1]}. tanh and sigmoid: {rest}.{why}"
        )
        each = ", ".join(f"{z:.0%}" for z in zeros)
        return said, f"{said} ReLU layer by layer: {each}; dead units {', '.join(map(str, dead))}."

    for axes, height in ((left, 0.02), (right, 0.02 * WIDTH)):
        figure.handle(f"layer that is read, in the picture of {axes.get_title()}", axes, x="read", at=height)
    figure.predict(
        "ReLUs, random weights, all biases 0. What share of the values is exactly zero, in a deep layer?",
        ("nearly none", "about half", "nearly all"), "about half",
        "Weights of either sign are equally likely, so a unit's sum is as often below zero as above, in every layer.", read=6,
    )  # fmt: skip
    figure.goal("a layer in which all 64 units are dead", lambda s: max(s.dead) == WIDTH, bias=-2.0)
    figure.goal("sparse and alive: 75 % zeros in every layer, at most 3 dead units in any",
                lambda s: min(s.zeros) > 0.75 and max(s.dead) <= 3, bias=-2.0, scale=2.0)  # fmt: skip
    figure.goal("fewer than 10 % zeros in layer 1", lambda s: s.zeros[0] < 0.1, bias=1.0, scale=0.5)
    figure.mistakes("share_of_active", "share_not_positive", "zero_at_least_once", "living_units")  # fmt: skip
    return figure.live(
        update,
        sparsity,
        dead_units,
        exercises=("sparsity", "dead_units"),
        read=slider("layer that is read", 4, 1, LAYERS),
        bias=slider("bias of every unit", 0.0, -2.0, 1.0, 0.1, every_step=False),
        scale=slider("scale of weights", 1.0, 0.5, 2.0, 0.1, every_step=False),
        start=slider("random start", 1, 1, 10, every_step=False),
    )
