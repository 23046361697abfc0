"""A slice of the loss of XOR through a saddle and two equivalent minima, with a path of descent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.patheffects import Normal, Stroke

from fnnkit.figures.ch1_xor.xor_plane import POINTS, TARGETS
from fnnkit.figures.engine.guard import Undrawable
from fnnkit.figures.engine.live import BLUE, SURFACE, LiveFigure, Shown, checked, slider
from fnnkit.landscape import plane_coordinates, regression_gradient, regression_hessian, regression_loss

UNITS, STEPS, NEAR = 2, 1000, 0.05
SADDLE = np.array([0, 0, 0, 0, 1, 1, 1, 1, 0.5 - 2 * np.tanh(1)])
"""Nothing goes from the inputs to the hidden units, and the output is ½ everywhere."""
OUTLINED = [Stroke(linewidth=4.5, foreground="black"), Normal()]
LEVELS = [0.01, 0.03, 0.1, 0.2, 0.25, 0.3, 0.5, 1.0]
ALPHAS, BETAS = np.linspace(-1.7, 1.7, 69), np.linspace(-1.0, 2.0, 61)


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
    figure = LiveFigure(9.4, 4.2)
    left, right = figure.figure.subplots(1, 2, width_ratios=(1.25, 1))
    left.set(xlabel="from twin to twin", ylabel="from the saddle to their middle")
    left.set_title("loss on the plane", fontsize=11)
    image = figure.changing(
        left.imshow(
            np.ones((len(BETAS), len(ALPHAS))), origin="lower", cmap=SURFACE, norm=LogNorm(1e-3, 3.0), aspect="auto",
            extent=(ALPHAS[0], ALPHAS[-1], BETAS[0], BETAS[-1]), interpolation="bilinear",
        )
    )  # fmt: skip
    figure.figure.colorbar(image, ax=left, extend="both", label="loss")
    (trail,) = figure.changing(
        left.plot([], [], color="white", linewidth=2.5, zorder=3, label="your descent", path_effects=OUTLINED)
    )
    (here,) = figure.changing(
        left.plot([], [], "o", color="white", markeredgecolor="black", markersize=9, zorder=6)
    )
    figure.changing(
        left.plot(
            [0], [0], "X", color="#E69F00", markeredgecolor="black", markersize=12, zorder=5, label="saddle"
        )
    )
    figure.changing(left.plot([-1, 1], [1, 1], "*", color="#56B4E9", markeredgecolor="black", markersize=15, zorder=5,
                              label="end and twin"))  # fmt: skip
    left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, fontsize=9, frameon=False)
    right.set(xlabel="step", ylabel="loss", yscale="log", xlim=(0, STEPS), ylim=(1e-6, 1.0))
    right.set_title("loss along your descent", fontsize=11)
    (curve,) = figure.changing(right.plot([], [], color=BLUE, linewidth=2))
    (now,) = figure.changing(right.plot([], [], "o", color="white", markeredgecolor="black", markersize=9))
    made: dict[tuple[int, float], Any] = {}
    contours: list[Any] = []
    shown: list[Any] = []

    def update(
        gradient_descent: Any,
        classify_critical_point: Any,
        permute_hidden: Any,
        start: int,
        rate: float,
        step: int,
    ) -> tuple[str, str]:
        key = (start, rate)
        if key not in made:
            made.clear()
            made[key] = _descend(gradient_descent, permute_hidden, start, rate)
        path, losses, twin, swapped = made[key]
        end = path[-1]
        first, second = (end - twin) / 2, (end + twin) / 2 - SADDLE
        if shown != [key]:
            shown[:] = [key]
            surface = np.maximum(slice_of(first, second), 1e-9)
            image.set_data(surface)
            while contours:
                contours.pop().remove()
            contours.append(
                figure.changing(
                    left.contour(ALPHAS, BETAS, surface, LEVELS, colors="white", linewidths=0.7, zorder=2)
                )
            )
        on_plane = plane_coordinates(path[: step + 1], SADDLE, first, second)
        trail.set_data(*on_plane.T)
        here.set_data(*on_plane[-1:].T)
        curve.set_data(np.arange(STEPS + 1), np.maximum(losses, 1e-12))
        now.set_data([step], [max(losses[step], 1e-12)])
        words = [_kind(classify_critical_point, theta) for theta in (SADDLE, end, twin)]
        said = (
            f"Step {step}: loss {losses[step]:.3g}. The cross, loss {loss_of(SADDLE):.3g}, is a critical point that your "
            f"classify_critical_point calls {words[0]}; the end of your descent, loss {losses[-1]:.2g}, it calls {words[1]}, "
            f"and its twin, loss {loss_of(twin):.2g}, {words[2]}.{swapped}"
        )
        return said, (
            "Left: the loss on the plane through the saddle, the end of the descent and its twin, symmetric about the vertical "
            f"line through the saddle, with the path projected onto it. Right: the loss along the path. {said}"
        )

    return figure.live(
        update, gradient_descent, classify_critical_point, permute_hidden,
        start=slider("start", 0, 0, 9), rate=slider("learning rate", 0.15, 0.05, 0.5, 0.05, every_step=False),
        step=slider("step", STEPS, 0, STEPS, 10),
        help="Two tanh units. Each start lies close to the saddle, in another direction. The path is drawn where it passes "
        "nearest to the plane; off the plane its loss is another one, which the right picture shows.",
    )  # fmt: skip


def _descend(
    gradient_descent: Any, permute_hidden: Any, start: int, rate: float
) -> tuple[Any, Any, Any, str]:
    """The path, its losses, the end with its units exchanged, and a remark about who exchanged them."""
    theta0 = SADDLE + NEAR * np.random.default_rng(start).standard_normal(9)
    path = gradient_descent(
        lambda theta: regression_gradient(theta, POINTS, TARGETS, UNITS, "tanh"), theta0, rate, STEPS
    )
    path = checked(gradient_descent, path, path=(STEPS + 1, 9))
    W, c, w, b = path[-1][:4].reshape(2, 2), path[-1][4:6], path[-1][6:8], path[-1][8:]
    order, remark = np.array([1, 0]), ""
    try:
        W, c, w = checked(permute_hidden, permute_hidden(W, c, w, order), W=(2, 2), c=(2,), w=(2,))
    except Undrawable:
        W, c, w = W[:, order], c[order], w[order]
        remark = " (The figure exchanged the units: your permute_hidden gave no network.)"
    losses = np.array([loss_of(theta) for theta in path])
    return path, losses, np.concatenate([W.ravel(), c, w, b]), remark


def _kind(classify_critical_point: Any, theta: Any) -> str:
    word = classify_critical_point(regression_hessian(theta, POINTS, TARGETS, UNITS, "tanh"), 1e-6)
    return f"“{str(word)[:40]}”"


def loss_of(theta: Any) -> float:
    """Loss of two tanh units on XOR."""
    return regression_loss(theta, POINTS, TARGETS, UNITS, "tanh")


def slice_of(first: Any, second: Any) -> Any:
    """Loss at ``SADDLE + α first + β second`` for all α (columns) and β (rows), all at once."""
    theta = SADDLE + ALPHAS[None, :, None] * first + BETAS[:, None, None] * second
    W, c, w, b = theta[..., :4], theta[..., 4:6], theta[..., 6:8], theta[..., 8]
    Z = POINTS @ W.reshape(*W.shape[:-1], 2, 2) + c[..., None, :]
    outputs = (np.tanh(Z) @ w[..., :, None])[..., 0] + b[..., None]
    return ((outputs - TARGETS) ** 2).mean(axis=-1)
