"""The start decides: how many of many networks solve XOR, by width and activation, all trained at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fnnkit.activations import relu, relu_grad, sigmoid, sigmoid_grad, tanh, tanh_grad
from fnnkit.figures.ch1_xor.xor_plane import POINTS, TARGETS
from fnnkit.figures.engine.live import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    LiveFigure,
    Shown,
    checked,
    dropdown,
    in_own_style,
    slider,
)  # fmt: skip

WIDTHS = (2, 4, 8, 16)
CURVES = {"ReLU": (relu, relu_grad), "tanh": (tanh, tanh_grad), "sigmoid": (sigmoid, sigmoid_grad)}
STYLES = {"ReLU": (BLUE, ""), "tanh": (ORANGE, "//"), "sigmoid": (GREEN, "..")}
STEPS, AT_ONCE = 1500, 100
SOLVED = 0.01


@in_own_style
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
    left.set(xlabel="step", ylabel="networks that solve XOR [%]", xlim=(-20, 1.09 * STEPS), ylim=(-3, 106))
    left.set_title("this training", fontsize=11)
    marks = ("o", "s", "^", "D")
    curves = {
        m: figure.changing(left.plot([], [], marker=mark, markevery=3, color=GREY))[0]
        for m, mark in zip(WIDTHS, marks, strict=True)
    }
    ends = {m: figure.changing(left.text(0, 0, "", fontsize=9, va="center")) for m in WIDTHS}
    for m, mark in zip(WIDTHS, marks, strict=True):
        left.plot([], [], marker=mark, color=GREY, label=f"width {m}")
    idle = figure.changing(left.text(STEPS / 2, 50, "", ha="center", fontsize=11))
    (at,) = figure.changing(left.plot([], [], color=GREY, linewidth=1, linestyle=":"))
    left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), fontsize=9, ncols=4, frameon=False)
    right.set(
        xlabel="hidden units", ylabel="networks that solve XOR [%]", ylim=(0, 112), xticks=range(4), xlim=(-0.5, 3.5)
    )  # fmt: skip
    right.set_xticklabels([str(m) for m in WIDTHS])
    right.set_title("all trainings so far", fontsize=11)
    bars, words = {}, {}
    for k, name in enumerate(CURVES):
        colour, hatch = STYLES[name]
        drawn = right.bar(
            np.arange(4) + (k - 1) * 0.27, np.zeros(4), 0.25, color=colour, hatch=hatch, edgecolor="white", linewidth=0,
            label=name,
        )  # fmt: skip
        bars[name] = figure.changing(list(drawn))
        words[name] = figure.changing(
            [right.text(i + (k - 1) * 0.27, 0, "", ha="center", va="bottom", fontsize=9) for i in range(4)]
        )
    right.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), fontsize=9, ncols=3, frameon=False)
    # Shares along each training, by function and settings; and the last one of each activation.
    ran: dict[tuple[Any, ...], dict[int, list[float]]] = {}
    latest: dict[tuple[Any, str], dict[int, list[float]]] = {}

    def draw(gradient_descent: Any, activation: str, history: dict[int, list[float]], step: int) -> None:
        below = 112.0
        heights = {}
        for m in sorted(
            history, key=lambda m: -history[m][-1]
        ):  # names of lines that end together stand one below another
            below = heights[m] = min(100 * history[m][-1], below - 6)
        for m in WIDTHS:
            shares = 100 * np.array(history.get(m, []))
            curves[m].set_data(AT_ONCE * np.arange(len(shares)), shares)
            curves[m].set_color(STYLES[activation][0])
            ends[m].set_text(f"{m}" if len(shares) else "")
            if len(shares):
                ends[m].set_position((AT_ONCE * (len(shares) - 1) + 35, heights[m]))
        for name in CURVES:
            for bar, word, m in zip(bars[name], words[name], WIDTHS, strict=True):
                known = latest.get((gradient_descent, name), {}).get(m, [])
                share = 100 * known[-1] if known else 0.0
                bar.set_height(share)
                word.set_text(f"{share:.0f}" if known else "")
                word.set_y(share + 1)
        idle.set_text("" if history else "press Train")
        at.set_data([step, step], [0, 100] if history else [])
        if not history:
            at.set_data([], [])

    def update(gradient_descent: Any, activation: str, starts: int, rate: float, step: int) -> str:
        trial = gradient_descent(lambda theta: theta, np.zeros(2), rate, 1)
        checked(gradient_descent, trial, path=(2, 2))  # better said now than after a press
        history = ran.get((gradient_descent, activation, starts, rate), {})
        draw(gradient_descent, activation, history, step)
        if len(history) < len(WIDTHS):
            return (
                f"Press Train: {starts} networks of each width with {activation} units start from random weights and make "
                f"{STEPS} steps with learning rate {rate:g}."
            )
        figure.facts(shares=[history[m][-1] for m in WIDTHS])
        then = {m: shares[round(step / AT_ONCE)] for m, shares in history.items()}
        listed = ", ".join(f"{share:.0%} of width {m}" for m, share in then.items())
        return f"{_said(activation, starts, rate, {m: h[-1] for m, h in history.items()})} After {step} steps: {listed}."

    def train(gradient_descent: Any, activation: str, starts: int, rate: float, step: int) -> Iterator[str]:
        history = ran[gradient_descent, activation, starts, rate] = {}
        latest[gradient_descent, activation] = history
        for number, m in enumerate(WIDTHS):
            theta = random_starts(starts, m, np.random.default_rng(number))
            shares = history[m] = [share_solved(theta, starts, m, activation)]
            for _ in range(STEPS // AT_ONCE):
                path = gradient_descent(gradients(starts, m, activation), theta, rate, AT_ONCE)
                theta = checked(gradient_descent, path, finite=False, path=(AT_ONCE + 1, theta.size))[-1]
                shares.append(share_solved(theta, starts, m, activation))
                draw(gradient_descent, activation, history, step)
                figure.facts(shares=[h[-1] for h in history.values()])
                yield _said(activation, starts, rate, {m: h[-1] for m, h in history.items()})

    figure.run("Train", train, len(WIDTHS) * (STEPS // AT_ONCE))
    figure.handle("step that is read", left, x="step", at=20.0)
    figure.press(left, lambda x, y, v: {"step": x})
    figure.predict(
        "Many networks with two ReLUs start from random weights, learning rate 0.1. How many of them end up solving XOR?",
        ("about a fifth", "about half", "nearly all"), "about a fifth",
        "Two units are enough to solve XOR, but few starts lead there. Press Train, and compare the wider ones.",
    )  # fmt: skip
    figure.goal("three of four widths above 90 %", lambda s: sum(v > 0.9 for v in getattr(s, "shares", [])) >= 3,
                press="Train", activation="tanh", starts=100)  # fmt: skip
    figure.goal(
        "16 units that do worse than 4",
        lambda s: len(getattr(s, "shares", [])) == 4 and s.shares[3] < s.shares[1],
        press="Train", activation="tanh", starts=100, rate=0.5,
    )  # fmt: skip
    figure.mistakes("uphill", "always_from_the_start", "gradient_of_the_start", "steps_of_one_length")
    return figure.live(
        update, gradient_descent, exercises=("gradient_descent",), activation=dropdown("activation", list(CURVES)),
        starts=slider("starts", 200, 100, 1000, 100), rate=slider("learning rate", 0.1, 0.05, 0.5, 0.05),
        step=slider("step that is read", STEPS, 0, STEPS, AT_ONCE),
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
