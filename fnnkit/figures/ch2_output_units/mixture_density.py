"""A mixture density network and a network with squared error on an inverse problem, trained live (chapter 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fnnkit import outputs
from fnnkit.datasets import inverse_sine
from fnnkit.distributions import mixture_log_pdf
from fnnkit.figures.engine.guard import Undrawable
from fnnkit.figures.engine.live import GREY, ORANGE, PINK, LiveFigure, Shown, checked, in_own_style, slider
from fnnkit.figures.engine.surface import Surface
from fnnkit.network import Network, mlp
from fnnkit.optim import Adam

EXAMPLES, NOISE, UNITS, SEED = 300, 0.05, 20, 0
PICTURES, STEPS, RATE = 30, 27, 0.02
"""Pictures of a training, steps of both networks between two of them, and the learning rate of the first step."""
X = np.linspace(-0.1, 1.1, 61)
T = np.linspace(-0.1, 1.1, 81)
FINE = np.linspace(-0.1, 1.1, 301)
HIGHEST = 8.0
"""Density of the brightest band."""


@in_own_style
def mixture_density(mdn_split: Callable[..., Any], mdn_nll: Callable[..., Any]) -> Shown:
    """Train a mixture density network and a network with squared error on the inverse of a noisy sine.

    Parameters
    ----------
    mdn_split, mdn_nll : callable
        The student's functions: the first one takes the network's raw outputs apart for every picture, the second one
        computes the loss that is shown. One that does not pass its check is replaced by fnnkit's, and the figure says so.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Mixture density networks"; Bishop (1994), "Mixture density networks", section 5.
    """
    figure = LiveFigure(9.6, 4.5)
    x, t = inverse_sine(EXAMPLES, np.random.default_rng(SEED), NOISE)
    plane, slice_ = figure.figure.subplots(1, 2, width_ratios=(1.35, 1.0))
    picture = _Picture(figure, plane, slice_, x, t)
    trained: dict[tuple[Any, int], _Pair] = {}

    def show(split: Any, nll: Any, pair: _Pair, where: float) -> tuple[str, str]:
        parameters = _split(split, pair.mixture.forward(X[:, np.newaxis]), pair.k)
        loss = nll(*_split(split, pair.mixture.forward(x), pair.k), t)
        loss = float(checked(nll, loss, nll=()))
        mean = pair.squared.forward(X[:, np.newaxis])[:, 0]
        here, above = picture.draw(parameters, mean, where)
        figure.facts(nll=loss, there=here[0], steps=pair.steps)
        kind = "component" if pair.k == 1 else "components"
        said = (
            f"After {pair.steps} steps, mixture of {pair.k} {kind}: negative log-likelihood {loss:.3g}. At x = {where:.2f} the "
            f"squared error answers {above:.2f}, where the mixture's density is {here[0]:.2g}; its highest is {here[1]:.2g}, "
            f"at t = {here[2]:.2f}."
        )
        return said, (
            "Left: the data, the mixture's density in colour, the means of its components as dots and the curve of the "
            f"squared error. Right: the density along one x. {said}"
        )

    def update(split: Any, nll: Any, k: int, at: float) -> tuple[str, str]:
        if (split, k) not in trained:
            trained[split, k] = _Pair(k)
        return show(split, nll, trained[split, k], at)

    def train(split: Any, nll: Any, k: int, at: float) -> Iterator[tuple[str, str]]:
        pair = trained[split, k] = _Pair(k)
        for _ in range(PICTURES):
            pair.train(x, t, STEPS)
            yield show(split, nll, pair, at)

    def read(split: Any, nll: Any, k: int, at: float, x: float, y: float) -> str:
        parameters = _split(split, trained[split, k].mixture.forward(np.array([[x]])), k)
        return f"At x = {x:.2f}, t = {y:.2f} the density is {np.exp(_log_pdf(*parameters, np.array([y])))[0, 0]:.3g}."

    figure.run("Train", train, PICTURES)
    figure.handle("x of the slice", plane, x="at", at=-0.02)
    figure.read(plane, read)
    figure.predict(
        "In the middle one x has three right answers t. Where will the network with the squared error put its only one?",
        ("on the most frequent of the three", "at their mean, right or not", "on the highest"), "at their mean, right or not",
        "The squared error learns the conditional mean, which may lie where hardly any data are. Press Train.",
    )  # fmt: skip
    figure.goal("train to a negative log-likelihood below −0.8", lambda s: s.nll < -0.8, press="Train", k=3)
    figure.goal("train, and find an x whose squared-error answer has a density below 0.3",
                lambda s: s.steps > 0 and s.there < 0.3, press="Train", k=3, at=0.34)  # fmt: skip
    figure.mistakes("mdn_split_scales_by_exp", "mdn_variance_for_scale",
                    "mdn_best_component_only", "mdn_average_of_logs")  # fmt: skip
    return figure.live(
        update, mdn_split, mdn_nll, exercises=("mdn_split", "mdn_nll"),
        k=slider("components", 3, 1, 6), at=slider("x of the slice", 0.42, 0.0, 1.0, 0.02),
    )  # fmt: skip


class _Pair:
    """Both networks, with the same hidden layer at the start, and how long they have been trained."""

    def __init__(self, k: int) -> None:
        self.k, self.steps = k, 0
        self.mixture = _network(3 * k, outputs.mixture_unit(k))
        self.squared = _network(1, "gaussian")
        last = self.mixture.parameters[1]
        last["W"][:] *= 0.3
        last["c"][k : 2 * k] = (np.arange(k) + 0.5) / k  # means apart: components that start alike stay alike
        last["c"][2 * k :] = -1.5
        answer = self.squared.parameters[1]
        answer["W"][:] *= 0.1  # it starts near the middle of the picture
        answer["c"][:] = 0.5
        self._optimisers = [Adam(), Adam()]
        for network, optimiser in zip((self.mixture, self.squared), self._optimisers, strict=True):
            optimiser.start(network.theta.size)

    def train(self, x: Any, t: Any, steps: int) -> None:
        for _ in range(steps):
            rate = RATE * (1.0 - 0.9 * self.steps / (PICTURES * STEPS))
            for network, optimiser in zip((self.mixture, self.squared), self._optimisers, strict=True):
                network.step(x, t, optimiser, rate, max_norm=5.0)
            self.steps += 1


def _network(width: int, unit: Any) -> Network:
    network = mlp([1, UNITS, width], "tanh", unit, seed=SEED)
    rng = np.random.default_rng(SEED)
    W, c = network.parameters[0]["W"], network.parameters[0]["c"]
    W[:] = rng.choice([-1.0, 1.0], W.shape) * rng.uniform(4.0, 10.0, W.shape)
    c[:] = -W[0] * rng.uniform(-0.1, 1.1, UNITS)  # so that the bends of the units lie where the data are
    return network


def _split(split: Callable[..., Any], raw: Any, k: int) -> tuple[Any, Any, Any]:
    n = len(raw)
    log_pi, mu, sigma = checked(
        split, split(raw, k, 1), finite=True, log_pi=(n, k), mu=(n, k, 1), sigma=(n, k)
    )
    fault = ""
    if np.abs(np.exp(log_pi).sum(axis=1) - 1.0).max() > 1e-6:
        fault = (
            "the weights of an example do not sum to 1: log_pi should be a log-softmax along its last axis"
        )
    elif sigma.min() <= 0.0:
        fault = "some sigma are not positive"
    if fault:
        raise Undrawable(
            f"Your mdn_split cannot be drawn: {fault}. Its check says more; repair it, then run this cell again."
        )
    return log_pi, mu, sigma


class _Picture:
    """Density over the plane, and along one x."""

    def __init__(self, figure: LiveFigure, plane: Any, slice_: Any, x: Any, t: Any) -> None:
        plane.set(title="density of t for each x", xlabel="x", ylabel="t")
        self.surface = Surface(figure, plane, X, T, np.linspace(0.0, HIGHEST, 33))
        self.surface.colour_bar(
            at={0.0: "0", 2.0: "2", 4.0: "4", 6.0: "6", 8.0: "8 or more"}, label="density"
        )
        figure.changing(plane.plot(x, t, ".", color="white", markersize=3, alpha=0.8, label="data", zorder=2))
        (self.means,) = figure.changing(
            plane.plot([], [], "o", color=PINK, markersize=3.5, label="means of the components", zorder=3)
        )
        (self.squared,) = figure.changing(
            plane.plot([], [], "--", color=ORANGE, linewidth=3, label="squared error", zorder=4)
        )
        (self.here,) = figure.changing(plane.plot([], [], ":", color="white", linewidth=1.5, zorder=4))
        # Below: in the axes the surface would hide it, as what changes is drawn last.
        plane.legend(
            loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, fontsize=9, facecolor="#bbbbbb", handlelength=1.8
        )  # fmt: skip
        slice_.set(title="density at this x", xlabel="t", xlim=(T[0], T[-1]), ylim=(0.0, 16.0))
        (self.density,) = figure.changing(slice_.plot([], [], color="black", linewidth=2, label="mixture"))
        (self.answer,) = figure.changing(
            slice_.plot([], [], "--", color=ORANGE, linewidth=3, label="answer of the squared error")
        )
        slice_.axhline(0.0, color=GREY, linewidth=0.8)
        slice_.legend(loc="upper right", fontsize=9)

    def draw(self, parameters: Any, mean: Any, where: float) -> tuple[tuple[float, float, float], float]:
        """Draw; give the density at the squared error's answer, the highest one, and where that is; and the answer."""
        log_pi, mu, sigma = parameters
        density = np.exp(_log_pdf(log_pi, mu, sigma, T))
        self.surface.set_values(density.T)
        shares = np.exp(log_pi) > 0.05  # a component that nobody uses is no answer
        self.means.set_data(np.broadcast_to(X[:, np.newaxis], shares.shape)[shares], mu[..., 0][shares])
        self.squared.set_data(
            X, np.clip(mean, T[0] + 0.01, T[-1] - 0.01)
        )  # before training it is far outside
        self.here.set_data([where, where], [T[0], T[-1]])
        column = int(np.abs(X - where).argmin())
        at = float(mean[column])
        one = slice(column, column + 1)
        along = np.exp(_log_pdf(log_pi[one], mu[one], sigma[one], np.append(FINE, at)))[0]
        self.density.set_data(FINE, along[:-1])
        self.answer.set_data([at, at], [0.0, 12.0])
        best = int(along[:-1].argmax())
        return (float(along[-1]), float(along[best]), float(FINE[best])), at


def _log_pdf(log_pi: Any, mu: Any, sigma: Any, t: Any) -> Any:
    """Log-density of every target for every mixture, shape ``(n, len(t))``."""
    n, m = len(log_pi), len(t)
    log_pi, mu, sigma = (np.repeat(part, m, axis=0) for part in (log_pi, mu, sigma))
    return mixture_log_pdf(log_pi, mu, sigma, np.tile(t, n)[:, np.newaxis]).reshape(n, m)
