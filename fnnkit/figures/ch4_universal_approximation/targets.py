"""Functions on [0, 1] that networks are built for, each a degree rougher than the one before."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fnnkit.arguments import Float

JUMP = 1 / 3

TARGETS: dict[str, Callable[[Float], Float]] = {
    "sin 2πx": lambda x: np.sin(2 * np.pi * x),
    "|x − ⅓|": lambda x: np.abs(x - 1 / 3),
    "√x": np.sqrt,
    "jump at ⅓": lambda x: np.where(x < JUMP, 0.0, 1.0),
}


def units(phi: Callable[[Float], Float], x: Float, W: Float, c: Float, w: Float) -> Float:
    """What each hidden unit adds to the output at points x (n,): shape (n, m)."""
    return phi(x[:, None] @ np.reshape(W, (1, -1)) + c) * w


def value(phi: Callable[[Float], Float], x: Float, W: Float, c: Float, w: Float, b: float) -> Float:
    """Output of the network at points x: an array of any length, or one number, as an answer may ask point by point."""
    y: Float = units(phi, np.atleast_1d(x), W, c, w).sum(axis=1) + b
    return np.reshape(y, np.shape(x))
