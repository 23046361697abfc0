"""SGD, AdaGrad and RMSProp on a ravine that can be turned (chapter 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.figures.ch5_backprop.entries import entries
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

STEPS, END = 60, 2.4


@in_own_style
def race(
    sgd_step: Callable[..., Any], adagrad_step: Callable[..., Any], rmsprop_step: Callable[..., Any]
) -> Shown:
    """Three optimisers from one start on ½ θᵀ R diag(1, κ) Rᵀ θ.

    Parameters
    ----------
    sgd_step, adagrad_step, rmsprop_step : callable
        Take the steps.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Stochastic Gradient Method: Learning rate".
    """
    figure = LiveFigure(9.4, 4.2)
    plane, losses = figure.figure.subplots(1, 2)
    plane.set(
        title="the ravine, and the paths",
        xlabel="θ₁",
        ylabel="θ₂",
        xlim=(-END, END),
        ylim=(-END, END),
        aspect="equal",
    )
    losses.set(
        title="loss by step", xlabel="step", ylabel="J", yscale="log", xlim=(0, STEPS), ylim=(1e-9, 1e3)
    )
    turn = np.linspace(0, 2 * np.pi, 121)
    sizes = (0.4, 1.0, 1.8, 2.8)
    rings = figure.changing([plane.plot([], [], color=GREY, linewidth=0.8)[0] for _ in sizes])
    styles = (("SGD", BLUE, "-"), ("AdaGrad", ORANGE, "--"), ("RMSProp", GREEN, ":"))
    paths = figure.changing(
        [plane.plot([], [], line, color=colour, linewidth=2, label=name)[0] for name, colour, line in styles]
    )
    curves = figure.changing(
        [losses.plot([], [], line, color=colour, linewidth=2, label=name)[0] for name, colour, line in styles]
    )
    (first,) = figure.changing(plane.plot([], [], "s", color="black", markersize=7))
    losses.legend(loc="lower left", fontsize=9, frameon=False)

    def update(
        sgd_step: Any, adagrad_step: Any, rmsprop_step: Any, angle: float, kappa: float, p: float, q: float,
        sgd: float, adagrad: float, rmsprop: float,
    ) -> tuple[str, str]:  # fmt: skip
        c, s = np.cos(np.pi * angle / 180), np.sin(np.pi * angle / 180)
        R = np.array([[c, -s], [s, c]])
        A = R @ np.diag([1.0, kappa]) @ R.T
        start = R @ np.array([p, q])  # the start turns with the ravine

        def by_sgd(theta: Any, state: Any) -> Any:
            made = sgd_step({"theta": theta}, {"theta": A @ theta}, sgd / kappa)
            return entries(sgd_step, made, finite=False, theta=(2,))["theta"], state

        def by_adagrad(theta: Any, state: Any) -> Any:
            made = adagrad_step(theta, A @ theta, state, adagrad, 1e-8)
            return checked(adagrad_step, made, finite=False, theta=(2,), state=(2,))

        def by_rmsprop(theta: Any, state: Any) -> Any:
            made = rmsprop_step(theta, A @ theta, state, rmsprop, 0.9, 1e-8)
            return checked(rmsprop_step, made, finite=False, theta=(2,), state=(2,))

        ends = []
        for step, path, curve in zip((by_sgd, by_adagrad, by_rmsprop), paths, curves, strict=True):
            theta, state, walk = start, np.zeros(2), [start]
            for _ in range(STEPS):
                theta, state = step(theta, state)
                theta = np.clip(np.nan_to_num(theta, nan=1e6), -1e6, 1e6)
                walk.append(theta)
            points = np.array(walk)
            path.set_data(*points.T)
            loss = 0.5 * np.einsum("ni,ij,nj->n", points, A, points)
            curve.set_data(np.arange(STEPS + 1), np.maximum(loss, 1e-12))
            ends.append(float(loss[-1]))
        first.set_data([start[0]], [start[1]])
        for ring, size in zip(rings, sizes, strict=True):
            ring.set_data(*(R @ np.array([size * np.cos(turn), size * np.sin(turn) / np.sqrt(kappa)])))
        figure.facts(ends=ends)
        order = sorted(zip(ends, ("SGD", "AdaGrad", "RMSProp"), strict=True))
        listed = ", ".join(f"{name} {end:.2g}" for end, name in order)
        said = f"κ = {kappa:g}, turned by {angle:g}°. Loss after {STEPS} steps, best first: {listed}."
        return said, f"Left: the ravine with three paths. Right: their losses by step, logarithmic. {said}"

    def from_plane(x: float, y: float, v: dict[str, Any]) -> dict[str, float]:
        c, s = np.cos(np.pi * v["angle"] / 180), np.sin(np.pi * v["angle"] / 180)
        return {"p": float(c * x + s * y), "q": float(-s * x + c * y)}

    def to_plane(v: dict[str, Any]) -> tuple[float, float]:
        c, s = np.cos(np.pi * v["angle"] / 180), np.sin(np.pi * v["angle"] / 180)
        return float(c * v["p"] - s * v["q"]), float(s * v["p"] + c * v["q"])

    def along(v: dict[str, Any]) -> tuple[float, float]:
        return 2.1 * float(np.cos(np.pi * v["angle"] / 180)), 2.1 * float(np.sin(np.pi * v["angle"] / 180))

    figure.handle("start", plane, place=to_plane, values=from_plane, shape="square")
    figure.handle("direction of the ravine", plane, place=along, shape="diamond",
                  values=lambda x, y, v: {"angle": float(np.degrees(np.arctan2(y, x))) % 180})  # fmt: skip
    figure.predict(
        "The ravine lies along an axis, and AdaGrad and RMSProp walk down it as if it were round. Then it is turned by 45°. "
        "Whose loss after 60 steps changes?",
        ("that of SGD", "those of AdaGrad and RMSProp", "none: only the picture turns"),
        "those of AdaGrad and RMSProp",
        "SGD's path turns with the ravine. The two others rescale coordinates, and the ravine no longer lies along one.",
        angle=45.0,
    )
    figure.goal(
        "AdaGrad below a loss of 10⁻²⁰",
        lambda s: s.ends[1] < 1e-20,
        sgd=0.2,
        adagrad=2.0,
    )
    figure.goal("SGD ahead of both", lambda s: s.ends[0] < min(s.ends[1:]), angle=45.0, sgd=1.9, kappa=10.0)
    figure.mistakes("no_root", "one_rate_for_all", "never_forgets")
    figure.preset("Turn by 45°", angle=45.0)
    return figure.live(
        update, sgd_step, adagrad_step, rmsprop_step, exercises=("sgd_step", "adagrad_step", "rmsprop_step"),
        angle=slider("turned by (degrees)", 0.0, 0.0, 180.0, 1.0), kappa=slider("κ", 30.0, 1.0, 100.0, 1.0),
        p=slider("start, along", -2.0, -2.2, 2.2, 0.05), q=slider("start, across", 1.0, -2.2, 2.2, 0.05),
        sgd=slider("SGD: η · λ max", 1.0, 0.05, 2.2, 0.05), adagrad=slider("AdaGrad: η", 0.5, 0.05, 2.0, 0.05),
        rmsprop=slider("RMSProp: η", 0.05, 0.01, 0.3, 0.01),
    )  # fmt: skip
