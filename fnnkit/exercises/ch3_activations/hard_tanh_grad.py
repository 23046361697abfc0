"""`hard_tanh_grad`: derivative of the hard tanh: 1 where ``|z| < 1``, else 0 (both corners included), elementwise."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import CALM
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``hard_tanh_grad(z)``; a corner comes up only where the criterion is about it."""
    value, corners = "1 inside, 0 outside", "0 at both corners"
    mixed = rng.permuted(np.array([-3.5, -1.25, -0.5, 0.25, 0.75, 2.0]))

    def off_the_corners(*shape: int) -> Any:
        z = both_signs(rng, *shape, low=0.25, high=3.0)
        return np.where(np.abs(z) == 1, 0.9 * z, z)

    inside = np.round(rng.uniform(0.25, 0.9, 3), 2)
    outside = np.round(rng.uniform(1.1, 3.0, 3), 2)
    return [
        Case((mixed,), value),
        Case((off_the_corners(2, 3),), value),
        Case((rng.permuted(np.array([-1e4, 0.0, 1e4])),), value, "far out"),
        Case((off_the_corners(2, 1, 3),), value, "three axes"),
        Case((off_the_corners(9, 4),), value, "nine examples"),
        Case((rng.permuted(np.append(inside, outside)),), value, "nothing negative"),
        Case((-rng.permuted(np.append(inside, outside)),), value, "nothing positive"),
        Case((rng.permuted(np.array([-1.0, 0.5, 1.0, -0.25, 0.75, 1.0, -1.0, -0.5, 1.0])),), corners),
        Case((rng.permuted(np.array([1.0, 0.0, -1.0, 2.0, -0.5, -1.0])).reshape(2, 3),), corners, "a matrix"),
    ]


def one_everywhere(z):
    """The slope of z."""
    return np.ones(z.shape)


def one_at_both_corners(z):
    """|z| ≤ 1."""
    return (np.abs(z) <= 1).astype(float)


def one_at_the_right_corner(z):
    """−1 < z ≤ 1."""
    return ((z > -1) & (z <= 1)).astype(float)


def one_at_the_left_corner(z):
    """−1 ≤ z < 1."""
    return ((z >= -1) & (z < 1)).astype(float)


def one_side_only(z):
    """z < 1."""
    return (z < 1).astype(float)


def other_side_only(z):
    """z > −1."""
    return (z > -1).astype(float)


def slope_of_soft_tanh(z):
    """1 − tanh²."""
    return 1.0 - np.tanh(z) ** 2


def hard_tanh_itself(z):
    """The value in the place of the slope."""
    return np.clip(z, -1.0, 1.0)


def inside_or_not(z):
    """True and False in the place of numbers."""
    return np.abs(z) < 1


def slope_by_the_rule_of_tanh(z):
    """1 − h², with the hard h."""
    return 1.0 - np.clip(z, -1.0, 1.0) ** 2


def half_at_the_corners(z):
    """The mean of both slopes."""
    return np.where(np.abs(z) < 1, 1.0, np.where(np.abs(z) == 1, 0.5, 0.0))


def one_outside(z):
    """The complement."""
    return (np.abs(z) >= 1).astype(float)


def minus_one_below(z):
    """The sign of what was crossed."""
    return np.where(z <= -1, -1.0, (z < 1).astype(float))


def slope_of_a_relu(z):
    """A step at 0."""
    return (z > 0).astype(float)


def slope_of_the_threshold_unit(z):
    """Cut off at 0."""
    return ((z > 0) & (z < 1)).astype(float)


def minus_one_on_the_left(z):
    """The sign of z, inside."""
    return np.where(np.abs(z) < 1, np.sign(z), 0.0)


def value_inside(z):
    """z in the place of its slope."""
    return np.where(np.abs(z) < 1, z, 0.0)


def a_hat(z):
    """The distance to the nearer corner."""
    return np.maximum(0.0, 1.0 - np.abs(z))


def value_outside(z):
    """The slope inside, the value outside."""
    return np.where(np.abs(z) < 1, 1.0, np.sign(z))


def value_outside_alone(z):
    """The value outside, and 0 inside."""
    return np.where(np.abs(z) < 1, 0.0, np.sign(z))


EXERCISE = Exercise(
    name="hard_tanh_grad",
    chapter="ch3_activations",
    reference=activations.hard_tanh_grad,
    cases=cases,
    criteria=(
        Criterion("1 inside, 0 outside", 0.5, agrees()),
        Criterion("0 at both corners", 0.25, agrees()),
        Criterion(CALM, 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            one_everywhere,
            "the slope came out as 1 everywhere. Where the unit is cut off it is flat: slope 0.",
        ),
        Misconception(
            one_at_both_corners,
            "at exactly ±1 the slope came out as 1. There the unit has no derivative; for clipped units we agree on "
            "0: the slope is 1 only where |z| is below 1.",
        ),
        Misconception(
            one_at_the_right_corner,
            "at exactly +1 the slope came out as 1. For clipped units we agree on 0 at both corners.",
        ),
        Misconception(
            one_at_the_left_corner,
            "at exactly −1 the slope came out as 1. For clipped units we agree on 0 at both corners.",
        ),
        Misconception(
            one_side_only,
            "to the left of −1 the slope came out as 1. The unit is cut off there as well: slope 0, at −1 too.",
        ),
        Misconception(
            other_side_only,
            "to the right of 1 the slope came out as 1. The unit is cut off there as well: slope 0, at 1 too.",
        ),
        Misconception(
            slope_of_soft_tanh,
            "this is the slope of the smooth tanh. The hard one has slope 1 or 0, and nothing in between.",
        ),
        Misconception(hard_tanh_itself, "this is the unit itself. Its slope is asked: 1 inside, 0 outside."),
        Misconception(
            inside_or_not,
            "a comparison gives `True` and `False`. Turn them into numbers: `(…).astype(float)`.",
        ),
        Misconception(
            slope_by_the_rule_of_tanh,
            "1 − h² is the rule for the smooth tanh. Between the corners the hard one is a straight line, of "
            "slope 1 everywhere.",
        ),
        Misconception(
            half_at_the_corners,
            "at exactly ±1 the slope came out as ½. For clipped units we agree on 0 at both corners.",
        ),
        Misconception(
            one_outside,
            "it is the other way round: 1 inside, where the unit is the line z, and 0 where it is cut off.",
        ),
        Misconception(
            minus_one_below,
            "to the left of −1 the slope came out as −1. That is the value of the unit there, and it stays the same: "
            "slope 0.",
        ),
        Misconception(
            slope_of_a_relu,
            "this is the slope of the ReLU, which changes at 0. The corners of the hard tanh are −1 and 1.",
        ),
        Misconception(
            slope_of_the_threshold_unit,
            "between −1 and 0 the slope came out as 0: the lower corner is −1, not 0.",
        ),
        Misconception(
            minus_one_on_the_left,
            "between −1 and 0 the slope came out as −1. The unit is the line z there, which rises: slope 1 on both "
            "sides of 0.",
        ),
        Misconception(
            value_inside,
            "inside this is z itself. The slope of the line z is 1.",
        ),
        Misconception(
            a_hat,
            "the slope falls off towards the corners. The hard tanh is a straight line up to them: slope 1 "
            "everywhere inside, then 0.",
        ),
        Misconception(
            value_outside,
            "where the unit is cut off, its value came out, −1 or 1. The value stays the same there, so the slope is "
            "0.",
        ),
        Misconception(
            value_outside_alone,
            "outside of the corners this is the value of the unit, −1 or 1, and inside it is 0. The slope is 1 "
            "inside, and 0 where the unit is cut off.",
        ),
    ),
    minutes=3,
    difficulty=1,
    core=False,
)
