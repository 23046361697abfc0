"""`maxout_grad`: gradient of a loss through maxout units: all of it goes to the winner of each group, the first of ties."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import CALM
from fnnkit.exercises.drawing import beyond, both_signs, fractions
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``maxout_grad(Z, k, upstream)``; no ties but where the criterion is about them."""
    value, ties = "all of it to the winner", "of a tie, to the first"

    def drawn(n: int, m: int, k: int) -> tuple[Any, int, Any]:
        Z = rng.permuted(np.linspace(-2, 2.5, n * m * k)).reshape(n, m * k)
        return np.round(Z, 2), k, both_signs(rng, n, m)

    spread = np.linspace(-9.5, 9.5, 54), np.linspace(0.25, 3.0, 54), np.linspace(-3.0, -0.25, 54)
    tied = np.array([[1.5, 1.5, -2.0, 0.5, 2.0, 2.0], [0.0, 0.0, 0.0, -1.0, -1.0, -3.0]])
    return [
        Case(drawn(2, 2, 3), value, "two units of three pieces"),
        Case(drawn(2, 3, 2), value, "three units of two pieces"),
        Case(drawn(2, 2, 2), value, "two units of two pieces"),
        Case((tied, 3, both_signs(rng, 2, 2)), ties),
        Case((np.zeros((1, 4)), 2, both_signs(rng, 1, 2)), ties, "all equal"),
        Case(drawn(2, 3, 1), value, "one piece a unit"),
        Case(drawn(2, 1, 3), value, "one unit"),
        Case(drawn(1, 2, 2), value, "one example"),
        *(
            Case((rng.permuted(distinct).reshape(9, 6), 3, upstream), value, f"nine examples, {why}")
            for distinct, ((upstream,), why) in zip(spread, beyond(rng, (9, 2)), strict=True)
        ),
        Case(
            (np.array([[1, 2, 4, 3]]), 2, np.array([[5, -6]])),
            UNUSUAL,
            "whole numbers: the arrays are of integers",
        ),
        Case(
            fractions((np.array([[1, 2, 4, 3]]), 2, np.array([[5, -6]]))),
            UNUSUAL,
            "whole numbers in the first argument: it alone is an array of integers",
        ),
        Case(
            (both_signs(rng, 1, 2).astype(np.float32), 2, both_signs(rng, 1, 1).astype(np.float32)),
            UNUSUAL,
            "float32: numbers with seven digits",
        ),
    ]


def place_in_the_group_for_the_column(Z, k, upstream):
    """The winner's number within its group is taken for its column."""
    n, m = upstream.shape
    dZ = np.zeros(Z.shape)
    for j in range(m):
        dZ[np.arange(n), Z[:, j * k : (j + 1) * k].argmax(axis=1)] += upstream[:, j]
    return dZ


def the_same_where_it_is_set(Z, k, upstream):
    """The winner's number within its group is taken for its column, and later units overwrite earlier ones."""
    n, m = upstream.shape
    dZ = np.zeros(Z.shape)
    for j in range(m):
        dZ[np.arange(n), Z[:, j * k : (j + 1) * k].argmax(axis=1)] = upstream[:, j]
    return dZ


def place_in_the_group_after_the_unit(Z, k, upstream):
    """Unit i is thought to begin at column i."""
    n, m = upstream.shape
    dZ = np.zeros(Z.shape)
    for j in range(m):
        dZ[np.arange(n), j + Z[:, j * k : (j + 1) * k].argmax(axis=1)] = upstream[:, j]
    return dZ


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


def written_far_apart(Z, k, upstream):
    """The right winners, and the units next to each other."""
    n, m = upstream.shape
    won = np.arange(k)[:, None] == Z.reshape(n, m, k).argmax(axis=2)[:, None, :]
    return (won * upstream[:, None, :]).reshape(n, m * k)


def left_in_groups(Z, k, upstream):
    """Shape (n, m, k)."""
    n, m = upstream.shape
    gradient = np.zeros((n, m, k))
    winner = Z.reshape(n, m, k).argmax(axis=2)[..., None]
    np.put_along_axis(gradient, winner, upstream[..., None], axis=2)
    return gradient


def winners_of_all_units(Z, k, upstream):
    """An index that pairs every winner with every example and unit: the last written stays."""
    n, m = upstream.shape
    written = np.zeros(k)
    for s in range(n):
        for i in range(m):
            written[Z[s, i * k : (i + 1) * k].argmax()] = upstream[s, i]
    return np.tile(written, (n, m))


def winners_times_upstream(Z, k, upstream):
    """Upstream times the winner's value."""
    n, m = upstream.shape
    groups = Z.reshape(n, m, k)
    won = np.arange(k) == groups.argmax(axis=2)[..., None]
    return (upstream[..., None] * won * groups).reshape(n, m * k)


def upstream_of_other_units(Z, k, upstream):
    """The units in turn, where each should stand k times."""
    n, m = upstream.shape
    won = np.arange(k) == Z.reshape(n, m, k).argmax(axis=2)[..., None]
    return won.reshape(n, m * k) * np.tile(upstream, (1, k))


def served_the_smallest(Z, k, upstream):
    """The least of each group."""
    n, m = upstream.shape
    won = np.arange(k) == Z.reshape(n, m, k).argmin(axis=2)[..., None]
    return (upstream[..., None] * won).reshape(n, m * k)


def winner_above_zero(Z, k, upstream):
    """The search starts from 0: where nothing is above, the first stays."""
    n, m = upstream.shape
    won = np.arange(k) == np.maximum(0, Z).reshape(n, m, k).argmax(axis=2)[..., None]
    return (upstream[..., None] * won).reshape(n, m * k)


def one_winner_for_each_example(Z, k, upstream):
    """The largest of the whole row gets it all."""
    dZ = np.zeros(Z.shape)
    dZ[np.arange(len(Z)), Z.argmax(axis=1)] = upstream.sum(axis=1)
    return dZ


def gates_of_relus(Z, k, upstream):
    """Every positive piece gets it."""
    return np.repeat(upstream, k, axis=1) * (Z > 0)


def losers_served(Z, k, upstream):
    """The complement."""
    n, m = upstream.shape
    lost = np.arange(k) != Z.reshape(n, m, k).argmax(axis=2)[..., None]
    return (upstream[..., None] * lost).reshape(n, m * k)


def shared_by_a_softmax(Z, k, upstream):
    """As if the maximum were a soft one."""
    n, m = upstream.shape
    groups = Z.reshape(n, m, k)
    shares = np.exp(groups - groups.max(axis=2, keepdims=True))
    return (shares / shares.sum(axis=2, keepdims=True) * upstream[..., None]).reshape(n, m * k)


def winner_of_the_row_so_far(Z, k, upstream):
    """Not begun anew for the next group; added up."""
    dZ = np.zeros(Z.shape)
    for s in range(len(Z)):
        for i in range(upstream.shape[1]):
            dZ[s, Z[s, : (i + 1) * k].argmax()] += upstream[s, i]
    return dZ


def winner_of_the_row_so_far_where_it_is_set(Z, k, upstream):
    """Not begun anew for the next group; overwritten."""
    dZ = np.zeros(Z.shape)
    for s in range(len(Z)):
        for i in range(upstream.shape[1]):
            dZ[s, Z[s, : (i + 1) * k].argmax()] = upstream[s, i]
    return dZ


def each_that_was_ahead(Z, k, upstream):
    """Whatever is larger than all before it."""
    groups = Z.reshape(*upstream.shape, k)
    best = np.maximum.accumulate(groups, axis=2)
    ahead = np.concatenate([np.ones((*upstream.shape, 1), bool), groups[..., 1:] > best[..., :-1]], axis=2)
    return (ahead * upstream[..., None]).reshape(Z.shape)


def compared_with_other_units(Z, k, upstream):
    """The maxima set side by side k times."""
    largest = np.tile(Z.reshape(*upstream.shape, k).max(axis=2), (1, k))
    return (largest == Z) * np.repeat(upstream, k, axis=1)


def winner_of_the_first_example(Z, k, upstream):
    """One example decides for all."""
    won = np.arange(k) == Z[0].reshape(-1, k).argmax(axis=1)[:, None]
    return (won * upstream[..., None]).reshape(Z.shape)


def one_winner_for_all_examples(Z, k, upstream):
    """The column with the largest sum."""
    won = np.arange(k) == Z.sum(axis=0).reshape(-1, k).argmax(axis=1)[:, None]
    return (won * upstream[..., None]).reshape(Z.shape)


def winners_of_every_example(Z, k, upstream):
    """An index that pairs every winner with every example: the last written stays."""
    n, m = upstream.shape
    row = np.zeros(m * k)
    for s in range(n):
        row[np.arange(m) * k + Z[s].reshape(m, k).argmax(axis=1)] = upstream[s]
    return np.tile(row, (n, 1))


EXERCISE = Exercise(
    name="maxout_grad",
    chapter="ch3_activations",
    reference=activations.maxout_grad,
    cases=cases,
    criteria=(
        Criterion("all of it to the winner", 1.0, agrees()),
        Criterion("of a tie, to the first", 0.5, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion(CALM, 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            place_in_the_group_for_the_column,
            "`argmax` within a group counts from the start of the group. Its column in `Z` is that plus the group's first one, "
            "i·k.",
        ),
        Misconception(
            the_same_where_it_is_set,
            "`argmax` within a group counts from the start of the group, so the units write into the same few columns. The "
            "column in `Z` is that number plus the group's first one, i·k.",
        ),
        Misconception(
            place_in_the_group_after_the_unit,
            "the winner's number within its group was added to the number of the unit. Group i begins at column i·k: "
            "the winner's column is i·k plus its number within the group.",
        ),
        Misconception(
            tie_shared_evenly,
            "tied pieces share the gradient. We agree on one winner, the first, so that exactly one line moves: "
            "`argmax` finds it, comparing with the maximum finds all of them.",
        ),
        Misconception(
            every_tied_piece,
            "each of the tied pieces gets all of the gradient, so it counts more than once. One winner, the first: "
            "`argmax` finds it, comparing with the maximum finds all of them.",
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
            "the winners got a 1. That is the derivative of the unit; by the chain rule it is multiplied by "
            "`upstream`.",
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
            written_far_apart,
            "the winners are right, and were written as if the columns of a group stood m apart. Those of group i are "
            "neighbours, i·k to (i+1)·k − 1.",
        ),
        Misconception(
            left_in_groups,
            "the gradient is still in groups, shape `(n, m, k)`. It belongs to `Z`: reshape it back to `(n, m·k)`.",
        ),
        Misconception(
            winners_of_all_units,
            "the winners of all examples and units were written everywhere: an index such as `[:, :, winner]` "
            "does not pair them with their own. Use `np.put_along_axis`, a comparison with `np.arange(k)`, or "
            "two loops.",
        ),
        Misconception(
            winners_times_upstream,
            "the winners got `upstream` times their own value. The slope of the maximum with respect to its "
            "winner is 1: `upstream` alone.",
        ),
        Misconception(
            upstream_of_other_units,
            "the winners are right, and got what belongs to other units: all of `upstream` was set side by side "
            "k times. The k columns of a group belong to one unit, so each number stands k times in a row.",
        ),
        Misconception(
            served_the_smallest,
            "the smallest piece of each group gets the gradient. The output is the largest one, so that alone "
            "can move it.",
        ),
        Misconception(
            winner_above_zero,
            "where all pieces of a group are negative, the first one was taken for the winner: they were compared "
            "with 0. Compare them with one another only.",
        ),
        Misconception(
            one_winner_for_each_example,
            "the largest of the whole row got all of the example's `upstream`. Each group of k columns has a winner "
            "of its own, which gets what belongs to its unit.",
        ),
        Misconception(
            gates_of_relus,
            "every positive piece gets the gradient, as through ReLUs. Here the winner of each group gets it, of "
            "whatever sign.",
        ),
        Misconception(
            losers_served,
            "all but the winners get the gradient. It is the other way round: moving a piece that is below the "
            "maximum changes nothing.",
        ),
        Misconception(
            shared_by_a_softmax,
            "the gradient is shared by a softmax of the group. The maximum is a hard one: all of it goes to the "
            "winner.",
        ),
        Misconception(
            winner_of_the_row_so_far,
            "the largest so far is carried on from one group to the next, so that a unit may serve a column of "
            "another. Look for the winner among the unit's own k columns.",
        ),
        Misconception(
            winner_of_the_row_so_far_where_it_is_set,
            "the largest so far is carried on from one group to the next, so that a unit writes into a column of "
            "another. Look for the winner among the unit's own k columns.",
        ),
        Misconception(
            each_that_was_ahead,
            "each piece that is larger than those before it in its group got the gradient, also if a later one is "
            "larger still. Look at all k first, and serve the winner alone.",
        ),
        Misconception(
            compared_with_other_units,
            "columns were compared with the maximum of other units: all maxima were set side by side k times. The k "
            "columns of a group belong to one unit, so each maximum stands k times in a row.",
        ),
        Misconception(
            winner_of_the_first_example,
            "the winners of the first example got the gradient in all of them. Each example (row) has winners of its "
            "own.",
        ),
        Misconception(
            one_winner_for_all_examples,
            "one winner was chosen for all examples together, by the sum or the mean of its column. Each example "
            "(row) has winners of its own.",
        ),
        Misconception(
            winners_of_every_example,
            "the winners of each example were written into the rows of all examples, so that all rows are alike. Row "
            "s takes the winners of example s alone: an index for the rows, such as `np.arange(n)[:, None]`, pairs "
            "them.",
        ),
    ),
    minutes=15,
    difficulty=3,
)
