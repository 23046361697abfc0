"""`log_softmax`: logarithm of the softmax, ``z_i − log Σ_j exp(z_j)``, over the last axis."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.exercises.ch2_output_units.scores import LEADING, NEAR, SCORES, score_cases
from fnnkit.judge.criteria import UNUSUAL, agrees
from fnnkit.judge.exercise import Criterion, Exercise, Misconception


def log_of_the_softmax(z):
    """The logarithm comes too late: the probability has rounded to 0."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.log(e / e.sum(axis=-1, keepdims=True))


def log_of_the_softmax_with_a_small_constant(z, eps=1e-8):
    """log(p + ε): no logarithm is below that of ε."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.log(e / e.sum(axis=-1, keepdims=True) + eps)


def log_of_a_clipped_softmax(z, eps=1e-12):
    """The probability is kept above a small number."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.log(np.maximum(e / e.sum(axis=-1, keepdims=True), eps))


def log_softmax_with_a_small_constant_in_the_sum(z, eps=1e-8):
    """log(Σ exp + ε), which is never below 0 anyway."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True) + eps)


def log_softmax_not_shifted(z):
    """z − log Σ exp z, as printed."""
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def scores_below_their_maximum(z):
    """The approximation log Σ exp ≈ max."""
    return z - z.max(axis=-1, keepdims=True)


def log_softmax_of_the_whole_array(z):
    """One sum over everything."""
    return z - np.logaddexp.reduce(np.ravel(z))


def log_softmax_down_the_columns(z):
    """Axis 0."""
    return z - np.logaddexp.reduce(np.asarray(z, dtype=float), axis=0, keepdims=True)


def log_softmax_without_the_inner_log(z):
    """z − Σ exp z."""
    return z - np.exp(z).sum(axis=-1, keepdims=True)


def log_softmax_shift_not_undone(z):
    """The maximum is subtracted inside the logarithm and not added again."""
    return z - np.log(np.exp(z - z.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True))


def log_softmax_without_log(z):
    """The softmax."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax_shifted_outside_only(z):
    """The maximum is subtracted outside of the logarithm only."""
    return z - z.max(axis=-1, keepdims=True) - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def log_softmax_with_a_minus(z):
    """The sign of a loss."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=-1, keepdims=True)) - shifted


def log_softmax_of_the_mean(z):
    """The mean of the exponentials."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).mean(axis=-1, keepdims=True))


def log_softmax_with_one_more(z):
    """log(1 + Σ exp)."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log1p(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax_as_a_quotient(z):
    """z / log Σ exp."""
    top = z.max(axis=-1, keepdims=True)
    return z / (top + np.log(np.exp(z - top).sum(axis=-1, keepdims=True)))


def log_sum_exp(z):
    """log Σ exp only, in every place."""
    top = z.max(axis=-1, keepdims=True)
    return top + np.log(np.exp(z - top).sum(axis=-1, keepdims=True)) + 0 * np.where(np.isfinite(z), z, 0)


def log_softmax_by_sigmoids(z):
    """log σ(z), entry by entry."""
    return -np.logaddexp(0, -z)


def log_softmax_of_sizes(z):
    """Shifted by the largest |z|."""
    shifted = z - np.abs(z).max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax_sum_of_scores(z):
    """Σ z in the place of log Σ exp z."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - shifted.sum(axis=-1, keepdims=True)


def log_softmax_plus_the_sum(z):
    """The sign of the normaliser."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted + np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax_shifted_by_the_global_maximum(z):
    """One maximum for all rows: of a row far below it all exponentials are 0."""
    shifted = z - np.max(z)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax_shifted_without_the_inner_log(z):
    """z − m − Σ exp(z − m)."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.exp(shifted).sum(axis=-1, keepdims=True)


def log_softmax_without_logarithm_and_exponential(z):
    """z − Σ z."""
    return z - z.sum(axis=-1, keepdims=True)


def log_softmax_plus_the_sum_not_shifted(z):
    """z + log Σ exp z."""
    top = z.max(axis=-1, keepdims=True)
    return z + top + np.log(np.exp(z - top).sum(axis=-1, keepdims=True))


def log_softmax_sum_to_base_two(z):
    """The logarithm of the shifted sum to base 2."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log2(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax_to_base_two(z):
    """All of it in bits."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return (shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))) / np.log(2)


def log_softmax_one_sum_of_shifted_rows(z):
    """Each row has its maximum, and all share one sum."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum())


def log_softmax_by_the_sums_of_other_rows(z):
    """`.T` turns three axes around: the sums of the rows stand at other rows."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return (shifted.T - np.log(np.exp(shifted).sum(axis=-1))).T


def log_softmax_by_the_maxima_of_other_rows(z):
    """`.T` turns three axes around: before the exponential, and after it."""
    shifted = (z.T - z.max(axis=-1)).T
    return (shifted.T - np.log(np.exp(shifted).sum(axis=-1))).T


def log_softmax_of_the_first_axis(z):
    """A row is what the first index picks."""
    return np.array([row - row.max() - np.log(np.exp(row - row.max()).sum()) for row in z])


def log_softmax_with_axes_by_name(z):
    """Two lengths are unpacked."""
    n, k = z.shape
    shifted = (z - z.max(axis=1, keepdims=True)).reshape(n, k)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax_with_a_new_axis_in_the_middle(z):
    """`[:, np.newaxis]` makes a column of one axis only."""
    shifted = z - z.max(axis=-1)[:, np.newaxis]
    return shifted - np.log(np.exp(shifted).sum(axis=-1)[:, np.newaxis])


def log_softmax_in_one_matrix(z):
    """The rows in one matrix, and that is what comes back."""
    shifted = z.reshape(-1, z.shape[-1]) - z.max(axis=-1).reshape(-1, 1)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


EXERCISE = Exercise(
    name="log_softmax",
    chapter="ch2_output_units",
    reference=activations.log_softmax,
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
            log_of_the_softmax,
            "the softmax has rounded to 0 before the logarithm sees it, and log 0 is −inf. Take the logarithm on "
            "paper: (z − max) − log Σ exp(z − max), with no logarithm of a probability.",
        ),
        Misconception(
            log_of_the_softmax_with_a_small_constant,
            "a small number in the logarithm, added or as a lower bound, hides that the probability has rounded to 0: "
            "everything improbable gets the same. Take the logarithm on paper: (z − max) − log Σ exp(z − max); then "
            "no such number is needed.",
            any_size="eps",
        ),
        Misconception(
            log_of_a_clipped_softmax,
            "the probability is kept above a small number, so everything improbable gets the same logarithm. Take the "
            "logarithm on paper: (z − max) − log Σ exp(z − max), with no logarithm of a probability.",
            any_size="eps",
        ),
        Misconception(
            log_softmax_with_a_small_constant_in_the_sum,
            "a small constant in the logarithm of the sum makes every value a little wrong. After the shift by the maximum the "
            "sum is at least 1, so there is nothing to guard against.",
            any_size="eps",
        ),
        Misconception(
            log_softmax_not_shifted,
            "exp(1e4) overflows inside the sum. Subtract the row's maximum from z first: a shift changes nothing.",
        ),
        Misconception(
            scores_below_their_maximum,
            "the maximum was subtracted in the place of log Σ exp. The two are near each other only when one score is "
            "far ahead.",
        ),
        Misconception(
            log_softmax_of_the_whole_array,
            "there is one sum over the whole array. Each row has its own: `axis=-1, keepdims=True`.",
        ),
        Misconception(
            log_softmax_down_the_columns,
            "the sums run down the columns. The classes stand along the last axis: `axis=-1`.",
        ),
        Misconception(
            log_softmax_without_the_inner_log,
            "the logarithm of the sum is missing: z − **log** Σ exp(z), with z shifted in both places or in none.",
        ),
        Misconception(
            log_softmax_shift_not_undone,
            "this is the log-softmax plus the row's maximum. A shift cancels by itself where both places see it: "
            "shift z once, at the top, use the shifted scores only, and add nothing back.",
        ),
        Misconception(
            log_softmax_without_log,
            "these are the probabilities. Asked for are their logarithms.",
        ),
        Misconception(
            log_softmax_shifted_outside_only,
            "this is the log-softmax minus the row's maximum, which is subtracted twice: with the score, and with the "
            "logarithm of the sum. Shift z once, at the top, use the shifted scores only, and add nothing back.",
        ),
        Misconception(
            log_softmax_with_a_minus,
            "there is a minus too many. The logarithm of a probability is never positive; the minus "
            "comes with the loss.",
        ),
        Misconception(
            log_softmax_of_the_mean,
            "the exponentials were averaged. Below the line stands their sum.",
        ),
        Misconception(
            log_softmax_with_one_more,
            "1 was added to the sum, as `np.log1p` does. Here the plain logarithm of the sum is meant.",
        ),
        Misconception(
            log_softmax_as_a_quotient,
            "the logarithm of a quotient is a difference. The scores were divided by the logarithm of "
            "the sum.",
        ),
        Misconception(
            log_sum_exp,
            "this is the logarithm of the sum alone. The score itself comes first: z minus that.",
        ),
        Misconception(
            log_softmax_by_sigmoids,
            "each score went through a sigmoid of its own. The classes of a row share one sum.",
        ),
        Misconception(
            log_softmax_of_sizes,
            "in a row of very negative scores more was subtracted than its largest score, as the largest absolute "
            "value is, and all exponentials are rounded to 0. Take the row's largest score, with its sign.",
        ),
        Misconception(
            log_softmax_sum_of_scores,
            "the sum of the scores was subtracted. The logarithm and the exponential do not cancel "
            "with a sum between them: log Σ exp.",
        ),
        Misconception(
            log_softmax_plus_the_sum,
            "the logarithm of the sum was added. Dividing by the sum subtracts its logarithm.",
        ),
        Misconception(
            log_softmax_shifted_by_the_global_maximum,
            "the maximum is that of the whole array. Of a row that lies far below it all exponentials are rounded to "
            "0: subtract each row's own maximum, `z.max(axis=-1, keepdims=True)`.",
        ),
        Misconception(
            log_softmax_shifted_without_the_inner_log,
            "the sum of the exponentials was subtracted without its logarithm.",
        ),
        Misconception(
            log_softmax_without_logarithm_and_exponential,
            "the sum of the scores was subtracted. The logarithm and the exponential do not cancel with a sum between "
            "them: log Σ exp.",
        ),
        Misconception(
            log_softmax_plus_the_sum_not_shifted,
            "the logarithm of the sum was added. Dividing by the sum subtracts its logarithm.",
        ),
        Misconception(
            log_softmax_sum_to_base_two,
            "the logarithm of the sum is to base 2 here: `np.log` is the natural one.",
        ),
        Misconception(
            log_softmax_to_base_two,
            "the logarithm is to base 2 here: `np.log` is the natural one.",
        ),
        Misconception(
            log_softmax_one_sum_of_shifted_rows,
            "there is one sum over the whole array. Each row has its own: `axis=-1, keepdims=True`.",
        ),
        Misconception(
            log_softmax_by_the_sums_of_other_rows,
            "with three axes a row is lowered by the log Σ exp of another row: turning all axes around, as `.T` "
            "does, exchanges places (i, j) and (j, i). With `keepdims=True` nothing has to be turned.",
        ),
        Misconception(
            log_softmax_by_the_maxima_of_other_rows,
            "with three axes a row gets the maximum and the log Σ exp of another row: turning all axes around, "
            "as `.T` does, exchanges places (i, j) and (j, i). With `keepdims=True` nothing has to be turned.",
        ),
        Misconception(
            log_softmax_of_the_first_axis,
            "all of `z[i]` was taken for one row. That is so for a matrix only: with one axis it is a single score, "
            "with three a matrix. Sum over the last axis, `axis=-1, keepdims=True`.",
        ),
        Misconception(
            log_softmax_with_axes_by_name,
            "the shape of `z` is unpacked into two names, so z has to be a matrix. With `axis=-1, keepdims=True` no "
            "length is needed, and any number of axes will do.",
        ),
        Misconception(
            log_softmax_with_a_new_axis_in_the_middle,
            "the maxima or sums of the rows get their new axis as the second one, where only a matrix has its last. "
            "`keepdims=True` keeps it in the last place, whatever the shape.",
        ),
        Misconception(
            log_softmax_in_one_matrix,
            "the rows are right, and the shape is that of one matrix of all rows. Give the result the shape of `z`.",
        ),
    ),
    verify="Check it: `np.exp` of each row should add up to 1.",
    minutes=6,
    difficulty=2,
)
