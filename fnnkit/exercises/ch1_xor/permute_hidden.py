"""`permute_hidden`: the same function with its hidden units in another order: a weight-space symmetry."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import landscape
from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``permute_hidden(W, c, w, order)``; every order is a cycle, whose inverse is another order.

    Three units alone would not do: there the order taken twice is its inverse.
    """
    columns, biases, outputs = "the columns of W", "the biases c", "the output weights w"
    edge = "one unit, many units"

    def layer(d: int, m: int) -> tuple[Any, ...]:
        return both_signs(rng, d, m), both_signs(rng, m) + 5.0, both_signs(rng, m) - 5.0

    cycle = [np.array([1, 2, 0]), np.array([2, 0, 1])][int(rng.integers(2))]
    square, flat = (*layer(3, 3), cycle), (*layer(2, 4), np.array([1, 2, 3, 0]))
    five = np.array([3, 0, 4, 2, 1])
    cases = [
        Case(case, criterion, why)
        for criterion in (columns, biases, outputs)
        for case, why in ((square, "three inputs"), (flat, "two inputs"))
    ]
    return [
        *cases,
        Case((*layer(4, 1), np.array([0])), edge, "one unit"),
        Case((*layer(2, 5), five), edge, "five units"),
        *(Case((*args, five), edge, f"nine inputs, {why}") for args, why in beyond(rng, (9, 5), (5,), (5,))),
    ]


def rows_permuted(W, c, w, order):
    """Rows of W are inputs, not units."""
    return W[order], c[order], w[order]


def hidden_biases_stay(W, c, w, order):
    """Forgets c."""
    return W[:, order], c, w[order]


def output_weights_stay(W, c, w, order):
    """Forgets w."""
    return W[:, order], c[order], w


def order_read_backwards(W, c, w, order):
    """Old unit j becomes new unit order[j]."""
    back = np.argsort(order)
    return W[:, back], c[back], w[back]


def nothing_moved(W, c, w, order):
    """Copies."""
    return W.copy(), c.copy(), w.copy()


def permuted_in_place(W, c, w, order):
    """Right values, but the caller's network is permuted too."""
    W[:] = W[:, order]
    c[:] = c[order]
    w[:] = w[order]
    return W, c, w


def overwritten_while_needed(W, c, w, order):
    """In a loop, from the array that is being written."""
    W, c, w = W.copy(), c.copy(), w.copy()
    for new, old in enumerate(order):
        W[:, new], c[new], w[new] = W[:, old], c[old], w[old]
    return W, c, w


def exchanged_in_pairs(W, c, w, order):
    """Unit j and unit order[j] change places, one after the other."""
    place = list(range(len(order)))
    for new, old in enumerate(order):
        place[new], place[old] = place[old], place[new]
    return W[:, place], c[place], w[place]


def rows_and_columns_permuted(W, c, w, order):
    """Inputs and units."""
    return W[order][:, order], c[order], w[order]


def order_from_the_end(W, c, w, order):
    """The order is reversed."""
    back = order[::-1]
    return W[:, back], c[back], w[back]


def only_the_weights_permuted(W, c, w, order):
    """Biases and output weights stay."""
    return W[:, order], c.copy(), w.copy()


def units_reversed(W, c, w, order):
    """The order is not looked at."""
    return W[:, ::-1].copy(), c[::-1].copy(), w[::-1].copy()


def permuted_twice(W, c, w, order):
    """The order is taken twice."""
    twice = order[order]
    return W[:, twice], c[twice], w[twice]


def output_weights_read_backwards(W, c, w, order):
    """As if the output weights had to undo the order."""
    return W[:, order], c[order], w[np.argsort(order)]


EXERCISE = Exercise(
    name="permute_hidden",
    chapter="ch1_xor",
    reference=landscape.permute_hidden,
    returns=("W", "c", "w"),
    cases=cases,
    criteria=(
        Criterion("the columns of W", 0.25, agrees(part=0)),
        Criterion("the biases c", 0.25, agrees(part=1)),
        Criterion("the output weights w", 0.25, agrees(part=2)),
        Criterion("one unit, many units", 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            rows_permuted,
            "the rows of `W` were permuted. A row belongs to an input; a hidden unit is a column: `W[:, order]`.",
        ),
        Misconception(
            hidden_biases_stay,
            "the biases `c` stayed where they were. A unit takes its bias along: otherwise it is another unit.",
        ),
        Misconception(
            output_weights_stay,
            "the output weights `w` stayed where they were, so each unit now has the weight of another one.",
        ),
        Misconception(
            order_read_backwards,
            "the order was read backwards: old unit j comes to place `order[j]` here. New unit j is the old unit "
            "`order[j]`: read from place `order[j]`, and write to place j.",
        ),
        Misconception(nothing_moved, "nothing was permuted: index with `order`."),
        Misconception(
            permuted_in_place,
            "the caller's arrays were overwritten. `W[:, order]` makes a new array: return that.",
        ),
        Misconception(
            overwritten_while_needed,
            "units were read from the array that is being written, so some were overwritten before "
            "they were read. Read from the old arrays.",
        ),
        Misconception(
            exchanged_in_pairs,
            "units were exchanged in pairs, one pair after the other: a later exchange moves units "
            "that were already in place.",
        ),
        Misconception(
            rows_and_columns_permuted,
            "the rows of `W` were permuted too. They belong to the inputs, which stay where they are.",
        ),
        Misconception(
            order_from_the_end,
            "the order was taken from its end to its beginning. New unit j is the old unit `order[j]`.",
        ),
        Misconception(
            only_the_weights_permuted,
            "only `W` was permuted. A unit takes its bias and its output weight along.",
        ),
        Misconception(
            units_reversed,
            "the units come back in reverse, whatever `order` says: new unit j is the old unit `order[j]`.",
        ),
        Misconception(
            permuted_twice,
            "the order was taken twice, the second time of units that had been moved. Once is enough: new unit j "
            "is the old unit `order[j]`.",
        ),
        Misconception(
            output_weights_read_backwards,
            "`w` was put in the inverse order. A unit takes its output weight along: its bias and its weights all move "
            "by the same `order`.",
        ),
    ),
    minutes=5,
    difficulty=2,
    core=False,
)
