"""Chapter 3, Hidden units: what each exercise asks."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import activations, gradcheck
from fnnkit.exercises.exercise import (
    Case,
    Chapter,
    Criterion,
    Exercise,
    Misconception,
    agrees,
    both,
    calm,
    calm_outside,
    unwarned,
)
from fnnkit.exercises.named import Named

CHAPTER = Chapter("ch3_activations")
EXERCISES = CHAPTER.exercises

SINE, EXPONENTIAL = Named("sine"), Named("exponential")
CALM, STABLE, EDGE = "inputs unchanged, no warning", "stable at ±10000", "whole numbers, float32, no entry"
# Far out, where `exp` overflows. Each side is a case of its own: most naive formulas fail on one of them only.
FAR = ("far to the left", -1.0), ("far to the right", 1.0)


def rounded(rng: np.random.Generator, *shape: int, scale: float = 1.0) -> Any:
    """Normal numbers with two decimals, never 0, so that a message can be typed in again."""
    z = np.round(scale * rng.standard_normal(shape), 2)
    return np.where(z == 0, 0.25, z)


def both_signs(rng: np.random.Generator, *shape: int, low: float = 0.25, high: float = 2.0) -> Any:
    """Numbers with two decimals, away from 0, about half of them negative and at least one of each sign."""
    size = int(np.prod(shape))
    sign = rng.permuted(np.resize([1.0, -1.0], size))
    return (sign * np.round(rng.uniform(low, high, size), 2)).reshape(shape)


def far_out(criterion: str) -> list[Case]:
    """Both sides of ±10000, for an elementwise function."""
    return [Case((side * np.array([40.0, 800.0, 1e4]),), criterion, why) for why, side in FAR]


# --- numerical_derivative ------------------------------------------------------------------------------------


def numerical_derivative_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``numerical_derivative(f, z, eps)``; the steps are long, so that one formula differs from another."""
    value, edge = "the central difference", "any shape, whole numbers, no entry"
    return [
        Case((SINE, rounded(rng, 3), float(rng.choice([0.1, 0.2]))), value),
        Case((EXPONENTIAL, rounded(rng, 2), 0.4), value),
        Case((SINE, rounded(rng, 2), 0.001), value, "a short step"),
        Case((SINE, rounded(rng, 2, 3), 0.25), edge, "a matrix"),
        Case((EXPONENTIAL, rng.permuted(np.arange(-1, 3)), 0.25), edge, "whole numbers"),
        Case((SINE, rounded(rng, 3).astype(np.float32), 0.25), edge, "float32"),
        Case((SINE, np.zeros(0), 0.25), edge, "no entry"),
    ]


def forward_difference(f, z, eps):
    """One-sided, to the right."""
    return (f(z + eps) - f(z)) / eps


def backward_difference(f, z, eps):
    """One-sided, to the left."""
    return (f(z) - f(z - eps)) / eps


def divided_by_eps(f, z, eps):
    """The two sides are 2 eps apart."""
    return (f(z + eps) - f(z - eps)) / eps


def two_without_brackets(f, z, eps):
    """``/ 2 * eps`` divides by 2 and multiplies by eps."""
    return (f(z + eps) - f(z - eps)) / 2 * eps


def half_steps(f, z, eps):
    """Steps of eps / 2 to each side."""
    return (f(z + eps / 2) - f(z - eps / 2)) / eps


def left_minus_right(f, z, eps):
    """The difference turned round."""
    return (f(z - eps) - f(z + eps)) / (2 * eps)


def differences_along_the_array(f, z, eps):
    """np.gradient compares neighbouring entries."""
    return np.gradient(f(z), eps)


def whole_numbers_stay_whole(f, z, eps):
    """``zeros_like`` of whole numbers holds whole numbers: the decimals are cut off."""
    slopes = np.zeros_like(z)
    for i in np.ndindex(z.shape):
        slopes[i] = (f(z[i] + eps) - f(z[i] - eps)) / (2 * eps)
    return slopes


def steps_in_place(f, z, eps):
    """Right values, but z is left half a step away (whole numbers are copied, as they cannot be moved)."""
    if z.dtype.kind != "f":
        z = z.astype(float)
    z += eps
    right = f(z)
    z -= 2 * eps
    return (right - f(z)) / (2 * eps)


numerical_derivative = CHAPTER.add(
    Exercise(
        name="numerical_derivative",
        chapter=CHAPTER.id,
        reference=gradcheck.numerical_derivative,
        cases=numerical_derivative_cases,
        criteria=(
            Criterion("the central difference", 0.75, agrees()),
            Criterion("any shape, whole numbers, no entry", 0.25, agrees()),
            Criterion(CALM, 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                forward_difference,
                "this is the one-sided difference (f(z + ε) − f(z)) / ε. Its error shrinks like ε, that of the central "
                "difference like ε²: step to both sides.",
            ),
            Misconception(
                backward_difference,
                "this is the one-sided difference (f(z) − f(z − ε)) / ε. Its error shrinks like ε, that of the central "
                "difference like ε²: step to both sides.",
            ),
            Misconception(
                divided_by_eps,
                "the difference is divided by ε. From z − ε to z + ε it is 2ε, so every slope comes out twice too steep.",
            ),
            Misconception(
                two_without_brackets,
                "`/ 2 * eps` divides by 2 and then multiplies by eps. Brackets are missing: `/ (2 * eps)`.",
            ),
            Misconception(
                half_steps,
                "the steps to each side are ε / 2. Here ε is the step to each side: z + ε and z − ε, which are 2ε apart.",
            ),
            Misconception(
                left_minus_right,
                "the difference is turned round: the value on the right, f(z + ε), comes first.",
            ),
            Misconception(
                differences_along_the_array,
                "`np.gradient` compares neighbouring entries of the array, and those have nothing to do with each other. "
                "Move every entry by itself: `f(z + eps)` and `f(z - eps)`.",
            ),
            Misconception(
                whole_numbers_stay_whole,
                "`np.zeros_like(z)` has the type of `z`: made from whole numbers, it cuts the decimals off whatever is "
                "put into it. `np.zeros(z.shape)` holds floating-point numbers. (No loop is needed: `f` takes arrays.)",
            ),
            Misconception(
                steps_in_place,
                "`z += eps` moves the caller's own array. `z + eps` makes a new one.",
            ),
        ),
        minutes=10,
        difficulty=2,
    )
)


# --- relu_grad -----------------------------------------------------------------------------------------------


def relu_grad_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``relu_grad(z)``."""
    value, kink = "1 where the unit is active, else 0", "0 at the kink"
    at_zero = both_signs(rng, 4)
    at_zero[1] = 0.0
    return [
        Case((both_signs(rng, 4),), value),
        Case((both_signs(rng, 2, 3),), value, "a batch of two examples"),
        Case((rng.permuted(np.array([-3, -1, 2, 4])),), value, "whole numbers"),
        Case((both_signs(rng, 4).astype(np.float32),), value, "float32"),
        Case((np.zeros((0, 3)),), value, "no example"),
        Case((at_zero,), kink, "one entry is exactly 0"),
        Case((np.array([[0, 2], [-1, 0]]),), kink, "whole numbers"),
    ]


def one_at_zero(z):
    """The right slope at 0."""
    return (z >= 0).astype(float)


def half_at_zero(z):
    """The mean of both slopes at 0."""
    return np.heaviside(z, 0.5)


def relu_over_z(z):
    """0 / 0 at the kink."""
    return np.maximum(0, z) / z


def relu_itself(z):
    """The value in the place of the derivative."""
    return np.maximum(0.0, z)


def sign_of_z(z):
    """The derivative of the absolute value."""
    return np.sign(z).astype(float)


def truth_values(z):
    """True and False in the place of numbers."""
    return z > 0


def one_number_only(z):
    """Only for a single number."""
    return 1.0 if z > 0 else 0.0


def slope_into_z(z):
    """Right values, but z is overwritten (whole numbers are copied)."""
    if z.dtype.kind != "f":
        z = z.astype(float)
    z[z <= 0] = 0
    z[z > 0] = 1
    return z


relu_grad = CHAPTER.add(
    Exercise(
        name="relu_grad",
        chapter=CHAPTER.id,
        reference=activations.relu_grad,
        cases=relu_grad_cases,
        criteria=(
            Criterion("1 where the unit is active, else 0", 0.5, agrees()),
            Criterion("0 at the kink", 0.25, agrees()),
            Criterion(CALM, 0.25, calm_outside("0 at the kink"), every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                one_at_zero,
                "the slope at exactly 0 came out as 1. There the ReLU has no derivative; we agree on the left slope, 0: "
                "`z > 0`, not `z >= 0`.",
            ),
            Misconception(
                half_at_zero,
                "the slope at exactly 0 came out as ½. There the ReLU has no derivative; we agree on the left slope, 0.",
            ),
            Misconception(
                relu_over_z,
                "max(0, z) / z is the slope everywhere but at 0, where it is 0 / 0. Compare `z` with 0; do not divide.",
            ),
            Misconception(
                relu_itself,
                "this is the ReLU itself. Its derivative is the slope: 1 on the right, however large z is.",
            ),
            Misconception(
                sign_of_z,
                "the slope on the left came out as −1: that is |z|. The ReLU is flat there, slope 0.",
            ),
            Misconception(
                truth_values,
                "`z > 0` gives `True` and `False`. Turn them into numbers: `(z > 0).astype(float)`.",
            ),
            Misconception(
                one_number_only,
                "`if` and `max` compare one number, and `z` is an array. `np.where(z > 0, …, …)` and `(z > 0)` go entry "
                "by entry.",
            ),
            Misconception(
                slope_into_z,
                "`z[…] = …` overwrites the caller's array. Compute a new one: `np.where(z > 0, 1.0, 0.0)`.",
            ),
        ),
        minutes=5,
        difficulty=1,
    )
)


# --- generalized_relu ----------------------------------------------------------------------------------------


def generalized_relu_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``generalized_relu(z, alpha)``."""
    value, any_slope, units = "one small slope for all", "slopes above 1 and below 0", "a slope for each unit"
    return [
        Case((both_signs(rng, 4), 0.01), value, "leaky ReLU"),
        Case((both_signs(rng, 2, 2), round(float(rng.uniform(0.2, 0.8)), 2)), value),
        Case((both_signs(rng, 4), 0.0), value, "the ReLU itself"),
        Case((rng.permuted(np.array([-3, -1, 2, 4])), 0.5), value, "whole numbers"),
        Case((both_signs(rng, 4).astype(np.float32), 0.25), value, "float32"),
        Case((np.array([-1.5, 0.0, 2.0]), 0.1), value, "one entry is exactly 0"),
        Case((both_signs(rng, 4), -1), any_slope, "absolute value rectification"),
        Case((both_signs(rng, 4), round(float(rng.uniform(1.5, 3.0)), 2)), any_slope),
        Case((both_signs(rng, 2, 3), np.array([0.01, 0.5, 0.25])), units),
        Case(
            (both_signs(rng, 3, 3), rng.permuted(np.array([0.1, 0.4, 0.8]))),
            units,
            "three examples, three units",
        ),
        Case((both_signs(rng, 1, 2), np.array([0.2, 0.6])), units, "one example"),
        Case((np.zeros((0, 2)), np.array([0.2, 0.6])), units, "no example"),
    ]


def slope_on_the_right(z, alpha):
    """Alpha multiplies the positive part."""
    return alpha * np.maximum(0, z) + np.minimum(0, z)


def larger_of_both(z, alpha):
    """max(αz, z): right for α ≤ 1."""
    return np.maximum(alpha * z, z)


def negative_part_subtracted(z, alpha):
    """A minus in the place of the plus."""
    return np.maximum(0, z) - alpha * np.minimum(0, z)


def alpha_itself_on_the_left(z, alpha):
    """α where αz belongs."""
    return np.where(z > 0, z, alpha)


def slope_left_out(z, alpha):
    """A plain ReLU."""
    return np.maximum(0.0, z)


def slope_times_everything(z, alpha):
    """α also multiplies the sum."""
    return alpha * (np.maximum(0, z) + np.minimum(0, z))


def slope_for_each_example(z, alpha):
    """One slope a row."""
    alpha = np.asarray(alpha)
    if alpha.ndim == 1:
        alpha = alpha.reshape(-1, 1)
    return np.maximum(0, z) + alpha * np.minimum(0, z)


def one_slope_only(z, alpha):
    """The first slope for all units."""
    alpha = float(np.ravel(alpha)[0])
    return np.maximum(0, z) + alpha * np.minimum(0, z)


def rectifier_of_one_number(z, alpha):
    """Only for a single number."""
    return max(0, z) + alpha * min(0, z)


def scaled_in_place(z, alpha):
    """Right values, but z is overwritten (whole numbers are copied)."""
    if z.dtype.kind != "f":
        z = z.astype(float)
    np.multiply(z, alpha, out=z, where=z < 0)
    return z


generalized_relu = CHAPTER.add(
    Exercise(
        name="generalized_relu",
        chapter=CHAPTER.id,
        reference=activations.generalized_relu,
        cases=generalized_relu_cases,
        criteria=(
            Criterion("one small slope for all", 0.5, agrees()),
            Criterion("slopes above 1 and below 0", 0.25, agrees()),
            Criterion("a slope for each unit", 0.25, agrees()),
            Criterion(CALM, 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                slope_on_the_right,
                "α is on the wrong side: it multiplies the positive part. The slope is 1 for z > 0 and α for z < 0.",
            ),
            Misconception(
                larger_of_both,
                "max(αz, z) is the same only while α ≤ 1. For α > 1 the line αz lies below z on the left and above it "
                "on the right. Write the sum as it stands: max(0, z) + α min(0, z).",
            ),
            Misconception(
                negative_part_subtracted,
                "the second part is subtracted. min(0, z) is negative already: max(0, z) + α min(0, z).",
            ),
            Misconception(
                alpha_itself_on_the_left,
                "for negative z the number α itself came out. There the unit is a line with slope α: α · z.",
            ),
            Misconception(
                slope_left_out,
                "the left side is flat: this is the plain ReLU. α · min(0, z) is missing.",
            ),
            Misconception(
                slope_times_everything,
                "α multiplies both parts, so all of it is αz, a straight line. It belongs to min(0, z) alone.",
            ),
            Misconception(
                slope_for_each_example,
                "each row got a slope of its own. A slope belongs to a unit, and units are columns: `alpha` of shape "
                "`(m,)` meets `z` of shape `(n, m)` rightly by itself.",
            ),
            Misconception(
                one_slope_only,
                "all units got the slope of the first one. `alpha` may be an array with one slope a unit: multiply by it "
                "as it is.",
            ),
            Misconception(
                rectifier_of_one_number,
                "`max`, `min` and `if` compare one number, and `z` is an array: `np.maximum` and `np.minimum` go entry by "
                "entry.",
            ),
            Misconception(
                scaled_in_place,
                "the caller's `z` was overwritten. `np.minimum(0, z)` makes a new array.",
            ),
        ),
        minutes=6,
        difficulty=2,
    )
)


# --- prelu_grads ---------------------------------------------------------------------------------------------


def prelu_grads_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``prelu_grads(z, alpha, upstream)``; examples and units differ in number, but for one case."""
    dz, dalpha = "dz: the chain rule", "dalpha: one number a unit"
    edge = "at the kink, one example, none"

    def drawn(n: int, m: int) -> tuple[Any, Any, Any]:
        return both_signs(rng, n, m), np.round(rng.uniform(0.1, 0.6, m), 2), rounded(rng, n, m)

    kink = drawn(2, 3)
    kink[0][0, 1] = kink[0][1, 0] = 0.0
    small = tuple(a.astype(np.float32) for a in drawn(2, 3))
    whole = (np.array([[-2, 3], [1, -4], [-1, -1]]), np.array([2, -1]), rng.integers(1, 5, (3, 2)))
    return [
        Case(drawn(2, 3), dz),
        Case(drawn(3, 3), dz, "three examples, three units"),
        Case(drawn(2, 3), dalpha),
        Case(drawn(3, 3), dalpha, "three examples, three units"),
        Case(kink, edge, "two entries are exactly 0"),
        Case(drawn(1, 2), edge, "one example"),
        Case((np.zeros((0, 2)), np.array([0.25, 0.5]), np.zeros((0, 2))), edge, "no example"),
        Case(whole, edge, "whole numbers"),
        Case(small, edge, "float32"),
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
    """Right values, but upstream is overwritten (whole numbers are copied)."""
    if upstream.dtype.kind != "f":
        upstream = upstream.astype(float)
    dalpha = (upstream * np.minimum(0, z)).sum(axis=0)
    upstream *= np.where(z > 0, 1.0, alpha)
    return upstream, dalpha


prelu_grads = CHAPTER.add(
    Exercise(
        name="prelu_grads",
        chapter=CHAPTER.id,
        reference=activations.prelu_grads,
        returns=("dz", "dalpha"),
        cases=prelu_grads_cases,
        criteria=(
            Criterion("dz: the chain rule", 0.75, agrees(part=0)),
            Criterion("dalpha: one number a unit", 0.75, agrees(part=1)),
            Criterion("at the kink, one example, none", 0.25, agrees()),
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
)


# --- sparsity ------------------------------------------------------------------------------------------------


def sparsity_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``sparsity(H)``; there are negative numbers, and numbers that are almost 0."""
    share, edge = "the share of exact zeros", "any shape, whole numbers"
    rectified = rng.permuted(np.array([0.0, 0.0, 0.0, 0.5, 1.25, 2.0, 0.75, 3.5])).reshape(2, 4)
    signed = rng.permuted(np.array([0.0, 0.0, -0.5, 1.5, -2.0, 0.25]))
    tiny = rng.permuted(np.array([0.0, 1e-12, -1e-10, 1.0, 2.0]))
    return [
        Case((rectified,), share),
        Case((signed,), share, "some are negative"),
        Case((tiny,), share, "some are almost 0"),
        Case((np.array([[0.5, 1.0, 2.0]]),), share, "no zero"),
        Case((np.zeros((2, 2)),), edge, "all zero"),
        Case((rng.permuted(np.array([0, 3, -1, 0, 7])),), edge, "whole numbers"),
        Case(
            (rng.permuted(np.array([0, 0, 1, 2, 0, 5, 1, 1])).reshape(2, 2, 2).astype(np.float32),),
            edge,
            "float32",
        ),
    ]


def mean_activation(H):
    """The mean of the activations."""
    return float(np.mean(H))


def sparsity_of_each_example(H):
    """One number a row."""
    return (H == 0).mean(axis=-1)


def share_of_active(H):
    """The share of what is not zero."""
    return float((H != 0).mean())


def share_not_positive(H):
    """Negative numbers counted as zeros."""
    return float((H <= 0).mean())


def number_of_zeros(H):
    """A count in the place of a share."""
    return float((H == 0).sum())


def zeros_per_row(H):
    """Divided by the number of rows."""
    return float((H == 0).sum() / len(H))


def in_per_cent(H):
    """A hundred times the share."""
    return 100.0 * float((H == 0).mean())


def share_of_almost_zero(H):
    """Numbers close to zero counted as zeros."""
    return float(np.isclose(H, 0.0).mean())


sparsity = CHAPTER.add(
    Exercise(
        name="sparsity",
        chapter=CHAPTER.id,
        reference=activations.sparsity,
        cases=sparsity_cases,
        criteria=(
            Criterion("the share of exact zeros", 0.5, agrees()),
            Criterion("any shape, whole numbers", 0.25, agrees()),
            Criterion(CALM, 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                mean_activation,
                "this is the mean activation. Sparse means many exact zeros, however large the others are.",
            ),
            Misconception(
                sparsity_of_each_example,
                "there is one number an example. One number for all of `H` is asked: leave out `axis=`.",
            ),
            Misconception(
                share_of_active, "this is the share of units that are not zero: turn the comparison round."
            ),
            Misconception(
                share_not_positive,
                "negative activations were counted as zeros. A leaky or a tanh unit with a negative value is not silent: "
                "`H == 0`, not `H <= 0`.",
            ),
            Misconception(
                number_of_zeros, "this is the number of zeros. Divide by the number of entries, `H.size`."
            ),
            Misconception(
                zeros_per_row,
                "the number of zeros was divided by `len(H)`, which is the number of rows. `H.size` is the number of "
                "entries.",
            ),
            Misconception(in_per_cent, "this is in per cent. A share lies between 0 and 1."),
            Misconception(
                share_of_almost_zero,
                "numbers that are merely close to 0 were counted. A sigmoid comes close to 0 and never gets there; a "
                "rectifier gives exactly 0, and that is what is counted: `H == 0`.",
            ),
        ),
        minutes=3,
        difficulty=1,
    )
)


# --- dead_units ----------------------------------------------------------------------------------------------


def dead_units_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``dead_units(H)``; there are units that cancel, that are negative, and that are almost 0."""
    which, edge = "the units that are always 0", "no dead unit, one example"
    columns = np.array(
        [
            [0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0],
            [0.0, 1.5, 0.0],
            [2.0, 0.5, 1.0],
            [1.0, -1.0, 0.0],
            [-0.5, -2.0, -0.25],
        ]
    )
    mixed = rng.permutation(columns).T
    tiny = rng.permutation(np.array([[0.0, 0.0], [1e-12, 0.0], [1.0, 2.0], [0.0, 3.0]])).T
    small = rng.permutation(np.array([[0.0, 0.0, 0.0], [0.5, 0.0, 0.0], [1.0, 2.0, 3.0]])).T
    # As many examples as units, and one example that is silent: a sum along the wrong axis finds it.
    square = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 2.0], [0.0, 0.5, 0.25]])[:, rng.permutation(3)]
    return [
        Case((mixed,), which),
        Case((square,), which, "one example is silent"),
        Case((tiny,), which, "one unit is almost 0"),
        Case((small.astype(np.float32),), edge, "float32"),
        Case((np.array([[0.5, 0.0], [0.0, 1.0]]),), edge, "no dead unit"),
        Case((np.array([[0.0, 1.5, 0.0]]),), edge, "one example"),
        Case((np.array([[0, 1, 0], [0, 0, 0]]),), edge, "whole numbers"),
    ]


def marked_by_truth_values(H):
    """A mask in the place of indices."""
    return (H == 0).all(axis=0)


def silent_examples(H):
    """Along the wrong axis."""
    return np.flatnonzero((H == 0).all(axis=1))


def zero_at_least_once(H):
    """Any in the place of all."""
    return np.flatnonzero((H == 0).any(axis=0))


def zero_on_average(H):
    """Positive and negative cancel."""
    return np.flatnonzero(H.sum(axis=0) == 0)


def never_positive(H):
    """Negative units are not silent."""
    return np.flatnonzero((H <= 0).all(axis=0))


def almost_dead(H):
    """Close to zero is not zero."""
    return np.flatnonzero(np.isclose(H, 0).all(axis=0))


def living_units(H):
    """The complement."""
    return np.flatnonzero((H != 0).any(axis=0))


def number_of_dead_units(H):
    """How many in the place of which."""
    return int((H == 0).all(axis=0).sum())


def left_in_a_tuple(H):
    """``np.where`` gives a tuple with an array for each axis."""
    return np.where((H == 0).all(axis=0))


def decimals_when_empty(H):
    """``np.array([])`` holds decimal numbers, and cannot index anything."""
    return np.array([j for j in range(H.shape[1]) if not H[:, j].any()])


dead_units = CHAPTER.add(
    Exercise(
        name="dead_units",
        chapter=CHAPTER.id,
        reference=activations.dead_units,
        cases=dead_units_cases,
        criteria=(
            Criterion("the units that are always 0", 0.5, agrees()),
            Criterion("no dead unit, one example", 0.25, agrees()),
            Criterion(CALM, 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                marked_by_truth_values,
                "this is a row of `True` and `False`. Which columns are `True`? `np.flatnonzero` gives their indices.",
            ),
            Misconception(
                silent_examples,
                "these are examples on which every unit is 0. Units are columns: look down each column, `axis=0`.",
            ),
            Misconception(
                zero_at_least_once,
                "these units are 0 on some example, as every rectifier should be. Dead means 0 on all of them.",
            ),
            Misconception(
                zero_on_average,
                "the sum of these units is 0, but a positive and a negative activation cancel. Compare every entry with 0 "
                "first.",
            ),
            Misconception(
                never_positive,
                "units that are negative everywhere were counted. They still answer, and still learn: `H == 0`.",
            ),
            Misconception(
                almost_dead,
                "a unit that is merely close to 0 was counted. It still has a gradient: `H == 0`.",
            ),
            Misconception(living_units, "these are the units that are alive: the others are asked."),
            Misconception(
                number_of_dead_units,
                "this is how many there are. Which ones is asked: `np.flatnonzero` gives their indices.",
            ),
            Misconception(
                left_in_a_tuple,
                "`np.where` and `np.nonzero` give a tuple with one array in it. Take that one, `[0]`, or use "
                "`np.flatnonzero`.",
            ),
            Misconception(
                decimals_when_empty,
                "when there is no dead unit, `np.array([])` is an array of decimal numbers, and those cannot index "
                "anything. Say `np.array([…], dtype=int)`, or use `np.flatnonzero`.",
            ),
        ),
        minutes=5,
        difficulty=2,
    )
)


# --- maxout --------------------------------------------------------------------------------------------------


def maxout_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``maxout(Z, k)``; some groups are negative throughout."""
    value, edge = "the maximum of each group", "one piece, one unit, one example, none"
    low = -np.abs(rounded(rng, 2, 6)) - 0.1
    return [
        Case((rounded(rng, 2, 6), 3), value, "two units of three pieces"),
        Case((rounded(rng, 2, 6), 2), value, "three units of two pieces"),
        Case((low, 2), value, "all negative"),
        Case((rounded(rng, 3, 4), 2), value, "two units of two pieces"),
        Case((rounded(rng, 2, 3), 1), edge, "one piece a unit"),
        Case((rounded(rng, 2, 3), 3), edge, "one unit"),
        Case((rounded(rng, 1, 4), 2), edge, "one example"),
        Case((rng.integers(-9, 10, (2, 4)), 2), edge, "whole numbers"),
        Case((rounded(rng, 2, 4).astype(np.float32), 2), edge, "float32"),
        Case((np.zeros((0, 4)), 2), edge, "no example"),
    ]


def every_kth_unit(Z, k):
    """Groups of units that stand far apart."""
    n, columns = Z.shape
    return Z.reshape(n, k, columns // k).max(axis=1)


def k_groups(Z, k):
    """K groups in the place of groups of k."""
    n, columns = Z.shape
    return Z.reshape(n, k, columns // k).max(axis=2)


def mean_of_group(Z, k):
    """The mean of each group."""
    n, columns = Z.shape
    return Z.reshape(n, columns // k, k).mean(axis=2)


def least_of_group(Z, k):
    """The minimum of each group."""
    n, columns = Z.shape
    return Z.reshape(n, columns // k, k).min(axis=2)


def number_of_the_winner(Z, k):
    """Which piece wins, not its value."""
    n, columns = Z.shape
    return Z.reshape(n, columns // k, k).argmax(axis=2)


def never_below_zero(Z, k):
    """The maximum starts from zero."""
    n, columns = Z.shape
    H = np.zeros((n, columns // k))
    for i in range(columns // k):
        for j in range(k):
            H[:, i] = np.maximum(H[:, i], Z[:, i * k + j])
    return H


def examples_run_together(Z, k):
    """One long row of maxima."""
    return Z.reshape(-1, k).max(axis=1)


def minus_one_of_nothing(Z, k):
    """The length of an axis cannot be worked out for an empty array."""
    return Z.reshape(len(Z), -1, k).max(axis=2)


maxout = CHAPTER.add(
    Exercise(
        name="maxout",
        chapter=CHAPTER.id,
        reference=activations.maxout,
        cases=maxout_cases,
        criteria=(
            Criterion("the maximum of each group", 1.0, agrees()),
            Criterion("one piece, one unit, one example, none", 0.25, agrees()),
            Criterion(CALM, 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                every_kth_unit,
                "the groups are made of columns that stand far apart. A group is k neighbouring columns, "
                "i·k … (i+1)·k − 1: `reshape(n, m, k)`, with k last, then the maximum over the last axis.",
            ),
            Misconception(
                k_groups,
                "there are k groups. k is the number of pieces in a group: `reshape(n, m, k)` with m = (columns) / k.",
            ),
            Misconception(mean_of_group, "this is the mean of each group. Maxout takes the largest."),
            Misconception(least_of_group, "this is the smallest of each group. Maxout takes the largest."),
            Misconception(
                number_of_the_winner,
                "this is which piece wins (`argmax`). Its value is asked (`max`).",
            ),
            Misconception(
                never_below_zero,
                "nothing is below 0: the maximum was started from zeros. The largest of a group may well be negative, so "
                "start from the group's first piece.",
            ),
            Misconception(
                examples_run_together,
                "all examples are in one long row. The result has a row for each example, shape `(n, m)`.",
            ),
            Misconception(
                minus_one_of_nothing,
                "for an array without entries numpy cannot work out what −1 stands for. Say it: `Z.shape[1] // k`.",
            ),
        ),
        minutes=8,
        difficulty=2,
    )
)


# --- maxout_grad ---------------------------------------------------------------------------------------------


def maxout_grad_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``maxout_grad(Z, k, upstream)``; no ties but where the criterion is about them."""
    value, ties, edge = (
        "all of it to the winner",
        "of a tie, to the first",
        "one piece, one unit, one example, none",
    )

    def drawn(n: int, m: int, k: int) -> tuple[Any, int, Any]:
        Z = rng.permuted(np.linspace(-2, 2.5, n * m * k)).reshape(n, m * k)
        return np.round(Z, 2), k, rounded(rng, n, m)

    tied = np.array([[1.5, 1.5, -2.0, 0.5, 2.0, 2.0], [0.0, 0.0, 0.0, -1.0, -1.0, -3.0]])
    return [
        Case(drawn(2, 2, 3), value, "two units of three pieces"),
        Case(drawn(2, 3, 2), value, "three units of two pieces"),
        Case(drawn(2, 2, 2), value, "two units of two pieces"),
        Case((tied, 3, rounded(rng, 2, 2)), ties),
        Case((np.zeros((1, 4)), 2, rounded(rng, 1, 2)), ties, "all equal"),
        Case(drawn(2, 3, 1), edge, "one piece a unit"),
        Case(drawn(2, 1, 3), edge, "one unit"),
        Case(drawn(1, 2, 2), edge, "one example"),
        Case((np.array([[1, 2, 4, 3]]), 2, np.array([[5, -6]])), edge, "whole numbers"),
        Case(
            (rounded(rng, 1, 2).astype(np.float32), 2, rounded(rng, 1, 1).astype(np.float32)), edge, "float32"
        ),
        Case((np.zeros((0, 4)), 2, np.zeros((0, 2))), edge, "no example"),
    ]


def tie_shared_evenly(Z, k, upstream):
    """Tied pieces share."""
    n, m = upstream.shape
    groups = Z.reshape(n, m, k)
    won = groups == groups.max(axis=2, keepdims=True)
    return (upstream[..., None] * won / won.sum(axis=2, keepdims=True)).reshape(n, m * k)


def every_tied_piece(Z, k, upstream):
    """Every tied piece gets all of it."""
    n, m = upstream.shape
    groups = Z.reshape(n, m, k)
    won = groups == groups.max(axis=2, keepdims=True)
    return (upstream[..., None] * won).reshape(n, m * k)


def last_of_tied(Z, k, upstream):
    """The last of tied pieces."""
    n, m = upstream.shape
    groups = Z.reshape(n, m, k)
    gradient = np.zeros((n, m, k))
    for i in range(n):
        for u in range(m):
            winner = max(range(k), key=lambda j: (groups[i, u, j], j))
            gradient[i, u, winner] = upstream[i, u]
    return gradient.reshape(n, m * k)


def every_member(Z, k, upstream):
    """All members of a group get it."""
    return np.repeat(upstream, k, axis=1).astype(float)


def split_over_the_group(Z, k, upstream):
    """All members of a group share it."""
    return np.repeat(upstream, k, axis=1) / k


def winners_marked(Z, k, upstream):
    """Ones in the place of upstream."""
    n, m = upstream.shape
    gradient = np.zeros((n, m, k))
    winner = Z.reshape(n, m, k).argmax(axis=2)[..., None]
    np.put_along_axis(gradient, winner, 1.0, axis=2)
    return gradient.reshape(n, m * k)


def winners_kept(Z, k, upstream):
    """The value of the winner in the place of upstream."""
    n, m = upstream.shape
    groups = Z.reshape(n, m, k)
    gradient = np.zeros((n, m, k))
    winner = groups.argmax(axis=2)[..., None]
    np.put_along_axis(gradient, winner, np.take_along_axis(groups, winner, axis=2), axis=2)
    return gradient.reshape(n, m * k)


def gradient_every_kth(Z, k, upstream):
    """Groups of units that stand far apart."""
    n, m = upstream.shape
    gradient = np.zeros((n, k, m))
    winner = Z.reshape(n, k, m).argmax(axis=1)[:, None, :]
    np.put_along_axis(gradient, winner, upstream[:, None, :], axis=1)
    return gradient.reshape(n, m * k)


def left_in_groups(Z, k, upstream):
    """Shape (n, m, k)."""
    n, m = upstream.shape
    gradient = np.zeros((n, m, k))
    winner = Z.reshape(n, m, k).argmax(axis=2)[..., None]
    np.put_along_axis(gradient, winner, upstream[..., None], axis=2)
    return gradient


maxout_grad = CHAPTER.add(
    Exercise(
        name="maxout_grad",
        chapter=CHAPTER.id,
        reference=activations.maxout_grad,
        cases=maxout_grad_cases,
        criteria=(
            Criterion("all of it to the winner", 1.0, agrees()),
            Criterion("of a tie, to the first", 0.5, agrees()),
            Criterion("one piece, one unit, one example, none", 0.25, agrees()),
            Criterion(CALM, 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                tie_shared_evenly,
                "tied pieces share the gradient. We agree on one winner, the first, so that exactly one line moves: "
                "`argmax` finds it, comparing with the maximum finds all of them.",
            ),
            Misconception(
                every_tied_piece,
                "each of the tied pieces gets all of the gradient, so it counts twice. One winner, the first: `argmax` "
                "finds it, comparing with the maximum finds all of them.",
            ),
            Misconception(last_of_tied, "the last of tied pieces gets the gradient. We agree on the first."),
            Misconception(
                every_member,
                "every piece of the group gets the gradient. Moving a piece that is below the maximum changes nothing, so "
                "its gradient is 0.",
            ),
            Misconception(
                split_over_the_group,
                "the gradient is split over the group, as for a mean. The maximum depends on its largest piece alone.",
            ),
            Misconception(
                winners_marked,
                "the winners got a 1. That is the derivative of the unit; by the chain rule it is multiplied by `upstream`.",
            ),
            Misconception(
                winners_kept,
                "the winners got their own value from `Z`. They should get what comes from above, `upstream`.",
            ),
            Misconception(
                gradient_every_kth,
                "the groups are made of columns that stand far apart. A group is k neighbouring columns: "
                "`reshape(n, m, k)`, with k last.",
            ),
            Misconception(
                left_in_groups,
                "the gradient is still in groups, shape `(n, m, k)`. It belongs to `Z`: reshape it back to `(n, m·k)`.",
            ),
        ),
        minutes=15,
        difficulty=3,
    )
)


# --- tangent_maxout ------------------------------------------------------------------------------------------

SQUARE = Named("square"), Named("double")
CATENARY = Named("hyperbolic_cosine"), Named("hyperbolic_sine")
EXP = EXPONENTIAL, EXPONENTIAL


def tangent_maxout_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``tangent_maxout(f, df, points)`` with convex functions."""
    slopes, intercepts, edge = "slopes", "intercepts", "one point, any order, whole numbers"

    def points(k: int) -> Any:
        return np.round(np.linspace(-1.5, 1.75, k) + rng.uniform(-0.2, 0.2, k), 2)

    return [
        Case((*SQUARE, points(3)), slopes),
        Case((*EXP, points(4)), slopes),
        Case((*CATENARY, points(3)), intercepts),
        Case((*EXP, points(2)), intercepts),
        Case((*EXP, np.array([0.5])), edge, "one point"),
        Case((*CATENARY, points(4)[rng.permutation([1, 0, 3, 2])]), edge, "any order"),
        Case((*SQUARE, np.array([-2, 0, 3])), edge, "whole numbers"),
        Case((*EXP, np.array([-0.5, 0.25], np.float32)), edge, "float32"),
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


tangent_maxout = CHAPTER.add(
    Exercise(
        name="tangent_maxout",
        chapter=CHAPTER.id,
        reference=activations.tangent_maxout,
        returns=("slopes", "intercepts"),
        cases=tangent_maxout_cases,
        criteria=(
            Criterion("slopes", 0.5, agrees(part=0)),
            Criterion("intercepts", 0.5, agrees(part=1)),
            Criterion("one point, any order, whole numbers", 0.25, agrees()),
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
)


# --- softplus_grad -------------------------------------------------------------------------------------------


def softplus_grad_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``softplus_grad(z)``."""
    value = "the sigmoid"
    return [*smooth_cases(rng, value), *far_out(STABLE)]


def smooth_cases(rng: np.random.Generator, criterion: str) -> list[Case]:
    """Moderate inputs of several shapes and types, for a smooth elementwise function."""
    return [
        Case((both_signs(rng, 3),), criterion),
        Case((both_signs(rng, 2, 2),), criterion, "a batch of two examples"),
        Case((np.array([0.0]),), criterion, "at 0"),
        Case((rng.permuted(np.array([-2, 1, 3])),), EDGE, "whole numbers"),
        Case((both_signs(rng, 3).astype(np.float32),), EDGE, "float32"),
        Case((np.zeros((0, 2)),), EDGE, "no example"),
    ]


def quotient_of_exponentials(z):
    """∞ / ∞ far to the right."""
    return np.exp(z) / (1 + np.exp(z))


def exponential_of_minus_z(z):
    """Right values, but numpy warns far to the left."""
    return 1 / (1 + np.exp(-z))


def sigmoid_of_minus_z(z):
    """The sign of the exponent."""
    return 1 / (1 + np.exp(z))


def softplus_itself(z):
    """The value in the place of the derivative."""
    return np.logaddexp(0.0, z)


def derivative_of_the_sigmoid(z):
    """Differentiated once too often."""
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def step_of_relu(z):
    """The derivative of the ReLU."""
    return np.where(z > 0, 1.0, 0.0)


def tanh_for_sigmoid(z):
    """From −1 to 1."""
    return np.tanh(z)


def decimals_cut_off(z):
    """``zeros_like`` of whole numbers holds whole numbers."""
    s = np.zeros_like(z)
    for i in np.ndindex(z.shape):
        e = np.exp(-abs(float(z[i])))
        s[i] = (1.0 if z[i] >= 0 else e) / (1.0 + e)
    return s


OVERFLOWS_ON_THE_WAY = (
    "the values are right, and numpy warns: somewhere `exp` of something large is computed, and thrown away again. "
    "`np.where` computes both of its branches, so it does not help by itself. Make the exponent ≤ 0 before `exp` sees it: "
    "`np.exp(-np.abs(z))`."
)

softplus_grad = CHAPTER.add(
    Exercise(
        name="softplus_grad",
        chapter=CHAPTER.id,
        reference=activations.softplus_grad,
        cases=softplus_grad_cases,
        criteria=(
            Criterion("the sigmoid", 0.5, agrees()),
            Criterion(STABLE, 0.5, both(agrees(), unwarned)),
            Criterion(EDGE, 0.25, agrees()),
            Criterion(CALM, 0.25, calm_outside(STABLE), every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                quotient_of_exponentials,
                "far to the right `exp(z)` is infinite, and ∞ / ∞ is no number. Divide above and below by e^z, so that the "
                "exponent is negative there.",
            ),
            Misconception(exponential_of_minus_z, OVERFLOWS_ON_THE_WAY),
            Misconception(
                sigmoid_of_minus_z,
                "the sign in the exponent is turned round: this is σ(−z), which falls from 1 to 0.",
            ),
            Misconception(
                softplus_itself,
                "this is the softplus itself. Its derivative is asked: the chain rule gives e^z / (1 + e^z).",
            ),
            Misconception(
                derivative_of_the_sigmoid,
                "this is differentiated once too often: σ(z)(1 − σ(z)) is the derivative of the sigmoid, and the sigmoid "
                "itself is the derivative of the softplus.",
            ),
            Misconception(
                step_of_relu,
                "this is the step of the ReLU. The softplus is smooth, and so is its derivative: ½ at 0.",
            ),
            Misconception(
                tanh_for_sigmoid, "this is tanh, from −1 to 1. The sigmoid goes from 0 to 1, and is ½ at 0."
            ),
            Misconception(
                decimals_cut_off,
                "`np.zeros_like(z)` has the type of `z`: made from whole numbers, it cuts the decimals off whatever is put "
                "into it. `np.zeros(z.shape)` holds floating-point numbers.",
            ),
        ),
        minutes=8,
        difficulty=2,
    )
)


# --- sigmoid_grad --------------------------------------------------------------------------------------------


def sigmoid_grad_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``sigmoid_grad(z)``."""
    return [*smooth_cases(rng, "the slope of the sigmoid"), *far_out(STABLE)]


def from_the_output(z):
    """Takes z for σ(z)."""
    return z * (1.0 - z)


def square_overflows_left(z):
    """∞ / ∞ far to the left."""
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


def square_overflows_right(z):
    """∞ / ∞ far to the right."""
    return np.exp(z) / (1 + np.exp(z)) ** 2


def slope_that_warns(z):
    """Right values, but numpy warns far to the left."""
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)


def sigmoid_itself(z):
    """The value in the place of the slope."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def one_minus_the_square(z):
    """The rule for tanh, used on the sigmoid."""
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return 1.0 - s**2


def sigmoid_times_one_plus(z):
    """A plus in the place of the minus."""
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return s * (1.0 + s)


def slope_of_tanh(z):
    """The slope of tanh."""
    return 1.0 - np.tanh(z) ** 2


sigmoid_grad = CHAPTER.add(
    Exercise(
        name="sigmoid_grad",
        chapter=CHAPTER.id,
        reference=activations.sigmoid_grad,
        needs=("softplus_grad",),
        cases=sigmoid_grad_cases,
        criteria=(
            Criterion("the slope of the sigmoid", 0.5, agrees()),
            Criterion(STABLE, 0.25, both(agrees(), unwarned)),
            Criterion(EDGE, 0.25, agrees()),
            Criterion(CALM, 0.25, calm_outside(STABLE), every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                from_the_output,
                "z was taken for σ(z). The formula s(1 − s) wants the output s = σ(z); here the pre-activation z comes in.",
            ),
            Misconception(
                square_overflows_left,
                "far to the left e^(−z) is infinite, and ∞ / ∞ is no number. The slope is even in z: use |z|, and the "
                "exponent is never positive. Or multiply two sigmoids: σ(z) σ(−z).",
            ),
            Misconception(
                square_overflows_right,
                "far to the right e^z is infinite, and ∞ / ∞ is no number. The slope is even in z: use −|z| in the exponent. "
                "Or multiply two sigmoids: σ(z) σ(−z).",
            ),
            Misconception(slope_that_warns, OVERFLOWS_ON_THE_WAY),
            Misconception(sigmoid_itself, "this is σ(z) itself. Its slope is σ(z) (1 − σ(z))."),
            Misconception(
                one_minus_the_square,
                "1 − s² is the rule for tanh. For the sigmoid it is s (1 − s).",
            ),
            Misconception(sigmoid_times_one_plus, "there is a plus where a minus belongs: σ(z) (1 − σ(z))."),
            Misconception(
                slope_of_tanh,
                "this is the slope of tanh, 1 at z = 0. The sigmoid is flatter: its slope is ¼ there.",
            ),
        ),
        minutes=6,
        difficulty=2,
    )
)


# --- tanh_from_sigmoid ---------------------------------------------------------------------------------------


def tanh_from_sigmoid_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``tanh_from_sigmoid(z)``."""
    return [*smooth_cases(rng, "twice the sigmoid of 2z, less 1"), *far_out(STABLE)]


def sigmoid_unscaled(z):
    """σ(z) for σ(2z)."""
    e = np.exp(-np.abs(z))
    return 2.0 * np.where(z >= 0, 1.0, e) / (1.0 + e) - 1.0


def only_squeezed(z):
    """Neither stretched nor shifted."""
    e = np.exp(-2.0 * np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def not_stretched(z):
    """σ(2z) − 1."""
    e = np.exp(-2.0 * np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e) - 1.0


def not_shifted(z):
    """2σ(2z)."""
    e = np.exp(-2.0 * np.abs(z))
    return 2.0 * np.where(z >= 0, 1.0, e) / (1.0 + e)


def upside_down(z):
    """1 − 2σ(2z)."""
    return -np.tanh(z)


def tanh_as_a_quotient(z):
    """∞ / ∞ on both sides."""
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def tanh_as_a_short_quotient(z):
    """∞ / ∞ far to the right."""
    return (np.exp(2.0 * z) - 1) / (np.exp(2.0 * z) + 1)


def tanh_that_warns(z):
    """Right values, but numpy warns far to the left."""
    return 2 / (1 + np.exp(-2.0 * z)) - 1


tanh_from_sigmoid = CHAPTER.add(
    Exercise(
        name="tanh_from_sigmoid",
        chapter=CHAPTER.id,
        reference=activations.tanh_from_sigmoid,
        needs=("softplus_grad",),
        cases=tanh_from_sigmoid_cases,
        criteria=(
            Criterion("twice the sigmoid of 2z, less 1", 0.5, agrees()),
            Criterion(STABLE, 0.25, both(agrees(), unwarned)),
            Criterion(EDGE, 0.25, agrees()),
            Criterion(CALM, 0.25, calm_outside(STABLE), every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                sigmoid_unscaled,
                "2σ(z) − 1 has the right range, but rises half as fast: the sigmoid wants 2z. Compare the slopes at 0.",
            ),
            Misconception(
                only_squeezed,
                "this is σ(2z), from 0 to 1. Stretch it to twice the height, and shift it down by 1.",
            ),
            Misconception(
                not_stretched, "this is σ(2z) − 1, from −1 to 0. The factor 2 in front is missing."
            ),
            Misconception(not_shifted, "this is 2σ(2z), from 0 to 2. The − 1 is missing."),
            Misconception(upside_down, "it is upside down: 2σ(2z) − 1, not 1 − 2σ(2z)."),
            Misconception(
                tanh_as_a_quotient,
                "far out one exponential is infinite, above and below the line, and ∞ / ∞ is no number. Use the sigmoid, "
                "written so that it never sees a positive exponent.",
            ),
            Misconception(
                tanh_as_a_short_quotient,
                "far to the right `exp(2z)` is infinite, and ∞ / ∞ is no number. Use the sigmoid, written so that it never "
                "sees a positive exponent.",
            ),
            Misconception(tanh_that_warns, OVERFLOWS_ON_THE_WAY),
        ),
        minutes=4,
        difficulty=2,
    )
)


# --- tanh_grad -----------------------------------------------------------------------------------------------


def tanh_grad_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``tanh_grad(z)``."""
    return [*smooth_cases(rng, "the slope of tanh"), *far_out(STABLE)]


def from_the_output_of_tanh(z):
    """Takes z for tanh(z)."""
    return 1.0 - z**2


def square_forgotten(z):
    """1 − tanh."""
    return 1.0 - np.tanh(z)


def slope_of_the_sigmoid(z):
    """The slope of the sigmoid."""
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def four_without_two(z):
    """4σ′(z) for 4σ′(2z)."""
    e = np.exp(-np.abs(z))
    return 4.0 * e / (1 + e) ** 2


def slope_as_a_quotient(z):
    """∞ / ∞ on both sides."""
    return 1 - ((np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))) ** 2


def hyperbolic_cosine_overflows(z):
    """Right values, but numpy warns on both sides."""
    return 1 / np.cosh(z) ** 2


def tanh_itself(z):
    """The value in the place of the slope."""
    return np.tanh(z)


tanh_grad = CHAPTER.add(
    Exercise(
        name="tanh_grad",
        chapter=CHAPTER.id,
        reference=activations.tanh_grad,
        cases=tanh_grad_cases,
        criteria=(
            Criterion("the slope of tanh", 0.5, agrees()),
            Criterion(STABLE, 0.25, both(agrees(), unwarned)),
            Criterion(EDGE, 0.25, agrees()),
            Criterion(CALM, 0.25, calm_outside(STABLE), every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                from_the_output_of_tanh,
                "z was taken for tanh(z). The formula 1 − h² wants the output h = tanh(z); here the pre-activation comes in.",
            ),
            Misconception(square_forgotten, "the square is missing: 1 − tanh²(z)."),
            Misconception(
                slope_of_the_sigmoid,
                "this is the slope of the sigmoid, ¼ at 0. The slope of tanh is 1 there: 1 − tanh²(z).",
            ),
            Misconception(
                four_without_two,
                "4σ′(z) is 1 at 0, but falls off half as fast: tanh(z) = 2σ(2z) − 1, so its slope is 4σ′(2z).",
            ),
            Misconception(
                slope_as_a_quotient,
                "far out one exponential is infinite, above and below the line, and ∞ / ∞ is no number. `np.tanh` is safe "
                "everywhere.",
            ),
            Misconception(
                hyperbolic_cosine_overflows,
                "the values are right, and numpy warns: cosh is infinite far out. `np.tanh` is safe everywhere.",
            ),
            Misconception(tanh_itself, "this is tanh itself. Its slope is 1 − tanh²(z)."),
        ),
        minutes=4,
        difficulty=2,
        core=False,
    )
)


# --- rbf_units -----------------------------------------------------------------------------------------------


def rbf_units_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``rbf_units(X, W, sigma)``; one case has as many inputs as units."""
    value, edge, far = (
        "the bell around each centre",
        "at the centre, one example, none",
        "stable far from the origin",
    )

    def drawn(n: int, d: int, m: int) -> tuple[Any, Any, Any]:
        sigma = rng.permuted(np.round(np.linspace(1.2, 2.4, m), 2))
        return both_signs(rng, n, d, high=1.5), both_signs(rng, d, m, high=1.5), sigma

    at_centre = both_signs(rng, 2, 3)
    # Their squares have ten digits before the point: the difference of two such squares keeps six after it.
    place = np.round(rng.uniform(6e4, 9e4, 2), 1)
    shifted = np.round(place + np.array([[0.0, 0.0], [0.7, 0.0], [0.6, 1.1]]), 1)
    return [
        Case(drawn(2, 2, 3), value),
        Case(drawn(3, 2, 2), value, "two inputs, two units"),
        Case(drawn(2, 3, 1), value, "one unit"),
        Case(
            (at_centre.T, at_centre, np.array([0.5, 1.0, 2.0])),
            edge,
            "each example is the centre of one unit",
        ),
        Case(drawn(1, 2, 2), edge, "one example"),
        Case((np.zeros((0, 2)), rounded(rng, 2, 3), np.ones(3)), edge, "no example"),
        Case((np.array([[0, 1]]), np.array([[1, -1], [2, 0]]), np.array([1, 2])), edge, "whole numbers"),
        Case(tuple(a.astype(np.float32) for a in drawn(2, 2, 2)), edge, "float32"),
        Case(
            (shifted, place.reshape(2, 1), np.array([2.0])),
            far,
            "the differences are small, the numbers are not",
        ),
        Case((np.array([[1e4, -1e4]]), np.zeros((2, 2)), np.array([1.0, 3.0])), far, "far from every centre"),
    ]


def width_of_a_gaussian(X, W, sigma):
    """exp(−r² / 2σ²)."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-squared / (2 * sigma**2))


def centres_in_rows(X, W, sigma):
    """Rows of W as centres."""
    squared = ((X[:, None, :] - W[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-squared / sigma**2)


def distance_not_squared(X, W, sigma):
    """exp(−r / σ²)."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-np.sqrt(squared) / sigma**2)


def width_not_squared(X, W, sigma):
    """exp(−r² / σ)."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-squared / sigma)


def grows_with_distance(X, W, sigma):
    """The minus is missing."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(squared / sigma**2)


def width_of_the_first(X, W, sigma):
    """One width for all units."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-squared / sigma[0] ** 2)


def units_in_rows(X, W, sigma):
    """Shape (m, n)."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-squared / sigma**2).T


def square_multiplied_out(X, W, sigma):
    """‖x‖² − 2xw + ‖w‖² cancels."""
    squared = (X**2).sum(axis=1, keepdims=True) - 2 * X @ W + (W**2).sum(axis=0)
    return np.exp(-squared / sigma**2)


rbf_units = CHAPTER.add(
    Exercise(
        name="rbf_units",
        chapter=CHAPTER.id,
        reference=activations.rbf_units,
        cases=rbf_units_cases,
        criteria=(
            Criterion("the bell around each centre", 1.0, agrees()),
            Criterion("at the centre, one example, none", 0.25, agrees()),
            Criterion("stable far from the origin", 0.25, both(agrees(), unwarned)),
            Criterion(CALM, 0.25, calm_outside("stable far from the origin"), every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                width_of_a_gaussian,
                "there is a factor ½: that is the exponent of a normal density. The slides divide by σ², not by 2σ².",
            ),
            Misconception(
                centres_in_rows,
                "the rows of `W` were taken as centres. The centre of unit i is the column `W[:, i]`, as in every layer "
                "here: one column a unit.",
            ),
            Misconception(
                distance_not_squared,
                "the distance is not squared. Leave the square root out: ‖w − x‖² is the sum of the squares.",
            ),
            Misconception(width_not_squared, "σ is not squared: the exponent is −‖w − x‖² / σ²."),
            Misconception(
                grows_with_distance,
                "the minus in the exponent is missing: the unit should be 1 at its centre and fall off around it.",
            ),
            Misconception(
                width_of_the_first,
                "all units got the width of the first. `sigma` has one width a unit: `(n, m)` divided by `(m,)` fits by "
                "itself.",
            ),
            Misconception(
                units_in_rows,
                "it is transposed: one row an example, one column a unit, shape `(n, m)`.",
            ),
            Misconception(
                square_multiplied_out,
                "‖x‖² − 2xᵀw + ‖w‖² subtracts huge numbers that are almost equal, and little is left but rounding errors. "
                "Subtract first, then square.",
            ),
        ),
        minutes=12,
        difficulty=3,
        core=False,
    )
)


# --- hard_tanh, hard_tanh_grad -------------------------------------------------------------------------------


def hard_tanh_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``hard_tanh(z)``."""
    value, edge = "cut off at −1 and 1", EDGE
    mixed = rng.permuted(np.array([-3.5, -1.25, -0.5, 0.25, 0.75, 2.0]))
    return [
        Case((mixed,), value),
        Case((both_signs(rng, 2, 3, low=0.25, high=3.0),), value),
        Case((np.array([-1e4, -1.0, 0.0, 1.0, 1e4]),), value, "far out, and at the corners"),
        Case((rng.permuted(np.array([-3, -1, 0, 2])),), edge, "whole numbers"),
        Case((mixed.astype(np.float32),), edge, "float32"),
        Case((np.zeros((0, 2)),), edge, "no example"),
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


hard_tanh = CHAPTER.add(
    Exercise(
        name="hard_tanh",
        chapter=CHAPTER.id,
        reference=activations.hard_tanh,
        cases=hard_tanh_cases,
        criteria=(
            Criterion("cut off at −1 and 1", 0.5, agrees()),
            Criterion(EDGE, 0.25, agrees()),
            Criterion(CALM, 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                soft_tanh,
                "this is the smooth tanh. The hard one is the straight line z, cut off at −1 and 1.",
            ),
            Misconception(
                cut_at_zero, "it is cut off at 0: that is the threshold unit. The lower bound is −1."
            ),
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
        ),
        minutes=3,
        difficulty=1,
        core=False,
    )
)


def hard_tanh_grad_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``hard_tanh_grad(z)``."""
    value, corners = "1 inside, 0 outside", "0 at both corners"
    mixed = rng.permuted(np.array([-3.5, -1.25, -0.5, 0.25, 0.75, 2.0]))
    return [
        Case((mixed,), value),
        Case((both_signs(rng, 2, 3, low=0.25, high=3.0),), value),
        Case((np.array([-1e4, 0.0, 1e4]),), value, "far out"),
        Case((rng.permuted(np.array([-3, 0, 2])),), value, "whole numbers"),
        Case((mixed.astype(np.float32),), value, "float32"),
        Case((np.zeros((0, 2)),), value, "no example"),
        Case((np.array([-1.0, 0.5, 1.0]),), corners),
        Case((np.array([[1, 0], [-1, 2]]),), corners, "whole numbers"),
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


def slope_of_soft_tanh(z):
    """1 − tanh²."""
    return 1.0 - np.tanh(z) ** 2


def hard_tanh_itself(z):
    """The value in the place of the slope."""
    return np.clip(z, -1.0, 1.0)


def inside_or_not(z):
    """True and False in the place of numbers."""
    return np.abs(z) < 1


hard_tanh_grad = CHAPTER.add(
    Exercise(
        name="hard_tanh_grad",
        chapter=CHAPTER.id,
        reference=activations.hard_tanh_grad,
        cases=hard_tanh_grad_cases,
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
                "at exactly ±1 the slope came out as 1. There the unit has no derivative; for clipped units we agree on 0: "
                "`< 1`, not `<= 1`.",
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
                one_side_only, "far to the left the slope came out as 1. The unit is flat below −1 as well."
            ),
            Misconception(
                slope_of_soft_tanh,
                "this is the slope of the smooth tanh. The hard one has slope 1 or 0, and nothing in between.",
            ),
            Misconception(
                hard_tanh_itself, "this is the unit itself. Its slope is asked: 1 inside, 0 outside."
            ),
            Misconception(
                inside_or_not,
                "a comparison gives `True` and `False`. Turn them into numbers: `(…).astype(float)`.",
            ),
        ),
        minutes=3,
        difficulty=1,
        core=False,
    )
)
