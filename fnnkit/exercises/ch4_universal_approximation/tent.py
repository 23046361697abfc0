"""`tent`: two ReLUs that fold [0, 1] once."""

from __future__ import annotations

import numpy as np

from fnnkit import expressivity
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE = "up to the middle, and down again"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``tent(x)`` within [0, 1]: outside, two ReLUs and 1 − |2x − 1| are different functions."""

    def some(n: int) -> np.ndarray:
        left, right = rng.uniform(0.02, 0.45, n), rng.uniform(0.55, 0.98, n)
        return rng.permutation(np.round(np.concatenate([left, right]), 3))

    return [
        Case((some(3),), VALUE),
        Case((np.array([0.0, 0.5, 1.0, *some(1)]),), VALUE, "the ends and the middle"),
        Case((rng.uniform(0.6, 0.95, 1).round(3),), VALUE, "one point"),
        Case((some(20),), VALUE, "40 points"),
        Case((some(20).reshape(5, 8),), VALUE, "`x` has two axes"),
    ]


def never_folded(x):
    """Only the first ReLU."""
    return 2 * np.maximum(0, x)


def saw(x):
    """Jumps down instead of folding."""
    return (2 * x) % 1


def half_as_high(x):
    """Slopes 1 and −1."""
    return np.where(x < 0.5, x, 1 - x)


def levels_off(x):
    """The second weight takes back only as much as the first gave."""
    return 2 * np.maximum(0, x) - 2 * np.maximum(0, x - 0.5)


def upside_down(x):
    """|2x − 1|."""
    return np.abs(2 * x - 1)


def four_times_a_product(x):
    """The logistic map: a parabola."""
    return 4 * x * (1 - x)


def overwritten(x):
    """Right values, but the caller's array is folded too."""
    x[x > 0.5] = 1 - x[x > 0.5]
    return 2 * x


EXERCISE = Exercise(
    name="tent",
    chapter="ch4_universal_approximation",
    reference=expressivity.tent,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            never_folded,
            "it goes on rising to 2. From ½ on the second ReLU has to turn the slope from 2 to −2.",
        ),
        Misconception(
            saw,
            "this falls from 1 to 0 in one jump. A tent comes down on the slope −2: no network of ReLUs jumps.",
        ),
        Misconception(
            half_as_high,
            "the top is at ½. It has to reach 1: a fold brings [0, 1] back onto *all* of [0, 1].",
        ),
        Misconception(
            levels_off,
            "it stays at 1 from the middle on. The second unit takes back the slope 2, which leaves 0; it has to leave −2.",
        ),
        Misconception(upside_down, "this is upside down: 1 at both ends and 0 in the middle."),
        Misconception(
            four_times_a_product, "this is a parabola. The tent has two straight pieces, as ReLUs make them."
        ),
        Misconception(
            overwritten, "the caller's array was changed: `x[…] = …` writes into it. Make a new one."
        ),
    ),
    minutes=3,
    difficulty=1,
)
