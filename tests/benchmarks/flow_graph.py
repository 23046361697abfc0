"""Gradients of flow graphs: `fnnkit.graph` against HIPS/autograd and a micrograd-like scalar graph.

    python tests/benchmarks/flow_graph.py [--repetitions 15]

Three graphs: a ladder of scalars, whose paths double at every rung; the loss of a small network written in scalars; and
the loss of networks written in arrays, which the scalar graph does not run. Every call builds the graph, computes its
value and goes back through it. Values and gradients are compared before anything is timed.
"""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from timing import interleaved, table

for library in ("OMP", "OPENBLAS", "MKL"):  # read when numpy is loaded
    os.environ[f"{library}_NUM_THREADS"] = "1"

import autograd  # noqa: E402
import autograd.numpy as anp  # noqa: E402
import numpy as np  # noqa: E402

from fnnkit import graph  # noqa: E402


class Scalar:
    """A node that holds one number: what the small teaching graphs do, with a loop where they recurse."""

    __slots__ = ("grad", "parents", "value")

    def __init__(self, value: float, parents: tuple[tuple[Scalar, float], ...] = ()) -> None:
        self.value, self.parents, self.grad = value, parents, 0.0

    def __add__(self, other: Scalar | float) -> Scalar:
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other: Scalar | float) -> Scalar:
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.value * other.value, ((self, other.value), (other, self.value)))

    def tanh(self) -> Scalar:
        value = math.tanh(self.value)
        return Scalar(value, ((self, 1 - value * value),))

    def backward(self) -> None:
        order: list[Scalar] = []
        seen: set[int] = set()
        stack = [(self, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((parent, False) for parent, _ in node.parents)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad


# --- the graphs, written once for every contender --------------------------------------------------------


def ladder(x: Any, y: Any, tanh: Callable[[Any], Any]) -> Any:
    """200 rungs: every node is used twice, so that 2^200 paths lead from x to the end."""
    for _ in range(200):
        x, y = tanh(x + y), x * y
    return x + y


def scalar_network(weights: Sequence[Any], tanh: Callable[[Any], Any]) -> Any:
    """Squared error of a 2-8-1 network of tanh units on the four points of XOR, number by number."""
    loss = None
    for x1, x2, target in ((0.0, 0.0, 0.0), (0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0)):
        output = weights[32] + -target
        for j in range(8):
            z = weights[j] * x1 + weights[8 + j] * x2 + weights[16 + j]
            output = output + tanh(z) * weights[24 + j]
        square = output * output
        loss = square if loss is None else loss + square
    return loss


def scalar_autograd(function: Callable[..., Any], start: Sequence[float]) -> Callable[[], list[float]]:
    gradient = autograd.grad(lambda theta: function(theta, anp.tanh))
    return lambda: [float(d) for d in gradient(list(start))]


def scalar_graph(function: Callable[..., Any], start: Sequence[float]) -> Callable[[], list[float]]:
    def run() -> list[float]:
        inputs = [Scalar(value) for value in start]
        function(inputs, Scalar.tanh).backward()
        return [node.grad for node in inputs]

    return run


def node_graph(function: Callable[..., Any], start: Sequence[float]) -> Callable[[], list[float]]:
    def run() -> list[float]:
        inputs = [graph.Node(value) for value in start]
        return [float(d) for d in graph.gradients(function(inputs, graph.tanh), inputs)]

    return run


def array_nodes(X: Any, g: Any, widths: Sequence[int]) -> Callable[[], list[np.ndarray]]:
    """The same gradients by `fnnkit.graph`."""
    rng = np.random.default_rng(0)
    start = [(rng.normal(size=(a, b)) / np.sqrt(a), np.zeros(b)) for a, b in pairwise(widths)]
    rows = np.arange(len(X))

    def run() -> list[np.ndarray]:
        params = [(graph.Node(W), graph.Node(c)) for W, c in start]
        H = graph.Node(X)
        for W, c in params[:-1]:
            H = graph.tanh(H @ W + c)
        scores = H @ params[-1][0] + params[-1][1]
        loss = graph.mean(graph.log_sum_exp(scores) - scores[rows, g])
        return graph.gradients(loss, [part for pair in params for part in pair])

    return run


def array_network(X: Any, g: Any, widths: Sequence[int]) -> Callable[[], list[np.ndarray]]:
    """Gradients of the mean negative log-likelihood of a network of tanh units, by autograd."""
    rng = np.random.default_rng(0)
    start = [(rng.normal(size=(a, b)) / np.sqrt(a), np.zeros(b)) for a, b in pairwise(widths)]
    targets = np.eye(widths[-1])[g]

    def loss(params: Any) -> Any:
        H = X
        for W, c in params[:-1]:
            H = anp.tanh(anp.dot(H, W) + c)
        scores = anp.dot(H, params[-1][0]) + params[-1][1]
        shifted = scores - anp.max(scores, axis=1, keepdims=True)
        return -anp.mean(
            anp.sum(targets * (shifted - anp.log(anp.sum(anp.exp(shifted), axis=1, keepdims=True))), axis=1)
        )

    gradient = autograd.grad(loss)
    return lambda: [part for pair in gradient(start) for part in pair]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=15)
    repetitions = parser.parse_args().repetitions
    rng = np.random.default_rng(0)
    scalars = {
        "ladder of 200 rungs, scalars": (lambda p, tanh: ladder(p[0], p[1], tanh), [0.3, 0.9]),
        "2-8-1 network on XOR, scalars": (scalar_network, list(rng.normal(size=33))),
    }
    for title, (function, start) in scalars.items():
        contenders = {
            "autograd": scalar_autograd(function, start),
            "scalar graph": scalar_graph(function, start),
            "fnnkit.graph": node_graph(function, start),
        }
        answers = [call() for call in contenders.values()]
        assert all(np.allclose(answer, answers[0], rtol=1e-9) for answer in answers), title
        print(f"\n{title}")
        print(table(interleaved(contenders, repetitions, 5), of="fnnkit.graph"))
    for widths, batch in (([2, 8, 2], 4), ([64, 128, 10], 32)):
        X, g = rng.normal(size=(batch, widths[0])), rng.integers(0, widths[-1], size=batch)
        print(f"\n{'-'.join(map(str, widths))} network, batch {batch}, arrays")
        arrays = {"autograd": array_network(X, g, widths), "fnnkit.graph": array_nodes(X, g, widths)}
        both = [call() for call in arrays.values()]
        assert all(np.allclose(a, b, rtol=1e-9) for a, b in zip(*both, strict=True)), widths
        print(table(interleaved(arrays, repetitions, 20), of="fnnkit.graph"))


if __name__ == "__main__":
    main()
