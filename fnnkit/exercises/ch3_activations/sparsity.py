"""`sparsity`: share of activations that are exactly zero."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import CALM
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``sparsity(H)``; how many zeros there are is drawn, and there are numbers that are almost 0."""
    share, edge = "the share of exact zeros", "any shape, all zero, no zero"

    def filled(zeros: int, numbers: Any) -> Any:
        return rng.permuted(np.append(np.zeros(zeros), numbers))

    def some(low: int, high: int) -> int:
        return int(rng.integers(low, high))

    zeros, signed = some(1, 7), some(1, 5)
    tiny = filled(some(1, 3), rng.permuted([1e-12, -1e-10, 1e-300]))
    many = some(3, 34)
    rectified = filled(zeros, np.round(rng.uniform(0.25, 3.5, 8 - zeros), 2)).reshape(2, 4)
    three, five = some(1, 12), some(1, 24)
    nine = filled(many, both_signs(rng, 36 - many, high=9.0)).reshape(9, 4)
    nine[:, some(0, 4)] = 0.0  # a dead unit: their share is another number
    return [
        Case((rectified,), share),
        Case((filled(signed, both_signs(rng, 6 - signed)),), share, "some are negative"),
        Case((np.append(tiny, [1.0, -2.0]),), share, "some are almost 0"),
        Case((nine,), share, "nine examples"),
        Case((filled(three, both_signs(rng, 12 - three)).reshape(2, 2, 3),), edge, "three axes"),
        Case((filled(some(1, 6), -np.round(rng.uniform(0.25, 3.5, 3), 2)),), edge, "all others are negative"),
        *(
            Case((filled(n, both_signs(rng, 24 - n)).reshape(4, 1, 6),), edge, "three axes")
            for n in (five, five + 1)
        ),
        Case((np.round(rng.uniform(0.25, 2.0, (2, 3)), 2),), edge, "no zero"),
        Case((np.zeros((2, 2)),), edge, "all zero"),
    ]


def mean_activation(H):
    """The mean of the activations."""
    return float(np.mean(H))


def one_less_the_mean(H):
    """Large activations are taken for many."""
    return 1.0 - float(np.mean(H))


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


def sparsity_of_each_unit(H):
    """One number a column."""
    return (H == 0).mean(axis=0)


def share_of_dead_units(H):
    """Columns that are 0 throughout."""
    return float((H == 0).all(axis=0).mean())


def zeros_against_the_others(H):
    """A ratio of two numbers of entries."""
    zeros = int((H == 0).sum())
    return zeros / max(H.size - zeros, 1e-300)


def share_of_positive(H):
    """What is above 0."""
    return float((H > 0).mean())


def mean_size(H):
    """How large they are on average."""
    return float(np.abs(H).mean())


def zeros_per_column(H):
    """Divided by the last axis."""
    return float((H == 0).sum() / H.shape[-1])


def share_of_negative(H):
    """What is below 0."""
    return float((H < 0).mean())


EXERCISE = Exercise(
    name="sparsity",
    chapter="ch3_activations",
    reference=activations.sparsity,
    cases=cases,
    criteria=(
        Criterion("the share of exact zeros", 0.5, agrees()),
        Criterion("any shape, all zero, no zero", 0.25, agrees()),
        Criterion(CALM, 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            mean_activation,
            "this is the mean activation. Sparse means many exact zeros, however large the others are.",
        ),
        Misconception(
            one_less_the_mean,
            "this is 1 less the mean activation. Count the entries that are exactly 0, however large the others are.",
        ),
        Misconception(
            sparsity_of_each_example,
            "there is one number an example. One number for all of `H` is asked: count in all rows together.",
        ),
        Misconception(
            share_of_active,
            "this is the share of entries that are not zero. The share of those that are is asked: `H == 0`.",
        ),
        Misconception(
            share_not_positive,
            "negative activations were counted as zeros. A leaky or a tanh unit with a negative value is not silent: "
            "count what is exactly 0.",
        ),
        Misconception(
            number_of_zeros, "this is the number of zeros. Divide by the number of entries, `H.size`."
        ),
        Misconception(
            zeros_per_row,
            "the number of zeros was divided by the number of rows, which is what `len(H)` is. `H.size` is the number "
            "of entries.",
        ),
        Misconception(in_per_cent, "this is in per cent. A share lies between 0 and 1."),
        Misconception(
            share_of_almost_zero,
            "numbers that are merely close to 0 were counted. A sigmoid comes close to 0 and never gets there; a "
            "rectifier gives exactly 0, and that is what is counted: `H == 0`.",
        ),
        Misconception(
            sparsity_of_each_unit,
            "there is one number a unit. One number for all of `H` is asked: count in all columns together.",
        ),
        Misconception(
            share_of_dead_units,
            "this is the share of units that are 0 on every example. Single entries are counted here.",
        ),
        Misconception(
            zeros_against_the_others,
            "the number of zeros was divided by the number of entries that are *not* zero. A share is a part of "
            "all entries, `H.size`.",
        ),
        Misconception(
            share_of_positive,
            "this is the share of positive activations. The share of exact zeros is asked: `H == 0`.",
        ),
        Misconception(
            mean_size,
            "this is the mean size of the activations. Count the entries that are exactly 0, and divide by the "
            "number of all.",
        ),
        Misconception(
            zeros_per_column,
            "the number of zeros was divided by the number of columns alone. `H.size` is the number of all "
            "entries.",
        ),
        Misconception(
            share_of_negative,
            "this is the share of negative activations. The share of exact zeros is asked: `H == 0`.",
        ),
    ),
    minutes=3,
    difficulty=1,
    core=False,
)
