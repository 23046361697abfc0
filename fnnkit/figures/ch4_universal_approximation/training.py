"""Small ReLU networks that are trained while a figure watches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from fnnkit.arguments import Float
from fnnkit.network import Network, mlp
from fnnkit.optim import Adam


def spread_start(widths: Sequence[int], X: Float, seed: int) -> Network:
    """A network for regression on inputs X (n, d): each unit has its kink at a random example, so that none is idle."""
    net, rng, H = mlp([X.shape[1], *widths, 1], "relu", seed=seed), np.random.default_rng(seed), X
    for p in net.parameters[:-1]:
        Z = H @ p["W"]
        p["c"][:] = -Z[rng.integers(0, len(X), Z.shape[1]), np.arange(Z.shape[1])]
        H = np.maximum(0.0, Z + p["c"])
    return net


def steps(net: Network, X: Float, y: Float, count: int, rate: float = 0.01) -> Iterator[float]:
    """Train by Adam on all examples at once, with a rate that falls to a twentieth; gives the loss before each step."""
    optimiser = Adam()
    optimiser.start(net.theta.size)
    for k in range(count):
        yield net.step(X, y, optimiser, rate * (1.0 - 0.95 * k / count))
