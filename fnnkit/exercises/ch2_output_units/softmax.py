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


def softmax_as_sigmoids(z):
    """A sigmoid for each score."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def softmax_without_the_sum(z):
    """The shifted exponentials."""
    return np.exp(z - z.max(axis=-1, keepdims=True))


def softmax_over_the_largest(z):
    """Divided by the largest exponential, and once more."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / np.linalg.norm(e, axis=-1, keepdims=True)


def softmax_with_a_logarithm(z):
    """log softmax."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softmax_shifted_below_the_line_only(z):
    """exp z over the shifted sum."""
    return np.exp(z) / np.exp(z - z.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True)


def softmax_shifted_above_the_line_only(z):
    """The shifted exponential over the sum of exp z."""
    return np.exp(z - z.max(axis=-1, keepdims=True)) / np.exp(z).sum(axis=-1, keepdims=True)


def softmax_over_the_mean(z):
    """Divided by the mean."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.mean(axis=-1, keepdims=True)


def softmax_hard(z):
    """1 at the largest score."""
    return np.where(z == z.max(axis=-1, keepdims=True), 1.0, 0.0)


def softmin(z):
    """exp(−z)."""
    e = np.exp(z.min(axis=-1, keepdims=True) - z)
    return e / e.sum(axis=-1, keepdims=True)


def softmax_of_sizes(z):
    """exp |z|."""
    a = np.abs(z)
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_over_the_others(z):
    """Divided by the sum of the others."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) - e)


def softmax_with_one_more(z):
    """1 + Σ."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / (1 + e.sum(axis=-1, keepdims=True))


def softmax_one_sum_of_shifted_rows(z):
    """Each row has its maximum, and all share one sum."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum()


def softmax_by_the_sums_of_other_rows(z):
    """`.T` turns three axes around: the sums of the rows stand at other rows."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return (np.exp(shifted).T / np.exp(shifted).sum(axis=-1)).T


def softmax_by_the_maxima_of_other_rows(z):
    """`.T` turns three axes around: before the exponential, and after it."""
    e = np.exp(z.T - z.max(axis=-1)).T
    return (e.T / e.sum(axis=-1)).T


def softmax_of_the_first_axis(z):
    """A row is what the first index picks."""
    return np.array([np.exp(row - row.max()) / np.exp(row - row.max()).sum() for row in z])


def softmax_with_axes_by_name(z):
    """Two lengths are unpacked."""
    n, k = z.shape
    shifted = (z - z.max(axis=1, keepdims=True)).reshape(n, k)
    return np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)


def softmax_with_a_new_axis_in_the_middle(z):
    """`[:, np.newaxis]` makes a column of one axis only."""
    shifted = z - z.max(axis=-1)[:, np.newaxis]
    return np.exp(shifted) / np.exp(shifted).sum(axis=-1)[:, np.newaxis]


def softmax_in_one_matrix(z):
    """The rows in one matrix, and that is what comes back."""
    shifted = z.reshape(-1, z.shape[-1]) - z.max(axis=-1).reshape(-1, 1)
    return np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)


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
            "this is right for matrices only: axis 1 is the last one of a matrix. `axis=-1` is the last one whatever "
            "the shape.",
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
            "right for floats. A result array of the type of the scores is one of integers here, and what you put "
            "into it loses its fraction. `np.zeros(z.shape)` makes floats.",
        ),
        Misconception(
            softmax_in_place,
            "the caller's scores are overwritten. A difference by itself makes a new array.",
        ),
        Misconception(
            softmax_as_sigmoids,
            "each score went through a sigmoid of its own, so that the rows do not add up to 1. "
            "Divide by the sum of the row's exponentials.",
        ),
        Misconception(
            softmax_without_the_sum,
            "these are the exponentials, not divided by their sum: the rows do not add up to 1.",
        ),
        Misconception(
            softmax_over_the_largest,
            "the exponentials were divided by their length, so that their squares add up to 1. Divide "
            "by their sum.",
        ),
        Misconception(
            softmax_with_a_logarithm,
            "these are the logarithms of the probabilities, which the next exercise asks for. Here "
            "the probabilities are asked for.",
        ),
        Misconception(
            softmax_shifted_below_the_line_only,
            "the scores were shifted below the line only. The shift cancels if it stands above the line too.",
        ),
        Misconception(
            softmax_shifted_above_the_line_only,
            "the scores were shifted above the line only. The shift cancels if it stands below the line too.",
        ),
        Misconception(
            softmax_over_the_mean,
            "the exponentials were divided by their mean. Divide by their sum.",
        ),
        Misconception(
            softmax_hard,
            "the largest score got everything: this is the hard maximum. The softmax gives each class "
            "a share.",
        ),
        Misconception(
            softmin,
            "the largest score got the smallest probability: there is a minus in the exponent.",
        ),
        Misconception(
            softmax_of_sizes,
            "the signs of the scores are lost: there is an absolute value.",
        ),
        Misconception(
            softmax_over_the_others,
            "each exponential was divided by the sum of the others: these are odds. The sum runs over "
            "all classes.",
        ),
        Misconception(
            softmax_with_one_more,
            "1 was added below the line, as in a sigmoid. The sum over the classes is all of it.",
        ),
        Misconception(
            softmax_one_sum_of_shifted_rows,
            "everything is divided by one sum over the whole array. Each row is a distribution of its own: sum over "
            "the last axis, `axis=-1, keepdims=True`.",
        ),
        Misconception(
            softmax_by_the_sums_of_other_rows,
            "with three axes a row is divided by the sum of another row: turning all axes around, as `.T` "
            "does, exchanges places (i, j) and (j, i). With `keepdims=True` nothing has to be turned.",
        ),
        Misconception(
            softmax_by_the_maxima_of_other_rows,
            "with three axes a row gets the maximum and the sum of another row: turning all axes around, "
            "as `.T` does, exchanges places (i, j) and (j, i). With `keepdims=True` nothing has to be turned.",
        ),
        Misconception(
            softmax_of_the_first_axis,
            "all of `z[i]` was taken for one row. That is so for a matrix only: with one axis it is a single score, "
            "with three a matrix. Sum over the last axis, `axis=-1, keepdims=True`.",
        ),
        Misconception(
            softmax_with_axes_by_name,
            "the shape of `z` is unpacked into two names, so z has to be a matrix. With `axis=-1, keepdims=True` no "
            "length is needed, and any number of axes will do.",
        ),
        Misconception(
            softmax_with_a_new_axis_in_the_middle,
            "the maxima or sums of the rows get their new axis as the second one, where only a matrix has its last. "
            "`keepdims=True` keeps it in the last place, whatever the shape.",
        ),
        Misconception(
            softmax_in_one_matrix,
            "the rows are right, and the shape is that of one matrix of all rows. Give the result the shape of `z`.",
        ),
    ),
    verify="Check it: each row should add up to 1.",
    minutes=8,
    difficulty=2,
)
