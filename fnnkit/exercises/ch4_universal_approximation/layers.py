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


def faint(weights: list[Any], biases: list[Any], a: float, b: float) -> bool:
    """Whether paths through a network cancel, up to rounding or nearly, where some unit switches.

    Whoever computes with fractions counts such a place as a kink, and whoever allows for rounding does not.
    """
    x = breakpoints(weights, biases, a, b)
    H, slope = (x[:-1, None] + x[1:, None]) / 2, np.ones((len(x) - 1, 1))
    paths = slope  # what the slope would be if nothing cancelled
    for i, (W, c) in enumerate(zip(weights, biases, strict=True)):
        Z, slope, paths = H @ W + c, slope @ W, paths @ np.abs(W)
        if i < len(weights) - 1:
            H, slope, paths = np.maximum(0, Z), np.where(Z > 0, slope, 0.0), np.where(Z > 0, paths, 0.0)
    switched, bent = (np.abs(np.diff(array[:, 0])) for array in (paths, slope))
    return bool(np.any((switched > 1e-9) & (bent < 1e-2)))


def breakpoints(weights: list[Any], biases: list[Any], a: float, b: float) -> Any:
    """Every place between two ends where some unit switches, and the ends."""
    x = np.array([a, b], dtype=float)
    for layer in range(len(weights) - 1):
        H = x[:, None]
        for W, c in zip(weights[:layer], biases[:layer], strict=True):
            H = np.maximum(0, H @ W + c)
        Z = H @ weights[layer] + biases[layer]
        p, j = np.nonzero(Z[:-1] * Z[1:] < 0)
        crossings = x[p] + (x[p + 1] - x[p]) * Z[p, j] / (Z[p, j] - Z[p + 1, j])
        x = np.unique(np.round(np.concatenate([x, crossings]), 13))
    return x


def pieces_roughly(weights: list[Any], biases: list[Any], a: float, b: float) -> int:
    """How many pieces a network has, where none of them is narrow and no kink is faint."""
    x = breakpoints(weights, biases, a, b)
    H, slope = (x[:-1, None] + x[1:, None]) / 2, np.ones((len(x) - 1, 1))
    for W, c in zip(weights[:-1], biases[:-1], strict=True):
        Z = H @ W + c
        H, slope = np.maximum(0, Z), np.where(Z > 0, slope @ W, 0.0)
    return 1 + int((np.abs(np.diff((slope @ weights[-1])[:, 0])) > 1e-9).sum())
