"""`standard_error`: σ / √m of the mean of m draws (chapter 5)."""

from __future__ import annotations

import numpy as np

from fnnkit import optim
from fnnkit.exercises.ch5_backprop.sizes import positive
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE = "σ / √m"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``standard_error(per_example, m)``: few entries, so that n − 1 shows; m is neither 1 alone nor n."""
    return [
        Case((both_signs(rng, 3) + 1.5, 2), VALUE),
        Case((both_signs(rng, 5), 4), VALUE),
        Case((both_signs(rng, 4), 1), VALUE, "m = 1"),
        Case((positive(rng, 5), 3), VALUE, "all above 0"),
        Case((-positive(rng, 5), 3), VALUE, "all below 0"),
        Case((both_signs(rng, 3), 7), VALUE, "m is larger than n: draws may repeat"),
        Case((both_signs(rng, 60, low=0.01) * 3, 9), VALUE, "sixty examples"),
        Case((rng.permuted(np.array([-4, 1, 2, 9])), 3), UNUSUAL, "whole numbers"),
        Case((rng.permuted(np.array([0.5, 2.0, -3.25], dtype=np.float32)), 2), UNUSUAL, "float32"),
    ]


def divided_by_m(per_example, m):
    """No root."""
    return np.std(per_example, ddof=1) / m


def divided_by_n(per_example, m):
    """numpy's default."""
    return np.std(per_example) / np.sqrt(m)


def root_of_n(per_example, m):
    """m is not used."""
    return np.std(per_example, ddof=1) / np.sqrt(len(per_example))


def variance_for_deviation(per_example, m):
    """σ²."""
    return np.var(per_example, ddof=1) / np.sqrt(m)


def variance_of_the_mean(per_example, m):
    """σ²/m."""
    return np.var(per_example, ddof=1) / m


def mean_absolute_deviation(per_example, m):
    """|x − mean|."""
    return np.mean(np.abs(per_example - np.mean(per_example))) / np.sqrt(m)


def mean_for_deviation(per_example, m):
    """The mean, over √m."""
    return np.mean(per_example) / np.sqrt(m)


def deviation_of_one(per_example, m):
    """Only σ."""
    return np.std(per_example, ddof=1)


def both_roots(per_example, m):
    """√n too."""
    return np.std(per_example, ddof=1) / np.sqrt(m) / np.sqrt(len(per_example))


def of_the_first_m(per_example, m):
    """σ from m values only."""
    return np.std(per_example[:m], ddof=1) / np.sqrt(m)


def of_the_first_m_and_their_number(per_example, m):
    """As many draws as there are values among the first m."""
    first = per_example[:m]
    return np.std(first, ddof=1) / np.sqrt(len(first))


def of_the_first_m_over_the_root_of_n(per_example, m):
    """n and m exchanged."""
    return np.std(per_example[:m], ddof=1) / np.sqrt(len(per_example))


def of_the_first_m_by_m(per_example, m):
    """σ from m values only, divided by m."""
    return np.std(per_example[:m]) / np.sqrt(m)


def without_replacement(per_example, m):
    """The factor for draws without replacement."""
    n = len(per_example)
    return np.std(per_example, ddof=1) / np.sqrt(m) * np.sqrt((n - m) / (n - 1))


def m_minus_one(per_example, m):
    """√(m − 1)."""
    return np.std(per_example, ddof=1) / np.sqrt(m - 1)


def squares_over_m_minus_one(per_example, m):
    """σ² with m − 1 for n − 1."""
    x = np.asarray(per_example, dtype=float)
    return np.sqrt(((x - x.mean()) ** 2).sum() / (m - 1)) / np.sqrt(m)


def squares_over_m(per_example, m):
    """σ² with m for n − 1."""
    x = np.asarray(per_example, dtype=float)
    return np.sqrt(((x - x.mean()) ** 2).sum() / m) / np.sqrt(m)


def times_the_root(per_example, m):
    """√m multiplied."""
    return np.std(per_example, ddof=1) * np.sqrt(m)


def root_of_the_mean_square(per_example, m):
    """The mean is not taken off."""
    x = np.asarray(per_example, dtype=float)
    return np.sqrt((x**2).sum() / (len(x) - 1)) / np.sqrt(m)


def root_of_the_mean_square_by_n(per_example, m):
    """The mean is not taken off, and n divides."""
    x = np.asarray(per_example, dtype=float)
    return np.sqrt((x**2).mean()) / np.sqrt(m)


def sum_not_divided(per_example, m):
    """No n − 1 at all."""
    x = np.asarray(per_example, dtype=float)
    return np.sqrt(((x - x.mean()) ** 2).sum()) / np.sqrt(m)


def range_for_deviation(per_example, m):
    """max − min."""
    return (np.max(per_example) - np.min(per_example)) / np.sqrt(m)


def smaller_of_m_and_n(per_example, m):
    """√min(m, n)."""
    return np.std(per_example, ddof=1) / np.sqrt(min(m, len(per_example)))


EXERCISE = Exercise(
    name="standard_error",
    chapter="ch5_backprop",
    reference=optim.standard_error,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.5, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            divided_by_m, "the deviation was divided by m. It is the *variance* that is divided by m: √m."
        ),
        Misconception(
            divided_by_n,
            "the squares were divided by n, as `np.std` does. To estimate σ from a sample divide by n − 1: its argument "
            "`ddof` does that.",
        ),
        Misconception(
            root_of_n, "the root is of the number of entries. The mean is over `m` draws: √m, whatever n is."
        ),
        Misconception(variance_for_deviation, "this is the variance over √m. σ is its square root."),
        Misconception(
            variance_of_the_mean, "this is the *variance* of the mean. Its square root is the standard error."
        ),
        Misconception(
            mean_absolute_deviation,
            "this is the mean absolute deviation. σ is the root of the mean *square*.",
        ),
        Misconception(
            mean_for_deviation, "this is the mean over √m. σ says how far the entries are from their mean."
        ),
        Misconception(deviation_of_one, "`m` is not used: this is the deviation of a single draw."),
        Misconception(
            both_roots,
            "there is a √n too many. The mean is over m draws: how many values σ was estimated from does not matter.",
        ),
        Misconception(
            of_the_first_m,
            "σ was estimated from the first m values. All of them tell about it; m is how many are drawn afterwards.",
        ),
        Misconception(
            of_the_first_m_and_their_number,
            "σ was estimated from the first m values. All of them tell about it; m is how many are drawn afterwards, also "
            "more than there are.",
        ),
        Misconception(
            of_the_first_m_over_the_root_of_n,
            "n and m are exchanged: σ was estimated from the first m values, and divided by √n. All n values tell about σ, "
            "and the mean is over m draws.",
        ),
        Misconception(
            of_the_first_m_by_m,
            "σ was estimated from the first m values, with their number in the place of n − 1. All n values tell about it: "
            "divide by n − 1; m is how many are drawn afterwards.",
        ),
        Misconception(
            without_replacement,
            "the factor for draws *without* replacement came in. Here a draw may repeat, and the number of values does "
            "not matter.",
        ),
        Misconception(
            m_minus_one,
            "1 was taken off `m`. The n − 1 belongs to the estimate of σ; the mean is over `m` draws.",
        ),
        Misconception(
            squares_over_m_minus_one,
            "the sum of squares was divided by m − 1. There are n squares in it, one for each value: n − 1.",
        ),
        Misconception(
            squares_over_m,
            "the sum of squares was divided by m, and its root by √m. There are n squares in it, one for each value: σ² is "
            "their sum over n − 1.",
        ),
        Misconception(
            times_the_root,
            "the deviation was multiplied by √m. More draws make the mean *more* certain: divide.",
        ),
        Misconception(
            root_of_the_mean_square,
            "the squares are those of the values themselves. σ is about distances from their *mean*: take it off first.",
        ),
        Misconception(
            root_of_the_mean_square_by_n,
            "this is the root of the mean square of the values themselves. σ is about distances from their *mean*, with n "
            "− 1.",
        ),
        Misconception(
            sum_not_divided,
            "the sum of squares was not divided by n − 1: σ² is their mean, nearly.",
        ),
        Misconception(
            range_for_deviation,
            "this is the distance of the largest from the smallest, over √m. σ is the standard deviation.",
        ),
        Misconception(
            smaller_of_m_and_n,
            "`m` was cut off at the number of values. Draws may repeat, so there may be more draws than values.",
        ),
    ),
    minutes=5,
    difficulty=1,
    core=False,
)
