"""Two networks on the same data, one for each loss: conditional mean and conditional median (chapter 2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from fnnkit.figures.engine.player import BLUE, GREY, ORANGE, Film, FramePlayer
from fnnkit.network import Network, mlp
from fnnkit.optim import Adam

EXAMPLES, UNITS, SEED = 500, 20, 0
PICTURES, STEPS = 16, 30
"""Pictures of the film, and steps of training between two of them."""
GRID = np.linspace(0.0, 6.0, 121)[:, np.newaxis]


def tail(x: Any) -> Any:
    """Mean of the noise at ``x``, which has an exponential distribution: it grows from left to right."""
    return 0.4 + 0.25 * x


def conditional_statistics() -> Film:
    """Film of two networks that are trained on data with a long tail upwards, by squared and by absolute error.

    Returns
    -------
    Film
        To be the last line of a cell.

    References
    ----------
    Slides "Cost Function for Learning Conditional Statistics"; Goodfellow, Bengio, Courville (2016), equations 6.14 to
    6.16.
    """
    player = FramePlayer(8.0, 4.3, title="mean and median learned by two networks", label="picture", rate=6.0)
    rng = np.random.default_rng(SEED)
    x = rng.uniform(0.0, 6.0, (EXAMPLES, 1))
    y = np.sin(x) + tail(x) * rng.exponential(size=x.shape)
    axes = player.figure.add_subplot(
        xlabel="x", ylabel="y", xlim=(0, 6), ylim=(-1.5, 6), title="same data, same network, two losses"
    )
    axes.plot(x, y, ".", color=GREY, alpha=0.35, markersize=4, label="data")
    exact = {"mean": np.sin(GRID) + tail(GRID), "median": np.sin(GRID) + np.log(2.0) * tail(GRID)}
    axes.plot(GRID, exact["mean"], color=ORANGE, linewidth=1, label="exact conditional mean")
    axes.plot(GRID, exact["median"], color=BLUE, linewidth=1, linestyle=":", label="exact conditional median")
    (mean,) = player.changing(axes.plot([], [], color=ORANGE, linewidth=3, label="network, squared error"))
    (median,) = player.changing(
        axes.plot([], [], color=BLUE, linewidth=3, linestyle="--", label="network, absolute error")
    )
    axes.legend(loc="upper left", fontsize=9, ncols=2)

    def record() -> Iterator[tuple[int, Any, Any]]:
        networks = [_network(unit) for unit in ("gaussian", "laplace")]
        optimisers = [Adam(), Adam()]
        for network, optimiser in zip(networks, optimisers, strict=True):
            optimiser.start(network.theta.size)
        total = (PICTURES - 1) * STEPS
        for step in range(total + 1):
            if step % STEPS == 0:
                yield step, networks[0].forward(GRID), networks[1].forward(GRID)
            for network, optimiser in zip(networks, optimisers, strict=True):
                network.step(x, y, optimiser, 0.03 * (1.0 - 0.95 * step / total))

    def draw(state: tuple[int, Any, Any]) -> str:
        step, by_square, by_distance = state
        mean.set_data(GRID, by_square)
        median.set_data(GRID, by_distance)
        gaps = [
            np.abs(curve - exact[name]).mean()
            for curve, name in ((by_square, "mean"), (by_distance, "median"))
        ]
        return (
            f"After {step} steps the network with the squared error is {gaps[0]:.2f} from the conditional mean, and the one "
            f"with the absolute error {gaps[1]:.2f} from the conditional median, on average over x."
        )

    return player.film(draw, record, count=PICTURES)


def _network(unit: str) -> Network:
    network = mlp([1, UNITS, 1], "tanh", unit, seed=SEED)
    rng = np.random.default_rng(SEED)
    W, c = network.parameters[0]["W"], network.parameters[0]["c"]
    W[:] = rng.choice([-1.0, 1.0], W.shape) * rng.uniform(0.5, 1.5, W.shape)
    c[:] = -W[0] * rng.uniform(0.0, 6.0, UNITS)  # so that the bends of the units lie where the data are
    return network
