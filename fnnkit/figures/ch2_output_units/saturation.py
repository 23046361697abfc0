"""Gradients of two losses of a sigmoid unit against its logit (chapter 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, checked, slider

Z = np.linspace(-12.0, 12.0, 241)


def saturation(bernoulli_nll_grad: Callable[..., Any], sigmoid_mse_grad: Callable[..., Any]) -> Shown:
    """A slider for the logit; the gradient of the log-likelihood and of the squared error, for either target.

    Parameters
    ----------
    bernoulli_nll_grad, sigmoid_mse_grad : callable
        ``gradient(z, y)`` for arrays of logits and targets; the curves are drawn by them.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Sigmoid Output Units: Cost Function"; Goodfellow, Bengio, Courville (2016), section 6.2.2.2.
    """
    figure = LiveFigure(9.6, 4.0)
    panels = [
        _Panel(figure, axes, target)
        for axes, target in zip(figure.figure.subplots(1, 2, sharey=True), (0, 1), strict=True)
    ]
    panels[0].axes.set_ylabel("derivative of the loss")

    def update(nll_grad: Callable[..., Any], mse_grad: Callable[..., Any], z: float) -> Any:
        said = []
        for panel in panels:
            y = np.full(len(Z) + 1, panel.target)
            places = np.append(Z, z)
            nll = checked(nll_grad, nll_grad(places, y), gradient=places.shape)
            mse = checked(mse_grad, mse_grad(places, y), gradient=places.shape)
            panel.draw(z, nll, mse)
            said.append(_in_words(z, panel.target, float(nll[-1]), float(mse[-1])))
        below = " ".join(said)
        return below, (
            "Two pictures, for the targets 0 and 1: derivatives of the log-likelihood and of the squared error against the "
            f"logit from −12 to 12. {below}"
        )

    for label, z in (("sure of 0", -8.0), ("undecided", 0.0), ("sure of 1", 8.0)):
        figure.preset(label, z=z)
    return figure.live(
        update, bernoulli_nll_grad, sigmoid_mse_grad, z=slider("logit z", -4.0, -12.0, 12.0, 0.25)
    )


def _in_words(z: float, target: int, nll: float, mse: float) -> str:
    wrong = (z > 0) != (target == 1)
    how = "undecided" if abs(z) < 2 else "a confident mistake" if wrong else "confident and right"
    ratio = f" ({abs(nll / mse):.4g} times smaller)" if abs(mse) > 1e-300 and abs(nll) > abs(mse) else ""
    return f"Target {target}, {how}: log-likelihood {nll + 0.0:.3g}, squared error {mse + 0.0:.3g}{ratio}."


class _Panel:
    """Both gradients for one target."""

    def __init__(self, figure: LiveFigure, axes: Any, target: int) -> None:
        self.axes, self.target = axes, target
        wrong = (0.0, 12.0) if target == 0 else (-12.0, 0.0)
        axes.axvspan(*wrong, color="#eeeeee", zorder=0)
        axes.text(sum(wrong) / 2, -1.12, "wrong side", ha="center", fontsize=10, color="#444444")
        axes.set(
            title=f"target y = {target}", xlabel="logit z", xlim=(Z[0], Z[-1]), ylim=(-1.2, 1.5),
        )  # fmt: skip
        axes.axhline(0.0, color=GREY, linewidth=0.8)
        (self.nll,) = figure.changing(
            axes.plot([], [], color=BLUE, linewidth=2.5, label="log-likelihood: your bernoulli_nll_grad")
        )
        (self.mse,) = figure.changing(
            axes.plot([], [], color=ORANGE, linewidth=2.5, linestyle="--", label="squared error: your sigmoid_mse_grad")
        )  # fmt: skip
        (self.here,) = figure.changing(axes.plot([], [], color="black", linewidth=1, linestyle=":"))
        self.dots = figure.changing(
            [
                axes.plot([], [], marker, color=colour, markersize=9, markeredgecolor="white", zorder=5)[0]
                for marker, colour in (("o", BLUE), ("s", ORANGE))
            ]
        )
        axes.legend(loc="upper center", fontsize=9, frameon=False)

    def draw(self, z: float, nll: Any, mse: Any) -> None:
        self.nll.set_data(Z, nll[:-1])
        self.mse.set_data(Z, mse[:-1])
        self.here.set_data([z, z], [-1.0, 1.0])
        for dot, values in zip(self.dots, (nll, mse), strict=True):
            dot.set_data([z], [values[-1]])
