"""More wrong sizes of a signal: answers to `deltas_through_time` (chapter 6), which has a page full of its own."""

from __future__ import annotations

import numpy as np

from fnnkit.judge.exercise import Misconception


def norms_of_the_examples_added(W, Z, delta_T):
    """Σ over examples of ‖row‖."""
    delta, norms = delta_T, [np.linalg.norm(delta_T, axis=1).sum()]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta, axis=1).sum())
    return np.array(norms)


def norms_of_the_units_added(W, Z, delta_T):
    """Σ over units of ‖column‖."""
    delta, norms = delta_T, [np.linalg.norm(delta_T, axis=0).sum()]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta, axis=0).sum())
    return np.array(norms)


def largest_norm_of_an_example(W, Z, delta_T):
    """max over examples of ‖row‖."""
    delta, norms = delta_T, [np.linalg.norm(delta_T, axis=1).max(initial=0)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta, axis=1).max(initial=0))
    return np.array(norms)


def roots_of_mean_squares(W, Z, delta_T):
    """Divided by the number of entries, under the root."""
    delta, norms = delta_T, [np.linalg.norm(delta_T) / max(delta_T.size, 1) ** 0.5]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta) / max(delta.size, 1) ** 0.5)
    return np.array(norms)


def norm_of_the_first_example(W, Z, delta_T):
    """‖δ[0]‖."""
    delta, norms = delta_T, [np.linalg.norm(delta_T[:1])]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta[:1]))
    return np.array(norms)


def largest_sum_of_a_unit(W, Z, delta_T):
    """`np.linalg.norm(delta, 1)` of a matrix is its largest sum down a column."""
    delta, norms = delta_T, [np.abs(delta_T).sum(axis=0).max()]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.abs(delta).sum(axis=0).max())
    return np.array(norms)


def largest_sum_of_an_example(W, Z, delta_T):
    """`np.linalg.norm(delta, np.inf)` of a matrix is its largest sum along a row."""
    delta, norms = delta_T, [np.abs(delta_T).sum(axis=1).max(initial=0)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.abs(delta).sum(axis=1).max(initial=0))
    return np.array(norms)


def relative_to_the_last(W, Z, delta_T):
    """Divided by ‖delta_T‖, so that the first is 1."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms) / (norms[0] or 1.0)


FURTHER = (
    Misconception(
        largest_sum_of_a_unit,
        "this is the largest sum of moduli down a column, which is what a matrix has for norm 1. The root of the sum of all "
        "squares is asked for.",
    ),
    Misconception(
        largest_sum_of_an_example,
        "this is the largest sum of moduli along a row, which is what a matrix has for norm ∞. The root of the sum of all "
        "squares is asked for.",
    ),
    Misconception(
        relative_to_the_last,
        "all norms are divided by that of `delta_T`. They are asked for as they are.",
    ),
    Misconception(
        norms_of_the_examples_added,
        "each example has a norm of its own, and these are added: roots first, sum after. One root, of the sum of all squares, "
        "is the norm of all entries together.",
    ),
    Misconception(
        norms_of_the_units_added,
        "each unit has a norm of its own, over the examples, and these are added. One root, of the sum of all squares, is the "
        "norm of all entries together.",
    ),
    Misconception(
        largest_norm_of_an_example,
        "this is the largest of the examples' norms. One norm of all examples and units together is asked for.",
    ),
    Misconception(
        roots_of_mean_squares,
        "the squares are averaged. The norm is the root of their *sum*, however many entries there are.",
    ),
    Misconception(
        norm_of_the_first_example,
        "this is the norm of the first example's signal alone. All examples belong to one norm.",
    ),
)
"""Their hints."""
