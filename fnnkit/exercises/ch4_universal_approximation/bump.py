"""`bump`: the difference of two sigmoids, a step up and a step down."""

from __future__ import annotations

import numpy as np

from fnnkit import approximation
from fnnkit.exercises.ch4_universal_approximation.one_hidden_layer import sigmoid
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE = "one step up, one step down"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``bump(x, left, right, height, sharpness)``; edges are never symmetric about 0, nor x close to one."""

    def edges(start: float) -> tuple[float, float]:
        left = start + float(np.round(rng.uniform(0.0, 0.4), 2))
        return left, left + float(np.round(rng.uniform(1.3, 2.2), 2))

    def number(low: float, high: float) -> float:
        return float(np.round(rng.uniform(low, high), 2))

    x = rounded(rng, 7, scale=2.0)
    steep = np.array([-40.0, -3.5, 1.75, 55.0]) + number(0.0, 0.2)
    return [
        Case((x, *edges(-2.0), number(1.5, 3.0), number(1.5, 3.0)), VALUE),
        Case((x[::-1].copy(), *edges(0.7), -number(1.5, 3.0), number(2.0, 4.0)), VALUE, "a negative height"),
        Case(
            (rounded(rng, 5), *edges(-3.5), number(2.0, 4.0), number(0.4, 0.8)),
            VALUE,
            "the two edges overlap",
        ),
        Case((np.abs(x), *edges(-1.0), number(1.5, 3.0), number(1.2, 2.0)), VALUE, "on the right of 0"),
        Case((-np.abs(x), *edges(-1.0), number(1.5, 3.0), number(1.2, 2.0)), VALUE, "on the left of 0"),
        Case(
            (rounded(rng, 40, scale=3.0), *edges(-1.0), number(0.2, 0.8), number(1.2, 2.0)),
            VALUE,
            "40 points",
        ),
        Case(
            (np.array([number(-1.0, 1.0)]), *edges(-1.0), number(1.5, 3.0), number(1.2, 2.0)),
            VALUE,
            "one point",
        ),
        Case((steep, *edges(0.5), number(1.5, 3.0), 1e4), VALUE, "steep edges"),
        Case((steep, *edges(-4.5), -number(1.5, 3.0), 4e3), VALUE, "steep edges"),
        Case((np.zeros(0), *edges(-1.0), 2.0, 3.0), UNUSUAL, "no point: `x` has no entry"),
        Case((rounded(rng, 2, 5), *edges(-1.0), number(1.5, 3.0), 2.0), UNUSUAL, "`x` has two axes"),
        Case(
            (rng.permutation(np.arange(-3, 4)), *edges(-1.0), number(1.5, 3.0), 2.0), UNUSUAL, "whole numbers"
        ),
        Case((rounded(rng, 4).astype(np.float32), *edges(-1.0), number(1.5, 3.0), 2.0), UNUSUAL, "float32"),
    ]


def sum_of_two_steps(x, left, right, height, sharpness):
    """Both steps go up."""
    return height * (sigmoid(sharpness * (x - left)) + sigmoid(sharpness * (x - right)))


def a_hole(x, left, right, height, sharpness):
    """Down at the left, up at the right."""
    return height * (sigmoid(sharpness * (x - right)) - sigmoid(sharpness * (x - left)))


def sharpness_on_one_side(x, left, right, height, sharpness):
    """The right edge has slope 1."""
    return height * (sigmoid(sharpness * (x - left)) - sigmoid(x - right))


def sharpness_on_the_other_side(x, left, right, height, sharpness):
    """The left edge has slope 1."""
    return height * (sigmoid(x - left) - sigmoid(sharpness * (x - right)))


def sharpness_outside(x, left, right, height, sharpness):
    """The sharpness multiplies the values."""
    return height * sharpness * (sigmoid(x - left) - sigmoid(x - right))


def bias_not_multiplied(x, left, right, height, sharpness):
    """s x − l in the place of s (x − l)."""
    return height * (sigmoid(sharpness * x - left) - sigmoid(sharpness * x - right))


def height_on_one_step(x, left, right, height, sharpness):
    """The step down has height 1."""
    return height * sigmoid(sharpness * (x - left)) - sigmoid(sharpness * (x - right))


def height_on_the_other_step(x, left, right, height, sharpness):
    """The step up has height 1."""
    return sigmoid(sharpness * (x - left)) - height * sigmoid(sharpness * (x - right))


def height_forgotten(x, left, right, height, sharpness):
    """Always of height 1."""
    return sigmoid(sharpness * (x - left)) - sigmoid(sharpness * (x - right))


def product_of_two_steps(x, left, right, height, sharpness):
    """A bump too, but another function where the edges overlap."""
    return height * sigmoid(sharpness * (x - left)) * sigmoid(sharpness * (right - x))


def with_tanh(x, left, right, height, sharpness):
    """tanh has twice the step."""
    return height * (np.tanh(sharpness * (x - left)) - np.tanh(sharpness * (x - right)))


def overflowing(x, left, right, height, sharpness):
    """Right values; exp overflows on the way."""
    up = 1 / (1 + np.exp(-sharpness * (x - left)))
    down = 1 / (1 + np.exp(-sharpness * (x - right)))
    return height * (up - down)


def sharpness_as_a_width(x, left, right, height, sharpness):
    """Divided by it."""
    return height * (sigmoid((x - left) / sharpness) - sigmoid((x - right) / sharpness))


def height_inside(x, left, right, height, sharpness):
    """The height squeezes the steps."""
    up, down = sigmoid(height * sharpness * (x - left)), sigmoid(height * sharpness * (x - right))
    return up - down


def box_with_vertical_edges(x, left, right, height, sharpness):
    """A limit: the sharpness is infinite."""
    return np.where((x > left) & (x < right), height * 1.0, 0.0)


def second_step_mirrored(x, left, right, height, sharpness):
    """σ(s (r − x)) goes down by itself, and is subtracted too."""
    return height * (sigmoid(sharpness * (x - left)) - sigmoid(sharpness * (right - x)))


def one_too_high(x, left, right, height, sharpness):
    """Up and down are added."""
    return height * (sigmoid(sharpness * (x - left)) + sigmoid(sharpness * (right - x)))


def edges_at_minus(x, left, right, height, sharpness):
    """x + left."""
    return height * (sigmoid(sharpness * (x + left)) - sigmoid(sharpness * (x + right)))


def never_down(x, left, right, height, sharpness):
    """The first step alone."""
    return height * sigmoid(sharpness * (x - left))


def one_edge_over_the_sum(x, left, right, height, sharpness):
    """One sigmoid of a difference of places."""
    return height * sigmoid(sharpness * (right - left) * np.ones(np.shape(x)))


def middle_and_width(x, left, right, height, sharpness):
    """A bell around the middle."""
    return height * np.exp(-((sharpness * (x - (left + right) / 2)) ** 2))


def half_as_high(x, left, right, height, sharpness):
    """Each step brings half."""
    return height / 2 * (sigmoid(sharpness * (x - left)) - sigmoid(sharpness * (x - right)))


def sharpness_by_the_width(x, left, right, height, sharpness):
    """Measured in widths of the bump."""
    s = sharpness / (right - left)
    return height * (sigmoid(s * (x - left)) - sigmoid(s * (x - right)))


def bell_of_the_tanh_slope(x, left, right, height, sharpness):
    """One bell around the middle."""
    return height * (1 - np.tanh(sharpness * (x - (left + right) / 2)) ** 2)


EXERCISE = Exercise(
    name="bump",
    chapter="ch4_universal_approximation",
    reference=approximation.bump,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.5, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            sum_of_two_steps, "both steps go up. The second one has to go down again: subtract it."
        ),
        Misconception(
            a_hole,
            "this is a bump upside down: the step at `left` goes up, and the one at `right` is subtracted from it.",
        ),
        Misconception(
            sharpness_on_one_side,
            "the sharpness is used on the left edge only. Both edges have the same slope.",
        ),
        Misconception(
            sharpness_on_the_other_side,
            "the sharpness is used on the right edge only. Both edges have the same slope.",
        ),
        Misconception(
            sharpness_outside,
            "the sharpness multiplies the result. It belongs inside the sigmoids, where it multiplies the distance "
            "from each edge.",
        ),
        Misconception(
            bias_not_multiplied,
            "the sharpness multiplies `x` alone, so that the edges move: s·x − left is zero at left/s. It multiplies "
            "the whole distance from an edge.",
        ),
        Misconception(
            height_on_one_step,
            "only the first step has the height, the second has height 1: the two do not cancel on the right.",
        ),
        Misconception(
            height_on_the_other_step,
            "only the second step has the height, the first has height 1: the two do not cancel on the right.",
        ),
        Misconception(height_forgotten, "`height` is not used: the difference of two sigmoids is at most 1."),
        Misconception(
            product_of_two_steps,
            "the two steps are multiplied. That is a bump as well, but a network with one hidden layer only *adds* what its "
            "units give; where the edges overlap the two differ.",
        ),
        Misconception(
            with_tanh, "tanh rises from -1 to 1, which is twice the step of a sigmoid (and half as wide)."
        ),
        Misconception(
            overflowing,
            "the values are right, but `exp` overflows on the way. Your stable `sigmoid` of chapter 2 never takes `exp` of a "
            "positive number; σ(z) = ½ (1 + tanh(z/2)) does not overflow either.",
        ),
        Misconception(
            sharpness_as_a_width,
            "the distances were divided by the sharpness, which makes the edges gentler the larger it is. It "
            "multiplies them.",
        ),
        Misconception(
            height_inside,
            "the height stands inside of the sigmoids, where it changes how steep they are. It multiplies their "
            "difference.",
        ),
        Misconception(
            box_with_vertical_edges,
            "this is a box with vertical edges, and `sharpness` is not used. Each edge is a sigmoid.",
        ),
        Misconception(
            second_step_mirrored,
            "the second step was turned round *and* subtracted, so it goes up again. Subtract a step that goes "
            "up at `right`.",
        ),
        Misconception(
            one_too_high,
            "a step up and a step down were added: far out one of them is on, and between the edges both are, so that "
            "it never comes back to 0.",
        ),
        Misconception(
            edges_at_minus,
            "the edges sit at −left and −right. The step is where the pre-activation is 0: x − left.",
        ),
        Misconception(
            never_down,
            "there is a step up at `left` and none down at `right`.",
        ),
        Misconception(
            one_edge_over_the_sum,
            "the two edges were subtracted from each other inside of one sigmoid, where x drops out. Each edge "
            "has a sigmoid of its own.",
        ),
        Misconception(
            middle_and_width,
            "this is a bell around the middle. The bump here is a difference of two sigmoids, one at each edge.",
        ),
        Misconception(
            half_as_high,
            "it is half as high as it should be. Between the edges the first step is on and the second is off: "
            "their difference is 1 there.",
        ),
        Misconception(
            sharpness_by_the_width,
            "the sharpness was divided by the width of the bump. It multiplies the distance from an edge as it "
            "is.",
        ),
        Misconception(
            bell_of_the_tanh_slope,
            "this is one bell around the middle. The bump here is a difference of two sigmoids, one at each "
            "edge.",
        ),
    ),
    minutes=5,
    difficulty=1,
)
