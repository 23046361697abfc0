"""`dead_units`: units that are exactly zero on every example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import CALM
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception, Trial
from fnnkit.judge.verdict import Problem

UNIT_BY_UNIT = (
    "Look at the column of a unit that is in only one of the two results: is every entry of it exactly 0?"
)


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``dead_units(H)``; there are units that cancel, that are never positive, and that are almost 0."""
    which, edge = "the units that are always 0", "no dead unit, one example, many"
    columns = np.array(
        [
            [0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0],
            [0.0, 1.5, 0.0],
            [2.0, 0.5, 1.0],
            [1.0, -1.0, 0.0],
            [-0.5, -2.0, -0.25],
            [0.0, -1.5, 0.0],
        ]
    )
    mixed = rng.permutation(columns).T
    tiny = rng.permutation(np.array([[0.0, 0.0], [1e-12, 0.0], [1.0, 2.0], [0.0, 3.0]])).T
    # As many examples as units, and one example that is silent: a sum along the wrong axis finds it.
    square = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 2.0], [0.0, 0.5, 0.25]])[:, rng.permutation(3)]
    dead = rng.permutation(9) < rng.integers(2, 7)
    many = np.where(dead, 0.0, both_signs(rng, 8, 9, high=9.0) * (np.arange(8)[:, None] % 3 != 1))
    never = np.where(rng.permutation(5) < 2, 0.0, -np.round(rng.uniform(0.25, 2.0, (3, 5)), 2))
    return [
        Case((mixed,), which),
        Case((square,), which, "one example is silent"),
        Case((tiny,), which, "one unit is almost 0"),
        Case((never,), which, "nothing positive"),
        Case((np.array([[0.5, 0.0], [0.0, 1.0]]),), edge, "no dead unit"),
        Case((rng.permuted(np.array([[0.0, 1.5, 0.0, -2.0, 0.0]]), axis=1),), edge, "one example"),
        Case((many,), edge, "eight examples"),
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


def almost_zero_on_average(H):
    """Positive and negative cancel, and small ones are let through."""
    return np.flatnonzero(np.isclose(H.sum(axis=0), 0))


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


def largest_is_zero(H):
    """Never positive, and 0 at least once."""
    return np.flatnonzero(H.max(axis=0) == 0)


def smallest_is_zero(H):
    """Never negative, and 0 at least once."""
    return np.flatnonzero(H.min(axis=0) == 0)


def zeros_of_each_unit(H):
    """How often each unit is silent."""
    return np.count_nonzero(H == 0, axis=0)


def silent_on_the_first_example(H):
    """One example decides."""
    return np.flatnonzero(H[0] == 0)


def silent_on_the_last_example(H):
    """What the examples before have said is overwritten."""
    return np.flatnonzero(H[-1] == 0)


def silent_on_most_examples(H):
    """More than half."""
    return np.flatnonzero((H == 0).mean(axis=0) > 0.5)


def first_dead_unit_alone(H):
    """The search ends too early."""
    return np.flatnonzero(~H.any(axis=0))[:1]


def counted_from_one(H):
    """The first unit is called 1."""
    return np.flatnonzero((H == 0).all(axis=0)) + 1


def share_of_dead_units(H):
    """How large a part, in the place of which."""
    return float(np.mean(~H.any(axis=0)))


def columns_themselves(H):
    """The activations of the dead units."""
    return H[:, ~H.any(axis=0)]


def places_of_all_zeros(H):
    """A column once for each zero in it."""
    return np.nonzero(H == 0)[1]


def places_in_a_column(H):
    """``np.argwhere`` gives a row for each place."""
    return np.argwhere(~H.any(axis=0))


def same_units(trials: Sequence[Trial]) -> Problem | None:
    """As `agrees`; where there are too many units, or too few, a column tells why, and no shape on the way does."""
    problem = agrees()(trials)
    if problem and problem.kind == "shape" and np.ndim(trials[0].expected.value) == 1:
        return replace(problem, step=UNIT_BY_UNIT)
    return problem


def most_often_silent(H):
    """The largest count of zeros, whatever it is."""
    zeros = np.count_nonzero(H == 0, axis=0)
    return np.flatnonzero(zeros == zeros.max())


def always_the_same(H):
    """Whatever does not change from example to example."""
    return np.flatnonzero((H[0] == H).all(axis=0))


EXERCISE = Exercise(
    name="dead_units",
    chapter="ch3_activations",
    reference=activations.dead_units,
    cases=cases,
    criteria=(
        Criterion("the units that are always 0", 0.5, same_units),
        Criterion("no dead unit, one example, many", 0.25, same_units),
        Criterion(CALM, 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            marked_by_truth_values,
            "this is a row of `True` and `False`. Which columns are `True`? `np.flatnonzero` gives their indices.",
        ),
        Misconception(
            silent_examples,
            "it was asked of each example (a row) whether all of it is 0. Units are columns: look down each column, "
            "`H[:, j]`.",
        ),
        Misconception(
            zero_at_least_once,
            "these are the units that are 0 on at least one example (a product is 0 as soon as one factor is). Dead means 0 "
            "on all of them.",
        ),
        Misconception(
            zero_on_average,
            "a unit was counted as soon as its activations add up to 0, and positive and negative ones can cancel. "
            "Compare every entry with 0 first, then ask whether all of the column is.",
        ),
        Misconception(
            almost_zero_on_average,
            "a unit was counted as soon as its activations add up to almost 0, and positive and negative ones can "
            "cancel. Compare every entry with 0, exactly, then ask whether all of the column is.",
        ),
        Misconception(
            never_positive,
            "units that are never positive were counted. A negative activation is an answer too, and such a unit "
            "still learns: dead means exactly 0 on every example.",
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
            "this is a tuple with one array in it, as `np.where` and `np.nonzero` give it. Take that array, `[0]`, or "
            "use `np.flatnonzero`.",
        ),
        Misconception(
            decimals_when_empty,
            "when there is no dead unit, the empty list becomes an array of decimal numbers, and those cannot index "
            "anything. Say `np.array([…], dtype=int)`, or use `np.flatnonzero`.",
        ),
        Misconception(
            largest_is_zero,
            "the maximum of a unit that is never positive may be 0 as well, and the unit still answers with "
            "negative numbers. Ask whether every entry of the column is 0.",
        ),
        Misconception(
            smallest_is_zero,
            "the minimum of a unit that is never negative is 0 as soon as it is silent on one example. Ask "
            "whether every entry of the column is 0.",
        ),
        Misconception(
            zeros_of_each_unit,
            "this is how often each unit is 0. A unit is dead if that is as often as there are examples, and the "
            "indices of those are asked.",
        ),
        Misconception(
            silent_on_the_first_example,
            "only the first example was looked at. A dead unit is 0 on all of them.",
        ),
        Misconception(
            silent_on_the_last_example,
            "the last example alone decides: what those before it say is lost. A dead unit is 0 on all of them.",
        ),
        Misconception(
            silent_on_most_examples,
            "units that are 0 on more than half of the examples were counted. Dead means 0 on all of them.",
        ),
        Misconception(
            first_dead_unit_alone,
            "only the first dead unit came back. There may be several, and all of them are asked.",
        ),
        Misconception(
            counted_from_one,
            "the units are counted from 1. Indices of columns begin at 0.",
        ),
        Misconception(
            share_of_dead_units,
            "this is the share of units that are dead. Which ones is asked: their indices.",
        ),
        Misconception(
            columns_themselves,
            "these are the columns themselves, all zeros. Their indices are asked.",
        ),
        Misconception(
            places_of_all_zeros,
            "these are the columns of all zeros, each as often as it has one. First ask of each column whether "
            "all of it is 0, then look for the places.",
        ),
        Misconception(
            places_in_a_column,
            "the indices stand one below the other, in an array with two axes, as `np.argwhere` makes it. "
            "`np.flatnonzero` gives them in a row.",
        ),
        Misconception(
            most_often_silent,
            "these are the units that are 0 most often. That need not be on all examples: where no unit is dead, none "
            "is to be named.",
        ),
        Misconception(
            always_the_same,
            "units that give the same number on every example were counted, whatever the number is. A dead one gives "
            "0.",
        ),
    ),
    minutes=5,
    difficulty=2,
)
