"""What the elementwise functions of chapter 3 are asked alike: far out, and in unusual shapes."""

from __future__ import annotations

import numpy as np

from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.exercise import (
    Case,
)
from fnnkit.kernel.named import Named

SINE, EXPONENTIAL = Named("sine"), Named("exponential")


CALM, STABLE, EDGE = "inputs unchanged, no warning", "stable at ±10000", "whole numbers, float32, no entry"


# Far out, where `exp` overflows. Each side is a case of its own: most naive formulas fail on one of them only.
FAR = ("far to the left", -1.0), ("far to the right", 1.0)


def far_out(criterion: str) -> list[Case]:
    """Both sides of ±10000, for an elementwise function."""
    return [Case((side * np.array([40.0, 800.0, 1e4]),), criterion, why) for why, side in FAR]


def smooth_cases(rng: np.random.Generator, criterion: str) -> list[Case]:
    """Moderate inputs of several shapes and types, for a smooth elementwise function."""
    return [
        Case((both_signs(rng, 3),), criterion),
        Case((both_signs(rng, 2, 2),), criterion, "a batch of two examples"),
        Case((np.array([0.0]),), criterion, "at 0"),
        Case((rng.permuted(np.array([-2, 1, 3])),), EDGE, "whole numbers"),
        Case((both_signs(rng, 3).astype(np.float32),), EDGE, "float32"),
        Case((np.zeros((0, 2)),), EDGE, "no example"),
    ]


OVERFLOWS_ON_THE_WAY = (
    "the values are right, and numpy warns: somewhere `exp` of something large is computed, and thrown away again. "
    "`np.where` computes both of its branches, so it does not help by itself. Make the exponent ≤ 0 before `exp` sees it: "
    "`np.exp(-np.abs(z))`."
)
