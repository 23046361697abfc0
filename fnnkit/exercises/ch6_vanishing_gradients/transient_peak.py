"""`transient_peak`: how far powers of a matrix rise before the end, and when (chapter 6)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import dynamics
from fnnkit.exercises.ch6_vanishing_gradients.power_by_eigen import some
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

PEAK, WHEN = "the peak", "the first k that attains it"


def hump(rng: np.random.Generator, m: int) -> Any:
    """A matrix whose powers rise and then vanish, with a peak that stands clearly above its neighbours."""
    while True:
        W = some(rng, 0.7, 0.85) * np.eye(m) + np.diag(np.round(rng.uniform(1.5, 3.0, m - 1), 1), 1)
        norms = dynamics.power_norms(W, 40)
        if np.sort(norms)[-2] < 0.999 * norms.max():
            return W


def swing(rng: np.random.Generator, growth: float) -> Any:
    """A matrix whose odd powers are large and whose even ones are small: its norms fall before they rise."""
    c = float(rng.choice([4.0, 8.0, 16.0]))
    return growth * np.array([[0.0, c], [1.0 / c, 0.0]])


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``transient_peak(W, K)``; ties are exact, or there are none."""
    small = np.array([[some(rng, 0.3, 0.5), some(rng, 0.1, 0.3)], [0.0, some(rng, -0.5, -0.3)]])
    grows = np.array([[some(rng, 1.05, 1.2), some(rng, 0.5, 1.5)], [0.0, some(rng, 0.6, 0.9)]])
    asked: list[tuple[Any, int, str]] = [
        (hump(rng, 2), 40, "it rises, then vanishes"),
        (hump(rng, 3), 30, "three rows"),
        (hump(rng, 5), 60, "five rows"),
        (hump(rng, 9), 40, "nine rows"),
        (-hump(rng, 2), 40, "no entry is positive"),
        (grows, int(rng.integers(4, 9)), "it grows to the end"),
        (swing(rng, 1.5), 2 * int(rng.integers(2, 4)) + 1, "it falls on the way, and rises again"),
        (small, 6, "it never rises"),
        (swing(rng, 1.0), 7, "the largest norm occurs at every odd k"),
    ]
    return [
        *(Case((W, K), PEAK, why) for W, K, why in asked),
        *(Case((W, K), WHEN, why) for W, K, why in asked),
        Case((np.array([[1, int(rng.integers(2, 6))], [0, 0]]), 4), UNUSUAL, "whole numbers"),
        Case(
            (np.array([[3, int(rng.integers(1, 5))], [0, 2]]), 50), UNUSUAL, "powers too large for an integer"
        ),
        Case((hump(rng, 2).astype(np.float32), 30), UNUSUAL, "float32"),
        Case((hump(rng, 2), 0), UNUSUAL, "K is 0"),
    ]


def power_of_the_norm(W, K):
    """‖W‖ᵏ, an upper bound, in the place of ‖Wᵏ‖."""
    norms = [np.linalg.norm(W, 2) ** k for k in range(K + 1)]
    return max(norms), int(np.argmax(norms))


def power_of_the_radius(W, K):
    """ρᵏ, a lower bound."""
    radius = np.abs(np.linalg.eigvals(W)).max()
    norms = [radius**k for k in range(K + 1)]
    return max(norms), int(np.argmax(norms))


def each_entry_to_the_power(W, K):
    """``W**k``."""
    norms = [np.linalg.norm(W**k, 2) for k in range(K + 1)]
    return max(norms), int(np.argmax(norms))


def frobenius_norm(W, K):
    """The default of ``np.linalg.norm``."""
    norms = [np.linalg.norm(np.linalg.matrix_power(W, k)) for k in range(K + 1)]
    return max(norms), int(np.argmax(norms))


def largest_entry(W, K):
    """max |entry| for the norm."""
    norms = [np.abs(np.linalg.matrix_power(W, k)).max() for k in range(K + 1)]
    return max(norms), int(np.argmax(norms))


def power_zero_left_out(W, K):
    """k from 1 on."""
    if K == 0:
        return np.linalg.norm(W, 2), 1
    norms = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(1, K + 1)]
    return max(norms), int(np.argmax(norms)) + 1


def place_in_a_list_from_one(W, K):
    """k from 1 on, and the index of the list is taken for k."""
    norms = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(1, max(K, 1) + 1)]
    return max(norms), int(np.argmax(norms))


def counted_from_one(W, K):
    """One too many."""
    norms = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(K + 1)]
    return max(norms), int(np.argmax(norms)) + 1


def last_power_left_out(W, K):
    """``range(K)``."""
    norms = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(max(K, 1))]
    return max(norms), int(np.argmax(norms))


def the_last_of_equal_ones(W, K):
    """``>=``."""
    peak, when = 0.0, 0
    for k in range(K + 1):
        norm = np.linalg.norm(np.linalg.matrix_power(W, k), 2)
        if norm >= peak:
            peak, when = norm, k
    return peak, when


def stops_at_the_first_descent(W, K):
    """The search ends where the norm falls."""
    peak, when = 1.0, 0
    for k in range(1, K + 1):
        norm = np.linalg.norm(np.linalg.matrix_power(W, k), 2)
        if norm < peak:
            break
        if norm > peak:
            peak, when = norm, k
    return peak, when


def the_last_power(W, K):
    """‖W^K‖, without a search."""
    return np.linalg.norm(np.linalg.matrix_power(W, K), 2), K


def powers_of_whole_numbers(W, K):
    """Integers of 64 bits: what is too large for them comes back small, or negative."""
    norms = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(K + 1)]
    return max(norms), int(np.argmax(norms))


def step_before_peak(W, K):
    """(k, peak)."""
    norms = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(K + 1)]
    return int(np.argmax(norms)), max(norms)


def longest_column(W, K):
    """The stretch of unit vectors along the axes alone."""
    powers = [np.linalg.matrix_power(W.astype(float), k) for k in range(K + 1)]
    sizes = [np.sqrt((P**2).sum(axis=0)).max() for P in powers]
    return max(sizes), int(np.argmax(sizes))


def largest_sum_of_a_column(W, K):
    """The 1-norm."""
    norms = [np.linalg.norm(np.linalg.matrix_power(W.astype(float), k), 1) for k in range(K + 1)]
    return max(norms), int(np.argmax(norms))


def largest_sum_of_a_row(W, K):
    """The ∞-norm."""
    norms = [np.linalg.norm(np.linalg.matrix_power(W.astype(float), k), np.inf) for k in range(K + 1)]
    return max(norms), int(np.argmax(norms))


def smallest_stretch(W, K):
    """The smallest singular value."""
    norms = [np.linalg.svd(np.linalg.matrix_power(W.astype(float), k))[1][-1] for k in range(K + 1)]
    return max(norms), int(np.argmax(norms))


def one_power_too_many(W, K):
    """k to K + 1."""
    norms = [np.linalg.norm(np.linalg.matrix_power(W.astype(float), k), 2) for k in range(K + 2)]
    return max(norms), int(np.argmax(norms))


def a_factor_ahead(W, K):
    """The product is made before the norm is taken: k belongs to the power before."""
    P = np.eye(len(W))
    peak, when = 0.0, 0
    for k in range(K + 1):
        P = P @ W
        size = np.linalg.norm(P, 2)
        if size > peak:
            peak, when = size, k
    return peak, when


def squared_each_time(W, K):
    """P @ P in the place of P @ W."""
    P = W.astype(float)
    norms = [1.0]
    for _ in range(K):
        norms.append(np.linalg.norm(P, 2))
        P = np.clip(P @ P, -1e100, 1e100)
    return max(norms), int(np.argmax(norms))


def products_entry_by_entry(W, K):
    """P * W from the identity on: nothing but the diagonal is left."""
    P = np.eye(len(W))
    norms = []
    for _ in range(K + 1):
        norms.append(np.linalg.norm(P, 2))
        P = P * W
    return max(norms), int(np.argmax(norms))


EXERCISE = Exercise(
    name="transient_peak",
    chapter="ch6_vanishing_gradients",
    reference=dynamics.transient_peak,
    returns=("peak", "k"),
    cases=cases,
    criteria=(
        Criterion(PEAK, 0.25, agrees(part=0)),
        Criterion(WHEN, 0.25, agrees(part=1)),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            power_of_the_norm,
            "the norm is raised to the power: an upper bound, and a bad one. Raise the matrix to the power, then take the "
            "norm.",
        ),
        Misconception(
            power_of_the_radius,
            "powers of the radius know nothing of what happens on the way. Raise the matrix to the power, and take the norm.",
        ),
        Misconception(
            each_entry_to_the_power,
            "each entry was raised to the power, as by `W**k`. The power of a matrix is a product of matrices: one "
            "more factor `W` with `@` at each step.",
        ),
        Misconception(
            frobenius_norm,
            "this is the Frobenius norm, the root of the sum of all squares. The spectral norm is asked for: for it "
            "`np.linalg.norm` has a second argument, 2.",
        ),
        Misconception(
            largest_entry,
            "this is the largest entry. The spectral norm is the largest stretch of any vector.",
        ),
        Misconception(
            power_zero_left_out,
            "`W` to the power 0 is not among the candidates. It is the identity, with norm 1, and counts too: k begins "
            "at 0.",
        ),
        Misconception(
            place_in_a_list_from_one,
            "the power 0 is missing, and the place in the list, counted from 0, is returned for k. Begin with the "
            "identity, k = 0: then place and k agree.",
        ),
        Misconception(counted_from_one, "`k` is one too large: the identity is k = 0."),
        Misconception(last_power_left_out, "the search ends before K: the power K itself counts too."),
        Misconception(
            the_last_of_equal_ones, "of several equal peaks the last is returned. The first is asked for."
        ),
        Misconception(
            stops_at_the_first_descent,
            "the search ends where the norm falls for the first time. It may rise again later: look at all k.",
        ),
        Misconception(
            the_last_power,
            "what comes back is that of the last power, whatever the others are. The largest norm of all, from k = 0 "
            "to K, is asked for, and the first k that attains it.",
        ),
        Misconception(
            powers_of_whole_numbers,
            "a matrix of whole numbers was multiplied in whole numbers, which end near 9·10¹⁸ and then start again "
            "from below, without a word. Count in floats from the beginning: `W.astype(float)`.",
        ),
        Misconception(step_before_peak, "the two are exchanged: the peak comes first, then its k."),
        Misconception(
            longest_column,
            "only vectors along the axes were tried: the longest column. Another direction may be stretched more; the "
            "spectral norm is the largest stretch of all.",
        ),
        Misconception(
            largest_sum_of_a_column,
            "this is the 1-norm, the largest sum in a column. The spectral norm is asked for, the largest stretch of a "
            "vector.",
        ),
        Misconception(
            largest_sum_of_a_row,
            "this is the ∞-norm, the largest sum in a row. The spectral norm is asked for, the largest stretch of a "
            "vector.",
        ),
        Misconception(
            smallest_stretch,
            "this is the smallest singular value. The spectral norm is the largest one.",
        ),
        Misconception(
            one_power_too_many,
            "the search goes one power too far: K is the last.",
        ),
        Misconception(
            a_factor_ahead,
            "each power is counted one too low: k = 0 gets `W` itself, and K the power after it. The power that "
            "belongs to k = 0 is the identity.",
        ),
        Misconception(
            squared_each_time,
            "the power is multiplied by itself at each step, so that the exponents double: 1, 2, 4, 8. One more factor "
            "`W` a step is meant.",
        ),
        Misconception(
            products_entry_by_entry,
            "the matrices were multiplied entry by entry, and beside the diagonal of the identity there is "
            "nothing but 0. The power of a matrix is made of products with `@`.",
        ),
    ),
    searched=False,
    minutes=8,
    difficulty=2,
)
