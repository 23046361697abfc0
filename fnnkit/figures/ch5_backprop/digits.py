"""The student's network learns the digits: accuracy, loss, images with their probabilities, weights (chapter 5)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from fnnkit.datasets import digits as handwritten
from fnnkit.figures.ch5_backprop.entries import entries
from fnnkit.figures.engine.live import (
    BLUE,
    GREY,
    ORANGE,
    LiveFigure,
    Shown,
    checked,
    dropdown,
    in_own_style,
    slider,
)  # fmt: skip

UNITS, SIZE, PASSES = 32, 32, 15
WORST = 100.0
"""A loss above it, or none at all, is drawn at the top."""
SHOWN = (0, 2, 3, 5, 8, 9)
"""Labels of the test digits that are shown, the first of each."""
SHAPES = {"W": (64, UNITS), "b": (UNITS,), "U": (UNITS, 10), "d": (10,)}


def start(kind: str, seed: int) -> dict[str, Any]:
    """Random weights, or zeros."""
    rng, scale = np.random.default_rng(seed), 0.0 if kind == "all zero" else 1.0
    W, U = rng.normal(0, 1 / 8, (64, UNITS)), rng.normal(0, 1 / np.sqrt(UNITS), (UNITS, 10))
    return {"W": scale * W, "b": np.zeros(UNITS), "U": scale * U, "d": np.zeros(10)}


def linear_model(output_delta: Callable[..., Any], output_gradients: Callable[..., Any]) -> float:
    """Accuracy of softmax regression on the test digits, trained by the student's functions."""
    data, rng = handwritten(), np.random.default_rng(0)
    U, d, k, T = np.zeros((64, 10)), np.zeros(10), 0, PASSES * 43
    for _ in range(PASSES):
        order = rng.permutation(len(data.X_train))
        for batch in (order[i : i + SIZE] for i in range(0, len(order), SIZE)):
            X = data.X_train[batch]
            delta = checked(output_delta, output_delta(X @ U + d, data.g_train[batch]), delta_o=(len(X), 10))
            dU, dd = checked(output_gradients, output_gradients(X, delta), dU=(64, 10), dd=(10,))
            rate = 2.0 * (1 - 0.95 * k / T)
            U, d, k = U - rate * dU, d - rate * dd, k + 1
    return float(np.mean((data.X_test @ U + d).argmax(axis=1) == data.g_test))


@in_own_style
def digits(
    forward: Callable[..., Any],
    backprop: Callable[..., Any],
    minibatches: Callable[..., Any],
    sgd_step: Callable[..., Any],
) -> Shown:
    """Train on the 8 × 8 digits, pass by pass.

    Parameters
    ----------
    forward, backprop, minibatches, sgd_step : callable
        They train the network, and draw what it says.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Stochastic Gradient Method" and "Typical Setting for Classification".
    """
    data = handwritten()
    samples = [int(np.argmax(data.g_test == label)) for label in SHOWN]
    figure = LiveFigure(9.6, 6.2, layout=None)
    softmax, output_delta, output_gradients = figure.mine("softmax", "output_delta", "output_gradients")
    page = figure.figure
    curve = page.add_axes((0.07, 0.66, 0.41, 0.28))
    curve.set(title="test digits that are right", ylabel="share", xlim=(-0.3, PASSES + 0.3), ylim=(0, 1.02))
    curve.tick_params(labelbottom=False)
    below = page.add_axes((0.07, 0.44, 0.41, 0.19))
    below.set(
        xlabel="passes over the training digits", ylabel="mean loss", xlim=curve.get_xlim(),
        yscale="log", ylim=(0.01, WORST),
    )  # fmt: skip
    below.axhline(np.log(10), color=GREY, linestyle=":")
    (falls,) = figure.changing(below.plot([], [], "o-", color=BLUE, markersize=4))
    (straight,) = figure.changing(
        curve.plot([], [], color=ORANGE, linestyle="--", label="linear model", scalex=False)
    )
    curve.axhline(0.1, color=GREY, linestyle=":", label="guessing, 10 %")
    (line,) = figure.changing(
        curve.plot([], [], "o-", color=BLUE, markersize=4, label="your network", clip_on=False)
    )
    (now,) = figure.changing(curve.plot([], [], "s", color="black", markersize=7, clip_on=False))
    curve.legend(loc=(0.5, 0.3), fontsize=9, frameon=False)
    bars, marks = [], []
    for i, sample in enumerate(samples):
        left = 0.06 + 0.157 * i
        image = page.add_axes((left + 0.025, 0.205, 0.07, 0.11))
        image.imshow(data.X_test[sample].reshape(8, 8), cmap="Greys", vmin=0, vmax=1)
        image.set(xticks=[], yticks=[])
        chart = page.add_axes((left, 0.06, 0.125, 0.12))
        chart.set(xticks=range(10), yticks=[], ylim=(0, 1.05), xlim=(-0.6, 9.6))
        chart.tick_params(labelsize=9, length=2)
        bars.append(figure.changing(chart.bar(range(10), np.zeros(10), color=BLUE)))
        marks.append(figure.changing(image.text(8.2, 4.2, "", fontsize=11)))
    page.text(0.06, 0.325, "test digits, and the probability of each label", fontsize=10)
    pictures = page.add_axes((0.55, 0.44, 0.42, 0.49))
    pictures.set(title="weights W of the 32 hidden units, as images", xticks=[], yticks=[])
    weights = figure.changing(
        pictures.imshow(np.zeros((36, 72)), cmap="coolwarm", vmin=-1, vmax=1, interpolation="nearest")
    )
    kept: dict[Any, tuple[list[dict[str, Any]], list[float], list[float], Any]] = {}

    @cache
    def linear() -> float:
        return linear_model(output_delta, output_gradients)

    def accuracy(forward: Any, params: dict[str, Any]) -> float:
        Y = entries(forward, forward(data.X_test, params), finite=False, Y=(len(data.X_test), 10))["Y"]
        return float(np.mean(Y.argmax(axis=1) == data.g_test))

    def trained(
        functions: tuple[Any, ...], passes: int, kind: str, rate: float, end: float, seed: int
    ) -> Any:
        """The networks after each pass, and the mean loss during it; what has been trained before is kept."""
        forward, backprop, minibatches, sgd_step = functions
        key = *functions, kind, rate, end, seed
        if key not in kept:
            first = start(kind, seed)
            if len(kept) > 12:
                kept.clear()
            kept[key] = [first], [accuracy(forward, first)], [], np.random.default_rng(seed)
        networks, shares, losses, rng = kept[key]
        while len(networks) <= passes:
            params, n = networks[-1], len(data.X_train)
            k, during = (len(networks) - 1) * 43, []
            for batch in minibatches(n, SIZE, rng.permutation(n)):
                batch = np.asarray(batch, dtype=int)
                found = backprop(data.X_train[batch], data.g_train[batch], params)
                if not isinstance(found, tuple | list) or len(found) != 2:
                    checked(backprop, found, loss=(), grads=())
                during.append(float(checked(backprop, found[0], False, loss=())))
                now_rate = rate * (1 - (1 - end) * k / (PASSES * 43))
                made = sgd_step(params, entries(backprop, found[1], finite=False, **SHAPES), now_rate)
                params = entries(sgd_step, made, finite=False, **SHAPES)
                k += 1
            networks.append(params)
            shares.append(accuracy(forward, params))
            losses.append(float(np.mean(during)))
        return networks, shares, losses

    def update(
        forward: Any, backprop: Any, minibatches: Any, sgd_step: Any,
        passes: int, rate: float, falling: str, kind: str, seed: int,
    ) -> tuple[str, str]:  # fmt: skip
        end = 0.05 if falling == "falls to a twentieth" else 1.0
        networks, shares, losses = trained(
            (forward, backprop, minibatches, sgd_step), passes, kind, rate, end, seed
        )
        shown = shares[: passes + 1]
        line.set_data(range(passes + 1), shown)
        now.set_data([passes], [shown[-1]])
        falls.set_data(range(1, passes + 1), np.clip(np.nan_to_num(losses[:passes], nan=WORST), 0.01, WORST))
        params = networks[passes]
        scores = entries(forward, forward(data.X_test[samples], params), finite=False, Y=(len(samples), 10))[
            "Y"
        ]
        P = softmax(np.clip(np.nan_to_num(scores), -1e6, 1e6))
        right = P.argmax(axis=1) == data.g_test[samples]
        for row, chart, mark, ok in zip(P, bars, marks, right, strict=True):
            for bar, height in zip(chart, row, strict=True):
                bar.set_height(height)
            mark.set_text("✓" if ok else "✗")
        W = np.nan_to_num(params["W"])
        tiles = np.pad(
            (W / max(float(np.abs(W).max()), 1e-12)).T.reshape(4, 8, 8, 8), ((0, 0), (0, 0), (0, 1), (0, 1))
        )
        weights.set_data(tiles.transpose(0, 2, 1, 3).reshape(36, 72))
        straight.set_data(curve.get_xlim(), [linear()] * 2)
        figure.facts(share=shown[-1])
        said = (
            f"After {passes} passes {shown[-1]:.1%} of 450 test digits are right; a linear model has {linear():.1%}. "
            f"Right among the six below: {int(right.sum())}."
        )
        if passes:
            said += f" Mean loss in the last pass {losses[passes - 1]:.3g}; guessing has ln 10 ≈ 2.30."
        return said, (
            "Top left: share of the test digits that are right, by pass, and under it the mean loss of each pass. "
            "Top right: the weights of the hidden units as images. "
            f"Below: six test digits with the probabilities of the labels. {said}"
        )

    figure.handle("passes", curve, place=lambda v: (v["passes"], 0.5), shape="vertical",
                  values=lambda x, y, v: {"passes": round(x)})  # fmt: skip
    figure.read(curve, lambda forward, backprop, minibatches, sgd_step, x, y, passes, rate, falling, kind, seed:
                f"Pass {round(x)}, share {y:.0%}.")  # fmt: skip
    figure.predict(
        "All weights and biases start at zero. How many test digits are right after 15 passes?",
        ("about 97 %", "about half", "about one in ten"),
        "about one in ten",
        "Without weights no signal reaches the hidden layer, and without hidden values U gets no gradient: both stay exactly "
        "zero. Only the output biases learn, and they say one label for every digit.",
        kind="all zero", passes=15,
    )  # fmt: skip
    figure.goal("96 % of the test digits", lambda s: s.share >= 0.96, passes=15, kind="random", rate=0.5,
                falling="falls to a twentieth")  # fmt: skip
    figure.goal("stuck near 10 %, from random weights, after 10 passes",
                lambda s: s.passes >= 10 and s.kind == "random" and s.share < 0.12,
                passes=12, rate=3.0, kind="random")  # fmt: skip
    figure.mistakes(
        "hidden_slope_forgotten", "activations_given_as_z", "gradients_summed", "uphill", "order_ignored"
    )
    figure.play("passes", rate=3)
    figure.preset("Rate 3", rate=3.0, kind="random", passes=5)
    figure.preset("All zero", kind="all zero", passes=15)
    return figure.live(
        update, forward, backprop, minibatches, sgd_step,
        exercises=("forward", "backprop", "minibatches", "sgd_step"),
        passes=slider("passes", 0, 0, PASSES, every_step=False),
        rate=slider("learning rate", 0.5, 0.05, 3.0, 0.05, every_step=False),
        falling=dropdown("the rate", ["stays", "falls to a twentieth"], "stays"),
        kind=dropdown("weights start", ["random", "all zero"], "random"),
        seed=slider("random start", 0, 0, 9, every_step=False),
    )  # fmt: skip
