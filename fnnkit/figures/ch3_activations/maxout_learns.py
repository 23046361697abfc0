"""A maxout unit that learns a function of one variable (chapter 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from fnnkit.arguments import Float
from fnnkit.figures.engine.live import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    SKY,
    YELLOW,
    LiveFigure,
    Shown,
    checked,
    dropdown,
    in_own_style,
    slider,
)  # fmt: skip

X = np.linspace(-2.0, 2.0, 61)
MOST = 8
"""Pieces that the slider goes up to."""
STEPS, RATE, MOMENTUM = 400, 0.1, 0.9
COLOURS = (BLUE, GREEN, PINK, YELLOW, SKY, "#8c564b", "#6f6f6f", "#1f3a5f")
"""Of the pieces; the stretch where a piece wins is thick."""
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


@in_own_style
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
    left.set(xlabel="x", ylabel="h", xlim=(-2.1, 2.1), ylim=(-1.5, 2.6))
    left.grid(color="#dddddd", linewidth=0.6)
    right.set(
        xlabel="step of gradient descent",
        ylabel="mean squared error",
        xlim=(-10, STEPS + 10),
        ylim=(5e-7, 20),
    )
    right.set_yscale("log")
    right.grid(color="#dddddd", linewidth=0.6)
    pieces = figure.changing([left.plot([], [], color=c, linewidth=1)[0] for c in COLOURS])
    (goal,) = figure.changing(left.plot([], [], color=GREY, linewidth=7, alpha=0.45))
    wins = figure.changing([left.plot([], [], color=c, linewidth=3.5)[0] for c in COLOURS])
    (unit,) = figure.changing(left.plot([], [], color=ORANGE, linewidth=1.6, linestyle="--"))
    (curve,) = figure.changing(right.plot([], [], color=ORANGE, linewidth=2))
    (now,) = figure.changing(
        right.plot([], [], "o", color=ORANGE, markeredgecolor="white", markersize=9, clip_on=False)
    )
    (won,) = left.plot([], [], color=BLUE, linewidth=3.5)
    (piece,) = left.plot([], [], color=BLUE, linewidth=1)
    (idle,) = left.plot([], [], color=BLUE, linewidth=1, linestyle=(0, (2, 4)))
    handles = [goal, unit, won, piece, idle]
    labels = ["to imitate", "your unit", "where a piece wins", "a piece", "a piece that never wins"]
    figure.figure.legend(handles, labels, loc="outside lower center", ncols=5, fontsize=9, frameon=False)
    trained: dict[tuple[Any, ...], list[State]] = {}

    def update(maxout: Any, maxout_grad: Any, target: str, k: int, start: int, step: int) -> tuple[str, str]:
        key = maxout, maxout_grad, target, k, start
        goals = TARGETS[target](X)
        if key not in trained:
            trained[key] = list(train(maxout, maxout_grad, goals, k, start))
        state = trained[key][step]
        lines = X[:, np.newaxis] * state.slopes + state.intercepts
        winner = lines.argmax(axis=1)
        used = set(winner.tolist())
        for j, (line, stretch) in enumerate(zip(pieces, wins, strict=True)):
            if j < k:
                line.set_data(X, lines[:, j])
                line.set_linestyle("solid" if j in used else (0, (2, 4)))
                stretch.set_data(X, np.where(winner == j, lines[:, j], np.nan))
            else:
                line.set_data([], [])
                stretch.set_data([], [])
        goal.set_data(X, goals)
        unit.set_data(X, state.values)
        losses = np.clip(state.losses, 1e-6, 15.0)
        curve.set_data(np.arange(len(losses)), losses)
        now.set_data([step], [losses[step]])
        worst = np.abs(state.values - goals).max()
        loss = float(state.losses[step])
        figure.facts(loss=loss, used=len(used))
        those = "its one piece" if k == 1 else f"{len(used)} of its {k} pieces"
        said = f"After {step} steps on {target} the unit uses {those}. Mean squared error {loss:.2g}, largest error {worst:.2g}."
        listed = "; ".join(f"{a:.2f} x {b:+.2f}" for a, b in zip(state.slopes, state.intercepts, strict=True))
        return (
            said,
            f"{said} The pieces: {listed}. On the right the error over {STEPS} steps, from {state.losses[0]:.2g}.",
        )

    figure.handle("step of the training", right, shape="circle", free="x", colour=ORANGE,
                  place=lambda v: (v["step"], float(now.get_ydata()[0])), values=lambda x, y, v: {"step": x})  # fmt: skip
    figure.press(right, lambda x, y, v: {"step": x})
    figure.read(left, lambda maxout, maxout_grad, x, y, **v: _reading(x, unit, v["target"]))
    figure.predict(
        "Can one maxout unit with eight pieces imitate a sine?",
        ("yes, with enough pieces", "no, whatever the number", "only with a lucky start"), "no, whatever the number",
        "A maximum of lines is convex, and a sine is not.", target="sine (not convex)", k=8,
    )  # fmt: skip
    figure.goal("an error below 0.001 on a function that is not |x|", lambda s: s.loss < 1e-3 and s.target != "|x|",
                target="x² / 2", k=8, start=1)  # fmt: skip
    figure.goal("at least five pieces that win somewhere", lambda s: s.used >= 5, k=8)
    figure.goal("a start from which |x| is not learned with 2 pieces",
                lambda s: s.target == "|x|" and s.k == 2 and s.step == STEPS and s.loss > 0.1,
                target="|x|", k=2, start=6)  # fmt: skip
    figure.mistakes(
        "mean_of_group", "least_of_group", "never_below_zero", "every_member", "split_over_the_group"
    )
    figure.play("step", stride=8, rate=10.0)
    return figure.live(
        update,
        maxout,
        maxout_grad,
        exercises=("maxout", "maxout_grad"),
        target=dropdown("to imitate", list(TARGETS)),
        k=slider("pieces k", 3, 1, MOST, every_step=False),
        start=slider("random start", 1, 1, 10, every_step=False),
        step=slider("step", STEPS, 0, STEPS),
    )


def _reading(x: float, unit: Any, target: str) -> str:
    value, goal = (float(np.interp(x, X, v)) for v in (unit.get_ydata(), TARGETS[target](X)))
    return f"At x = {x:.2f} your unit gives {value:.3g}, to imitate is {goal:.3g}."
