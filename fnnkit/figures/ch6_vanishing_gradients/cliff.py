"""Descent at a cliff, clipped and not (chapter 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

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

LAYERS, TARGET, STEPS = 50, 0.5, 300
GOAL = TARGET ** (1 / LAYERS)


def loss(w: Any) -> Any:
    """Squared error of a linear network of fifty layers that share one weight."""
    return (w**LAYERS - TARGET) ** 2


def slope(w: float) -> float:
    """Derivative of `loss`."""
    return float(2 * (w**LAYERS - TARGET) * LAYERS * w ** (LAYERS - 1))


@in_own_style
def cliff(clip_by_global_norm: Callable[..., Any]) -> Shown:
    """Descent on ``(w⁵⁰ − ½)²`` with and without clipping.

    Parameters
    ----------
    clip_by_global_norm : callable
        ``clip_by_global_norm(grads, max_norm)`` shortens gradients; the clipped path is drawn by it.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Vanishing and Exploding Gradient Problem"; Pascanu, Mikolov, Bengio (2013), section 3.2; Goodfellow, Bengio,
    Courville (2016), figure 10.17.
    """
    figure = LiveFigure(9.6, 3.9)
    wall, way = figure.figure.subplots(1, 2)
    w = np.linspace(0.9, 1.06, 400)
    wall.plot(w, loss(w), color=GREY)
    wall.set(title="loss", xlabel="w", ylabel="J(w)", xlim=(0.9, 1.06), ylim=(-1, 25))
    wall.axvline(GOAL, color=GREEN, linewidth=1, linestyle=":")
    (place,) = figure.changing(wall.plot([], [], "o", color="black", markersize=8))
    (arrow,) = figure.changing(wall.plot([], [], color=ORANGE, linewidth=2))
    (path,) = figure.changing(wall.plot([], [], ".", color=BLUE, markersize=4))
    way.axhline(GOAL, color=GREEN, linewidth=1, linestyle=":", label="(½)$^{1/50}$")
    (clipped,) = figure.changing(way.plot([], [], color=BLUE, label="clipped by yours"))
    (free,) = figure.changing(way.plot([], [], "--", color=ORANGE, label="not clipped"))
    way.set(title="w from step to step", xlabel="step", ylabel="w", xlim=(0, STEPS), ylim=(0.9, 1.06))
    way.legend(loc="upper right", fontsize=9, frameon=False)

    def update(clip_by_global_norm: Any, start: float, limit: float, rate: float) -> tuple[str, str]:
        here, walk = start, [start]
        for _ in range(STEPS):
            given = clip_by_global_norm({"w": np.array([slope(here)])}, limit)
            if not isinstance(given, dict) or "w" not in given:
                checked(clip_by_global_norm, None, w=(1,))
            here = here - rate * float(checked(clip_by_global_norm, given["w"], w=(1,))[0])
            walk.append(here)
        with np.errstate(over="ignore", invalid="ignore"):
            second = start - rate * slope(start)
        clipped.set_data(np.arange(STEPS + 1), walk)
        free.set_data([0, 1], [start, second])
        place.set_data([start], [loss(start)])
        arrow.set_data([start, max(second, 0.9)], [loss(start), loss(start)])
        path.set_data(walk, loss(np.array(walk)))
        figure.facts(away=abs(walk[-1] - GOAL), inside=bool(0.9 <= second <= 1.06))
        reached = abs(walk[-1] - GOAL) < 1e-3
        jump = "stays in the picture" if 0.9 <= second <= 1.06 else "leaves the picture"
        said = (
            f"At w = {start:.3g} the derivative is {slope(start):,.4g}. Without clipping the first step goes to {second:.4g} and "
            f"{jump}. Clipped at {limit:g}: after {STEPS} steps w = {walk[-1]:.4g}"
            + (f", the minimum {GOAL:.4g}." if reached else f"; the minimum is at {GOAL:.4g}.")
        )
        return said, f"Left: the loss with the start and the clipped path. Right: w by step. {said}"

    figure.handle("start", wall, place=lambda v: (v["start"], float(loss(v["start"]))), free="x", shape="circle",
                  colour="black", values=lambda x, y, v: {"start": x})  # fmt: skip
    figure.read(wall, lambda clip_by_global_norm, x, y, **v:
                f"At w = {x:.3f} the loss is {loss(x):.3g} and its derivative {slope(x):,.3g}.")  # fmt: skip
    figure.predict(
        "Start at 1.03 with the learning rate 0.01. Where is w after one step that is not clipped?",
        ("at 0.986, the minimum", "at about 0.9", "at −15.5"), "at −15.5",
        "The derivative there is 1653. The step goes the right way, sixteen units too far, and at −15.5 the derivative has "
        "sixty digits. Clipped, it comes down in steps of 0.001.",
        start=1.03, limit=0.1, rate=0.01,
    )  # fmt: skip
    figure.goal("a start from which no clipping is needed", lambda s: s.inside, start=0.97)
    figure.goal("a limit so wide that w never settles", lambda s: s.away > 0.003, limit=1.0)
    figure.mistakes("brought_to_length_one", "long_gradients_dropped", "squared_norm")
    return figure.live(
        update,
        clip_by_global_norm,
        exercises=("clip_by_global_norm",),
        start=slider("start w", 1.03, 0.92, 1.05, 0.005),
        limit=slider("clipped at", 0.1, 0.02, 2.0, 0.02),
        rate=slider("learning rate", 0.01, 0.002, 0.02, 0.002),
    )
