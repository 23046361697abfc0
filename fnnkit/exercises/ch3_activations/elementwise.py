"""What the elementwise functions of chapter 3 are asked alike: far out, and in unusual shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.exercise import UNUSUAL, Case
from fnnkit.kernel.named import Named

SINE, EXPONENTIAL = Named("sine"), Named("exponential")


CALM, STABLE = "inputs unchanged, no warning", "stable at ±10000"


# Far out, where `exp` overflows. Each side is a case of its own: most naive formulas fail on one of them only.
FAR = ("far to the left", -1.0), ("far to the right", 1.0)


def far_out(rng: np.random.Generator, criterion: str) -> list[Case]:
    """Both sides of ±10000, for an elementwise function; between them one ordinary number, at a drawn place."""
    return [
        Case((rng.permuted(np.append(side * np.array([40.0, 800.0, 1e4]), side * near)),), criterion, why)
        for (why, side), near in zip(FAR, np.round(rng.uniform(0.25, 2.0, 2), 2), strict=True)
    ]


def unusual_cases(z: Any, rng: np.random.Generator) -> list[Case]:
    """Whole numbers, and float32, for an elementwise function."""
    return [
        Case((rng.permuted(np.array([-2, 1, 3])),), UNUSUAL, "whole numbers: `z` is an array of integers"),
        Case((np.asarray(z, dtype=np.float32),), UNUSUAL, "float32: numbers with seven digits"),
    ]


def smooth_cases(rng: np.random.Generator, criterion: str) -> list[Case]:
    """Moderate inputs of several shapes, for a smooth elementwise function."""
    return [
        Case((both_signs(rng, 3),), criterion),
        Case((both_signs(rng, 2, 2),), criterion, "a batch of two examples"),
        Case((np.array([0.0]),), criterion, "at 0"),
        Case((both_signs(rng, 2, 1, 3),), criterion, "three axes"),
        *(Case(z, criterion, f"nine examples, {why}") for z, why in beyond(rng, (9, 4))),
        *unusual_cases(both_signs(rng, 3), rng),
    ]


OVERFLOWS_ON_THE_WAY = (
    "the values are right, and numpy warns: far out something grows too large for a number on the way, such as `exp` of a "
    "large exponent. `np.where` computes both of its branches, so it does not help by itself. Make the exponent ≤ 0 before "
    "`exp` sees it: `np.exp(-np.abs(z))`."
)
