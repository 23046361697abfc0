"""Two networks on the same data, one for each loss: conditional mean and conditional median (chapter 2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from fnnkit.arguments import Float
from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, in_own_style, slider
from fnnkit.figures.engine.recording import recorded
from fnnkit.network import Network, mlp
from fnnkit.optim import Adam

EXAMPLES, UNITS, SEED = 500, 20, 0
PICTURES, STEPS = 16, 30
"""Pictures of the training, and steps between two of them."""
LAST = (PICTURES - 1) * STEPS
GRID = np.linspace(0.0, 6.0, 121)[:, np.newaxis]


class State(NamedTuple):
    """Both networks on the grid, at one step."""

    by_square: Float
    by_distance: Float


def tail(x: Any) -> Any:
    """Mean of the noise at ``x``, which has an exponential distribution: it grows from left to right."""
    return 0.4 + 0.25 * x


def exact(x: Any) -> tuple[Any, Any]:
    """Conditional mean and median at ``x``."""
    return np.sin(x) + tail(x), np.sin(x) + np.log(2.0) * tail(x)


def data() -> tuple[Float, Float]:
    """The examples: a sine with a long tail upwards."""
    rng = np.random.default_rng(SEED)
    x = rng.uniform(0.0, 6.0, (EXAMPLES, 1))
    return x, np.sin(x) + tail(x) * rng.exponential(size=x.shape)


def train(x: Float, y: Float) -> Iterator[State]:
    """Train both networks; yield them now and then."""
    networks = [_network(unit) for unit in ("gaussian", "laplace")]
    optimisers = [Adam(), Adam()]
    for network, optimiser in zip(networks, optimisers, strict=True):
        optimiser.start(network.theta.size)
    for step in range(LAST + 1):
        if step % STEPS == 0:
            yield State(*(network.forward(GRID)[:, 0] for network in networks))
        for network, optimiser in zip(networks, optimisers, strict=True):
            network.step(x, y, optimiser, 0.03 * (1.0 - 0.95 * step / LAST))


@in_own_style
def conditional_statistics() -> Shown:
    """Two networks that are trained on data with a long tail upwards, by squared and by absolute error.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Cost Function for Learning Conditional Statistics"; Goodfellow, Bengio, Courville (2016), equations 6.14 to
    6.16.
    """
    figure = LiveFigure(8.0, 4.3)
    x, y = data()
    states = recorded(train(x, y), "training two networks", PICTURES)
    axes = figure.figure.add_subplot(
        xlabel="x",
        ylabel="y",
        xlim=(-0.1, 6.1),
        ylim=(-1.5, 6.5),
        title="same data, same network, two losses",
    )
    axes.plot(x, y, ".", color=GREY, alpha=0.35, markersize=4, label="data")
    exact_mean, exact_median = exact(GRID)
    axes.plot(GRID, exact_mean, color=ORANGE, linewidth=1, label="exact conditional mean")
    axes.plot(GRID, exact_median, color=BLUE, linewidth=1, linestyle=":", label="exact conditional median")
    (mean,) = figure.changing(axes.plot([], [], color=ORANGE, linewidth=3, label="network, squared error"))
    (median,) = figure.changing(
        axes.plot([], [], color=BLUE, linewidth=3, linestyle="--", label="network, absolute error")
    )
    (line,) = figure.changing(axes.plot([], [], color=GREY, linewidth=1, linestyle=":"))
    marks = [
        figure.changing(
            axes.plot([], [], shape, color=colour, markersize=8, markeredgecolor="white", zorder=5)
        )[0]
        for shape, colour in (("o", ORANGE), ("s", BLUE))
    ]
    axes.legend(loc="upper left", fontsize=9, ncols=2)

    def update(step: int, at: float) -> str:
        state = states[round(step / STEPS)]
        mean.set_data(GRID[:, 0], state.by_square)
        median.set_data(GRID[:, 0], state.by_distance)
        line.set_data([at, at], [-1.5, 4.5])
        here = [float(np.interp(at, GRID[:, 0], values)) for values in state]
        for mark, value in zip(marks, here, strict=True):
            mark.set_data([at], [value])
        gaps = [
            np.abs(curve - truth[:, 0]).mean()
            for curve, truth in zip(state, (exact_mean, exact_median), strict=True)
        ]
        figure.facts(apart=here[0] - here[1], gaps=gaps)
        true = exact(at)
        return (
            f"After {step} steps the network with the squared error is {gaps[0]:.2f} from the conditional mean, and the one "
            f"with the absolute error {gaps[1]:.2f} from the conditional median, on average over x. At x = {at:.2f} they say "
            f"{here[0]:.2f} and {here[1]:.2f}; exact are {true[0]:.2f} and {true[1]:.2f}."
        )

    figure.handle("place x that is read", axes, x="at", at=-0.9)
    figure.predict(
        "The noise has a long tail upwards, longer to the right. Which network will lie higher?",
        ("the one with the squared error", "the one with the absolute error", "they will lie on each other"),
        "the one with the squared error",
        "It learns the mean, which a long tail pulls up; the absolute error learns the median, which half of the targets lie "
        "below, however far up the others are.", at=5.0,
    )  # fmt: skip
    figure.goal(
        "a place where the two are at least half apart", lambda s: s.apart > 0.5 and s.step == LAST, at=6.0
    )
    figure.goal("a step at which both are still more than 0.3 off", lambda s: min(s.gaps) > 0.3, step=0)
    figure.play("step", stride=STEPS, rate=5.0)
    return figure.live(
        update, step=slider("step", LAST, 0, LAST, STEPS), at=slider("x that is read", 3.0, 0.0, 6.0, 0.05)
    )  # fmt: skip


def _network(unit: str) -> Network:
    network = mlp([1, UNITS, 1], "tanh", unit, seed=SEED)
    rng = np.random.default_rng(SEED)
    W, c = network.parameters[0]["W"], network.parameters[0]["c"]
    W[:] = rng.choice([-1.0, 1.0], W.shape) * rng.uniform(0.5, 1.5, W.shape)
    c[:] = -W[0] * rng.uniform(0.0, 6.0, UNITS)  # so that the bends of the units lie where the data are
    return network
