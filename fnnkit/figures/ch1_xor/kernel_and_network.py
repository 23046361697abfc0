"""Two ways to features of XOR: a kernel machine's, fixed beforehand, and a network's, learned by descent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.figures.ch1_xor.xor_plane import POINTS, TARGETS, four_points, grid, list_of, plane
from fnnkit.figures.engine.live import LiveFigure, Shown, checked, slider
from fnnkit.landscape import regression_gradient

LOW, HIGH, N = -1.5, 2.5, 49
RIDGE, RATE, STEPS = 1e-6, 0.1, 1500


def kernel_and_network(
    rbf_kernel: Callable[..., Any],
    fit_kernel: Callable[..., Any],
    gradient_descent: Callable[..., Any],
    xor_network: Callable[..., Any],
) -> Shown:
    """A kernel machine and a trained network on the same plane, and the space that the network learned.

    Parameters
    ----------
    rbf_kernel, fit_kernel : callable
        ``rbf_kernel(A, B, gamma)`` and ``fit_kernel(K, y, ridge)`` make the left picture.
    gradient_descent, xor_network : callable
        ``gradient_descent(grad, theta0, learning_rate, steps)`` trains two ReLUs; ``xor_network(X, W, c, w, b)`` draws.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "SVM: Kernel trick for φ" and "FNN: Representation learning for φ".
    """
    figure = LiveFigure(9.6, 3.6)
    one, two, three = figure.figure.subplots(1, 3)
    images = []
    for axes, title in ((one, "kernel machine"), (two, "network, trained")):
        axes.set_title(title, fontsize=11)
        images.append(figure.changing(plane(axes, LOW, HIGH, N)))
        figure.changing(four_points(axes))
    figure.figure.colorbar(
        images[0], ax=[one, two], ticks=[-0.5, 0, 0.5, 1, 1.5], extend="both", label="prediction", shrink=0.75
    )
    three.set(title="what the network learned", xlabel="$h_1$", ylabel="$h_2$")
    three.title.set_fontsize(11)
    three.grid(color="#dddddd", linewidth=0.6)
    (border,) = three.plot([], [], color="black", linewidth=1.5, label="prediction = ½")
    learned = four_points(three)
    three.set_aspect("equal")
    figure.figure.legend(
        handles=[border, *learned],
        loc="outside lower center",
        ncols=3,
        fontsize=9,
        frameon=False,
        markerscale=0.6,
    )
    inputs = grid(LOW, HIGH, N)
    trained: dict[int, Any] = {}
    drawn: list[int] = []

    def update(
        rbf_kernel: Any, fit_kernel: Any, gradient_descent: Any, xor_network: Any, gamma: float, start: int
    ) -> tuple[str, str]:
        K = checked(rbf_kernel, rbf_kernel(POINTS, POINTS, gamma), K=(4, 4))
        alpha = checked(fit_kernel, fit_kernel(K, TARGETS, RIDGE), alpha=(4,))
        similar = checked(rbf_kernel, rbf_kernel(inputs, POINTS, gamma), K=(len(inputs), 4))
        by_kernel = K @ alpha
        if start not in trained:
            trained[start] = _train(gradient_descent, start)
        W, c, w, b = trained[start]
        H, by_network = checked(xor_network, xor_network(POINTS, W, c, w, b), H=(4, 2), y=(4,))
        _, surface = checked(
            xor_network, xor_network(inputs, W, c, w, b), H=(len(inputs), 2), y=(len(inputs),)
        )
        images[0].set_data((similar @ alpha).reshape(N, N))
        images[1].set_data(surface.reshape(N, N))
        if drawn != [start]:
            drawn[:] = [start]
            _draw_learned(three, border, learned, H, w, b)
        places_of_interest = np.array([[0.5, 0.5], [LOW, LOW]])
        similar = checked(rbf_kernel, rbf_kernel(places_of_interest, POINTS, gamma), K=(2, 4))
        centre, away = similar @ alpha
        beyond = float(surface[0])
        error = float(((by_network - TARGETS) ** 2).mean())
        solved = "solves XOR" if error < 0.01 else f"is stuck at an error of {error:.3g}"
        said = (
            f"Kernel, γ = {gamma:g}: predictions {list_of(by_kernel)} on the four points, {list_of(centre)} in their "
            f"middle, {list_of(away)} in the lower left corner. Network, start {start}: predictions {list_of(by_network)}; "
            f"it {solved}; {list_of(beyond)} in the lower left corner."
        )
        places = "; ".join(f"({p:g},{q:g}) at ({list_of(h)})" for (p, q), h in zip(POINTS, H, strict=True))
        return (
            said,
            f"Two planes of inputs coloured by predictions, and the learned space. {said} In it, {places}.",
        )

    return figure.live(
        update, rbf_kernel, fit_kernel, gradient_descent, xor_network,
        gamma=slider("γ", 1.0, 0.25, 10.0, 0.25), start=slider("start", 11, 0, 20),
        help=f"The ridge is {RIDGE:g}. The network has two ReLUs and {STEPS} steps of your gradient_descent with learning rate "
        f"{RATE:g}, from normal random weights and zero biases; each start has random weights of its own.",
    )  # fmt: skip


def _train(gradient_descent: Any, start: int) -> tuple[Any, Any, Any, float]:
    rng = np.random.default_rng(start)
    theta0 = np.concatenate([rng.standard_normal(4), np.zeros(2), rng.standard_normal(2), np.zeros(1)])
    path = gradient_descent(
        lambda theta: regression_gradient(theta, POINTS, TARGETS, units=2, activation="relu"),
        theta0,
        RATE,
        STEPS,
    )
    last = checked(gradient_descent, path, path=(STEPS + 1, 9))[-1]
    return last[:4].reshape(2, 2), last[4:6], last[6:8], float(last[8])


def _draw_learned(axes: Any, border: Any, points: Any, H: Any, w: Any, b: float) -> None:
    size = max(1.0, float(H.max()))
    low, high = -0.2 * size, 1.2 * size
    axes.set(xlim=(low, high), ylim=(low, high))
    for marks, target in zip(points, (0.0, 1.0), strict=True):
        marks.set_data(*H[target == TARGETS].T)
    ends = np.array([low, high])
    if abs(w[1]) >= abs(w[0]) and w[1]:
        border.set_data(ends, (0.5 - b - w[0] * ends) / w[1])
    elif w[0]:
        border.set_data((0.5 - b - w[1] * ends) / w[0], ends)
    else:
        border.set_data([], [])
