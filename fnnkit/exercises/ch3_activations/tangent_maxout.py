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
        Case((*SQUARE, np.array([-2, 0, 3])), UNUSUAL, "whole numbers: `points` is an array of integers"),
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
        Misconception(intercepts_first, "the two are swapped: `return slopes, intercepts`."),
        Misconception(
            values_for_slopes,
            "the slopes are the values of f. The slope of a tangent is the derivative, `df(points)`.",
        ),
    ),
    minutes=8,
    difficulty=2,
    core=False,
)
