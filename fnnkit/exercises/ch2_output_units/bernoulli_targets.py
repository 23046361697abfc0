"""Logits with their targets of 0 or 1, ordinary and far out (chapter 2)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.exercise import (
    Case,
)


def targets(rng: np.random.Generator, *shape: int) -> Any:
    """Zeros and ones, both kinds."""
    return rng.permuted(np.resize([0.0, 1.0], int(np.prod(shape)))).reshape(shape)


FAR = "stable at ±10⁴"
NEAR = 1e-4
"""Relative tolerance for ordinary logits: a small constant beside a probability is the business of the far ones alone."""


def logits_and_targets(rng: np.random.Generator, value: str) -> list[Case]:
    """Ordinary logits with targets of both kinds, for either sign."""
    z = np.array([0.6, -0.6, 1.1, -1.1]) + np.round(rng.uniform(0.0, 0.4, 4), 2)
    [((large,), words), *rest] = beyond(rng, (9, 4))
    large = np.clip(large, -7.5, 7.5)
    # The least and the most probable outcome that is drawn anywhere: how far a small constant shows is not left to chance.
    large[0, :2], sure = [7.5, -7.5], targets(rng, 9, 4)
    sure[0, :2] = rng.integers(0, 2)
    return [
        Case((z, np.array([1.0, 1.0, 0.0, 0.0])), value),
        Case((both_signs(rng, 2, 3), targets(rng, 2, 3)), value, "another shape"),
        Case((both_signs(rng, 2, 1, 3), targets(rng, 2, 1, 3)), value, "three axes"),
        Case((large, sure), value, words),
        *(Case((*logits, targets(rng, 9, 4)), value, why) for logits, why in rest),
    ]


def far_logits(rng: np.random.Generator) -> list[Case]:
    """Confident logits, right and wrong."""
    near, place = both_signs(rng, 2), rng.permutation(5)
    return [
        Case((np.array([1e4, -1e4]), np.array([0.0, 1.0])), FAR, "confident mistakes"),
        Case((np.array([1e4, -1e4]), np.array([1.0, 0.0])), FAR, "confident, and right"),
        Case(
            (np.array([-800.0, 800.0, *near, -40.0])[place], np.array([1.0, 0.0, 1.0, 0.0, 1.0])[place]),
            FAR,
            "some of each",
        ),
    ]
