"""Drawing small networks with several layers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from fnnkit.exercises.drawing import rounded


def random_layers(rng: np.random.Generator, *widths: int, scale: float = 1.0) -> tuple[list[Any], list[Any]]:
    """Weights and biases of layers from ``widths[0]`` inputs on, all with two decimals."""
    weights = [rounded(rng, d, m, scale=scale) for d, m in pairwise(widths)]
    return weights, [rounded(rng, m) for m in widths[1:]]


def pre_activations(X: Any, weights: list[Any], biases: list[Any]) -> list[Any]:
    """Pre-activations of all layers of a ReLU network."""
    H, Z = X, []
    for W, c in zip(weights, biases, strict=True):
        Z.append(H @ W + c)
        H = np.maximum(0.0, Z[-1])
    return Z
