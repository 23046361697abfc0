"""The error signal of a recurrent network on its way back through the latch task (chapter 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

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
)
from fnnkit.rnn import initial_rnn, latch_task

UNITS, EXAMPLES, LONGEST = 32, 20, 100


def parameters(kind: str, radius: float, start: int) -> dict[str, Any]:
    """Random parameters, the recurrent weights Gaussian or orthogonal, of a spectral radius."""
    rng = np.random.default_rng(start)
    params = dict(initial_rnn(1, UNITS, 2, rng, radius))
    if kind == "Gaussian":
        W = rng.normal(size=(UNITS, UNITS))
        params["W"] = W * radius / np.abs(np.linalg.eigvals(W)).max()
    return params


@in_own_style
def error_signal(rnn_forward: Callable[..., Any], deltas_through_time: Callable[..., Any]) -> Shown:
    """Norm of the error signal at every step of a recurrent network before training, the loss at the last step.

    Parameters
    ----------
    rnn_forward : callable
        ``rnn_forward(X, h0, params)`` gives a dictionary with Z, H and Y.
    deltas_through_time : callable
        ``deltas_through_time(W, Z, delta_T)`` gives the norms, the last step first.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Backpropagation: Example" and "Vanishing and Exploding Gradient Problem"; Bengio, Simard, Frasconi (1994).
    """
    figure = LiveFigure(9.6, 3.9)
    tanh_grad, categorical_nll_grad = figure.mine("tanh_grad", "categorical_nll_grad")
    spectrum, way = figure.figure.subplots(1, 2, width_ratios=(1, 1.7))
    turn = np.linspace(0, 2 * np.pi, 200)
    spectrum.plot(np.cos(turn), np.sin(turn), color=GREY, linewidth=1)
    spectrum.set(
        title="eigenvalues of W", aspect="equal", xlim=(-1.7, 1.7), ylim=(-1.7, 1.7), xlabel="real part",
        ylabel="imaginary part",
    )  # fmt: skip
    (dots,) = figure.changing(spectrum.plot([], [], ".", color=ORANGE, markersize=7))
    way.set(
        title="norm of the error signal at each step", xlabel="step t (the loss stands at the right end)",
        ylabel="norm", yscale="log", ylim=(1e-30, 1e6), xlim=(0, LONGEST + 1),
    )  # fmt: skip
    way.grid(color="#dddddd", linewidth=0.6)
    (curve,) = figure.changing(way.plot([], [], ".-", color=BLUE, markersize=4))

    def update(
        rnn_forward: Any, deltas_through_time: Any, kind: str, radius: float, steps: int, start: int
    ) -> tuple[str, str]:
        params = parameters(kind, radius, start)
        X, g = latch_task(steps, EXAMPLES, np.random.default_rng(start))
        cache = rnn_forward(X, np.zeros((EXAMPLES, UNITS)), params)
        if not isinstance(cache, dict) or not {"Z", "H", "Y"} <= set(cache):
            checked(rnn_forward, None, Z=(steps, EXAMPLES, UNITS))
        Z = checked(rnn_forward, cache["Z"], Z=(steps, EXAMPLES, UNITS))
        Y = checked(rnn_forward, cache["Y"], Y=(steps, EXAMPLES, 2))
        delta = tanh_grad(Z[-1]) * (categorical_nll_grad(Y[-1], g) @ params["V"].T)
        norms = checked(deltas_through_time, deltas_through_time(params["W"], Z, delta), norms=(steps,))
        values = np.linalg.eigvals(params["W"])
        dots.set_data(values.real, values.imag)
        curve.set_data(np.arange(steps, 0, -1), norms)
        share = float(norms[-1] / norms[0])
        figure.facts(share=share)
        factor = share ** (1 / (steps - 1))
        said = (
            f"{kind} W of radius {radius:g}: of the error signal at step {steps} {share:.2g} times as much arrives at step 1, "
            f"a factor of {factor:.3g} a step."
        )
        return said, (
            "Left: eigenvalues of W and the unit circle. Right: the norm of the error signal by step, logarithmic. "
            + said
        )

    figure.handle("spectral radius", spectrum, place=lambda v: (v["radius"], 0.0), free="x", shape="vertical", colour=ORANGE,
                  values=lambda x, y, v: {"radius": abs(x)})  # fmt: skip
    figure.handle("number of steps", way, x="steps", at=1e-27)
    figure.predict(
        "A Gaussian W of radius ½, and fifty steps. How much of the error signal arrives at the first step?",
        ("about a hundredth", "about a millionth", "less than a million-millionth"), "less than a million-millionth",
        "Half of it is left a step earlier, a quarter two steps earlier: 2 to the power −49 is 2·10⁻¹⁵, and slopes take more.",
        kind="Gaussian", radius=0.5, steps=50,
    )  # fmt: skip
    figure.goal("100 steps, and more than a hundredth arrives", lambda s: s.steps == 100 and 0.01 < s.share < 100,
                kind="orthogonal", radius=1.0, steps=100)  # fmt: skip
    figure.goal(
        "more arrives than was sent", lambda s: s.share > 2, kind="Gaussian", radius=1.5, steps=100, start=1
    )
    figure.mistakes("no_feedback", "pre_activation_goes_on", "slope_forgotten", "first_step_first")
    return figure.live(
        update,
        rnn_forward,
        deltas_through_time,
        exercises=("rnn_forward", "deltas_through_time"),
        kind=dropdown("W", ["Gaussian", "orthogonal"], "Gaussian"),
        radius=slider("spectral radius", 0.5, 0.3, 1.6, 0.05),
        steps=slider("steps T", 50, 5, LONGEST, 5),
        start=slider("random start", 1, 1, 10),
    )
