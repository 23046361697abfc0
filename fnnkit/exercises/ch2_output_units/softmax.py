"""`softmax`: softmax over the last axis, ``exp(z_i) / Σ_j exp(z_j)``."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.exercises.ch2_output_units.scores import LEADING, NEAR, SCORES, score_cases
from fnnkit.judge.criteria import UNUSUAL, agrees
from fnnkit.judge.exercise import Criterion, Exercise, Misconception


def softmax_of_the_whole_array(z):
    """One sum over everything."""
    e = np.exp(z - np.max(z))
    return e / e.sum()


def softmax_down_the_columns(z):
    """Axis 0."""
    e = np.exp(z - z.max(axis=0)) if len(z) else np.zeros(z.shape)
    return e / e.sum(axis=0) if len(z) else e


def softmax_not_shifted(z):
    """The printed formula: infinity over infinity."""
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def softmax_with_a_small_constant(z, eps=1e-8):
    """A small number below the line, so that it is never 0."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + eps)


def softmax_shifted_by_the_global_maximum(z):
    """One maximum for all rows: a row far below it becomes 0/0."""
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_of_matrices_only(z):
    """axis=1: right for two axes, not for one or three."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_without_keepdims(z):
    """The sums stand along the wrong axis: an error, or silently wrong for a square array."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


def softmax_denominator_as_printed(z):
    """The exponential of the sum, in the place of the sum of exponentials."""
    return np.exp(z) / np.exp(z.sum(axis=-1, keepdims=True))


def scores_over_their_sum(z):
    """No exponential."""
    return z / z.sum(axis=-1, keepdims=True)


def softmax_in_place(z):
    """Right values, but the scores are overwritten."""
    z -= z.max(axis=-1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def softmax_into_integers(z):
    """The array that is filled has the type of the scores."""
    out = np.zeros_like(z)
    out[...] = np.exp(z - z.max(axis=-1, keepdims=True))
    return out / out.sum(axis=-1, keepdims=True)


EXERCISE = Exercise(
    name="softmax",
    chapter="ch2_output_units",
    reference=activations.softmax,
    cases=score_cases,
    criteria=(
        Criterion("values, row by row", 0.5, agrees(rtol=NEAR)),
        Criterion(LEADING, 0.25, agrees(rtol=NEAR)),
        stable(SCORES, 0.5),
        Criterion(UNUSUAL, 0.25, agrees(rtol=NEAR)),
        calm_but(SCORES),
    ),
    misconceptions=(
        Misconception(
            softmax_of_the_whole_array,
            "everything is divided by one sum over the whole array. Each row is a distribution of its own: sum over "
            "the last axis, `axis=-1, keepdims=True`.",
        ),
        Misconception(
            softmax_down_the_columns,
            "the columns sum to 1. The classes of an example stand along the **last** axis: `axis=-1`.",
        ),
        Misconception(
            softmax_not_shifted,
            "exp(1e4) is infinity, and infinity over infinity is NaN; exp(−1e4) is 0, and 0 over 0 is NaN too. A "
            "shift changes nothing, so subtract each row's maximum first.",
        ),
        Misconception(
            softmax_with_a_small_constant,
            "a small constant below the line makes each row add up to a little less than 1. After the shift by the maximum "
            "the sum is at least 1, so there is nothing to guard against.",
            any_size="eps",
        ),
        Misconception(
            softmax_shifted_by_the_global_maximum,
            "the maximum is that of the whole array. A row that lies far below it becomes 0/0: subtract each row's "
            "own maximum, `z.max(axis=-1, keepdims=True)`.",
        ),
        Misconception(
            softmax_of_matrices_only,
            "`axis=1` is the last axis of a matrix only. `axis=-1` is the last one whatever the shape.",
        ),
        Misconception(
            softmax_without_keepdims,
            "the sums have lost their axis, so numpy lines them up with the classes: an error, or, for a square "
            "array, wrong numbers without a word. `keepdims=True` keeps a column of sums.",
        ),
        Misconception(
            softmax_denominator_as_printed,
            "some slides print exp Σ zⱼ below the line. What is meant is Σ exp(zⱼ): exponentials first, then the sum.",
        ),
        Misconception(
            scores_over_their_sum,
            "the exponential is missing: scores can be negative, probabilities cannot.",
        ),
        Misconception(
            softmax_into_integers,
            "right for floats. `np.zeros_like(z)` of integers is an array of integers, and what you put into it loses its "
            "fraction. `np.zeros(z.shape)` makes floats.",
        ),
        Misconception(
            softmax_in_place,
            "`z -= …` overwrites the caller's scores. `z - …` makes a new array.",
        ),
    ),
    verify="Check it: each row should add up to 1.",
    minutes=8,
    difficulty=2,
)
