"""A maxout unit that learns a function of one variable (chapter 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from fnnkit.arguments import Float
from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, checked, dropdown, slider

X = np.linspace(-2.0, 2.0, 61)
MOST = 8
"""Pieces that the slider goes up to."""
STEPS, RATE, MOMENTUM = 400, 0.1, 0.9
SHOWN = 40
"""Pictures of a training that is watched."""
TARGETS: dict[str, Callable[[Float], Float]] = {
    "x² / 2": lambda x: x**2 / 2.0,
    "|x|": np.abs,
    "eˣ / 4": lambda x: np.exp(x) / 4.0,
    "sine (not convex)": lambda x: np.sin(1.5 * x),
}


class State(NamedTuple):
    """A unit on its way: its lines, its values, and the errors so far."""

    slopes: Float
    intercepts: Float
    values: Float
    losses: list[float]


def train(
    maxout: Callable[..., Any], maxout_grad: Callable[..., Any], target: Float, k: int, start: int
) -> Iterator[State]:
    """Train one maxout unit on ``target`` at the points `X` by gradient descent with momentum; yield every step.

    Forwards and backwards run the student's functions; the rest is the chain rule for a line: the gradient of a slope
    is the sum of ``dZ x``, that of an intercept the sum of ``dZ``.
    """
    rng = np.random.default_rng(start)
    slopes, intercepts = rng.normal(0.0, 0.7, k), rng.normal(0.0, 0.3, k)
    speed = np.zeros((2, k))
    losses: list[float] = []
    for _ in range(STEPS + 1):
        Z = X[:, np.newaxis] * slopes + intercepts
        H = checked(maxout, maxout(Z, k), H=(len(X), 1))
        error = H[:, 0] - target
        losses.append(float((error**2).mean()))
        yield State(slopes, intercepts, H[:, 0], losses)
        dZ = checked(
            maxout_grad, maxout_grad(Z, k, 2.0 * error[:, np.newaxis] / len(X)), gradient=(len(X), k)
        )
        speed = MOMENTUM * speed - RATE * np.stack([(dZ * X[:, np.newaxis]).sum(axis=0), dZ.sum(axis=0)])
        # A gradient with the wrong sign runs away: it should be seen to, and not end in an overflow.
        slopes, intercepts = np.clip(slopes + speed[0], -1e3, 1e3), np.clip(intercepts + speed[1], -1e3, 1e3)


def maxout_learns(maxout: Callable[..., Any], maxout_grad: Callable[..., Any]) -> Shown:
    """One maxout unit with one input, trained by your own functions to imitate another function.

    Parameters
    ----------
    maxout : callable
        ``maxout(Z, k)``, with one unit of k pieces here: ``Z`` of shape (n, k).
    maxout_grad : callable
        ``maxout_grad(Z, k, upstream)``.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Maxout Unit"; Goodfellow et al. (2013), "Maxout networks", figure 1.
    """
    figure = LiveFigure(9.6, 4.2)
    left, right = figure.figure.subplots(1, 2, width_ratios=(1.5, 1.0))
    left.set(xlabel="x", ylabel="h", xlim=(-2, 2), ylim=(-1.5, 2.5))
    left.grid(color="#dddddd", linewidth=0.6)
    right.set(
        xlabel="step of gradient descent", ylabel="mean squared error", xlim=(0, STEPS), ylim=(1e-6, 10)
    )
    right.set_yscale("log")
    right.grid(color="#dddddd", linewidth=0.6)
    pieces = figure.changing([left.plot([], [], color=BLUE, linewidth=1)[0] for _ in range(MOST)])
    (goal,) = figure.changing(left.plot([], [], color=GREY, linewidth=6, alpha=0.55))
    (unit,) = figure.changing(left.plot([], [], color=ORANGE, linewidth=2))
    (curve,) = figure.changing(right.plot([], [], color=ORANGE, linewidth=2))
    idle = left.plot([], [], color=BLUE, linewidth=1, linestyle=(0, (2, 4)))
    for line, label in (
        (goal, "to imitate"),
        (unit, "the unit"),
        (pieces[0], "a piece"),
        (idle[0], "a piece that never wins"),
    ):
        line.set_label(label)
    handles = [goal, unit, pieces[0], idle[0]]
    figure.figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=9, frameon=False)

    def show(state: State, name: str, k: int, step: int) -> tuple[str, str]:
        winner = (X[:, np.newaxis] * state.slopes + state.intercepts).argmax(axis=1)
        wins = set(winner.tolist())
        for j, line in enumerate(pieces):
            if j < k:
                line.set_data(X, state.slopes[j] * X + state.intercepts[j])
                line.set_linestyle("solid" if j in wins else (0, (2, 4)))
            else:
                line.set_data([], [])
        goal.set_data(X, TARGETS[name](X))
        unit.set_data(X, state.values)
        curve.set_data(np.arange(len(state.losses)), np.maximum(state.losses, 1e-6))
        worst = np.abs(state.values - TARGETS[name](X)).max()
        used = "its one piece" if k == 1 else f"{len(wins)} of its {k} pieces"
        said = (
            f"After {step} steps on {name} the unit uses {used}. Mean squared error {state.losses[-1]:.2g}, largest "
            f"error {worst:.2g}."
        )
        lines = "; ".join(f"{a:.2f} x {b:+.2f}" for a, b in zip(state.slopes, state.intercepts, strict=True))
        return (
            said,
            f"{said} The pieces: {lines}. On the right the error over {step} steps, from {state.losses[0]:.2g}.",
        )

    trained: dict[tuple[str, int, int], State] = {}

    def update(maxout: Any, maxout_grad: Any, target: str, k: int, start: int) -> tuple[str, str]:
        key = target, k, start
        if key not in trained:
            *_, trained[key] = train(maxout, maxout_grad, TARGETS[target](X), k, start)
        return show(trained[key], target, k, STEPS)

    def watch(maxout: Any, maxout_grad: Any, target: str, k: int, start: int) -> Iterator[tuple[str, str]]:
        for step, state in enumerate(train(maxout, maxout_grad, TARGETS[target](X), k, start)):
            # The first steps do most: one picture each, and then fewer.
            if step < SHOWN // 2 or step % (STEPS // (SHOWN // 2)) == 0:
                yield show(state, target, k, step)

    figure.run("Watch it learn", watch, SHOWN)
    return figure.live(
        update,
        maxout,
        maxout_grad,
        target=dropdown("to imitate", list(TARGETS)),
        k=slider("pieces k", 3, 1, MOST, every_step=False),
        start=slider("random start", 1, 1, 10, every_step=False),
    )
