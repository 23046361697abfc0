"""Scores of several examples, as `softmax` and `log_softmax` are asked about them (chapter 2)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.exercise import UNUSUAL, Case

LEADING = "any leading shape"
SCORES = "stable: ±10⁴, equal scores, one −inf"
NEAR = 5e-5
"""Relative tolerance for ordinary scores: a small constant beside a probability is the business of the extreme ones alone."""


def beyond_by_rows(rng: np.random.Generator, n: int, k: int) -> list[tuple[Any, str]]:
    """As `beyond`, but large numbers of a row have one sign: no probability is smaller than some 1/200."""
    [((large,), why), *rest] = beyond(rng, (n, k))
    sides = both_signs(rng, n, 1, low=1.0, high=1.0)
    return [(np.abs(large) * sides, why), *((z, word) for (z,), word in rest)]


def steep(rng: np.random.Generator) -> Any:
    """Scores of one example of four classes: one class is improbable, as much so at every drawing."""
    return rng.permuted([2.0, 1.9, round(float(rng.uniform(1.6, 1.9)), 2), -2.0])


def score_cases(rng: np.random.Generator) -> list[Case]:
    """Scores of three examples and four classes; other shapes; extreme ones. No array is square but one that says so."""
    value = "values, row by row"
    equal = np.full((1, 3), 1e4)
    ruled_out = np.array([[0.5, -np.inf, -1.0]]) + np.round(rng.uniform(0, 1, (1, 3)), 2)
    far = np.stack([np.array([1e4, 0.0, -1e4]), np.array([-1e4, -1e4 + 1.0, -1e4 - 0.5])])
    # The most and the least probable class that is drawn anywhere: how far a small constant shows is not left to chance.
    ordinary = np.stack([steep(rng), rng.permuted([2.0, -2.0, -2.0, -2.0]), both_signs(rng, 4)])
    whole = rng.permuted([[0, 1, 3], [2, 0, -1]], axis=1) + rng.integers(-3, 4, (2, 1))
    apart = np.stack([both_signs(rng, 3), 1e4 + both_signs(rng, 3)])
    return [
        Case((rng.permutation(ordinary),), value),
        Case((both_signs(rng, 2, 2),), value, "as many examples as classes"),
        *(Case((z,), value, f"nine examples, {why}") for z, why in beyond_by_rows(rng, 9, 5)),
        Case((steep(rng),), LEADING, "one example, shape (4,)"),
        Case((both_signs(rng, 2, 2, 3),), LEADING, "shape (2, 2, 3)"),
        Case((far,), SCORES),
        Case((equal,), SCORES, "all scores equal"),
        Case((ruled_out,), SCORES, "one class ruled out"),
        Case((apart,), SCORES, "rows far from each other"),
        Case(
            (whole,),
            UNUSUAL,
            "whole numbers: `z` is an array of integers",
        ),
        Case(
            (np.stack([steep(rng), steep(rng)]).astype(np.float32),),
            UNUSUAL,
            "float32: numbers with seven digits",
        ),
    ]
