"""Drawing inputs that a reader of a message can type in again."""

from __future__ import annotations

from typing import Any

import numpy as np


def rounded(rng: np.random.Generator, *shape: int, scale: float = 1.0) -> Any:
    """Normal numbers with two decimals, never 0."""
    z = np.round(scale * rng.standard_normal(shape), 2)
    return np.where(z == 0, 0.25, z)


def both_signs(rng: np.random.Generator, *shape: int, low: float = 0.25, high: float = 2.0) -> Any:
    """Numbers with two decimals, away from 0, about half of them negative and at least one of each sign."""
    size = int(np.prod(shape))
    sign = rng.permuted(np.resize([1.0, -1.0], size))
    return (sign * np.round(rng.uniform(low, high, size), 2)).reshape(shape)


def fractions(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The first argument as it is, of whole numbers; to each array after it a fraction of its own is added.

    An array that is made like the first one holds whole numbers, and cuts off what the others bring.
    """
    added = np.linspace(0.37, 0.11, len(args))
    return (
        args[0],
        *(
            a + np.round(f, 2) if isinstance(a, np.ndarray) else a
            for a, f in zip(args[1:], added, strict=False)
        ),
    )


def beyond(rng: np.random.Generator, *shapes: tuple[int, ...]) -> list[tuple[tuple[Any, ...], str]]:
    """Arrays of some shapes, three times, each with a word about it: large numbers, none negative, none positive.

    An answer that is right for small numbers only, or for one sign, is wrong in one of them.
    """

    def drawn(low: float, high: float) -> Any:
        return tuple(np.round(rng.uniform(low, high, shape), 2) for shape in shapes)

    signs = tuple(both_signs(rng, *shape, low=5.5, high=9.5) for shape in shapes)
    return [
        (signs, "large numbers"),
        (drawn(0.25, 2.0), "nothing negative"),
        (drawn(-2.0, -0.25), "nothing positive"),
    ]
