"""`staircase_network`: one hidden layer of sigmoids that steps from value to value."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import approximation
from fnnkit.exercises.ch4_universal_approximation.one_hidden_layer import alike, same_function, sigmoid, units
from fnnkit.judge.criteria import UNUSUAL, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

STEPS = "the height of every stair"
GENTLE = "a gentle slope"
UNITS = "one unit a step"


def points(knots: Any, values: Any, sharpness: float) -> Any:
    """Knots, places between them, and beyond both ends."""
    if len(knots) == 0:
        return np.array([-1.0, 0.5, 2.0])
    k: Any = np.asarray(knots, dtype=float)
    between = [k[:-1] + part * np.diff(k) for part in (0.25, 0.5, 0.75)]
    return np.sort(np.concatenate([k, *between, [k[0] - 1.0, k[0] - 0.3, k[-1] + 0.3, k[-1] + 1.0]]))


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``staircase_network(knots, values, sharpness)``: some steps up, some down, no knot at 0."""

    def stairs(m: int, start: float) -> tuple[Any, Any]:
        knots: Any = start + np.cumsum(np.round(rng.uniform(0.4, 1.2, m), 2))
        knots = np.round(np.where(np.abs(knots) < 0.1, knots + 0.13, knots), 2)
        # Steps alternate but for one: neither always up nor always zigzag; the first value is far from 0.
        steps = np.round(rng.uniform(0.5, 2.0, m), 2) * np.where(np.arange(m) % 2 == 0, -1.0, 1.0)
        if m > 2:
            steps[-1] = steps[-2] / 2
        first = float(np.round(rng.choice([-1.0, 1.0]) * rng.uniform(2.0, 4.0), 2))
        return knots, np.round(first + np.concatenate([[0.0], np.cumsum(steps)]), 4)

    def sharpness(low: float, high: float) -> float:
        return float(np.round(rng.uniform(low, high), 1))

    low, high = stairs(3, -1.0), stairs(4, -2.0)
    return [
        Case((low[0], low[1] - 12.0, sharpness(60, 90)), STEPS, "all values negative"),
        Case((high[0], high[1] + 12.0, sharpness(60, 90)), STEPS, "all values positive"),
        Case((*stairs(3, -2.0), sharpness(60, 90)), STEPS),
        Case((*stairs(4, 0.5), sharpness(40, 60)), STEPS, "all knots on the right of 0"),
        Case((*stairs(2, -6.0), sharpness(60, 90)), STEPS, "all knots on the left of 0"),
        Case((*stairs(20, -6.0), sharpness(60, 90)), STEPS, "twenty steps"),
        Case((*stairs(1, -2.5), sharpness(30, 50)), STEPS, "one step"),
        Case((*stairs(3, -2.0), sharpness(0.5, 0.8)), GENTLE),
        Case((*stairs(5, -1.0), sharpness(1.5, 3.0)), GENTLE),
        Case((*stairs(3, -2.0), sharpness(60, 90)), UNITS),
        Case((*stairs(5, -1.0), sharpness(1.5, 3.0)), UNITS),
        Case(
            (np.array([-2, 1, 3]), np.array([4, 1, 7, 5]) + int(rng.integers(1, 4)), 1.5),
            UNUSUAL,
            "whole numbers",
        ),
        Case(
            (np.zeros(0), np.round(rng.uniform(1.0, 3.0, 1), 2), 20.0), UNUSUAL, "no step: `knots` is empty"
        ),
    ]


def absolute_heights(knots, values, sharpness):
    """Each unit adds the whole height of its stair."""
    W = np.full((1, len(knots)), sharpness)
    return W, -sharpness * knots, values[1:], float(values[0])


def absolute_heights_from_zero(knots, values, sharpness):
    """The same, and the first value is forgotten."""
    W = np.full((1, len(knots)), sharpness)
    return W, -sharpness * knots, values[1:], 0.0


def starts_at_zero(knots, values, sharpness):
    """b = 0: all stairs are shifted."""
    return np.full((1, len(knots)), sharpness), -sharpness * knots, np.diff(values), 0.0


def biases_without_sharpness(knots, values, sharpness):
    """c = −knots."""
    return np.full((1, len(knots)), sharpness), -knots, np.diff(values), float(values[0])


def sharpness_forgotten(knots, values, sharpness):
    """All weights 1."""
    return np.ones((1, len(knots))), -knots, np.diff(values), float(values[0])


def biases_of_the_wrong_sign(knots, values, sharpness):
    """Steps at −knots."""
    return np.full((1, len(knots)), sharpness), sharpness * knots, np.diff(values), float(values[0])


def steps_upwards_only(knots, values, sharpness):
    """The sign of the steps is lost."""
    return np.full((1, len(knots)), sharpness), -sharpness * knots, np.abs(np.diff(values)), float(values[0])


def steps_in_the_other_direction(knots, values, sharpness):
    """values[:-1] − values[1:]."""
    w = values[:-1] - values[1:]
    return np.full((1, len(knots)), sharpness), -sharpness * knots, w, float(values[0])


def weights_as_a_column(knots, values, sharpness):
    """W has one column."""
    return np.full((len(knots), 1), sharpness), -sharpness * knots, np.diff(values), float(values[0])


def a_unit_for_the_first_value(knots, values, sharpness):
    """The first stair is a step far on the left, and b is 0."""
    knots = np.concatenate([[-1e6], knots])
    w = np.diff(np.concatenate([[0.0], values]))
    return np.full((1, len(knots)), sharpness), -sharpness * knots, w, 0.0


def heights_above_the_ground(knots, values, sharpness):
    """Each unit lifts from the ground floor."""
    W = np.full((1, len(knots)), sharpness)
    return W, -sharpness * knots, values[1:] - values[0], float(values[0])


def first_value_as_a_step(knots, values, sharpness):
    """From 0 up to the first value at the first knot: all one stair late."""
    w = np.diff(np.concatenate([[0.0], values]))[: len(knots)]
    return np.full((1, len(knots)), sharpness), -sharpness * knots, w, 0.0


def last_value_as_the_bias(knots, values, sharpness):
    """b = values[-1]."""
    W = np.full((1, len(knots)), sharpness)
    return W, -sharpness * knots, np.diff(values), float(values[-1])


def sharpness_in_the_output_weights(knots, values, sharpness):
    """A taller step, not a steeper one."""
    return np.ones((1, len(knots))), -knots, sharpness * np.diff(values), float(values[0])


def biases_divided_by_the_sharpness(knots, values, sharpness):
    """−k/s."""
    return np.full((1, len(knots)), sharpness), -knots / sharpness, np.diff(values), float(values[0])


def sharpness_in_the_biases_only(knots, values, sharpness):
    """Weights of 1."""
    return np.ones((1, len(knots))), -sharpness * knots, np.diff(values), float(values[0])


def mean_as_the_bias(knots, values, sharpness):
    """b is the mean height."""
    W = np.full((1, len(knots)), sharpness)
    return W, -sharpness * knots, np.diff(values), float(np.mean(values))


def weights_without_an_axis(knots, values, sharpness):
    """W of shape (m,)."""
    W = np.full(len(knots), sharpness)
    return W, -sharpness * knots, np.diff(values), float(values[0])


def bias_in_an_array(knots, values, sharpness):
    """b of shape (1,)."""
    W = np.full((1, len(knots)), sharpness)
    return W, -sharpness * knots, np.diff(values), values[:1]


def values_as_output_weights(knots, values, sharpness):
    """w has one entry more than there are units."""
    W = np.full((1, len(knots)), sharpness)
    return W, -sharpness * knots, values, 0.0


def steps_one_value_early(knots, values, sharpness):
    """values[j] − values[j − 1], the last value before the first one."""
    W = np.full((1, len(knots)), sharpness)
    return W, -sharpness * knots, (values - np.roll(values, 1))[: len(knots)], float(values[0])


def steps_one_knot_late(knots, values, sharpness):
    """The same, and no step at the first knot."""
    W = np.full((1, len(knots)), sharpness)
    return W, -sharpness * knots, np.diff(values, prepend=values[0])[: len(knots)], float(values[0])


def first_value_as_a_step_too(knots, values, sharpness):
    """From 0 up to the first value at the first knot, and that value as the bias as well."""
    W = np.full((1, len(knots)), sharpness)
    return W, -sharpness * knots, np.diff(values, prepend=0)[: len(knots)], float(values[0])


def step_kept_for_the_height(knots, values, sharpness):
    """Less the step before, not the value before."""
    w = []
    before = values[0]
    for value in values[1:]:
        before = value - before
        w.append(before)
    return np.full((1, len(knots)), sharpness), -sharpness * knots, np.array(w), float(values[0])


EXERCISE = Exercise(
    name="staircase_network",
    chapter="ch4_universal_approximation",
    reference=approximation.staircase_network,
    returns=("W", "c", "w", "b"),
    cases=cases,
    alike=alike(sigmoid),
    criteria=(
        Criterion(
            STEPS,
            1.0,
            same_function(
                sigmoid,
                points,
                "Left of all knots every unit is off, and the value is `b`. Go on from knot to knot: which unit comes on, and "
                "what does it add?",
            ),
        ),
        Criterion(
            GENTLE,
            0.25,
            same_function(
                sigmoid,
                points,
                "Unit j is σ(s·(x − knot)): multiply it out, and read off its weight and its bias.",
            ),
        ),
        Criterion(
            UNITS,
            0.25,
            units(
                same_function(
                    sigmoid,
                    points,
                    "First make the function right; the number of units is looked at after that.",
                ),
                lambda knots, values, sharpness: len(knots),
                "There are as many steps as knots. The value before the first step needs no unit: it is `b`.",
            ),
        ),
        Criterion(
            UNUSUAL,
            0.25,
            same_function(
                sigmoid,
                points,
                "Does an array of integers cut something off? Is there a network without units?",
            ),
        ),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            absolute_heights,
            "each unit adds the whole height of its stair, on top of those before. A unit stays on: it should add only the "
            "*difference* of two neighbouring values.",
        ),
        Misconception(
            absolute_heights_from_zero,
            "each unit adds the whole height of its stair, and the first value is missing. Left of all knots the network has "
            "the value `b`, and each unit adds a *difference* of neighbouring values.",
        ),
        Misconception(
            starts_at_zero,
            "the first value is missing from all stairs: left of all knots every unit is off, and what is left there "
            "is `b`.",
        ),
        Misconception(
            biases_without_sharpness,
            "the biases lack the sharpness. The pre-activation is s·(x − knot) = s·x − s·knot: the weight and the bias both "
            "have the factor s.",
        ),
        Misconception(
            sharpness_forgotten,
            "`sharpness` is not used: the steps are as gentle as a plain sigmoid. It is the weight of each unit, and a "
            "factor of its bias.",
        ),
        Misconception(
            biases_of_the_wrong_sign,
            "the steps sit at −knots. A unit steps where its pre-activation s·x + c is zero: solve for c.",
        ),
        Misconception(
            steps_upwards_only,
            "all steps go up. Where the next value is lower the output weight is negative: keep the sign of the "
            "difference.",
        ),
        Misconception(
            steps_in_the_other_direction,
            "every step goes the wrong way: the output weights are the new value minus the old one.",
        ),
        Misconception(
            weights_as_a_column,
            "`W` has the shape of a column. Its rows are inputs, of which there is one, and its columns are units: (1, m).",
        ),
        Misconception(
            a_unit_for_the_first_value,
            "the function is right, but there is one unit more than knots. The first value needs none: the output "
            "bias gives it for nothing.",
        ),
        Misconception(
            heights_above_the_ground,
            "each unit adds the height of its stair above the first one, as if the units before it went off "
            "again. They stay on: add only the step from the stair before.",
        ),
        Misconception(
            first_value_as_a_step,
            "all heights come one stair too late, and the last is never reached: the first value holds left of "
            "all knots already, and is the output bias.",
        ),
        Misconception(
            last_value_as_the_bias,
            "`b` is the last value. Left of all knots every unit is off, and what is left there is the first "
            "one.",
        ),
        Misconception(
            sharpness_in_the_output_weights,
            "the sharpness multiplies the output weights, which makes the steps higher. To make them steeper it "
            "has to multiply the pre-activation, weight and bias.",
        ),
        Misconception(
            biases_divided_by_the_sharpness,
            "the knots were divided by the sharpness. The pre-activation is 0 at the knot: s·knot + c = 0.",
        ),
        Misconception(
            sharpness_in_the_biases_only,
            "the sharpness is in the biases and not in the weights. The pre-activation is s·(x − knot): both "
            "have the factor s.",
        ),
        Misconception(
            mean_as_the_bias,
            "`b` is the mean of all values. Left of all knots every unit is off, and the network has the value "
            "`b`.",
        ),
        Misconception(
            weights_without_an_axis,
            "`W` is a plain row of numbers. It is a matrix with one row, as there is one input: shape (1, m).",
        ),
        Misconception(
            bias_in_an_array,
            "`b` is an array with one entry. It is a number: the first value itself.",
        ),
        Misconception(
            values_as_output_weights,
            "the output weights are the values themselves, one more than there are units. Each unit adds a "
            "*difference* of two neighbouring values.",
        ),
        Misconception(
            steps_one_value_early,
            "the step at knot j is taken from value j − 1 to value j, one too early, and at j = 0 from the *last* value "
            "to the first. Knot j lies between `values[j]` and `values[j + 1]`.",
        ),
        Misconception(
            steps_one_knot_late,
            "the step at knot j is taken from value j − 1 to value j, one too early, and the first knot has no step. "
            "Knot j lies between `values[j]` and `values[j + 1]`.",
        ),
        Misconception(
            first_value_as_a_step_too,
            "the first value is in twice: `b` is that value already, and the unit of the first knot adds it once more. "
            "Knot j lies between `values[j]` and `values[j + 1]`, and adds their difference.",
        ),
        Misconception(
            step_kept_for_the_height,
            "from the second knot on the *step* before is subtracted from the new value, and not the value before. A step "
            "is the difference of two neighbouring values.",
        ),
    ),
    minutes=12,
    difficulty=2,
)
