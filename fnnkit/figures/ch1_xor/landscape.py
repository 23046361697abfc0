"""A slice of the loss of XOR through a saddle and two equivalent minima, with a path of descent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import contourpy
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patheffects import Normal, Stroke

from fnnkit import optim
from fnnkit.figures.ch1_xor.xor_plane import POINTS, TARGETS
from fnnkit.figures.engine.guard import Undrawable
from fnnkit.figures.engine.live import BLUE, LiveFigure, Shown, checked, in_own_style, slider
from fnnkit.figures.engine.surface import Surface
from fnnkit.landscape import plane_coordinates, regression_gradient, regression_hessian, regression_loss

UNITS, STEPS, NEAR = 2, 1000, 0.05
SADDLE = np.array([0, 0, 0, 0, 1, 1, 1, 1, 0.5 - 2 * np.tanh(1)])
"""Nothing goes from the inputs to the hidden units, and the output is ½ everywhere."""
OUTLINED = [Stroke(linewidth=4.5, foreground="black"), Normal()]
LEVELS = [0.01, 0.03, 0.1, 0.2, 0.25, 0.3, 0.5, 1.0]
FIRST = 180
"""Step at which the figure opens: the path has just left the saddle."""
FLOOR = 1e-30
"""Least loss that is drawn."""
ALPHAS, BETAS = np.linspace(-1.7, 1.7, 69), np.linspace(-1.0, 2.0, 61)


@in_own_style
def landscape(
    gradient_descent: Callable[..., Any],
    classify_critical_point: Callable[..., Any],
    permute_hidden: Callable[..., Any],
) -> Shown:
    """The loss of two tanh units on a plane through a saddle and two minima, with the path of a descent.

    Parameters
    ----------
    gradient_descent : callable
        ``gradient_descent(grad, theta0, learning_rate, steps)`` makes the path.
    classify_critical_point : callable
        ``classify_critical_point(H, tol)`` says what each marked point is.
    permute_hidden : callable
        ``permute_hidden(W, c, w, order)`` makes the twin of the end. While it has no code, the figure does it.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Local Minima" and "Saddle points"; Li et al. (2018), section 3 (slices).
    """
    figure = LiveFigure(9.4, 4.3)
    left, right = figure.figure.subplots(1, 2, width_ratios=(1.25, 1))
    left.set(xlabel="from twin to twin", ylabel="from the saddle to their middle")
    left.set_title("loss on the plane", fontsize=11)
    surface = Surface(figure, left, ALPHAS, BETAS, np.linspace(-3.0, 0.5, 43), scale=np.log10)
    surface.colour_bar(at={0.001: "0.001", 0.01: "0.01", 0.1: "0.1", 1.0: "1"}, label="loss")
    rings = figure.changing(
        left.add_collection(LineCollection([], colors="white", linewidths=0.7, zorder=2), autolim=False)
    )
    (trail,) = figure.changing(
        left.plot([], [], color="white", linewidth=2.5, zorder=3, path_effects=OUTLINED)
    )
    left.plot([], [], color="#b0b0b0", linewidth=2.5, label="your descent")
    (here,) = figure.changing(
        left.plot([], [], "o", color="white", markeredgecolor="black", markersize=9, zorder=6, label="at this step")
    )  # fmt: skip
    figure.changing(
        left.plot([0], [0], "X", color="#E69F00", markeredgecolor="black", markersize=12, zorder=5, label="saddle")
    )  # fmt: skip
    figure.changing(left.plot([-1, 1], [1, 1], "*", color="#56B4E9", markeredgecolor="black", markersize=15, zorder=5,
                              label="end and twin"))  # fmt: skip
    left.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=4, fontsize=9, frameon=False, columnspacing=1.0
    )
    right.set(xlabel="step", yscale="log", xlim=(-25, STEPS + 25), ylim=(FLOOR / 50, 50.0))
    right.set_title("loss along your descent", fontsize=11)
    right.grid(color="#dddddd", linewidth=0.6)
    (curve,) = figure.changing(right.plot([], [], color=BLUE, linewidth=2))
    (now,) = figure.changing(
        right.plot([], [], "o", color="white", markeredgecolor="black", markersize=9, clip_on=False, zorder=5)
    )
    made: dict[tuple[Any, ...], _Descent] = {}
    shown: list[_Descent] = []

    def update(
        gradient_descent: Any, classify_critical_point: Any, permute_hidden: Any, start: int, rate: float, step: int
    ) -> tuple[str, str]:  # fmt: skip
        key = (gradient_descent, permute_hidden, start, rate)
        if key not in made:
            made[key] = _Descent(gradient_descent, permute_hidden, start, rate)
        found = made[key]
        if shown[:1] != [found]:
            shown[:] = [found]
            values = np.maximum(slice_of(found.first, found.second), 1e-9)
            surface.set_values(values)
            contours = contourpy.contour_generator(ALPHAS, BETAS, values)
            rings.set_segments([line for level in LEVELS for line in contours.lines(level)])
            curve.set_data(np.arange(STEPS + 1), found.drawn)
        trail.set_data(*found.on_plane[: step + 1].T)
        here.set_data(*found.on_plane[step : step + 1].T)
        now.set_data([step], [found.drawn[step]])
        losses, end = found.losses, found.path[-1]
        figure.facts(
            loss=float(losses[step]), half=int(np.argmax(losses < losses[0] / 2)), end=float(losses[-1])
        )
        cross = _kind(classify_critical_point, SADDLE)
        said = (
            f"Step {step}: loss {losses[step]:.3g}. The cross, loss {loss_of(SADDLE):.3g}, your classify_critical_point "
            f"calls {cross}"
        )
        if found.arrived:
            words = [_kind(classify_critical_point, theta) for theta in (end, found.twin)]
            said += (
                f"; the end of your descent, loss {losses[-1]:.2g}, it calls {words[0]}, and its twin, loss "
                f"{loss_of(found.twin):.2g}, {words[1]}.{found.remark}"
            )
        elif not losses[-1] <= losses[0]:
            said += (
                f". Your descent goes uphill: the loss rises from {losses[0]:.3g} to {losses[-1]:.3g}. The stars are where it "
                "could end."
            )
        else:
            said += (
                f". Your descent does not arrive: after {STEPS} steps its loss is {losses[-1]:.3g}. The stars are where it "
                "could end."
            )
        return said, (
            "Left: the loss on the plane through the saddle, the end of a descent and its twin, symmetric about the vertical "
            f"line through the saddle, with the path projected onto it. Right: the loss along the path. {said}"
        )

    def nearest(x: float, y: float, v: dict[str, Any]) -> dict[str, Any]:
        gaps = np.hypot(*(shown[0].on_plane - [x, y]).T) if shown else np.zeros(1)
        return {"step": int(gaps.argmin())}

    figure.handle(
        "step of the descent", right, x="step", at=lambda v: shown[0].drawn[v["step"]], shape="circle"
    )
    figure.handle(
        "place on the path",
        left,
        place=lambda v: tuple(shown[0].on_plane[v["step"]]),
        values=nearest,
        colour="#D55E00",
    )
    figure.press(right, lambda x, y, v: {"step": x})
    figure.press(left, nearest)
    figure.read(
        left, lambda *f, x, y, **v: f"At ({x:.2f}, {y:.2f}) on the plane the loss is {shown[0].at(x, y):.3g}."
    )
    figure.predict(
        "A descent starts right beside a saddle. How does its loss go?",
        ("it falls at once", "it stays for long, then falls", "it stays for ever"), "it stays for long, then falls",
        "At the saddle the gradient is zero and close to it small: the first steps lead almost nowhere. What leads away grows "
        "step by step until it counts. Press Play.", step=0,
    )  # fmt: skip
    figure.goal(
        "the first step at which the loss has halved",
        lambda s: s.step in (s.half, s.half + 1, s.half + 2),
        step=197,
    )
    figure.goal(
        "a start and a rate that halve it within 60 steps", lambda s: 0 < s.half < 60, start=2, rate=0.5
    )
    figure.mistakes("uphill", "gradient_of_the_start", "always_from_the_start", "steps_of_one_length", "signs_of_the_diagonal",
                    "sign_of_the_determinant", "flat_counts_as_minimum", "output_weights_stay")  # fmt: skip
    figure.play("step", stride=10, rate=10.0)
    return figure.live(
        update, gradient_descent, classify_critical_point, permute_hidden,
        exercises=("gradient_descent", "classify_critical_point", "permute_hidden"),
        start=slider("start", 0, 0, 9, every_step=False),
        rate=slider("learning rate", 0.15, 0.05, 0.5, 0.05, every_step=False), step=slider("step", FIRST, 0, STEPS),
        help="Two tanh units. Each start lies close to the saddle, in another direction. The path is drawn where it passes "
        "nearest to the plane; off the plane its loss is another one, which the right picture shows.",
    )  # fmt: skip


class _Descent:
    """A path, its losses, the plane that it is drawn on, and the end with its units exchanged.

    The plane goes through the saddle, the end and its twin. If the path does not end near a minimum they may span none:
    then it is that of a descent that does, from the same start.
    """

    def __init__(self, gradient_descent: Any, permute_hidden: Any, start: int, rate: float) -> None:
        theta0 = SADDLE + NEAR * np.random.default_rng(start).standard_normal(9)
        path = checked(
            gradient_descent,
            gradient_descent(_gradient, theta0, rate, STEPS),
            finite=False,
            path=(STEPS + 1, 9),
        )
        self.path = np.clip(np.nan_to_num(path, nan=1e6, posinf=1e6, neginf=-1e6), -1e6, 1e6)
        self.losses = losses_of(self.path)
        self.drawn = np.clip(self.losses, FLOOR, 30.0)
        self.arrived = bool(self.losses[-1] < 0.05)
        end = self.path[-1] if self.arrived else optim.gradient_descent(_gradient, theta0, 0.15, STEPS)[-1]
        self.twin, self.remark = _exchanged(permute_hidden, end)
        # The plane is that of a true twin: a wrong one may span none.
        W, c, w, b = end[:4].reshape(2, 2), end[4:6], end[6:8], end[8:]
        other = np.concatenate([W[:, ::-1].ravel(), c[::-1], w[::-1], b])
        self.first, self.second = (end - other) / 2, (end + other) / 2 - SADDLE
        self.on_plane = plane_coordinates(self.path, SADDLE, self.first, self.second)

    def at(self, x: float, y: float) -> float:
        """Loss at a place of the plane."""
        return loss_of(SADDLE + x * self.first + y * self.second)


def _gradient(theta: Any) -> Any:
    with np.errstate(all="ignore"):  # a step uphill ends in an overflow
        return regression_gradient(np.clip(theta, -1e9, 1e9), POINTS, TARGETS, UNITS, "tanh")


def _exchanged(permute_hidden: Any, theta: Any) -> tuple[Any, str]:
    """Parameters with the two units exchanged by the student's function, and a remark if the figure had to do it."""
    W, c, w, b = theta[:4].reshape(2, 2), theta[4:6], theta[6:8], theta[8:]
    order, remark = np.array([1, 0]), ""
    try:
        W, c, w = checked(permute_hidden, permute_hidden(W, c, w, order), W=(2, 2), c=(2,), w=(2,))
    except Undrawable:
        W, c, w = W[:, order], c[order], w[order]
        remark = " (The figure exchanged the units: your permute_hidden gave no network.)"
    return np.concatenate([W.ravel(), c, w, b]), remark


def _kind(classify_critical_point: Any, theta: Any) -> str:
    word = classify_critical_point(regression_hessian(theta, POINTS, TARGETS, UNITS, "tanh"), 1e-6)
    return f"“{str(word)[:40]}”"


def loss_of(theta: Any) -> float:
    """Loss of two tanh units on XOR."""
    return regression_loss(theta, POINTS, TARGETS, UNITS, "tanh")


def losses_of(thetas: Any) -> Any:
    """Losses of many parameter vectors, one a row."""
    with np.errstate(all="ignore"):
        Z = POINTS @ thetas[:, :4].reshape(-1, 2, 2) + thetas[:, np.newaxis, 4:6]
        outputs = (np.tanh(Z) * thetas[:, np.newaxis, 6:8]).sum(axis=-1) + thetas[:, 8:]
        return ((outputs - TARGETS) ** 2).mean(axis=-1)


def slice_of(first: Any, second: Any) -> Any:
    """Loss at ``SADDLE + α first + β second`` for all α (columns) and β (rows), all at once."""
    theta = SADDLE + ALPHAS[None, :, None] * first + BETAS[:, None, None] * second
    W, c, w, b = theta[..., :4], theta[..., 4:6], theta[..., 6:8], theta[..., 8]
    Z = POINTS @ W.reshape(*W.shape[:-1], 2, 2) + c[..., None, :]
    outputs = (np.tanh(Z) @ w[..., :, None])[..., 0] + b[..., None]
    return ((outputs - TARGETS) ** 2).mean(axis=-1)
