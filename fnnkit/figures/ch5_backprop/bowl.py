"""Steps down a bowl: which rates converge, and which is the fastest (chapter 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.figures.ch5_backprop.entries import entries
from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, in_own_style, slider

STEPS, END = 40, 2.4
RATES = np.linspace(0.0, 2.3, 116)


@in_own_style
def bowl(sgd_step: Callable[..., Any]) -> Shown:
    """Descent on ½(θ₁² + κ θ₂²): the path, and by what each coordinate is multiplied in a step.

    Parameters
    ----------
    sgd_step : callable
        ``sgd_step(params, grads, lr)`` takes the steps.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Optimization by Gradient Method".
    """
    figure = LiveFigure(9.4, 4.4)
    plane, factors = figure.figure.subplots(1, 2)
    plane.set(
        title="the bowl, and 40 steps", xlabel="θ₁ (flat)", ylabel="θ₂ (steep)",
        xlim=(-END, END), ylim=(-END, END), aspect="equal",
    )  # fmt: skip
    turn = np.linspace(0, 2 * np.pi, 121)
    sizes = (0.25, 0.75, 1.5, 2.5)
    rings = figure.changing([plane.plot([], [], color=GREY, linewidth=0.8)[0] for _ in sizes])
    (path,) = figure.changing(plane.plot([], [], ".-", color=BLUE, linewidth=1.2, markersize=5))
    (first,) = figure.changing(plane.plot([], [], "s", color="black", markersize=7))
    factors.set(
        title="a step multiplies a coordinate by", xlabel="η · λ$_{max}$", ylabel="|1 − η λ|",
        xlim=(0, 2.3), ylim=(0, 1.4),
    )  # fmt: skip
    factors.axhline(1, color=GREY, linewidth=0.8)
    factors.axvline(2, color="black", linewidth=1, linestyle=":", label="border, η = 2/λ$_{max}$")
    (flat,) = figure.changing(factors.plot([], [], "--", color=ORANGE, label="flat direction"))
    factors.plot(RATES, np.abs(1 - RATES), color=BLUE, label="steep direction")
    (best,) = figure.changing(factors.plot([], [], "D", color="black", label="best rate"))
    (now,) = figure.changing(factors.plot([], [], color="black", linewidth=1.5))
    handles, labels = factors.get_legend_handles_labels()
    figure.figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=9, frameon=False)

    def update(sgd_step: Any, rate: float, kappa: float, p: float, q: float) -> tuple[str, str]:
        curvature = np.array([1.0, kappa])
        theta = np.array([p, q])
        walk = [theta]
        for _ in range(STEPS):
            made = sgd_step({"theta": theta}, {"theta": curvature * theta}, rate / kappa)
            theta = np.clip(entries(sgd_step, made, finite=False, theta=(2,))["theta"], -1e6, 1e6)
            walk.append(theta)
        points = np.array(walk)
        path.set_data(*points.T)
        first.set_data([p], [q])
        for ring, size in zip(rings, sizes, strict=True):
            ring.set_data(size * np.cos(turn), size * np.sin(turn) / np.sqrt(kappa))
        flat.set_data(RATES, np.abs(1 - RATES / kappa))
        fastest = 2 * kappa / (1 + kappa)
        best.set_data([fastest], [abs(1 - fastest / kappa)])
        now.set_data([rate, rate], [0, 1.4])
        start = float(np.linalg.norm(points[0]))
        share = float(np.linalg.norm(points[-1])) / start if start else 0.0
        figure.facts(share=share, steep=abs(q))
        slow, steep = abs(1 - rate / kappa), abs(1 - rate)
        stuck = q != 0 and abs(points[-1, 1]) > 0.99 * abs(q)
        fate = "It diverges" if share > 1.01 else "θ₂ never gets nearer" if stuck else "It converges"
        said = (
            f"κ = {kappa:g}, η λ_max = {rate:g}: a step multiplies the flat coordinate by {slow:.3g} and the steep one by "
            f"{steep:.3g} in size; the best rate would be η λ_max = {fastest:.3g}. {fate}: after {STEPS} steps the distance "
            f"from the bottom is {share:.3g} of that at the start."
        )
        return said, f"Left: the bowl with the path. Right: the two factors by learning rate. {said}"

    figure.handle("start of the descent", plane, x="p", y="q", shape="square")
    figure.handle("learning rate", factors, x="rate", at=0.7)
    figure.read(factors, lambda sgd_step, x, y, rate, kappa, p, q:
                f"At η λ_max = {x:.2f}: flat {abs(1 - x / kappa):.3g}, steep {abs(1 - x):.3g}.")  # fmt: skip
    figure.predict(
        "κ = 10: one direction is ten times as steep as the other. Which rate is the fastest?",
        ("η λ_max = 1: no zigzag", "a little below the border", "the border itself"),
        "a little below the border",
        "At 1 the steep coordinate is done in one step, and the flat one takes for ever. The best rate balances both, and "
        "zigzags along the steep direction.",
        rate=1.8,
    )
    figure.goal("after 40 steps less than 0.1 % of the distance is left, at κ = 10",
                lambda s: s.kappa == 10 and s.share < 1e-3, kappa=10.0, rate=1.8)  # fmt: skip
    figure.goal("it jumps for ever, without coming nearer or going away", lambda s: s.steep > 0.1 and 0.05 < s.share < 1.001
                and abs(s.rate - 2) < 1e-9, rate=2.0)  # fmt: skip
    figure.mistakes("uphill", "rate_forgotten", "divided_by_the_norm")
    figure.preset("Above the border", rate=2.1)
    figure.preset("Round bowl", kappa=1.0, rate=1.0)
    return figure.live(
        update, sgd_step, exercises=("sgd_step",), rate=slider("η · λ max", 0.5, 0.05, 2.2, 0.05),
        kappa=slider("κ", 10.0, 1.0, 30.0, 1.0), p=slider("start θ₁", -2.0, -2.2, 2.2, 0.1),
        q=slider("start θ₂", 1.0, -2.2, 2.2, 0.1),
    )  # fmt: skip
