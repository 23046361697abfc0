"""Two tasks for networks of different depth and equal numbers of parameters: two spirals, and digits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from fnnkit.arguments import Float
from fnnkit.datasets import digits, spirals
from fnnkit.network import Network, mlp
from fnnkit.optim import Adam, minibatches

DEPTHS = (1, 2, 3, 4, 5)
SEEDS = 5
BATCH = 32
SIDE = np.linspace(-1.1, 1.1, 45)
PLANE = np.array([(p, q) for q in SIDE for p in SIDE])


@dataclass(frozen=True)
class Task:
    """Examples, and widths of the hidden layers by depth: about as many parameters for each."""

    name: str
    inputs: int
    outputs: int
    output: str
    widths: tuple[int, ...]
    epochs: int
    rate: float

    def examples(self, seed: int) -> tuple[Any, Any, Any, Any]:
        """Training inputs and targets, test inputs and targets."""
        if self.name == "digits":
            data = digits()
            return data.X_train, data.g_train, data.X_test, data.g_test
        rng = np.random.default_rng(1000 + seed)
        X, y = spirals(400, 0.02, rng, turns=2.5)
        new, right = spirals(2000, 0.02, rng, turns=2.5)
        return X, y, new, right

    def network(self, depth: int, seed: int) -> Network:
        """A network of ReLUs with this many hidden layers."""
        return mlp(
            [self.inputs, *[self.widths[depth - 1]] * depth, self.outputs], "relu", self.output, seed=seed
        )

    def error(self, net: Network, X: Any, y: Any) -> float:
        """Share of wrong answers."""
        raw = net.forward(X)
        answers = raw.argmax(axis=1) if self.outputs > 1 else (raw[:, 0] > 0).astype(int)
        return float(np.mean(answers != np.asarray(y).ravel()))

    def train(self, depth: int, seed: int) -> Iterator[tuple[int, float, Network]]:
        """Train one network; gives the epoch, the test error and the network, before the first epoch and after each."""
        X, y, new, right = self.examples(seed)
        net, rng, optimiser = self.network(depth, seed), np.random.default_rng(seed), Adam()
        optimiser.start(net.theta.size)
        yield 0, self.error(net, new, right), net
        steps = self.epochs * -(-len(X) // BATCH)
        step = 0
        for epoch in range(1, self.epochs + 1):
            for batch in minibatches(len(X), BATCH, rng.permutation(len(X))):
                net.step(X[batch], y[batch], optimiser, self.rate * (1.0 - 0.95 * step / steps))
                step += 1
            yield epoch, self.error(net, new, right), net


SPIRALS = Task("spirals", 2, 1, "bernoulli", (125, 20, 14, 12, 10), 100, 0.01)
DIGITS = Task("digits", 64, 10, "multinoulli", (66, 42, 34, 30, 27), 40, 0.003)


def plane(net: Network) -> Float:
    """What a network for the spirals says on a grid of the plane: 0 or 1."""
    return (net.forward(PLANE)[:, 0] > 0).astype(float)
