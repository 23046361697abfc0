"""Scores of several examples, as `softmax` and `log_softmax` are asked about them (chapter 2)."""

from __future__ import annotations

import numpy as np

from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.exercise import UNUSUAL, Case

LEADING = "any leading shape"
SCORES = "stable: ±10⁴, equal scores, one −inf"


def score_cases(rng: np.random.Generator) -> list[Case]:
    """Scores of three examples and four classes; other shapes; extreme ones. No array is square but one that says so."""
    value = "values, row by row"
    equal = np.full((1, 3), 1e4)
    ruled_out = np.array([[0.5, -np.inf, -1.0]]) + np.round(rng.uniform(0, 1, (1, 3)), 2)
    far = np.stack([np.array([1e4, 0.0, -1e4]), np.array([-1e4, -1e4 + 1.0, -1e4 - 0.5])])
    apart = np.stack([both_signs(rng, 3), 1e4 + both_signs(rng, 3)])
    return [
        Case((both_signs(rng, 3, 4),), value),
        Case((both_signs(rng, 2, 2),), value, "as many examples as classes"),
        *(Case(scores, value, f"nine examples, {why}") for scores, why in beyond(rng, (9, 5))),
        Case((both_signs(rng, 4),), LEADING, "one example, shape (4,)"),
        Case((both_signs(rng, 2, 2, 3),), LEADING, "shape (2, 2, 3)"),
        Case((far,), SCORES),
        Case((equal,), SCORES, "all scores equal"),
        Case((ruled_out,), SCORES, "one class ruled out"),
        Case((apart,), SCORES, "rows far from each other"),
        Case(
            (rng.integers(-3, 4, (2, 3)) + np.array([[0, 1, 3], [2, 0, -1]]),),
            UNUSUAL,
            "whole numbers: `z` is an array of integers",
        ),
        Case((both_signs(rng, 2, 3).astype(np.float32),), UNUSUAL, "float32: numbers with seven digits"),
    ]
