"""`hard_tanh`: hard tanh ``max(−1, min(1, z))``, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import CALM, unusual_cases
from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``hard_tanh(z)``."""
    value = "cut off at −1 and 1"
    mixed = rng.permuted(np.array([-3.5, -1.25, -0.5, 0.25, 0.75, 2.0]))
    return [
        Case((mixed,), value),
        Case((both_signs(rng, 2, 3, low=0.25, high=3.0),), value),
        Case((rng.permuted(np.array([-1e4, -1.0, 0.0, 1.0, 1e4])),), value, "far out, and at the corners"),
        Case((both_signs(rng, 2, 1, 3),), value, "three axes"),
        *(Case(z, value, f"nine examples, {why}") for z, why in beyond(rng, (9, 4))),
        *unusual_cases(mixed, rng),
    ]


def soft_tanh(z):
    """The smooth one."""
    return np.tanh(z)


def cut_at_zero(z):
    """The threshold unit, from 0 to 1."""
    return np.clip(z, 0.0, 1.0)


def cut_above_only(z):
    """One side."""
    return np.minimum(1.0, z)


def bounds_swapped(z):
    """min(−1, max(1, z)): −1 everywhere."""
    return np.minimum(-1.0, np.maximum(1.0, z))


def sign_only(z):
    """Nothing in between."""
    return np.sign(z).astype(float)


def hard_tanh_of_one_number(z):
    """Only for a single number."""
    return max(-1.0, min(1.0, z))


def bounds_swapped_to_one(z):
    """max(1, min(−1, z)): 1 everywhere."""
    return np.maximum(1.0, np.minimum(-1.0, z))


def scaled_to_fit(z):
    """All of it divided by the largest size."""
    return z / max(1.0, float(np.abs(z).max()))


def cut_below_only(z):
    """The other side."""
    return np.maximum(-1.0, z)


def zero_outside(z):
    """What is too large is thrown away."""
    return np.where(np.abs(z) <= 1, z, 0.0)


def one_on_both_sides(z):
    """The wrong bound below."""
    return np.where(np.abs(z) > 1, 1.0, z)


def sign_lost(z):
    """min(1, |z|)."""
    return np.minimum(1.0, np.abs(z))


def slope_in_the_place_of_the_value(z):
    """1 inside, 0 outside."""
    return (np.abs(z) < 1).astype(float)


def stretched_to_the_bounds(z):
    """The smallest entry becomes −1, the largest 1."""
    return 2.0 * (z - z.min()) / (z.max() - z.min()) - 1.0


def threshold_unit_stretched(z):
    """Cut off at 0 and 1, and moved to the right range."""
    return 2.0 * np.clip(z, 0, 1) - 1.0


def bounds_exchanged(z):
    """−1 above, 1 below."""
    return np.where(z > 1, -1.0, np.where(z < -1, 1.0, z))


EXERCISE = Exercise(
    name="hard_tanh",
    chapter="ch3_activations",
    reference=activations.hard_tanh,
    cases=cases,
    criteria=(
        Criterion("cut off at −1 and 1", 0.5, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion(CALM, 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            soft_tanh,
            "this is the smooth tanh. The hard one is the straight line z, cut off at −1 and 1.",
        ),
        Misconception(cut_at_zero, "it is cut off at 0: that is the threshold unit. The lower bound is −1."),
        Misconception(cut_above_only, "it is cut off above only. Below −1 it stays at −1."),
        Misconception(
            bounds_swapped,
            "the bounds are swapped, so that −1 comes out everywhere: max(−1, min(1, z)).",
        ),
        Misconception(sign_only, "only the sign is left. Between −1 and 1 the value is z itself."),
        Misconception(
            hard_tanh_of_one_number,
            "`max` and `min` compare one number, and `z` is an array: `np.maximum`, `np.minimum` or `np.clip`.",
        ),
        Misconception(
            bounds_swapped_to_one,
            "the bounds are swapped, so that 1 comes out everywhere. The minimum belongs to the upper bound, 1, and "
            "the maximum to the lower, −1.",
        ),
        Misconception(
            scaled_to_fit,
            "the whole array was scaled down until it fits. Each entry is cut off by itself, and what lies "
            "between −1 and 1 stays as it is.",
        ),
        Misconception(
            cut_below_only,
            "it is cut off below only. Above 1 it stays at 1.",
        ),
        Misconception(
            zero_outside,
            "outside of [−1, 1] the value came out as 0. It stays at the bound that was crossed, −1 or 1.",
        ),
        Misconception(
            one_on_both_sides,
            "both sides are treated alike: below −1 the value came out as 1 too. It stays at the bound that was crossed: −1 "
            "there, 1 above.",
        ),
        Misconception(
            sign_lost,
            "the sign is lost: this is |z|, cut off at 1. Cut z itself, below at −1 and above at 1.",
        ),
        Misconception(
            slope_in_the_place_of_the_value,
            "this is the slope, 1 inside and 0 outside. The value is asked: z itself, cut off at −1 and 1.",
        ),
        Misconception(
            stretched_to_the_bounds,
            "the array was stretched so that its smallest entry is −1 and its largest 1. Each entry is cut off "
            "by itself, whatever the others are.",
        ),
        Misconception(
            threshold_unit_stretched,
            "it was cut off at 0 and 1, and stretched to the range from −1 to 1 after that. Cut at −1 and 1: between "
            "them the value is z itself.",
        ),
        Misconception(
            bounds_exchanged,
            "the bounds are exchanged: what is above 1 came out as −1, and what is below −1 as 1. Each stays at the "
            "bound that it has crossed.",
        ),
    ),
    minutes=3,
    difficulty=1,
    core=False,
)
