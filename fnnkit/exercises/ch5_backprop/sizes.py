"""Networks and axes of this chapter's cases: all lengths differ, so that a length says what it counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit.exercises.drawing import rounded

AXES = {
    "X": ("examples", "inputs"),
    "W": ("inputs", "hidden units"),
    "b": ("hidden units",),
    "U": ("hidden units", "labels"),
    "d": ("labels",),
    "Z": ("examples", "hidden units"),
    "H": ("examples", "hidden units"),
    "Y": ("examples", "labels"),
    "g": ("examples",),
    "delta_o": ("examples", "labels"),
    "delta_h": ("examples", "hidden units"),
    "dW": ("inputs", "hidden units"),
    "db": ("hidden units",),
    "dU": ("hidden units", "labels"),
    "dd": ("labels",),
}
"""What each axis counts, by the name of its array."""

SMALL = ((5, 3, 4, 2), (2, 4, 3, 5), (1, 2, 4, 3))
"""Examples, inputs, hidden units, labels: what a student meets first. No two are equal."""

OTHER = ((40, 6, 3, 5), (3, 3, 3, 3))
"""Many examples, and all lengths equal: for answers that look at sizes."""


def network(rng: np.random.Generator, d: int, m: int, K: int) -> dict[str, Any]:
    """Parameters of a small network, in the units' straight part and beyond."""
    return {
        "W": rounded(rng, d, m),
        "b": rounded(rng, m),
        "U": rounded(rng, m, K),
        "d": rounded(rng, K) + 0.5,
    }


def labels(rng: np.random.Generator, n: int, K: int) -> Any:
    """Labels in no order; the first and the last occur if there is room."""
    return (
        rng.permuted(np.concatenate([[0, K - 1], rng.integers(0, K, n)])[:n])
        if n > 1
        else rng.integers(0, K, n)
    )


def positive(rng: np.random.Generator, *shape: int) -> Any:
    """Numbers above 0 only."""
    return np.round(rng.uniform(0.2, 2.0, shape), 2)


def large(rng: np.random.Generator, *shape: int) -> Any:
    """Numbers of both signs, all of size 5 to 9."""
    return np.round(rng.uniform(5.5, 9.0, shape), 2) * rng.choice([-1.0, 1.0], shape)
