"""Values forward and error signals back, on a small network (chapter 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.collections import LineCollection

from fnnkit.figures.ch5_backprop.entries import entries
from fnnkit.figures.engine.live import LiveFigure, Shown, checked, dropdown, in_own_style, slider, table
from fnnkit.figures.engine.theme import KEPT

D, M, K = 4, 5, 3
STAGES = (
    "inputs X", "pre-activations Z", "activations H", "scores Y", "signal at the output, δᵒ", "gradient of U",
    "signal at the hidden units, δʰ", "gradient of W",
)  # fmt: skip
ACROSS = (0.0, 1.6, 3.2)


def heights(n: int) -> Any:
    """Places of n units, from top to bottom."""
    return (n - 1) / 2 - np.arange(n)


INPUTS, HIDDEN, OUTPUTS = heights(D), heights(M), heights(K)


def ends(layer: str, i: int, j: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the line of a weight begins and ends."""
    if layer == "W":
        return (ACROSS[0], INPUTS[i]), (ACROSS[1], HIDDEN[j])
    return (ACROSS[1], HIDDEN[i]), (ACROSS[2], OUTPUTS[j])


NAMES = [f"w[{i}, {j}]" for i in range(D) for j in range(M)] + [
    f"u[{j}, {k}]" for j in range(M) for k in range(K)
]
LINES = [ends("W", i, j) for i in range(D) for j in range(M)] + [
    ends("U", j, k) for j in range(M) for k in range(K)
]
MIDDLES = np.array([0.65 * np.array(b) + 0.35 * np.array(a) for a, b in LINES])


def tables(X: Any, Z: Any, H: Any, Y: Any, delta_h: Any, delta_o: Any, dW: Any, dU: Any) -> str:
    """All numbers of the picture: those of the units, and the gradient of each weight."""
    units = [[f"input {i}", "", float(v), ""] for i, v in enumerate(X)]
    units += [
        [f"hidden {j}", float(z), float(h), float(d)]
        for j, (z, h, d) in enumerate(zip(Z, H, delta_h, strict=True))
    ]
    units += [
        [f"output {k}", "", float(v), float(d)] for k, (v, d) in enumerate(zip(Y, delta_o, strict=True))
    ]
    made = [table("units", ("unit", "z", "value", "error signal"), units)]
    for name, word, to, gradient in (("W", "input", "hidden", dW), ("U", "hidden", "output", dU)):
        rows = [[f"{word} {i}", *map(float, row)] for i, row in enumerate(gradient)]
        head = ("from", *(f"to {to} {j}" for j in range(gradient.shape[1])))
        made.append(table(f"gradient of {name}", head, rows))
    return f'<div style="display:flex;flex-wrap:wrap;align-items:flex-start;gap:0 2em;overflow-x:auto">{"".join(made)}</div>'


@in_own_style
def signals(
    forward: Callable[..., Any],
    output_delta: Callable[..., Any],
    output_gradients: Callable[..., Any],
    hidden_delta: Callable[..., Any],
    hidden_gradients: Callable[..., Any],
) -> Shown:
    """One example goes through a network of 4, 5 and 3 units, and its error signal comes back.

    Parameters
    ----------
    forward, output_delta, output_gradients, hidden_delta, hidden_gradients : callable
        They give all numbers of the picture.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Backpropagation", "Backpropagation: Error signal" and "Backpropagation: Weight update".
    """
    figure = LiveFigure(9.2, 5.0)
    (softmax,) = figure.mine("softmax")
    axes = figure.figure.add_subplot(xlim=(-0.7, 3.9), ylim=(-2.7, 2.9))
    axes.set(xticks=ACROSS, yticks=[])
    axes.set_xticklabels(["inputs", "hidden units", "outputs"])
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    lines = figure.changing(
        axes.add_collection(LineCollection(LINES, cmap="coolwarm", zorder=1), autolim=False)
    )
    places = (
        [(ACROSS[0], y) for y in INPUTS]
        + [(ACROSS[1], y) for y in HIDDEN]
        + [(ACROSS[2], y) for y in OUTPUTS]
    )
    dots = figure.changing(
        axes.scatter(
            [x for x, _ in places], [y for _, y in places], s=1150, c=np.zeros(len(places)), cmap="coolwarm",
            vmin=-1, vmax=1, edgecolors="black", zorder=3,
        )
    )  # fmt: skip
    words = figure.changing(
        [axes.text(x, y, "", ha="center", va="center", fontsize=9, zorder=4, gid=KEPT) for x, y in places]
    )
    chosen = LineCollection([], colors="black", linewidths=6, zorder=0)
    figure.changing(axes.add_collection(chosen, autolim=False))
    title = figure.changing(axes.text(1.6, 2.75, "", ha="center", va="center", fontsize=12))

    known: dict[str, Any] = {}
    numbers = figure.below(widgets.HTML())

    def update(
        forward: Any, output_delta: Any, output_gradients: Any, hidden_delta: Any, hidden_gradients: Any,
        stage: int, weight: str, label: int, scale: float, start: int,
    ) -> tuple[str, str]:  # fmt: skip
        rng = np.random.default_rng(start)
        X = np.round(rng.uniform(-1, 1, (1, D)), 2)
        params = {
            "W": scale * rng.normal(0, 0.6, (D, M)),
            "b": np.zeros(M),
            "U": rng.normal(0, 0.6, (M, K)),
            "d": np.zeros(K),
        }
        values = entries(forward, forward(X, params), Z=(1, M), H=(1, M), Y=(1, K))
        Z, H, Y = (values[name] for name in "ZHY")
        delta_o = checked(output_delta, output_delta(Y, np.array([label])), delta_o=(1, K))
        dU, _ = checked(output_gradients, output_gradients(H, delta_o), dU=(M, K), dd=(K,))
        delta_h = checked(hidden_delta, hidden_delta(Z, params["U"], delta_o), delta_h=(1, M))
        dW, _ = checked(hidden_gradients, hidden_gradients(X, delta_h), dW=(D, M), db=(M,))
        weights = np.concatenate([params["W"].ravel(), params["U"].ravel()])
        known.update(
            words=[f"Input {i}: x = {v:.4g}." for i, v in enumerate(X[0])]
            + [
                f"Hidden unit {j}: z = {Z[0, j]:.4g}, h = {H[0, j]:.4g}, error signal δʰ = {delta_h[0, j]:.4g}."
                for j in range(M)
            ]
            + [
                f"Output {k}: score y = {Y[0, k]:.4g}, error signal δᵒ = {delta_o[0, k]:.4g}."
                for k in range(K)
            ]
            + [
                f"Weight {name} = {weight:.4g}, its gradient = {slope:.4g}."
                for name, weight, slope in zip(NAMES, weights, [*dW.ravel(), *dU.ravel()], strict=True)
            ]
        )
        numbers.value = tables(X[0], Z[0], H[0], Y[0], delta_h[0], delta_o[0], dW, dU)
        nodes = np.concatenate([
            X[0],
            np.full(M, np.nan) if stage < 1 else Z[0] if stage == 1 else delta_h[0] if stage >= 6 else H[0],
            np.full(K, np.nan) if stage < 3 else delta_o[0] if stage >= 4 else Y[0],
        ])  # fmt: skip
        edges = np.concatenate([
            (dW if stage == 7 else params["W"]).ravel(), (dU if stage >= 5 else params["U"]).ravel(),
        ])  # fmt: skip
        largest = {}
        for name, part in (("x", nodes[:D]), ("h", nodes[D : D + M]), ("y", nodes[D + M :])):
            largest[name] = max(float(np.nanmax(np.abs(part), initial=0.0)), 1e-9)
        shares = np.concatenate([
            nodes[:D] / largest["x"], nodes[D : D + M] / largest["h"], nodes[D + M :] / largest["y"]
        ])  # fmt: skip
        dots.set_array(np.nan_to_num(0.8 * shares))
        for word, value in zip(words, nodes, strict=True):
            word.set_text("" if np.isnan(value) else f"{value + 0.0:.2g}")
        split = D * M
        top = np.concatenate([
            np.full(split, max(float(np.abs(edges[:split]).max()), 1e-9)),
            np.full(M * K, max(float(np.abs(edges[split:]).max()), 1e-9)),
        ])  # fmt: skip
        strength = edges / top
        on = np.concatenate([np.full(split, stage in (1, 2, 7)), np.full(M * K, stage in (3, 4, 5, 6))])
        lines.set_array(np.where(on, strength, 0.0))
        lines.set_clim(-1, 1)
        lines.set_linewidth(np.where(on, 0.6 + 3 * np.abs(strength), 0.5).tolist())
        place = NAMES.index(weight)
        chosen.set_segments([LINES[place]])
        title.set_text(f"step {stage} of 7: {STAGES[stage]}")
        slope = 1 - H[0] ** 2
        gradients = np.concatenate([dW.ravel(), dU.ravel()])
        figure.facts(
            slope=float(slope.min()), gradient=float(gradients[place]), largest=float(np.abs(gradients).max())
        )
        if weight[0] == "w":
            i, j = divmod(place, M)
            product = f"input x[{i}] = {X[0, i]:.3g} times signal δʰ[{j}] = {delta_h[0, j]:.3g}"
        else:
            i, j = divmod(place - split, K)
            product = f"input h[{i}] = {H[0, i]:.3g} times signal δᵒ[{j}] = {delta_o[0, j]:.3g}"
        P = checked(softmax, softmax(Y), P=(1, K))[0]
        said = (
            f"{STAGES[stage]}. The weight {weight}: {product} is the gradient {gradients[place]:.3g}. Probabilities "
            f"{', '.join(f'{p:.2f}' for p in P)}, label {label}; least slope of a hidden unit {slope.min():.3g}."
        )

        def listed(numbers: Any) -> str:
            return ", ".join(f"{v + 0.0:.2g}" for v in numbers)

        return said, (
            f"A network of 4 inputs, 5 hidden units and 3 outputs. Inputs {listed(X[0])}; H {listed(H[0])}; scores "
            f"{listed(Y[0])}; signals at the outputs {listed(delta_o[0])}, at the hidden units {listed(delta_h[0])}. {said}"
        )

    def read(*functions: Any, x: float, y: float, **v: Any) -> str:
        words: list[str] = known["words"]
        return words[int(np.argmin(((np.array([*places, *MIDDLES]) - [x, y]) ** 2).sum(axis=1)))]

    figure.read(axes, read)

    def nearest(x: float, y: float, v: dict[str, Any]) -> dict[str, str]:
        return {"weight": NAMES[int(np.argmin(((MIDDLES - [x, y]) ** 2).sum(axis=1)))]}

    def middle(v: dict[str, Any]) -> tuple[float, float]:
        x, y = MIDDLES[NAMES.index(v["weight"])]
        return float(x), float(y)

    figure.handle("chosen weight", axes, shape="diamond", values=nearest, place=middle)
    figure.press(axes, nearest)
    figure.predict(
        "The label is 0. What sign has the error signal at output 0, before anything is learned?",
        ("positive", "negative", "it depends on the weights"),
        "negative",
        "It is probability minus 1, and no probability reaches 1: the loss falls when this score rises. At the other outputs it "
        "is the probability itself, positive.",
        stage=4, label=0,
    )  # fmt: skip
    figure.goal(
        "a hidden unit that lets less than 1 % of its signal through", lambda s: s.slope < 0.01, scale=8.0
    )
    figure.goal("choose the weight with the largest gradient",
                lambda s: abs(s.gradient) > 0.999 * s.largest, weight="w[1, 2]", start=1, label=0)  # fmt: skip
    figure.mistakes("value_for_slope", "slope_forgotten", "sign_of_the_slides")
    figure.play("stage", rate=1)
    return figure.live(
        update, forward, output_delta, output_gradients, hidden_delta, hidden_gradients,
        exercises=("forward", "output_delta", "output_gradients", "hidden_delta", "hidden_gradients"),
        help="Click on a weight: its gradient is input times signal.",
        stage=slider("step", 0, 0, 7), weight=dropdown("weight", NAMES, "w[0, 0]"), label=slider("label g", 0, 0, K - 1),
        scale=slider("size of W", 1.0, 0.5, 8.0, 0.5), start=slider("random start", 1, 1, 10),
    )  # fmt: skip
