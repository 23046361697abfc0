"""`maxout`: maxout units: the maximum of each group of ``k`` consecutive pre-activations."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import CALM
from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``maxout(Z, k)``; some groups are negative throughout."""
    value, edge = "the maximum of each group", "one piece, one unit, one example"
    return [
        Case((both_signs(rng, 2, 6), 3), value, "two units of three pieces"),
        Case((both_signs(rng, 2, 6), 2), value, "three units of two pieces"),
        Case((-np.abs(both_signs(rng, 2, 6)), 2), value, "all negative"),
        Case((both_signs(rng, 3, 4), 2), value, "two units of two pieces"),
        *(Case((*Z, 3), value, f"nine examples, {why}") for Z, why in beyond(rng, (9, 6))),
        Case((both_signs(rng, 2, 3), 1), edge, "one piece a unit"),
        Case((both_signs(rng, 2, 3), 3), edge, "one unit"),
        Case((both_signs(rng, 1, 4), 2), edge, "one example"),
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


def groups_that_overlap(Z, k):
    """Group i begins at column i."""
    return np.array([[row[i : i + k].max() for i in range(len(row) // k)] for row in Z])


def every_window(Z, k):
    """All k neighbours there are."""
    return np.lib.stride_tricks.sliding_window_view(Z, k, axis=1).max(axis=2)


def maximum_over_the_examples(Z, k):
    """The first axis."""
    return Z.reshape(len(Z), -1, k).max(axis=0)


def sum_of_group(Z, k):
    """A sum in the place of the maximum."""
    return Z.reshape(len(Z), -1, k).sum(axis=2)


def maximum_of_the_whole_row(Z, k):
    """One group only."""
    return Z.max(axis=1)


def first_piece_of_each_group(Z, k):
    """No comparison."""
    return Z[:, ::k].copy()


def first_two_pieces(Z, k):
    """Pairs are compared, whatever k is."""
    return Z.reshape(len(Z), -1, k)[..., :2].max(axis=2)


def last_piece_left_out(Z, k):
    """One too few."""
    return Z.reshape(len(Z), -1, k)[..., : max(1, k - 1)].max(axis=2)


def last_piece_of_each_group(Z, k):
    """What a loop leaves that overwrites."""
    return Z[:, k - 1 :: k].copy()


def first_or_last_piece(Z, k):
    """Each comparison starts from the first again."""
    return np.maximum(Z[:, ::k], Z[:, k - 1 :: k])


def largest_of_the_row(Z, k):
    """The m largest, from any group."""
    return np.sort(Z, axis=1)[:, -(Z.shape[1] // k) :]


def largest_size(Z, k):
    """Signs are lost."""
    return np.abs(Z).reshape(len(Z), -1, k).max(axis=2)


def largest_of_each_column(Z, k):
    """k rows make a group."""
    return np.array([Z[i : i + k].max(axis=0) for i in range(0, len(Z), k)])


def one_column_too_late(Z, k):
    """Group i begins at column i·k + 1."""
    return np.stack([Z[:, j + 1 : j + 1 + k].max(axis=1) for j in range(0, Z.shape[1], k)], axis=1)


def largest_of_the_row_so_far(Z, k):
    """Not begun anew for the next group."""
    return np.maximum.accumulate(Z.reshape(len(Z), -1, k).max(axis=2), axis=1)


def largest_over_examples_too(Z, k):
    """One number a unit."""
    H = Z.reshape(len(Z), -1, k).max(axis=(0, 2))
    return np.tile(H, (len(Z), 1))


def m_columns_apart(Z, k):
    """Group i is columns i·m to (i+1)·m − 1."""
    m = Z.shape[1] // k
    return np.stack([Z[:, i * m : (i + 1) * m].max(axis=1) for i in range(m)], axis=1)


EXERCISE = Exercise(
    name="maxout",
    chapter="ch3_activations",
    reference=activations.maxout,
    cases=cases,
    criteria=(
        Criterion("the maximum of each group", 1.0, agrees()),
        Criterion("one piece, one unit, one example", 0.25, agrees()),
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
            "there are k groups. k is the number of pieces in a group: `reshape(n, m, k)` with m = columns // k.",
        ),
        Misconception(mean_of_group, "this is the mean of each group. Maxout takes the largest."),
        Misconception(least_of_group, "this is the smallest of each group. Maxout takes the largest."),
        Misconception(
            number_of_the_winner,
            "this is which piece wins (`argmax`). Its value is asked (`max`).",
        ),
        Misconception(
            never_below_zero,
            "nothing is below 0: a 0 takes part in the maximum, such as one that it was started from. The largest of "
            "a group may well be negative: compare its k pieces with one another only.",
        ),
        Misconception(
            examples_run_together,
            "all examples are in one long row. The result has a row for each example, shape `(n, m)`.",
        ),
        Misconception(
            groups_that_overlap,
            "the groups overlap: each begins one column after the one before. A group begins where the last one "
            "ended, group i at column i·k.",
        ),
        Misconception(
            every_window,
            "every k neighbouring columns make a group here, so there are too many. The groups do not overlap: "
            "each column belongs to one unit.",
        ),
        Misconception(
            maximum_over_the_examples,
            "the maximum was taken over the examples. It is taken within each group, along the last axis of `(n, "
            "m, k)`.",
        ),
        Misconception(
            sum_of_group,
            "this is the sum of each group. Maxout takes the largest.",
        ),
        Misconception(
            maximum_of_the_whole_row,
            "there is one maximum for each example. Each group of k columns has a maximum of its own, so that "
            "the result has the shape `(n, m)`.",
        ),
        Misconception(
            first_piece_of_each_group,
            "this is the first column of each group. The largest of the group is asked, whichever column it "
            "stands in.",
        ),
        Misconception(
            first_two_pieces,
            "only the first two columns of each group were compared. A group has k of them, and all take part.",
        ),
        Misconception(
            last_piece_left_out,
            "the last column of each group was left out. A group has k of them, i·k to (i+1)·k − 1, both included.",
        ),
        Misconception(
            last_piece_of_each_group,
            "this is the last column of each group. The largest of the group is asked, whichever column it stands in.",
        ),
        Misconception(
            first_or_last_piece,
            "only the first and the last column of each group were compared. Keep the largest so far, and compare the "
            "next one with that.",
        ),
        Misconception(
            largest_of_the_row,
            "these are the largest numbers of the whole row, whatever group they are in. Each unit has k columns of "
            "its own, and takes the largest of those.",
        ),
        Misconception(
            largest_size,
            "sizes were compared, without their signs. The largest of −2 and 1 is 1.",
        ),
        Misconception(
            largest_of_each_column,
            "rows were grouped. Rows are examples: a group is k neighbouring *columns*.",
        ),
        Misconception(
            one_column_too_late,
            "each group begins one column too late. Columns are counted from 0: group i goes from i·k to (i+1)·k − 1, "
            "both included.",
        ),
        Misconception(
            largest_of_the_row_so_far,
            "the largest so far is carried on from one group to the next. Begin anew with each group.",
        ),
        Misconception(
            largest_over_examples_too,
            "the maximum was taken over the examples too, so that all rows are alike. Each example (row) has a "
            "maximum of its own in each group.",
        ),
        Misconception(
            m_columns_apart,
            "the groups begin m columns apart, and have m of them, as many as there are units. A group is k columns: "
            "unit i has i·k to (i+1)·k − 1.",
        ),
    ),
    minutes=8,
    difficulty=2,
)
