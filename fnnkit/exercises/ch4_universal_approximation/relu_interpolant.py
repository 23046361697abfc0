"""`relu_interpolant`: one hidden layer of ReLUs through every knot, linear between them."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import approximation
from fnnkit.exercises.ch4_universal_approximation.one_hidden_layer import alike, relu, same_function, units
from fnnkit.exercises.ch4_universal_approximation.other_changes import FURTHER
from fnnkit.judge.criteria import UNUSUAL, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

KNOTS = "through the knots, straight between them"
ORDER = "knots in any order"
UNITS = "no more units than knots"
LOOK = (
    "Follow the network from the smallest knot to the right: which unit sets in where, and by how "
    "much does the slope change there?"
)


def points(x: Any, y: Any) -> Any:
    """Every knot, and three places between neighbours; nothing outside, where every continuation is right."""
    k = np.sort(np.asarray(x, dtype=float))
    return np.sort(np.concatenate([k, *(k[:-1] + part * np.diff(k) for part in (0.25, 0.5, 0.8))]))


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``relu_interpolant(x, y)``.

    No slope repeats; the value at the smallest knot is not 0 and, where knots are unsorted, not ``y[0]``.
    """

    def knots(n: int, start: float) -> tuple[Any, Any]:
        x = np.round(start + np.cumsum(rng.uniform(0.4, 1.2, n)), 2)
        up_and_down = np.where(np.arange(n) % 3 == 1, -1.0, 1.0)
        y = np.round(up_and_down * rng.uniform(1.0, 3.0, n) + 0.3 * np.arange(n), 2)
        return x, y

    def turned(n: int, start: float) -> tuple[Any, Any]:
        """In another order, neither first nor last knot at its place."""
        x, y = knots(n, start)
        order = np.roll(rng.permutation(np.arange(1, n - 1)), 1)
        order = np.concatenate([order[:1], [n - 1], order[1:], [0]])
        order = np.roll(order, 1) if order[0] == 0 else order
        return x[order], y[order]

    n = int(rng.integers(5, 8))
    low = knots(4, -1.0)
    return [
        Case(knots(4, -2.0), KNOTS),
        Case(knots(n, 0.5), KNOTS, "all knots on the right of 0"),
        Case(knots(5, -7.0), KNOTS, "all knots on the left of 0"),
        Case(knots(30, -9.0), KNOTS, "30 knots"),
        Case((low[0], low[1] - 12.0), KNOTS, "all values negative"),
        Case(turned(5, -2.0), ORDER),
        Case(turned(n, -1.0), ORDER),
        Case(tuple(part[::-1].copy() for part in knots(4, 0.5)), ORDER, "from right to left"),
        Case(knots(5, -2.0), UNITS),
        Case(
            (np.array([-3, -1, 0, 3]), np.array([1, 4, 2, 7]) + int(rng.integers(1, 5))),
            UNUSUAL,
            "whole numbers",
        ),
        Case(knots(2, -1.0), UNUSUAL, "two knots"),
        Case(knots(1, -1.0), UNUSUAL, "one knot"),
    ]


def slopes_as_weights(x, y):
    """A unit stays on: slopes add up."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    return np.ones((1, len(x) - 1)), -x[:-1], slopes, float(y[0])


def slopes_added_up(x, y):
    """cumsum in the place of diff."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    return np.ones((1, len(x) - 1)), -x[:-1], np.cumsum(slopes), float(y[0])


def first_slope_lost(x, y):
    """Only the changes: nothing starts the first segment."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    return np.ones((1, max(len(x) - 2, 0))), -x[1:-1], np.diff(slopes), float(y[0])


def last_segment_lost(x, y):
    """One unit too few: the last knot is missed."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    w = np.diff(slopes, prepend=0.0)
    return np.ones((1, max(len(w) - 1, 0))), -x[:-2], w[:-1], float(y[0])


def heights_as_weights(x, y):
    """Differences of the values, not of the slopes."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    return np.ones((1, len(x) - 1)), -x[:-1], np.diff(y), float(y[0])


def kinks_at_the_right_ends(x, y):
    """Each unit sets in one knot too late."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    w = np.diff(np.diff(y) / np.diff(x), prepend=0.0)
    return np.ones((1, len(x) - 1)), -x[1:], w, float(y[0])


def kinks_at_minus_the_knots(x, y):
    """c = +x."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    w = np.diff(np.diff(y) / np.diff(x), prepend=0.0)
    return np.ones((1, len(x) - 1)), x[:-1], w, float(y[0])


def starts_at_zero(x, y):
    """b = 0."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    w = np.diff(np.diff(y) / np.diff(x), prepend=0.0)
    return np.ones((1, len(x) - 1)), -x[:-1], w, 0.0


def not_sorted(x, y):
    """Right for knots that come in order."""
    w = np.diff(np.diff(y) / np.diff(x), prepend=0.0)
    return np.ones((1, len(x) - 1)), -x[:-1], w, float(y[0])


def values_not_sorted_along(x, y):
    """Sorts x alone."""
    x = np.sort(x)
    w = np.diff(np.diff(y) / np.diff(x), prepend=0.0)
    return np.ones((1, len(x) - 1)), -x[:-1], w, float(y[0])


def both_sorted_alone(x, y):
    """Sorts x, and sorts y: other pairs."""
    x, y = np.sort(x), np.sort(y)
    w = np.diff(np.diff(y) / np.diff(x), prepend=0.0)
    return np.ones((1, len(x) - 1)), -x[:-1], w, float(y[0])


def bias_before_sorting(x, y):
    """b is the first value as given."""
    b = float(y[0])
    order = np.argsort(x)
    x, y = x[order], y[order]
    w = np.diff(np.diff(y) / np.diff(x), prepend=0.0)
    return np.ones((1, len(x) - 1)), -x[:-1], w, b


def two_units_a_knot(x, y):
    """The function is right, from twice as many units."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    w = np.diff(np.diff(y) / np.diff(x), prepend=0.0)
    c = -x[:-1]
    return np.ones((1, 2 * len(c))), np.concatenate([c, c]), np.concatenate([w, w]) / 2, float(y[0])


def whole_numbers_stay_whole(x, y):
    """The weights take the type of the knots."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    w = np.zeros_like(x[:-1])
    slope = 0
    for i in range(len(x) - 1):
        new = (y[i + 1] - y[i]) / (x[i + 1] - x[i])
        w[i] = new - slope
        slope = new
    return np.ones((1, len(x) - 1)), -x[:-1], w, float(y[0])


def slopes_at_the_knots(x, y):
    """np.gradient: a mean of the slopes on both sides."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.gradient(y, x)[:-1] if len(x) > 1 else np.zeros(0)
    return np.ones((1, len(x) - 1)), -x[:-1], np.diff(slopes, prepend=0.0), float(y[0])


def slopes_upside_down(x, y):
    """Δx/Δy."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    w = np.diff(np.diff(x) / np.diff(y), prepend=0.0)
    return np.ones((1, len(x) - 1)), -x[:-1], w, float(y[0])


def rises_not_divided(x, y):
    """Changes of the rise, without the distances."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    return np.ones((1, len(x) - 1)), -x[:-1], np.diff(np.diff(y), prepend=0.0), float(y[0])


def changes_turned_round(x, y):
    """The old slope minus the new one."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    w = np.concatenate([slopes[:1], slopes[:-1] - slopes[1:]])
    return np.ones((1, len(x) - 1)), -x[:-1], w, float(y[0])


def height_at_zero_as_the_bias(x, y):
    """b is the intercept of the first segment."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    b = float(y[0] - (slopes[0] * x[0] if len(slopes) else 0.0))
    return np.ones((1, len(x) - 1)), -x[:-1], np.diff(slopes, prepend=0.0), b


def kinks_in_the_middles(x, y):
    """Each unit sets in halfway."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    w = np.diff(np.diff(y) / np.diff(x), prepend=0.0)
    return np.ones((1, len(x) - 1)), -(x[:-1] + x[1:]) / 2, w, float(y[0])


def last_value_as_the_bias(x, y):
    """b = y[-1]."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    w = np.diff(np.diff(y) / np.diff(x), prepend=0.0)
    return np.ones((1, len(x) - 1)), -x[:-1], w, float(y[-1])


def sorted_by_the_values(x, y):
    """argsort of y."""
    order = np.argsort(y)
    x, y = x[order], y[order]
    w = np.diff(np.diff(y) / np.diff(x), prepend=0.0)
    return np.ones((1, len(x) - 1)), -x[:-1], w, float(y[0])


def weights_without_an_axis(x, y):
    """W of shape (n − 1,)."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    w = np.diff(np.diff(y) / np.diff(x), prepend=0.0)
    return np.ones(len(x) - 1), -x[:-1], w, float(y[0])


EXERCISE = Exercise(
    name="relu_interpolant",
    chapter="ch4_universal_approximation",
    reference=approximation.relu_interpolant,
    returns=("W", "c", "w", "b"),
    cases=cases,
    alike=alike(relu),
    criteria=(
        Criterion(KNOTS, 1.0, same_function(relu, points, LOOK)),
        Criterion(
            ORDER,
            0.25,
            same_function(
                relu,
                points,
                "Kinks, slopes and `b`: is each of them made of pairs that are in order? `np.argsort(x)` gives one "
                "order for both.",
            ),
        ),
        Criterion(
            UNITS,
            0.25,
            units(
                same_function(relu, points, LOOK),
                lambda x, y: len(x),
                "One unit a knot is enough, and the last knot needs none: no slope changes there.",
            ),
        ),
        Criterion(
            UNUSUAL,
            0.25,
            same_function(
                relu, points, "Does an array of integers cut slopes off? What is left when there is no slope?"
            ),
        ),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            slopes_as_weights,
            "the output weights are the slopes themselves. A unit stays on, so what it adds stays too: each new unit adds only "
            "the *change* of the slope at its knot.",
        ),
        Misconception(
            slopes_added_up,
            "the slopes were added up. It is the other way round: units add up, so take *differences* of slopes.",
        ),
        Misconception(
            first_slope_lost,
            "the network is flat up to the second knot: the first segment has a slope as well. Its change "
            "is from 0 to that slope.",
        ),
        Misconception(
            last_segment_lost,
            "the last knot is missed: one unit too few. n knots have n − 1 segments, and each begins with a unit.",
        ),
        Misconception(
            heights_as_weights,
            "the output weights are differences of the values. Past its kink a ReLU is a ramp, not a step: differences of "
            "*slopes* are wanted.",
        ),
        Misconception(
            kinks_at_the_right_ends,
            "each unit sets in one knot too late. A segment begins at its left knot, and so does its unit.",
        ),
        Misconception(
            kinks_at_minus_the_knots,
            "the kinks sit at −x. A unit sets in where its pre-activation x·W + c is zero.",
        ),
        Misconception(
            starts_at_zero,
            "the network starts at 0 and not at the value of the first knot: that is the output bias.",
        ),
        Misconception(
            not_sorted,
            "the knots are taken as they come. Neighbours on the line are neighbours after sorting.",
        ),
        Misconception(
            values_not_sorted_along,
            "`x` was sorted and `y` was not: each value has to go with its knot. `np.argsort` gives one order for both.",
        ),
        Misconception(
            both_sorted_alone,
            "`x` and `y` were sorted each on its own: that makes other pairs. One order for both, from `np.argsort(x)`.",
        ),
        Misconception(
            bias_before_sorting,
            "`b` is the first value of the list. It has to be the value at the *smallest* knot: take it after sorting.",
        ),
        Misconception(
            two_units_a_knot, "the function is right, and there are twice as many units as it needs."
        ),
        Misconception(
            whole_numbers_stay_whole,
            "where `x` and `y` are whole numbers the fractions of the slopes are cut off: an array of integers holds "
            "none. Make it one of floats.",
        ),
        Misconception(
            slopes_at_the_knots,
            "the slopes are those that `np.gradient` gives *at* the knots, averaged over both sides. Each "
            "segment has one slope: the rise between two neighbours over their distance.",
        ),
        Misconception(
            slopes_upside_down,
            "the slopes are upside down: the difference of the values over that of the knots.",
        ),
        Misconception(
            rises_not_divided,
            "the rise from knot to knot was not divided by the distance of the knots: that makes a slope of it.",
        ),
        Misconception(
            changes_turned_round,
            "from the second knot on the changes of slope have the wrong sign: a unit adds the new slope less the old "
            "one.",
        ),
        Misconception(
            height_at_zero_as_the_bias,
            "`b` is the height of the first line at x = 0. At the smallest knot every unit is off, and the "
            "network has the value `b` there.",
        ),
        Misconception(
            kinks_in_the_middles,
            "the units set in halfway between two knots. A segment begins at its left knot.",
        ),
        Misconception(
            last_value_as_the_bias,
            "`b` is the value at the largest knot. All units are off at the *smallest* one, and `b` is the value "
            "there.",
        ),
        Misconception(
            sorted_by_the_values,
            "the knots were put in the order of their *values*. From left to right means in the order of `x`.",
        ),
        Misconception(
            weights_without_an_axis,
            "`W` is a plain row of numbers. It is a matrix with one row, as there is one input: shape (1, m).",
        ),
        *FURTHER,
    ),
    minutes=15,
    difficulty=3,
)
