"""The start decides: how many of many networks solve XOR, by width and activation, all trained at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fnnkit.activations import relu, relu_grad, sigmoid, sigmoid_grad, tanh, tanh_grad
from fnnkit.figures.ch1_xor.xor_plane import POINTS, TARGETS
from fnnkit.figures.engine.live import BLUE, GREEN, GREY, ORANGE, LiveFigure, Shown, checked, dropdown, slider

WIDTHS = (2, 4, 8, 16)
CURVES = {"ReLU": (relu, relu_grad), "tanh": (tanh, tanh_grad), "sigmoid": (sigmoid, sigmoid_grad)}
STYLES = {"ReLU": (BLUE, ""), "tanh": (ORANGE, "//"), "sigmoid": (GREEN, "..")}
STEPS, AT_ONCE = 1500, 100
SOLVED = 0.01


def initialisation(gradient_descent: Callable[..., Any]) -> Shown:
    """Train many networks from random starts and count those that solve XOR.

    The networks have nothing to do with each other, so one descent on the sum of their losses trains all of them.

    Parameters
    ----------
    gradient_descent : callable
        ``gradient_descent(grad, theta0, learning_rate, steps)`` gives the path; it does the training.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Gradient-Based Learning" and "Local Minima"; He et al. (2015), section 2.2 (the scale of the start).
    """
    figure = LiveFigure(9.4, 3.9)
    left, right = figure.figure.subplots(1, 2)
    left.set(xlabel="step", ylabel="networks that solve XOR [%]", xlim=(0, STEPS), ylim=(-2, 102))
    left.set_title("the training that ran last", fontsize=11)
    marks = ("o", "s", "^", "D")
    curves = {
        m: figure.changing(left.plot([], [], label=f"width {m}", marker=mark, markevery=3, color=GREY))[0]
        for m, mark in zip(WIDTHS, marks, strict=True)
    }
    left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), fontsize=9, ncols=4, frameon=False)
    right.set(
        xlabel="hidden units",
        ylabel="networks that solve XOR [%]",
        ylim=(0, 110),
        xticks=range(4),
        xlim=(-0.5, 3.5),
    )
    right.set_xticklabels([str(m) for m in WIDTHS])
    right.set_title("all trainings so far", fontsize=11)
    bars, words = {}, {}
    for k, name in enumerate(CURVES):
        colour, hatch = STYLES[name]
        drawn = right.bar(
            np.arange(4) + (k - 1) * 0.27,
            np.zeros(4),
            0.25,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            label=name,
        )
        bars[name] = figure.changing(list(drawn))
        words[name] = figure.changing(
            [right.text(i + (k - 1) * 0.27, 0, "", ha="center", va="bottom", fontsize=9) for i in range(4)]
        )
    right.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), fontsize=9, ncols=3, frameon=False)

    def update(gradient_descent: Any, activation: str, starts: int, rate: float) -> str:
        trial = gradient_descent(lambda theta: theta, np.zeros(2), rate, 1)
        checked(gradient_descent, trial, path=(2, 2))  # better said now than after a press
        return (
            f"Press Train: {starts} networks of each width with {activation} units start from random weights and make "
            f"{STEPS} steps with learning rate {rate:g}."
        )

    def train(gradient_descent: Any, activation: str, starts: int, rate: float) -> Iterator[str]:
        shares: dict[int, float] = {}
        for curve in curves.values():
            curve.set_data([], [])
            curve.set_color(STYLES[activation][0])
        for bar, word in zip(bars[activation], words[activation], strict=True):
            bar.set_height(0.0)
            word.set_text("")
        for number, m in enumerate(WIDTHS):
            theta = random_starts(starts, m, np.random.default_rng(number))
            history = [share_solved(theta, starts, m, activation)]
            for _ in range(STEPS // AT_ONCE):
                path = gradient_descent(gradients(starts, m, activation), theta, rate, AT_ONCE)
                theta = checked(gradient_descent, path, finite=False, path=(AT_ONCE + 1, theta.size))[-1]
                history.append(share_solved(theta, starts, m, activation))
                curves[m].set_data(AT_ONCE * np.arange(len(history)), 100 * np.array(history))
                shares[m] = history[-1]
                bars[activation][number].set_height(100 * shares[m])
                words[activation][number].set_text(f"{100 * shares[m]:.0f}")
                words[activation][number].set_y(100 * shares[m] + 1)
                yield _said(activation, starts, rate, shares)

    figure.run("Train", train, len(WIDTHS) * (STEPS // AT_ONCE))
    return figure.live(
        update, gradient_descent, activation=dropdown("activation", list(CURVES)),
        starts=slider("starts", 200, 100, 1000, 100), rate=slider("learning rate", 0.1, 0.05, 1.0, 0.05),
        help="Weights start normal with variance 2 / inputs (He et al.), biases at zero. A network solves XOR when its mean "
        f"squared error is below {SOLVED:g}.",
    )  # fmt: skip


def _said(activation: str, starts: int, rate: float, shares: dict[int, float]) -> str:
    listed = ", ".join(f"{share:.0%} of those with {m}" for m, share in shares.items())
    return f"{starts} starts, {activation}, learning rate {rate:g}: XOR is solved by {listed} hidden units."


def random_starts(starts: int, m: int, rng: np.random.Generator) -> Any:
    """Parameters of many networks in one vector, each ``W`` (2 · m), ``c`` (m), ``w`` (m), ``b``."""
    first = rng.standard_normal((starts, 2 * m))  # variance 2 / 2 inputs
    last = rng.standard_normal((starts, m)) * np.sqrt(2 / m)
    return np.concatenate([first, np.zeros((starts, m)), last, np.zeros((starts, 1))], axis=1).ravel()


def _forward(theta: Any, starts: int, m: int, activation: str) -> tuple[Any, Any, Any, Any]:
    """Pre-activations, hidden units, output weights and errors of every network."""
    each = theta.reshape(starts, 4 * m + 1)
    W, c, w, b = (
        each[:, : 2 * m].reshape(starts, 2, m),
        each[:, 2 * m : 3 * m],
        each[:, 3 * m : -1],
        each[:, -1:],
    )
    Z = POINTS @ W + c[:, None, :]
    H = CURVES[activation][0](Z)
    return Z, H, w, (H @ w[:, :, None])[:, :, 0] + b - TARGETS


def share_solved(theta: Any, starts: int, m: int, activation: str) -> float:
    """Share of the networks whose mean squared error on XOR is below `SOLVED`."""
    with np.errstate(all="ignore"):  # what diverged is not solved
        residual = _forward(np.nan_to_num(theta, nan=1e9, posinf=1e9, neginf=-1e9), starts, m, activation)[-1]
        return float(((residual**2).mean(axis=1) < SOLVED).mean())


def gradients(starts: int, m: int, activation: str) -> Callable[[Any], Any]:
    """Make the gradient of the sum of all networks' losses: that of each network, side by side."""

    def gradient(theta: Any) -> Any:
        with np.errstate(all="ignore"):
            Z, H, w, residual = _forward(np.clip(np.nan_to_num(theta), -1e9, 1e9), starts, m, activation)
            delta = residual / 2  # 2 residual / 4 points
            hidden = CURVES[activation][1](Z) * delta[:, :, None] * w[:, None, :]
            parts = (
                (POINTS.T @ hidden).reshape(starts, 2 * m),
                hidden.sum(axis=1),
                (delta[:, None, :] @ H)[:, 0, :],
                delta.sum(axis=1, keepdims=True),
            )
            return np.concatenate(parts, axis=1).ravel()

    return gradient
