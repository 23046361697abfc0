"""`prelu_grads`: gradients of a loss through a parametric ReLU, with respect to its input and to its slopes."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import CALM
from fnnkit.exercises.drawing import beyond, both_signs, fractions
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``prelu_grads(z, alpha, upstream)``; examples and units differ in number, but for one case."""
    dz, dalpha, at_zero = "dz: the chain rule", "dalpha: one number a unit", "at the kink"

    def drawn(n: int, m: int) -> tuple[Any, Any, Any]:
        return both_signs(rng, n, m), np.round(rng.uniform(0.1, 0.6, m), 2), both_signs(rng, n, m)

    kink = drawn(2, 3)
    kink[0][0, 1] = kink[0][1, 0] = 0.0
    small = tuple(a.astype(np.float32) for a in drawn(2, 3))
    whole = (np.array([[-2, 3], [1, -4], [-1, -1]]), np.array([2, -1]), rng.integers(1, 5, (3, 2)))
    both = [
        (drawn(2, 3), ""),
        (drawn(3, 3), "three examples, three units"),
        (drawn(1, 2), "one example"),
        *((args, f"nine examples, {why}") for args, why in beyond(rng, (9, 4), (4,), (9, 4))),
    ]
    return [
        *(Case(args, criterion, why) for criterion in (dz, dalpha) for args, why in both),
        Case(kink, at_zero, "two entries are exactly 0"),
        Case(whole, UNUSUAL, "whole numbers: the arrays are of integers"),
        Case(fractions(whole), UNUSUAL, "whole numbers in `z`: it alone is an array of integers"),
        Case(small, UNUSUAL, "float32: numbers with seven digits"),
    ]


def dalpha_for_each_example(z, alpha, upstream):
    """The examples are not added up."""
    return upstream * np.where(z > 0, 1.0, alpha), upstream * np.minimum(0, z)


def dalpha_over_units(z, alpha, upstream):
    """Summed over the wrong axis."""
    return upstream * np.where(z > 0, 1.0, alpha), (upstream * np.minimum(0, z)).sum(axis=1)


def dalpha_averaged(z, alpha, upstream):
    """A mean in the place of the sum."""
    if len(z) == 0:
        return np.zeros(z.shape), np.zeros(z.shape[1])
    return upstream * np.where(z > 0, 1.0, alpha), (upstream * np.minimum(0, z)).mean(axis=0)


def dalpha_summed_over_everything(z, alpha, upstream):
    """One number for all slopes."""
    return upstream * np.where(z > 0, 1.0, alpha), (upstream * np.minimum(0, z)).sum()


def dz_without_upstream(z, alpha, upstream):
    """The chain rule stops at the unit."""
    return np.where(z > 0, 1.0, alpha), (upstream * np.minimum(0, z)).sum(axis=0)


def upstream_forgotten(z, alpha, upstream):
    """Both gradients without upstream."""
    return np.where(z > 0, 1.0, alpha), np.minimum(0, z).sum(axis=0)


def dalpha_without_upstream(z, alpha, upstream):
    """The second gradient without upstream."""
    return upstream * np.where(z > 0, 1.0, alpha), np.minimum(0, z).sum(axis=0)


def dalpha_from_all_of_z(z, alpha, upstream):
    """The positive part is in it as well."""
    return upstream * np.where(z > 0, 1.0, alpha), (upstream * z).sum(axis=0)


def dalpha_times_alpha(z, alpha, upstream):
    """α is still there after differentiating with respect to it."""
    return upstream * np.where(z > 0, 1.0, alpha), (upstream * alpha * np.minimum(0, z)).sum(axis=0)


def dz_of_a_relu(z, alpha, upstream):
    """The slope on the left is 0."""
    return upstream * (z > 0), (upstream * np.minimum(0, z)).sum(axis=0)


def dz_slopes_swapped(z, alpha, upstream):
    """α on the right, 1 on the left."""
    return upstream * np.where(z > 0, alpha, 1.0), (upstream * np.minimum(0, z)).sum(axis=0)


def dz_one_at_zero(z, alpha, upstream):
    """The right slope at 0."""
    return upstream * np.where(z >= 0, 1.0, alpha), (upstream * np.minimum(0, z)).sum(axis=0)


def gradients_swapped(z, alpha, upstream):
    """Returns (dalpha, dz)."""
    return (upstream * np.minimum(0, z)).sum(axis=0), upstream * np.where(z > 0, 1.0, alpha)


def upstream_overwritten(z, alpha, upstream):
    """Right values, but upstream is overwritten."""
    dalpha = (upstream * np.minimum(0, z)).sum(axis=0)
    upstream *= np.where(z > 0, 1.0, alpha)
    return upstream, dalpha


EXERCISE = Exercise(
    name="prelu_grads",
    chapter="ch3_activations",
    reference=activations.prelu_grads,
    returns=("dz", "dalpha"),
    cases=cases,
    criteria=(
        Criterion("dz: the chain rule", 0.75, agrees(part=0)),
        Criterion("dalpha: one number a unit", 0.5, agrees(part=1)),
        Criterion("at the kink", 0.25, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion(CALM, 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            dalpha_for_each_example,
            "`dalpha` has one row an example. One slope serves the whole batch, so what it does to the loss adds up "
            "over the examples: `.sum(axis=0)`.",
        ),
        Misconception(
            dalpha_over_units,
            "`dalpha` was summed over the units of each example. A slope belongs to a unit (a column) and is shared by "
            "the examples (the rows): sum over the rows, `axis=0`.",
        ),
        Misconception(
            dalpha_averaged,
            "`dalpha` is a mean over the examples. Whether the loss is averaged is settled in `upstream` already; the "
            "chain rule adds.",
        ),
        Misconception(
            dalpha_summed_over_everything,
            "`dalpha` is a single number: units were added up too. Each unit has its own slope: `.sum(axis=0)`.",
        ),
        Misconception(
            dz_without_upstream,
            "`dz` is the slope of the unit alone. By the chain rule it is multiplied by what comes from above, "
            "`upstream`.",
        ),
        Misconception(
            upstream_forgotten,
            "`upstream` is used in neither gradient. By the chain rule both are multiplied by it before anything is "
            "added up.",
        ),
        Misconception(
            dalpha_without_upstream,
            "`dalpha` does not use `upstream`. Multiply by it first, then sum over the examples.",
        ),
        Misconception(
            dalpha_from_all_of_z,
            "`dalpha` uses all of `z`. α multiplies the negative part alone, so its derivative is min(0, z).",
        ),
        Misconception(
            dalpha_times_alpha,
            "there is an α too many in `dalpha`: the derivative of α · min(0, z) with respect to α is min(0, z).",
        ),
        Misconception(
            dz_of_a_relu,
            "`dz` is 0 on the left, as for a plain ReLU. Here the slope there is α, and that is the point: the unit "
            "goes on learning.",
        ),
        Misconception(
            dz_slopes_swapped,
            "the slopes are swapped in `dz`: 1 where z > 0, α elsewhere.",
        ),
        Misconception(
            dz_one_at_zero,
            "at exactly 0 we agree on the left slope, α: `z > 0`, not `z >= 0`.",
        ),
        Misconception(gradients_swapped, "the two are swapped: `return dz, dalpha`."),
        Misconception(
            upstream_overwritten,
            "`upstream *= …` overwrites the caller's gradient. `upstream * …` makes a new array.",
        ),
    ),
    minutes=12,
    difficulty=3,
)
