"""`tangent_maxout`: maxout unit made of tangents: ``max_j (slopes_j x + intercepts_j)`` touches a convex ``f`` from below."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import CALM, EXPONENTIAL
from fnnkit.exercises.drawing import beyond
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.kernel.named import Named

SQUARE = Named("square"), Named("double")


CATENARY = Named("hyperbolic_cosine"), Named("hyperbolic_sine")


EXP = EXPONENTIAL, EXPONENTIAL


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``tangent_maxout(f, df, points)`` with convex functions."""
    slopes, intercepts = "slopes", "intercepts"

    def points(k: int) -> Any:
        return np.round(np.linspace(-1.5, 1.75, k) + rng.uniform(-0.1, 0.1, k), 2)

    many = np.round(rng.permuted(np.linspace(-6.0, 6.0, 18)) + rng.uniform(-0.2, 0.2, 18), 2)
    (positive,), (negative,) = (points for points, _ in beyond(rng, (4,))[1:])
    shared = [
        (*EXP, points(2), ""),
        (*EXP, points(1) + 2.0, "one point"),
        (*CATENARY, points(4)[rng.permutation([1, 0, 3, 2])], "any order"),
        (*SQUARE, many, "eighteen points"),
        (*CATENARY, rng.permuted(positive), "all to the right of 0"),
        (*EXP, rng.permuted(negative), "all to the left of 0"),
    ]
    return [
        Case((*SQUARE, points(3)), slopes),
        Case((*EXP, points(4)), slopes),
        Case((*CATENARY, points(3)), intercepts),
        *(
            Case((f, df, at), criterion, why)
            for criterion in (slopes, intercepts)
            for f, df, at, why in shared
        ),
        # Of the square both would be whole as well.
        Case((*CATENARY, np.array([-2, 0, 3])), UNUSUAL, "whole numbers: `points` is an array of integers"),
        Case((*EXP, np.array([-0.5, 0.25], np.float32)), UNUSUAL, "float32: numbers with seven digits"),
    ]


def secants(f, df, points):
    """Chords between neighbours."""
    y = f(points)
    slopes = np.diff(y) / np.diff(points)
    return slopes, y[:-1] - slopes * points[:-1]


def intercept_with_a_plus(f, df, points):
    """The sign of the second term."""
    return df(points), f(points) + df(points) * points


def height_for_intercept(f, df, points):
    """The height at the point in the place of the height at 0."""
    return df(points), f(points)


def through_the_origin(f, df, points):
    """No intercept at all."""
    return df(points), np.zeros(len(points))


def intercept_upside_down(f, df, points):
    """The whole intercept with the other sign."""
    return df(points), df(points) * points - f(points)


def intercepts_first(f, df, points):
    """Returns (intercepts, slopes)."""
    return f(points) - df(points) * points, df(points)


def values_for_slopes(f, df, points):
    """F in the place of its derivative."""
    return f(points), f(points) - f(points) * points


def height_of_the_function_at_zero(f, df, points):
    """f(0) for every line."""
    return df(points), f(np.zeros(len(points)))


def height_at_zero_less_the_fall(f, df, points):
    """f(0) − f′(p) p."""
    return df(points), f(np.zeros(len(points))) - df(points) * points


def slope_at_zero(f, df, points):
    """f(p) − f′(0) p."""
    return df(points), f(points) - df(np.zeros(len(points))) * points


def where_it_crosses_zero(f, df, points):
    """p − f/f′, the step of Newton's method."""
    with np.errstate(all="ignore"):
        return df(points), points - f(points) / df(points)


def height_left_out(f, df, points):
    """−f′(p) p."""
    return df(points), -df(points) * points


def slope_left_out_of_the_intercept(f, df, points):
    """f(p) − p."""
    return df(points), f(points) - points


def points_for_intercepts(f, df, points):
    """Where it touches."""
    return df(points), points * 1.0


def line_through_the_derivative(f, df, points):
    """f′(p) − f(p) p."""
    return df(points), df(points) - f(points) * points


def decimals_cut_off(f, df, points):
    """Arrays of the type of ``points``."""
    slopes, intercepts = np.zeros_like(points), np.zeros_like(points)
    slopes[...], intercepts[...] = df(points), f(points) - df(points) * points
    return slopes, intercepts


def crossing_turned_round(f, df, points):
    """f(p)/f′(p) − p."""
    return df(points), f(points) / df(points) - points


EXERCISE = Exercise(
    name="tangent_maxout",
    chapter="ch3_activations",
    reference=activations.tangent_maxout,
    returns=("slopes", "intercepts"),
    cases=cases,
    criteria=(
        Criterion("slopes", 0.5, agrees(part=0)),
        Criterion("intercepts", 0.5, agrees(part=1)),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion(CALM, 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            secants,
            "these are chords between neighbouring points, one fewer than there are points. A chord lies above a "
            "convex function. A tangent has the slope df(p), and needs no neighbour.",
        ),
        Misconception(
            intercept_with_a_plus,
            "the sign in the intercept is wrong. The tangent is f(p) + f′(p)(x − p): at x = 0 it is f(p) − f′(p) p.",
        ),
        Misconception(
            height_for_intercept,
            "f(p) is the height at the point p. The intercept is the height of the same line at x = 0: go back by p, "
            "f(p) − f′(p) p.",
        ),
        Misconception(
            through_the_origin,
            "all lines go through the origin. The tangent passes through (p, f(p)): its intercept is f(p) − f′(p) p.",
        ),
        Misconception(
            intercept_upside_down,
            "the intercept has the wrong sign: it is f(p) − f′(p) p.",
        ),
        Misconception(
            intercepts_first,
            "the two are swapped: the slopes come first, then the intercepts.",
        ),
        Misconception(
            values_for_slopes,
            "the slopes are the values of f. The slope of a tangent is the derivative, `df(points)`.",
        ),
        Misconception(
            height_of_the_function_at_zero,
            "all intercepts are f(0), the height of the *function* at 0. Each tangent has a height of its own "
            "there: put x = 0 into the line that touches at p.",
        ),
        Misconception(
            height_at_zero_less_the_fall,
            "the intercept begins at f(0). The tangent starts from the height at its own point, f(p), and falls by "
            "f′(p) p on the way to 0.",
        ),
        Misconception(
            slope_at_zero,
            "the intercept uses the slope of f at 0. A tangent is a straight line: it has the slope f′(p) everywhere.",
        ),
        Misconception(
            where_it_crosses_zero,
            "this is where each tangent crosses the x axis, p − f(p)/f′(p). The intercept is its height at x = "
            "0.",
        ),
        Misconception(
            height_left_out,
            "the height f(p) is missing in the intercept: the tangent is f(p) + f′(p)(x − p).",
        ),
        Misconception(
            slope_left_out_of_the_intercept,
            "the slope is missing in the intercept: on the way from p to 0 the line falls by f′(p) p, not by p.",
        ),
        Misconception(
            points_for_intercepts,
            "the intercepts are the points of contact. An intercept is a height, that of the line at x = 0.",
        ),
        Misconception(
            line_through_the_derivative,
            "f and f′ are exchanged in the intercept: it is f(p) − f′(p) p.",
        ),
        Misconception(
            decimals_cut_off,
            "the results have the type of `points`: when that is whole numbers, the decimals are cut off. Slopes and "
            "intercepts are floating-point numbers, whatever `points` holds.",
        ),
        Misconception(
            crossing_turned_round,
            "the intercept is f(p)/f′(p) − p here, so the height was divided by the slope. It is f(p) − f′(p) p: only "
            "the way back, p, has the slope as a factor.",
        ),
    ),
    minutes=8,
    difficulty=2,
    core=False,
)
