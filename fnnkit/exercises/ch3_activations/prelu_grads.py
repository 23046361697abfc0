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
    kink[0][0, 0] = np.abs(kink[0][0, 0])  # one is positive, and of one unit both examples count
    kink[0][:, 2] = -np.abs(kink[0][:, 2])
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
        Case(
            (whole[0] + 0.4, whole[1], whole[2] - 0.3),
            UNUSUAL,
            "whole numbers in `alpha`: it alone is an array of integers",
        ),
        Case(
            (whole[0] + 0.4, whole[1] + 0.15, whole[2]),
            UNUSUAL,
            "whole numbers in `upstream`: it alone is an array of integers",
        ),
        Case(small, UNUSUAL, "float32: numbers with seven digits"),
    ]


def dz_of_the_type_of_upstream(z, alpha, upstream):
    """Written into a copy of upstream."""
    dz = upstream.copy()
    dz[z <= 0] = (alpha * upstream)[z <= 0]
    return dz, (upstream * np.minimum(0, z)).sum(axis=0)


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


def sums_before_the_product(z, alpha, upstream):
    """Added up too early."""
    return upstream * np.where(z > 0, 1.0, alpha), upstream.sum(axis=0) * np.minimum(0, z).sum(axis=0)


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


def dz_times_z_on_the_left(z, alpha, upstream):
    """The value in the place of the slope, on one side."""
    return upstream * np.where(z > 0, 1.0, alpha * z), (upstream * np.minimum(0, z)).sum(axis=0)


def dz_slopes_swapped(z, alpha, upstream):
    """α on the right, 1 on the left."""
    return upstream * np.where(z > 0, alpha, 1.0), (upstream * np.minimum(0, z)).sum(axis=0)


def dz_one_and_alpha_on_the_left(z, alpha, upstream):
    """1 + α."""
    return upstream * (1.0 + alpha * (z <= 0)), (upstream * np.minimum(0, z)).sum(axis=0)


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


def larger_branch(z, alpha, upstream):
    """As if the unit were max(z, αz)."""
    right = z > alpha * z
    return upstream * np.where(right, 1.0, alpha), (upstream * np.where(right, 0.0, z)).sum(axis=0)


def last_negative_example_counts(z, alpha, upstream):
    """Overwritten by each example that is not positive."""
    dalpha = np.zeros(z.shape[1])
    for row, above in zip(z, upstream):  # noqa: B905
        dalpha = np.where(row > 0, dalpha, above * row)
    return upstream * np.where(z > 0, 1.0, alpha), dalpha


def last_example_counts(z, alpha, upstream):
    """Overwritten by each example."""
    return upstream * np.where(z > 0, 1.0, alpha), upstream[-1] * np.minimum(0, z[-1])


def first_example_counts(z, alpha, upstream):
    """One example decides."""
    return upstream * np.where(z > 0, 1.0, alpha), upstream[0] * np.minimum(0, z[0])


def value_in_the_place_of_dz(z, alpha, upstream):
    """Upstream times the unit's value."""
    value = np.where(z > 0, z, alpha * z)
    return upstream * value, (upstream * np.minimum(0, z)).sum(axis=0)


def dalpha_without_z(z, alpha, upstream):
    """As if α were added, not multiplied by z."""
    return upstream * np.where(z > 0, 1.0, alpha), (upstream * (z <= 0)).sum(axis=0)


def dalpha_from_the_positive_part(z, alpha, upstream):
    """The other side."""
    return upstream * np.where(z > 0, 1.0, alpha), (upstream * np.maximum(0, z)).sum(axis=0)


def dalpha_upside_down(z, alpha, upstream):
    """The size of the negative part."""
    return upstream * np.where(z > 0, 1.0, alpha), (upstream * np.maximum(0, -z)).sum(axis=0)


def dz_summed_too(z, alpha, upstream):
    """One number a unit in both."""
    return (upstream * np.where(z > 0, 1.0, alpha)).sum(axis=0), (upstream * np.minimum(0, z)).sum(axis=0)


def alpha_on_both_sides(z, alpha, upstream):
    """No case distinction in dz."""
    return upstream * alpha, (upstream * np.minimum(0, z)).sum(axis=0)


def dalpha_as_a_row(z, alpha, upstream):
    """Shape (1, m)."""
    dalpha = (upstream * np.minimum(0, z)).sum(axis=0, keepdims=True)
    return upstream * np.where(z > 0, 1.0, alpha), dalpha


def dz_nothing_at_zero(z, alpha, upstream):
    """Neither side holds the kink."""
    slope = (z > 0) + alpha * (z < 0)
    return upstream * slope, (upstream * np.minimum(0, z)).sum(axis=0)


def dalpha_from_the_output(z, alpha, upstream):
    """The unit's value in the place of its derivative."""
    h = np.where(z > 0, z, alpha * z)
    return upstream * np.where(z > 0, 1.0, alpha), (upstream * h).sum(axis=0)


def dz_one_and_alpha_on_the_right(z, alpha, upstream):
    """1 + α."""
    return upstream * ((z > 0) + alpha), (upstream * np.minimum(0, z)).sum(axis=0)


def dalpha_of_the_type_of_alpha(z, alpha, upstream):
    """``zeros_like`` of whole numbers holds whole numbers."""
    dalpha = np.zeros_like(alpha)
    for row, above in zip(z, upstream):  # noqa: B905
        dalpha[...] = dalpha + above * np.minimum(0, row)
    return upstream * np.where(z > 0, 1.0, alpha), dalpha


def dalpha_as_a_product_of_matrices(z, alpha, upstream):
    """Every unit with every other."""
    return upstream * np.where(z > 0, 1.0, alpha), upstream.T @ np.minimum(0, z)


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
            dz_of_the_type_of_upstream,
            "`dz` has the type of `upstream`: when that is whole numbers, the decimals of α · upstream are cut off. A gradient "
            "is of floating-point numbers, whatever came in.",
        ),
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
            sums_before_the_product,
            "in `dalpha` two sums over the examples are multiplied. Each example's `upstream` goes with its own z: "
            "multiply first, then add up.",
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
            dz_times_z_on_the_left,
            "on the left `dz` has the factor αz, the value of the unit. The derivative of α · z with respect to z is "
            "α.",
        ),
        Misconception(
            dz_slopes_swapped,
            "the slopes are swapped in `dz`: 1 where z > 0, α elsewhere.",
        ),
        Misconception(
            dz_one_and_alpha_on_the_left,
            "on the left the slope in `dz` is 1 + α. It is α there: the 1 belongs to the right side alone.",
        ),
        Misconception(
            dz_one_at_zero,
            "at exactly 0 the slope in `dz` came out as 1. We agree on the left slope, α: z = 0 belongs to the "
            "negative side.",
        ),
        Misconception(
            gradients_swapped,
            "the two are swapped: `dz` comes first, then `dalpha`.",
        ),
        Misconception(
            upstream_overwritten,
            "the caller's `upstream` was overwritten. `upstream * …` makes a new array.",
        ),
        Misconception(
            larger_branch,
            "the side was chosen by which of z and αz is larger. For α > 1 that is the wrong one: what decides "
            "is whether z is positive.",
        ),
        Misconception(
            last_negative_example_counts,
            "in `dalpha` each example overwrites the one before, so only the last one that is negative counts. The "
            "shares of all examples add up.",
        ),
        Misconception(
            last_example_counts,
            "`dalpha` holds the share of the last example alone. The shares of all examples add up.",
        ),
        Misconception(
            first_example_counts,
            "`dalpha` holds the share of the first example alone. The shares of all examples add up.",
        ),
        Misconception(
            value_in_the_place_of_dz,
            "`dz` is `upstream` times the *value* of the unit. By the chain rule it is multiplied by the slope, "
            "1 or α.",
        ),
        Misconception(
            dalpha_without_z,
            "`dalpha` adds up `upstream` where z is negative, without the factor z. The derivative of α · z with "
            "respect to α is z.",
        ),
        Misconception(
            dalpha_from_the_positive_part,
            "`dalpha` is taken from the positive side. α multiplies the negative part, min(0, z), and that is "
            "its derivative.",
        ),
        Misconception(
            dalpha_upside_down,
            "`dalpha` has the wrong sign: min(0, z) is negative, and it stays so.",
        ),
        Misconception(
            dz_summed_too,
            "`dz` was added up over the examples as well. Each z is a number of its own; only the slope is "
            "shared.",
        ),
        Misconception(
            alpha_on_both_sides,
            "`dz` has the slope α everywhere. Where z is positive the slope is 1.",
        ),
        Misconception(
            dalpha_as_a_row,
            "`dalpha` is a matrix with one row. It has the shape of `alpha`, `(m,)`.",
        ),
        Misconception(
            dz_nothing_at_zero,
            "at exactly 0 `dz` came out as 0: neither of the two sides holds it. We agree on the left slope, α.",
        ),
        Misconception(
            dalpha_from_the_output,
            "`dalpha` uses the value of the unit, max(0, z) + α min(0, z). Its derivative with respect to α is min(0, "
            "z) alone.",
        ),
        Misconception(
            dz_one_and_alpha_on_the_right,
            "where z is positive the slope in `dz` is 1 + α. It is 1 there: α belongs to the other side alone.",
        ),
        Misconception(
            dalpha_of_the_type_of_alpha,
            "`dalpha` has the type of `alpha`: when that is whole numbers, the decimals are cut off. A gradient is of "
            "floating-point numbers, whatever `alpha` holds.",
        ),
        Misconception(
            dalpha_as_a_product_of_matrices,
            "in `dalpha` the `upstream` of every unit meets the z of every other. Each entry of `upstream` goes with "
            "the z in the same place: multiply entry by entry, then sum over the examples.",
        ),
    ),
    minutes=12,
    difficulty=3,
)
