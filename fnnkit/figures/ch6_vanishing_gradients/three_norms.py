"""Values, error signals and gradients by layer of a deep network (chapter 6)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from fnnkit.datasets import digits
from fnnkit.figures.engine.live import (
    BLUE,
    GREEN,
    ORANGE,
    LiveFigure,
    Shown,
    checked,
    dropdown,
    in_own_style,
    slider,
)

UNITS = {"sigmoid": ("sigmoid", "sigmoid_grad"), "tanh": ("", "tanh_grad"), "ReLU": ("relu", "relu_grad")}
"""Value and slope of each unit, by their exercises; the tanh is NumPy's."""
WIDTH, EXAMPLES, CLASSES = 64, 50, 10


def network(
    phi: Any, dphi: Any, categorical_nll_grad: Any, depth: int, scale: float, start: int
) -> tuple[list[Any], list[Any], list[Any]]:
    """Random weights of a deep network, its values forward and its error signals backward, on handwritten digits."""
    rng = np.random.default_rng(start)
    widths = [WIDTH] * depth + [CLASSES]
    weights = [rng.normal(0, scale / np.sqrt(a), (a, b)) for a, b in pairwise(widths)]
    X, g = _digits()
    Z, H = [], [X]
    for W in weights:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    deltas = [categorical_nll_grad(Z[-1], g)]
    for l in range(len(weights) - 1, 0, -1):
        deltas.insert(0, dphi(Z[l - 1]) * (deltas[0] @ weights[l].T))
    return weights, H[:-1], deltas


def _digits() -> tuple[Any, Any]:
    data = digits()
    X = data.X_train[:EXAMPLES]
    return X - X.mean(axis=0), data.g_train[:EXAMPLES]


@in_own_style
def three_norms(layer_gradient_norms: Callable[..., Any]) -> Shown:
    """Norms of values, error signals and gradients in every layer, by unit, depth and scale of the weights.

    Parameters
    ----------
    layer_gradient_norms : callable
        ``layer_gradient_norms(X, weights, phi, dphi, delta_out)``; the third curve is drawn by it.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Vanishing and Exploding Gradient Problem"; Glorot, Bengio (2010), section 4.2.
    """
    figure = LiveFigure(9.6, 3.7)
    (categorical_nll_grad,) = figure.mine("categorical_nll_grad")
    units = {
        unit: tuple(figure.mine(name)[0] if name else np.tanh for name in names)
        for unit, names in UNITS.items()
    }
    panels = figure.figure.subplots(1, 3)
    titles = (
        "values $\\|H_{l-1}\\|$",
        "error signals $\\|\\delta_l\\|$",
        "gradients $\\|\\partial J/\\partial W_l\\|$: yours",
    )
    panels[0].set_ylabel("norm")
    curves = []
    for axes, title, colour in zip(panels, titles, (BLUE, ORANGE, GREEN), strict=True):
        axes.set(title=title, xlabel="layer l", yscale="log", xlim=(0.5, 50.5), ylim=(1e-16, 1e10))
        axes.grid(color="#dddddd", linewidth=0.6)
        curves.append(figure.changing(axes.plot([], [], ".-", color=colour, markersize=5))[0])

    def update(layer_gradient_norms: Any, unit: str, depth: int, scale: float, start: int) -> tuple[str, str]:
        phi, dphi = units[unit]
        weights, H, deltas = network(phi, dphi, categorical_nll_grad, depth, scale, start)
        mine = checked(
            layer_gradient_norms,
            layer_gradient_norms(H[0], weights, phi, dphi, deltas[-1]),
            norms=(len(weights),),
        )
        layer = np.arange(1, len(weights) + 1)
        for curve, norms in zip(
            curves,
            ([np.linalg.norm(h) for h in H], [np.linalg.norm(d) for d in deltas], mine),
            strict=True,
        ):
            curve.set_data(layer, norms)
        ratio = mine[0] / mine[-2] if mine[-2] else np.nan
        values = float(np.linalg.norm(H[-1]) / np.linalg.norm(H[1]))
        figure.facts(ratio=float(ratio), values=values)
        said = (
            f"{unit}, {depth} layers, scale {scale:g}: the first layer's gradient is {_times(ratio)} that of the last hidden "
            f"layer. The values of the last hidden layer are {_times(values)} those of the first; the error signal at the first "
            f"layer is {_times(np.linalg.norm(deltas[0]) / np.linalg.norm(deltas[-2]))} that at the last hidden one."
        )
        return said, f"Three curves by layer on logarithmic axes: values, error signals, gradients. {said}"

    figure.handle("depth", panels[2], x="depth", at=1e-15)

    def read(
        layer_gradient_norms: Any, x: float, y: float, unit: str, depth: int, scale: float, start: int
    ) -> str:
        phi, dphi = units[unit]
        weights, H, deltas = network(phi, dphi, categorical_nll_grad, depth, scale, start)
        mine = layer_gradient_norms(H[0], weights, phi, dphi, deltas[-1])
        l = int(np.clip(round(x), 1, depth))
        return f"Layer {l}: the norm of your gradient is {float(mine[l - 1]):.3g}."

    figure.read(panels[2], read)
    figure.predict(
        "Twenty layers of sigmoids, weights of the usual size. How much smaller is the gradient of the first layer than that "
        "of the last hidden one?",
        ("about 10 times", "about a thousand times", "more than a thousand million times"),
        "more than a thousand million times",
        "Every layer multiplies the error signal by slopes of at most ¼, eighteen times over.",
        unit="sigmoid", depth=20, scale=1.0,
    )  # fmt: skip
    figure.goal("tanh: the first layer gets more than 100 times as much", lambda s: s.unit == "tanh" and s.ratio > 100,
                unit="tanh", scale=2.5, depth=50)  # fmt: skip
    figure.goal("ReLU: values fall to a hundredth, and gradients stay within a factor of 10",
                lambda s: s.unit == "ReLU" and s.values < 0.01 and 0.1 < s.ratio < 10,
                unit="ReLU", scale=1.0, depth=20)  # fmt: skip
    figure.goal("sigmoid, 20 layers: all gradients within a factor of 100",
                lambda s: s.unit == "sigmoid" and s.depth >= 20 and 0.01 < s.ratio < 100,
                unit="sigmoid", scale=8.0, depth=20)  # fmt: skip
    figure.mistakes(
        "error_signals_measured", "slope_forgotten", "slope_at_the_activation", "last_layer_first"
    )
    return figure.live(
        update,
        layer_gradient_norms,
        exercises=("layer_gradient_norms",),
        unit=dropdown("unit", list(UNITS), "sigmoid"),
        depth=slider("layers", 20, 5, 50),
        scale=slider("scale of weights", 1.0, 0.5, 8.0, 0.5),
        start=slider("random start", 1, 1, 10),
    )


def _times(ratio: Any) -> str:
    return f"{ratio:.2g} times" if 0.01 <= ratio < 1000 else f"{ratio:.1e} times"
