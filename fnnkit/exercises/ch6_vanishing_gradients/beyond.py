"""Inputs beyond what a function is tried on first: large numbers, numbers of one sign."""

from __future__ import annotations

from typing import Any

import numpy as np


def far(a: Any) -> Any:
    """The same array with two entries beyond 5 in size."""
    moved = np.array(a, dtype=float)
    moved.flat[0], moved.flat[-1] = 6.5, -7.25
    return moved


def positive(a: Any) -> Any:
    """All entries above 0."""
    return np.abs(a) + 0.25


def negative(a: Any) -> Any:
    """All entries below 0."""
    return -np.abs(a) - 0.25
