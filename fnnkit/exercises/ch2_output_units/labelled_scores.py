"""Scores with labels, ordinary and far out (chapter 2)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit.exercises.ch2_output_units.scores import beyond_by_rows
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
    far = np.array([[1e4, -1e4, 0.0], [0.0, -1e4, 1e4], both_signs(rng, 3)])
    labels = rng.integers(0, 4, (3, 9))
    middle = round(float(rng.uniform(-1.75, 1.75)), 2)
    return [
        Case(labelled(rng, 3, 4), value),
        Case(labelled(rng, 4, 3), value),
        Case(labelled(rng, 5, 2), value, "two classes"),
        # The least probable label that is drawn anywhere: how far a small constant shows is not left to chance.
        Case((np.array([[2.0, middle, -2.0]]), np.array([2])), value, "one example"),
        *(
            Case((scores, g), value, f"nine examples, {why}")
            for (scores, why), g in zip(beyond_by_rows(rng, 9, 4), labels, strict=True)
        ),
        Case((both_signs(rng, 3, 4), rng.permuted([0, 1, 2])), value, "the last class is nobody's label"),
        Case((far, np.array([1, 2, 0])), FAR_SCORES, "one confident mistake, one confident and right"),
        Case((np.full((2, 3), -1e4), np.array([0, 2])), FAR_SCORES, "all scores equal"),
    ]
