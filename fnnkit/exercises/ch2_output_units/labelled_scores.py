"""Scores with labels, ordinary and far out (chapter 2)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.exercise import (
    Case,
)

FAR_SCORES = "stable for scores of ±10⁴"


def labelled(rng: np.random.Generator, n: int, classes: int) -> tuple[Any, Any]:
    """Scores and labels; the first and the last class are among the labels where n allows it."""
    g = rng.permuted(np.concatenate([[0, classes - 1], rng.integers(0, classes, n)])[:n])
    return both_signs(rng, n, classes), g


def labelled_cases(rng: np.random.Generator) -> list[Case]:
    """Scores and labels; batches of several sizes, so that 1/n shows."""
    value = "values"
    scores, g = labelled(rng, 3, 4)
    far = np.array([[1e4, -1e4, 0.0], [0.0, -1e4, 1e4], [2.0, 1.0, 0.5]])
    return [
        Case((scores, g), value),
        Case(labelled(rng, 4, 3), value),
        Case(labelled(rng, 5, 2), value, "two classes"),
        Case((both_signs(rng, 1, 3), np.array([2])), value, "one example"),
        Case((np.array([[1, 0, -2], [3, 1, 1]]), np.array([2, 0])), value, "integers"),
        Case((scores.astype(np.float32), g), value, "float32"),
        Case((far, np.array([1, 2, 0])), FAR_SCORES, "one confident mistake, one confident and right"),
        Case((np.full((2, 3), -1e4), np.array([0, 2])), FAR_SCORES, "all scores equal"),
        Case((np.array([[0.5, -np.inf, 1.0], [1e4, 1.0, -1e4]]), np.array([2, 0])), FAR_SCORES, "one −inf"),
    ]
