"""Derivatives of two losses of a sigmoid unit against its logit (chapter 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, checked, in_own_style, slider

Z = np.linspace(-12.0, 12.0, 241)


@in_own_style
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
        said, slopes = [], []
        for panel in panels:
            y = np.full(len(Z) + 1, panel.target)
            places = np.append(Z, z)
            nll = checked(nll_grad, nll_grad(places, y), gradient=places.shape)
            mse = checked(mse_grad, mse_grad(places, y), gradient=places.shape)
            panel.draw(z, nll, mse)
            said.append(_in_words(z, panel.target, float(nll[-1]), float(mse[-1])))
            slopes.append((abs(float(nll[-1])), abs(float(mse[-1])), float(np.abs(mse).max())))
        figure.facts(slopes=slopes)
        below = " ".join(said)
        return below, (
            "Two pictures, for the targets 0 and 1: derivatives of the log-likelihood and of the squared error against the "
            f"logit from −12 to 12. {below}"
        )

    def read(target: int) -> Callable[..., str]:
        def words(nll_grad: Any, mse_grad: Any, x: float, y: float, z: float) -> str:
            found = [float(f(np.array([x]), np.array([target]))[0]) for f in (nll_grad, mse_grad)]
            return f"Target {target}, at z = {x:.2f}: {found[0]:.3g} and {found[1]:.3g}."

        return words

    for panel in panels:
        figure.handle(f"logit z, target {panel.target}", panel.axes, x="z", at=-0.85)
        figure.read(panel.axes, read(panel.target))
    figure.predict(
        "A unit is sure of 0 and the target is 1: z = −8. Which loss pulls harder at z?",
        ("the log-likelihood", "the squared error", "both alike"), "the log-likelihood",
        "Its derivative is σ(z) − y, almost −1. The squared error multiplies that by the slope of the sigmoid, which is as good "
        "as 0 here: a confident mistake is not corrected.", z=-8.0,
    )  # fmt: skip
    figure.goal("a mistake that the squared error corrects 1000 times more slowly",
                lambda s: any(a > 0.5 and a > 1000 * b for a, b, _ in s.slopes), z=9.0)  # fmt: skip
    figure.goal(
        "where the squared error pulls hardest", lambda s: any(m - b < 1e-3 for _, b, m in s.slopes), z=0.75
    )
    figure.mistakes("grad_to_be_maximised", "grad_with_respect_to_p", "grad_divided_by_n", "mse_grad_chain_rule_forgotten",
                    "mse_grad_without_the_two", "mse_grad_is_the_nll_grad", "mse_grad_with_plus_sign")  # fmt: skip
    for label, z in (("sure of 0", -8.0), ("undecided", 0.0), ("sure of 1", 8.0)):
        figure.preset(label, z=z)
    return figure.live(
        update,
        bernoulli_nll_grad,
        sigmoid_mse_grad,
        exercises=("bernoulli_nll_grad", "sigmoid_mse_grad"),
        z=slider("logit z", -4.0, -12.0, 12.0, 0.25),
    )


def _in_words(z: float, target: int, nll: float, mse: float) -> str:
    wrong = (z > 0) != (target == 1)
    how = "undecided" if abs(z) < 2 else "a confident mistake" if wrong else "confident and right"
    ratio = ""
    if abs(mse) > 1e-300 and abs(nll) > abs(mse):
        times = abs(nll / mse)
        ratio = f" ({times:,.0f} times smaller)" if times >= 100 else f" ({times:.3g} times smaller)"
    return (
        f"Target {target}, {how}: derivative of the log-likelihood {nll + 0.0:.3g}, "
        f"of the squared error {mse + 0.0:.3g}{ratio}."
    )


class _Panel:
    """Both gradients for one target."""

    def __init__(self, figure: LiveFigure, axes: Any, target: int) -> None:
        self.axes, self.target = axes, target
        wrong = (0.0, 12.0) if target == 0 else (-12.0, 0.0)
        axes.axvspan(*wrong, color="#eeeeee", zorder=0)
        axes.text(
            sum(wrong) / 2, 0.55 if target else -0.55, "wrong side", ha="center", fontsize=10, color="#444444"
        )
        axes.set(
            title=f"target y = {target}", xlabel="logit z", xlim=(Z[0] - 0.8, Z[-1] + 0.8), ylim=(-1.2, 1.6),
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
                axes.plot(
                    [],
                    [],
                    marker,
                    color=colour,
                    markersize=size,
                    markeredgecolor="white",
                    zorder=5,
                )[0]
                for marker, colour, size in (
                    ("o", BLUE, 12),
                    ("s", ORANGE, 7),
                )  # both are seen where they meet
            ]
        )
        axes.legend(loc="upper center", fontsize=9, frameon=False)

    def draw(self, z: float, nll: Any, mse: Any) -> None:
        self.nll.set_data(Z, nll[:-1])
        self.mse.set_data(Z, mse[:-1])
        self.here.set_data([z, z], [-1.0, 1.0])
        for dot, values in zip(self.dots, (nll, mse), strict=True):
            dot.set_data([z], [values[-1]])
