"""How far the mean over a minibatch scatters: with and without replacement (chapter 5)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from fnnkit.datasets import digits
from fnnkit.figures.ch5_backprop.entries import entries
from fnnkit.figures.engine.live import BLUE, GREEN, ORANGE, LiveFigure, Shown, checked, in_own_style, slider

UNITS, DRAWS = 32, 400


def both_parts(forward: Callable[..., Any], output_delta: Callable[..., Any]) -> tuple[Any, Any]:
    """Hidden values and error signals at the outputs of every training digit, at a random start."""
    data, rng = digits(), np.random.default_rng(0)
    params = {
        "W": rng.normal(0, 1 / 8, (64, UNITS)), "b": np.zeros(UNITS),
        "U": rng.normal(0, 1 / np.sqrt(UNITS), (UNITS, 10)), "d": np.zeros(10),
    }  # fmt: skip
    n = len(data.X_train)
    values = entries(forward, forward(data.X_train, params), H=(n, UNITS), Y=(n, 10))
    delta = checked(output_delta, output_delta(values["Y"], data.g_train), delta_o=(n, 10))
    return values["H"], delta * n


def deviations(values: Any) -> tuple[Any, Any, Any]:
    """Sizes of minibatches, and the deviations of 400 means with and without replacement."""
    n, rng = len(values), np.random.default_rng(1)
    sizes = np.unique(np.append(np.round(2 ** np.arange(0, 10.5, 0.5)).astype(int), n))
    apart = [values[rng.integers(0, n, (DRAWS, m))].mean(axis=1).std() for m in sizes]
    orders = np.array([rng.permutation(n) for _ in range(DRAWS)])
    means = np.cumsum(values[orders], axis=1)[:, sizes - 1] / sizes
    return sizes, np.array(apart), np.maximum(means.std(axis=0), 1e-9)


@in_own_style
def scatter(standard_error: Callable[..., Any]) -> Shown:
    """Scatter of one entry of the gradient by size of the minibatch, on the digits.

    Parameters
    ----------
    standard_error : callable
        ``standard_error(per_example, m)`` draws the line.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Optimization by Gradient Method".
    """
    figure = LiveFigure(8.2, 4.4)
    forward, output_delta = figure.mine("forward", "output_delta")

    @cache
    def network() -> tuple[Any, Any]:
        return both_parts(forward, output_delta)

    @cache
    def per_example(unit: int, label: int) -> Any:
        """One entry of the gradient of U for every training digit."""
        hidden, delta = network()
        return hidden[:, unit] * delta[:, label]

    @cache
    def drawn(unit: int, label: int) -> tuple[Any, Any, Any]:
        return deviations(per_example(unit, label))

    axes = figure.figure.add_subplot(
        title="one entry of ∂J/∂U: how far the minibatch's mean scatters", xlabel="examples in the minibatch, m",
        ylabel="standard deviation", xscale="log", yscale="log", xlim=(0.8, 1700),
    )  # fmt: skip
    grid = np.unique(np.round(np.geomspace(1, 1347, 40)).astype(int))
    (line,) = figure.changing(axes.plot([], [], color=BLUE, label="your standard_error"))
    (with_,) = figure.changing(
        axes.plot([], [], "o", color=ORANGE, markersize=5, label="drawn with replacement")
    )
    (without,) = figure.changing(
        axes.plot([], [], "x", color=GREEN, markersize=6, label="drawn without, as your minibatches")
    )
    (here,) = figure.changing(axes.plot([], [], color="black", linewidth=1))
    axes.legend(loc="lower left", fontsize=9, frameon=False)

    def update(standard_error: Any, power: float, unit: int, label: int) -> tuple[str, str]:
        values = per_example(unit, label)
        n, m = len(values), min(round(2**power), len(per_example(unit, label)))
        found = standard_error.each([(values, int(k)) for k in (*grid, m, 16)])
        formula = np.array([float(checked(standard_error, f, error=())) for f in found])
        line.set_data(grid, np.maximum(formula[:-2], 1e-9))
        sizes, apart, together = drawn(unit, label)
        with_.set_data(sizes, apart)
        without.set_data(sizes[:-1], together[:-1])
        largest = apart[0]
        axes.set_ylim(largest / 200, largest * 2)
        here.set_data([m, m], [largest / 200, largest * 2])
        figure.facts(ratio=formula[-2] / formula[-1], share=float(np.sqrt((n - m) / (n - 1))))
        said = (
            f"m = {m}: your formula says {formula[-2]:.3g}; drawn without replacement it is "
            f"{np.sqrt((n - m) / (n - 1)):.3g} times that, and 0 with all {n}."
        )
        if m != 16:
            said += f" For m = 16 the formula says {formula[-1]:.3g}."
        return said, f"Standard deviation of the mean by size of the minibatch, both axes logarithmic. {said}"

    def place(v: dict[str, Any]) -> tuple[float, float]:
        return float(2 ** v["power"]), float(drawn(v["unit"], v["label"])[1][0]) / 20

    figure.handle("size of the minibatch", axes, place=place, shape="vertical",
                  values=lambda x, y, v: {"power": float(np.log2(max(x, 1.0)))})  # fmt: skip
    figure.predict(
        "A minibatch of all 1347 digits, drawn without replacement: how far does its mean scatter?",
        ("σ / √1347", "not at all", "as far as one digit"),
        "not at all",
        "It is the whole training set, every time. The formula σ/√m is for draws that may repeat.",
        power=10.25,
    )
    figure.goal("half the scatter of m = 16", lambda s: abs(s.ratio - 0.5) < 0.01, power=6.0)
    figure.goal(
        "without replacement less than half of what the formula says", lambda s: s.share < 0.5, power=10.25
    )
    figure.mistakes("divided_by_m", "root_of_n", "variance_for_deviation")
    return figure.live(
        update, standard_error, exercises=("standard_error",), power=slider("log₂ m", 4.0, 0.0, 10.25, 0.25),
        unit=slider("hidden unit j", 3, 0, UNITS - 1), label=slider("output k", 5, 0, 9),
    )  # fmt: skip
