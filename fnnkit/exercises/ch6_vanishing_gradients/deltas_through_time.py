"""`deltas_through_time`: how long an error signal lives on its way back (chapter 6)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import dynamics
from fnnkit.exercises.ch6_vanishing_gradients.beyond import far, negative, positive
from fnnkit.exercises.ch6_vanishing_gradients.sizes_of_signals import FURTHER
from fnnkit.exercises.drawing import both_signs, fractions, rounded
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

SHORT, LONG = "norms of the error signal, the last step first", "a long way back"


def signal(rng: np.random.Generator, T: int, n: int, m: int, low: float = 0.3, high: float = 1.5) -> Any:
    """W not symmetric, pre-activations off zero, an error signal at the last step."""
    W = rounded(rng, m, m) + np.triu(np.ones((m, m)), 1)
    return W, both_signs(rng, T, n, m, low=low, high=high), rounded(rng, n, m)


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``deltas_through_time(W, Z, delta_T)`` with Z of shape (T, n, m)."""
    W, Z, delta = signal(rng, 3, 2, 4)
    wide = signal(rng, 4, 2, 9)
    whole = np.array([[1, 2], [0, -1]]), rng.permuted([-2, -1, 1, 2, -1, 1]).reshape(3, 1, 2)
    return [
        Case((W, Z, delta), SHORT, "three steps"),
        Case(signal(rng, 4, 3, 2), SHORT, "four steps"),
        Case(signal(rng, 2, 1, 5), SHORT, "one example"),
        Case(signal(rng, 1, 2, 3), LONG, "one step: there is nothing to go back to"),
        Case(tuple(positive(a) for a in signal(rng, 3, 2, 4)), LONG, "all numbers positive"),
        Case(tuple(negative(a) for a in signal(rng, 3, 4, 2)), LONG, "all numbers negative"),
        Case((far(wide[0]), wide[1], far(wide[2])), LONG, "nine units, some large numbers"),
        Case(signal(rng, 25, 2, 3), LONG, "25 steps"),
        Case(signal(rng, 3, 2, 5, low=5.5, high=7.0), LONG, "units that are nearly saturated"),
        Case((W, np.zeros((3, 0, 4)), np.zeros((0, 4))), UNUSUAL, "no example: `Z` has shape (3, 0, 4)"),
        Case((*whole, rng.integers(1, 5, (1, 2))), UNUSUAL, "whole numbers"),
        Case(fractions((*whole, np.array([[1, 2]]))), UNUSUAL, "whole numbers in `W` alone"),
        Case(tuple(a.astype(np.float32) for a in signal(rng, 4, 2, 3)), UNUSUAL, "float32"),
    ]


def slope_forgotten(W, Z, delta_T):
    """W alone."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for _ in range(len(Z) - 1):
        delta = delta @ W.T
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


def slope_of_the_step_left(W, Z, delta_T):
    """The slope of step t on the way to t − 1."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


def slope_before_the_weights(W, Z, delta_T):
    """The slope of step t, and then W: error signals at the states."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        delta = ((1 - np.tanh(Z[t]) ** 2) * delta) @ W.T
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


def measured_at_the_states(W, Z, delta_T):
    """Right signals, measured before the slope."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        back = delta @ W.T
        norms.append(np.linalg.norm(back))
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * back
    return np.array(norms)


def weights_not_transposed(W, Z, delta_T):
    """W for Wᵀ."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


def first_step_first(W, Z, delta_T):
    """In the order of time."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1])


def forward_in_time(W, Z, delta_T):
    """The slopes of the first steps come first."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1):
        delta = (1 - np.tanh(Z[t]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


def last_step_left_out(W, Z, delta_T):
    """T − 1 norms."""
    delta, norms = delta_T, []
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


def one_step_too_many(W, Z, delta_T):
    """Goes on to the state before the first step."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, -1, -1):
        delta = (1 - np.tanh(Z[t]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


def squares_of_the_norms(W, Z, delta_T):
    """No root."""
    delta, norms = delta_T, [np.sum(delta_T**2)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.sum(delta**2))
    return np.array(norms)


def one_norm_an_example(W, Z, delta_T):
    """Shape (T, n)."""
    delta, norms = delta_T, [np.linalg.norm(delta_T, axis=1)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta, axis=1))
    return np.array(norms)


def spectral_norms(W, Z, delta_T):
    """``np.linalg.norm(delta, 2)`` of a matrix is its largest singular value."""
    delta, norms = delta_T, [np.linalg.norm(delta_T, 2)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta, 2))
    return np.array(norms)


def square_of_z(W, Z, delta_T):
    """1 − z² in the place of 1 − tanh²(z)."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - Z[t - 1] ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


def factors_collected(W, Z, delta_T):
    """All slopes in one product, all W in one power."""
    slopes, delta = np.ones(delta_T.shape), delta_T
    norms = [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        slopes, delta = slopes * (1 - np.tanh(Z[t - 1]) ** 2), delta @ W.T
        norms.append(np.linalg.norm(slopes * delta))
    return np.array(norms)


def norms_multiplied(W, Z, delta_T):
    """A bound: the norm of W for each step."""
    size, norms = np.linalg.norm(delta_T), [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        size = size * np.linalg.norm((1 - np.tanh(Z[t - 1]) ** 2) @ W.T)
        norms.append(size)
    return np.array(norms)


def all_from_the_last(W, Z, delta_T):
    """Each step starts from delta_T anew."""
    norms = [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        norms.append(np.linalg.norm((1 - np.tanh(Z[t - 1]) ** 2) * (delta_T @ W.T)))
    return np.array(norms)


def value_for_slope(W, Z, delta_T):
    """g for g′."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        delta = np.tanh(Z[t - 1]) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


def tanh_not_squared(W, Z, delta_T):
    """1 − tanh z."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1])) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


def slope_at_the_last_step_too(W, Z, delta_T):
    """delta_T is multiplied by the slope of step T."""
    delta = (1 - np.tanh(Z[-1]) ** 2) * delta_T
    norms = [np.linalg.norm(delta)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


def sums_of_the_moduli(W, Z, delta_T):
    """Σ |δ|."""
    delta, norms = delta_T, [np.abs(delta_T).sum()]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.abs(delta).sum())
    return np.array(norms)


def largest_entries(W, Z, delta_T):
    """max |δ|."""
    delta, sizes = delta_T, [np.abs(delta_T).max(initial=0)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        sizes.append(np.abs(delta).max(initial=0))
    return np.array(sizes)


def divided_by_the_examples(W, Z, delta_T):
    """Divided by the root of n."""
    delta, count = delta_T, max(len(delta_T), 1)
    norms = [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms) / np.sqrt(count)


def mean_of_the_examples_norms(W, Z, delta_T):
    """The mean of each example's norm."""
    delta, count = delta_T, max(len(delta_T), 1)
    norms = [np.linalg.norm(delta_T, axis=1).sum() / count]
    for t in range(len(Z) - 1, 0, -1):
        delta = (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta, axis=1).sum() / count)
    return np.array(norms)


def added_to_the_signal(W, Z, delta_T):
    """δ is kept and added to."""
    delta, norms = delta_T, [np.linalg.norm(delta_T)]
    for t in range(len(Z) - 1, 0, -1):
        delta = delta + (1 - np.tanh(Z[t - 1]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


EXERCISE = Exercise(
    name="deltas_through_time",
    chapter="ch6_vanishing_gradients",
    reference=dynamics.deltas_through_time,
    cases=cases,
    criteria=(
        Criterion(SHORT, 0.5, agrees()),
        Criterion(LONG, 0.25, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            slope_forgotten,
            "the slopes of the tanh are missing: only `W` acts. Each step multiplies by g′ of its pre-activation too.",
        ),
        Misconception(
            slope_of_the_step_left,
            "the slope is the one of the step that the signal leaves. It arrives at the pre-activation of the step before, "
            "so the slope of *that* step multiplies.",
        ),
        Misconception(
            slope_before_the_weights,
            "the slope is multiplied before `W`, so the signals are those at the states. From pre-activation to "
            "pre-activation the way goes through `W` first, then through the slope of the step before.",
        ),
        Misconception(
            measured_at_the_states,
            "the signals are right, and measured too early, before the slope of the step they come to. Take the norm "
            "at the pre-activation.",
        ),
        Misconception(
            weights_not_transposed, "`W` is not transposed: the way back goes through its transpose."
        ),
        Misconception(
            first_step_first,
            "the norms stand in the order of time. t = T comes first: the order of the way back.",
        ),
        Misconception(
            forward_in_time,
            "the slopes are taken from the first step on. The way back begins at the end: the slope of step T − 1 comes "
            "first.",
        ),
        Misconception(
            last_step_left_out, "the norm of `delta_T` itself is missing: it is the first of the T norms."
        ),
        Misconception(
            one_step_too_many,
            "there is one norm too many, and each slope is that of the step which the signal leaves. T steps have T − 1 ways "
            "between them, and on each the slope of the step *before* multiplies.",
        ),
        Misconception(squares_of_the_norms, "these are squares of the norms: the root is missing."),
        Misconception(
            one_norm_an_example,
            "there is a norm for each example. One over all entries together is asked for.",
        ),
        Misconception(
            spectral_norms,
            "these are the largest singular values, as `np.linalg.norm(…, 2)` gives them for a matrix. The root of the sum of "
            "all squares is asked for, its default.",
        ),
        Misconception(
            square_of_z, "1 − z² is no slope of the tanh. The derivative is 1 − h², with h = tanh(z)."
        ),
        Misconception(
            factors_collected,
            "all slopes were collected into one product and all `W` into one power. They do not commute: after each `W` "
            "comes the slope of its step.",
        ),
        Misconception(
            norms_multiplied,
            "norms were multiplied: at most a bound. Carry the signal itself from step to step, and take its norm at "
            "each.",
        ),
        Misconception(
            all_from_the_last,
            "every step starts from `delta_T`. Each starts from the signal of the step after it: keep it in a variable.",
        ),
        Misconception(
            value_for_slope,
            "the signal is multiplied by g(z), as on the slide. It is the slope g′(z) that lets it through.",
        ),
        Misconception(
            tanh_not_squared,
            "the slope of the tanh is 1 minus its *square*. The square is missing.",
        ),
        Misconception(
            slope_at_the_last_step_too,
            "`delta_T` was multiplied by the slope of its step. It stands at the pre-activations already: the slope is in "
            "it.",
        ),
        Misconception(
            sums_of_the_moduli,
            "the moduli are added. The Euclidean norm is the root of the sum of squares.",
        ),
        Misconception(
            largest_entries,
            "these are the largest entries. The Euclidean norm is the root of the sum of all squares.",
        ),
        Misconception(
            divided_by_the_examples,
            "a mean over the examples was taken. One norm of all examples and units together is asked for, without a "
            "division.",
        ),
        Misconception(
            mean_of_the_examples_norms,
            "each example got a norm, and their mean was taken. One norm over all entries together is asked for.",
        ),
        Misconception(
            added_to_the_signal,
            "the signals are added up on the way. The loss stands at the last step alone: each signal replaces the one "
            "before.",
        ),
        *FURTHER,
    ),
    minutes=8,
    difficulty=2,
    core=False,
)
