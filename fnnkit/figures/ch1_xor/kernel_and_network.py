"""Two ways to features of XOR: a kernel machine's, fixed beforehand, and a network's, learned by descent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.figures.ch1_xor.xor_plane import POINTS, TARGETS, four_points, grid, line_of, list_of
from fnnkit.figures.engine.live import LiveFigure, Shown, checked, in_own_style, slider
from fnnkit.figures.engine.surface import Surface
from fnnkit.landscape import regression_gradient

LOW, HIGH, N = -1.5, 2.5, 97
SIDE = np.linspace(LOW, HIGH, N)
LEVELS = np.arange(-0.65, 1.7, 0.1)
RIDGE, RATE, STEPS = 1e-6, 0.1, 1500
TURN = np.linspace(0.0, 2.0 * np.pi, 121)


@in_own_style
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
    figure = LiveFigure(9.6, 3.7)
    one, two, three = figure.figure.subplots(1, 3)
    surfaces, probes = [], []
    for axes, title in ((one, "kernel machine"), (two, "network, trained")):
        axes.set_title(title, fontsize=11)
        axes.set(xlabel="$x_1$", ylabel="$x_2$", xticks=[0, 1], yticks=[0, 1], aspect="equal")
        surfaces.append(Surface(figure, axes, SIDE, SIDE, LEVELS, lines=(0.5,)))
        figure.changing(four_points(axes))
        probes.append(
            figure.changing(
                axes.plot([], [], "P", color="white", markeredgecolor="black", markersize=9, zorder=6)
            )[0]
        )
    names = {-0.5: "−½", 0.0: "0", 0.5: "½", 1.0: "1", 1.5: "1½"}
    surfaces[1].colour_bar(at=names, label="prediction", shrink=0.75)
    (width,) = figure.changing(one.plot([], [], color="white", linewidth=1.2, linestyle="--", zorder=4))
    three.set(title="what the network learned", xlabel="$h_1$", ylabel="$h_2$")
    three.title.set_fontsize(11)
    three.grid(color="#dddddd", linewidth=0.6)
    (border,) = three.plot([], [], color="black", linewidth=1.5, label="prediction = ½")
    learned = four_points(three)
    three.set_aspect("equal")
    (half,) = one.plot([], [], color="#b0b0b0", linewidth=2, label="prediction = ½ (white)")
    (circle,) = one.plot(
        [], [], color="#6f6f6f", linewidth=1.2, linestyle="--", label="similarity 1/e to (0,0)"
    )
    (probe,) = one.plot(
        [],
        [],
        "P",
        color="white",
        markeredgecolor="black",
        markersize=13,
        linestyle="none",
        label="asked here",
    )
    figure.figure.legend(
        handles=[half, circle, probe, border, *learned], loc="outside lower center", ncols=6, fontsize=9, frameon=False,
        markerscale=0.6, handlelength=1.6, columnspacing=1.2,
    )  # fmt: skip
    inputs = grid(LOW, HIGH, N)
    trained: dict[tuple[Any, int], Any] = {}
    drawn: list[Any] = []

    def update(
        rbf_kernel: Any, fit_kernel: Any, gradient_descent: Any, xor_network: Any,
        gamma: float, start: int, p: float, q: float,
    ) -> tuple[str, str]:  # fmt: skip
        K = checked(rbf_kernel, rbf_kernel(POINTS, POINTS, gamma), K=(4, 4))
        alpha = checked(fit_kernel, fit_kernel(K, TARGETS, RIDGE), alpha=(4,))
        asked = np.array([[0.5, 0.5], [p, q]])
        places = np.concatenate([inputs, asked])
        similar = checked(rbf_kernel, rbf_kernel(places, POINTS, gamma), K=(len(places), 4))
        plane = (similar[:, :, np.newaxis] * alpha[:, np.newaxis]).sum(axis=1)[:, 0]
        key = (gradient_descent, start)
        if key not in trained:
            trained[key] = _train(gradient_descent, start)
        W, c, w, b = trained[key]
        H, by_network = checked(xor_network, xor_network(POINTS, W, c, w, b), H=(4, 2), y=(4,))
        _, surface = checked(
            xor_network, xor_network(places, W, c, w, b), H=(len(places), 2), y=(len(places),)
        )
        surfaces[0].set_values(plane[:-2])
        surfaces[1].set_values(surface[:-2])
        for mark in probes:
            mark.set_data([p], [q])
        width.set_data(np.cos(TURN) / np.sqrt(gamma), np.sin(TURN) / np.sqrt(gamma))
        if drawn != [key, xor_network]:
            drawn[:] = [key, xor_network]
            _draw_learned(three, border, learned, H, w, b)
        error = float(((by_network - TARGETS) ** 2).mean())
        figure.facts(
            error=error, centre=float(plane[-2]), kernel=float(plane[-1]), network=float(surface[-1])
        )
        solved = "solves XOR" if error < 0.01 else f"is stuck at an error of {error:.3g}"
        said = (
            f"Kernel, γ = {gamma:g}: predictions {list_of(K @ alpha)} on the four points, {list_of(plane[-2])} in their middle. "
            f"Network, start {start}: predictions {list_of(by_network)}; it {solved}. At ({p:g}, {q:g}) the kernel machine "
            f"predicts {list_of(plane[-1])}, the network {list_of(surface[-1])}."
        )
        listed = "; ".join(f"({a:g},{b:g}) at ({list_of(h)})" for (a, b), h in zip(POINTS, H, strict=True))
        return (
            said,
            f"Two planes of inputs coloured by predictions, and the learned space. {said} In it, {listed}.",
        )

    def wider(x: float, y: float, v: dict[str, Any]) -> dict[str, Any]:
        return {"gamma": 1.0 / max(x * x + y * y, 1e-3)}

    for axes, name in ((one, "kernel machine"), (two, "network")):
        figure.handle(
            f"place where both are asked, in the picture of the {name}", axes, x="p", y="q", colour="#D55E00"
        )
    figure.handle("width of the kernel around (0,0)", one, shape="diamond", values=wider,
                  place=lambda v: (np.sqrt(0.5 / v["gamma"]), -np.sqrt(0.5 / v["gamma"])))  # fmt: skip
    figure.predict(
        "Far from all four points, what do the two predict?",
        ("both about 0", "the kernel machine 0, the network anything", "both about ½"),
        "the kernel machine 0, the network anything",
        "A kernel machine adds up similarities to its points: far from all of them there is nothing to add. The ReLUs of the "
        "network go on along straight lines.", p=-1.5, q=-1.5, gamma=2.0,
    )  # fmt: skip
    figure.goal("a start that leaves the network stuck", lambda s: s.error > 0.1, start=7)
    figure.goal(
        "a kernel so narrow that it knows nothing in the middle", lambda s: abs(s.centre) < 0.05, gamma=8.0
    )
    figure.goal(
        "a place where the two are more than 2 apart",
        lambda s: abs(s.kernel - s.network) > 2,
        start=13,
        p=-1.5,
        q=2.5,
    )
    figure.mistakes("distance_not_squared", "gamma_as_width", "only_pairs_of_equal_rows", "ridge_subtracted", "uphill",
                    "always_from_the_start", "no_relu", "hidden_bias_forgotten")  # fmt: skip
    figure.play("start", rate=1.0)
    return figure.live(
        update, rbf_kernel, fit_kernel, gradient_descent, xor_network,
        exercises=("rbf_kernel", "fit_kernel", "gradient_descent", "xor_network"),
        gamma=slider("γ", 1.0, 0.25, 10.0, 0.25), start=slider("start", 11, 0, 20, every_step=False),
        p=slider("asked at x₁", -0.5, LOW, HIGH, 0.05), q=slider("asked at x₂", -0.5, LOW, HIGH, 0.05),
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
    size = max(1.0, float(np.abs(H).max()))
    low, high = -0.2 * size, 1.2 * size
    axes.set(xlim=(low, high), ylim=(low, high))
    for marks, target in zip(points, (0.0, 1.0), strict=True):
        marks.set_data(*H[target == TARGETS].T)
    border.set_data(*line_of(w[0], w[1], b - 0.5, far=10 * size + 10))
