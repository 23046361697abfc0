"""`output_delta`: error signal at the output units, (softmax(Y) − 1_g) / n (chapter 5)."""

from __future__ import annotations

import numpy as np

from fnnkit import backprop
from fnnkit.exercises.ch5_backprop.sizes import labels, positive
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.axes import by_meaning
from fnnkit.judge.criteria import UNUSUAL, agrees, both, calm_outside, unwarned
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE, LARGE = "(softmax − one-hot) / n", "stable: scores of a thousand"
AXES = {"Y": ("examples", "labels"), "g": ("examples",), "": ("examples", "labels")}


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``output_delta(Y, g)``; rows differ in level, so that a softmax over the batch shows."""

    def batch(n: int, K: int, scale: float = 1.5) -> tuple[np.ndarray, np.ndarray]:
        return rounded(rng, n, K, scale=scale) + rounded(rng, n, 1, scale=2.0), labels(rng, n, K)

    Y, g = batch(5, 3)
    levels = rng.permuted(np.array([-3000.0, -3000.0, 3000.0, 3000.0, 3000.0]))
    order = rng.permuted(np.array([0.0, 1000.0, -1000.0, 998.0]))
    return [
        Case((Y, g), VALUE),
        Case(batch(2, 4), VALUE),
        Case(batch(1, 3), VALUE, "one example"),
        Case(batch(3, 2), VALUE, "two labels"),
        Case(batch(4, 4), VALUE, "as many labels as examples"),
        Case(batch(40, 6), VALUE, "forty examples"),
        Case((positive(rng, 5, 3), labels(rng, 5, 3)), VALUE, "all scores above 0"),
        Case((-positive(rng, 5, 3), labels(rng, 5, 3)), VALUE, "all scores below 0"),
        Case((batch(3, 4)[0], rng.permuted([0, 1, 2])), VALUE, "the last label does not occur"),
        Case((np.round(order + rounded(rng, 3, 1), 2), labels(rng, 3, 4)), LARGE, "scores of ±1000"),
        Case((Y + levels[:, None], g), LARGE, "rows at ±3000"),
        Case((rng.integers(-3, 4, (4, 3)), labels(rng, 4, 3)), UNUSUAL, "whole numbers"),
        Case((batch(4, 3)[0].astype(np.float32), labels(rng, 4, 3)), UNUSUAL, "float32"),
    ]


def labels_counted_by_the_largest(Y, g):
    """As many labels as the largest one says."""
    P = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return (P - np.eye(g.max() + 1)[g]) / len(Y)


def sign_of_the_slides(Y, g):
    """1_g − softmax: the slides go uphill."""
    P = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return (np.eye(Y.shape[1])[g] - P) / len(Y)


def not_divided_by_n(Y, g):
    """Gradient of the sum."""
    P = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return P - np.eye(Y.shape[1])[g]


def divided_by_all_entries(Y, g):
    """1 / (n K)."""
    P = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return (P - np.eye(Y.shape[1])[g]) / Y.size


def softmax_over_the_batch(Y, g):
    """Columns sum to 1."""
    P = np.exp(Y - Y.max(axis=0))
    P = P / P.sum(axis=0)
    return (P - np.eye(Y.shape[1])[g]) / len(Y)


def softmax_over_everything(Y, g):
    """All entries together sum to 1."""
    P = np.exp(Y - Y.max())
    P = P / P.sum()
    return (P - np.eye(Y.shape[1])[g]) / len(Y)


def no_shift_by_the_maximum(Y, g):
    """exp overflows."""
    P = np.exp(Y) / np.exp(Y).sum(axis=1, keepdims=True)
    return (P - np.eye(Y.shape[1])[g]) / len(Y)


def shift_by_the_maximum_of_all(Y, g):
    """One maximum for all rows: a row far below it is rounded to nothing."""
    P = np.exp(Y - Y.max())
    P = P / P.sum(axis=1, keepdims=True)
    return (P - np.eye(Y.shape[1])[g]) / len(Y)


def column_of_the_label_only(Y, g):
    """The other labels get no signal."""
    P = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return (P - 1) * np.eye(Y.shape[1])[g] / len(Y)


def one_subtracted_from_all(Y, g):
    """1 is taken from every probability."""
    P = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return (P - 1) / len(Y)


def scores_in_the_place_of_probabilities(Y, g):
    """No softmax."""
    return (Y - np.eye(Y.shape[1])[g]) / len(Y)


def labels_not_subtracted(Y, g):
    """Only the probabilities."""
    P = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return P / len(Y)


def ones_in_the_columns_of_all_labels(Y, g):
    """`P[:, g] -= 1`."""
    P = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    P[:, g] -= 1
    return P / len(Y)


def labels_as_numbers(Y, g):
    """The label itself is subtracted."""
    P = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return (P - g[:, None]) / len(Y)


def divided_by_the_number_of_labels(Y, g):
    """1 / K."""
    P = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return (P - np.eye(Y.shape[1])[g]) / Y.shape[1]


def slope_of_the_softmax_once_more(Y, g):
    """p (1 − p) too many."""
    P = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return (P - np.eye(Y.shape[1])[g]) * P * (1 - P) / len(Y)


def scores_clipped(Y, g):
    """Scores beyond ±50 are cut off."""
    P = np.exp(np.clip(Y, -50, 50))
    P = P / P.sum(axis=1, keepdims=True)
    return (P - np.eye(Y.shape[1])[g]) / len(Y)


def shift_by_the_mean(Y, g):
    """The mean of each row is taken off."""
    E = np.exp(Y - Y.mean(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    P[np.arange(len(g)), g] -= 1
    return P / len(g)


def only_one_hot_divided(Y, g):
    """Brackets before / n are missing."""
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return P - np.eye(Y.shape[1])[g] / len(g)


def only_probabilities_divided(Y, g):
    """1/n on the probabilities alone."""
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return P / len(g) - np.eye(Y.shape[1])[g]


def softmax_without_exp(Y, g):
    """Scores over their sum."""
    with np.errstate(all="ignore"):
        P = Y / Y.sum(axis=1, keepdims=True)
    return (P - np.eye(Y.shape[1])[g]) / len(g)


def exp_of_the_sum(Y, g):
    """The slides' exp Σ y in the denominator."""
    with np.errstate(all="ignore"):
        P = np.exp(Y) / np.exp(Y.sum(axis=1, keepdims=True))
    return (P - np.eye(Y.shape[1])[g]) / len(g)


def hard_maximum(Y, g):
    """argmax in the place of softmax."""
    P = np.eye(Y.shape[1])[Y.argmax(axis=1)]
    return (P - np.eye(Y.shape[1])[g]) / len(g)


def minus_the_highest(Y, g):
    """1 at the highest score in the place of the label."""
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return (P - np.eye(Y.shape[1])[Y.argmax(axis=1)]) / len(g)


def sigmoids(Y, g):
    """A sigmoid for each score."""
    P = 0.5 * (1 + np.tanh(0.5 * Y))
    return (P - np.eye(Y.shape[1])[g]) / len(g)


def logarithm_of_the_softmax(Y, g):
    """log P in the place of P."""
    S = Y - Y.max(axis=1, keepdims=True)
    L = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    return (L - np.eye(Y.shape[1])[g]) / len(g)


def twice_the_difference(Y, g):
    """2 (P − 1_g)."""
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return 2 * (P - np.eye(Y.shape[1])[g]) / len(g)


EXERCISE = Exercise(
    name="output_delta",
    chapter="ch5_backprop",
    reference=backprop.output_delta,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.75, by_meaning(agrees(), AXES)),
        Criterion(LARGE, 0.25, both(agrees(), unwarned)),
        Criterion(UNUSUAL, 0.25, by_meaning(agrees(), AXES)),
        Criterion("inputs unchanged, no warning", 0.25, calm_outside(LARGE), every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            labels_counted_by_the_largest,
            "the number of labels was read from `g`. A label that does not occur has a column, too: there are as many labels as "
            "`Y` has columns.",
        ),
        Misconception(
            sign_of_the_slides,
            "this is the slides' sign. They climb on log P; we go down on its negative, and the error signal "
            "turns round.",
        ),
        Misconception(
            not_divided_by_n,
            "this belongs to the *sum* over the examples. The loss is their mean, and its 1/n stands here, once "
            "for all.",
        ),
        Misconception(
            divided_by_all_entries,
            "the mean of the loss is over examples, one number an example. You have divided by the number of all "
            "entries.",
        ),
        Misconception(
            softmax_over_the_batch,
            "the probabilities of one example have to sum to 1. Yours sum to 1 over the examples: look at the axis.",
        ),
        Misconception(
            softmax_over_everything,
            "all entries of the batch share one sum. Each row has a softmax of its own: name the axis, and keep it.",
        ),
        Misconception(
            no_shift_by_the_maximum,
            "`exp` overflows for large scores. Softmax does not change when a row is shifted: subtract its "
            "maximum first.",
        ),
        Misconception(
            shift_by_the_maximum_of_all,
            "one maximum was subtracted from all rows, so a row far below it becomes 0 / 0. Each row has its own.",
        ),
        Misconception(
            column_of_the_label_only,
            "only the label's entry gets a signal. The scores of the other labels are in the sum of the softmax too, and "
            "have to come down.",
        ),
        Misconception(
            one_subtracted_from_all,
            "1 was subtracted from every probability. 1_g is 1 at the label and 0 elsewhere.",
        ),
        Misconception(
            scores_in_the_place_of_probabilities,
            "the scores are compared with 0 and 1. They have to become probabilities first.",
        ),
        Misconception(
            labels_not_subtracted,
            "the labels `g` are not used: what the network should have said is missing.",
        ),
        Misconception(
            ones_in_the_columns_of_all_labels,
            "1 was subtracted in the columns of all labels of the batch in *every* row, as `[:, g]` does. Row i goes with "
            "label `g[i]` alone: give both, rows and columns.",
        ),
        Misconception(
            labels_as_numbers,
            "the *number* of the label was subtracted. A label is a name: subtract 1 in its column, 0 in the others.",
        ),
        Misconception(
            divided_by_the_number_of_labels,
            "it is divided by the number of labels. The mean is over the examples: divide by the number of rows.",
        ),
        Misconception(
            slope_of_the_softmax_once_more,
            "there is a factor p(1 − p) too many. The slope of softmax is in probability minus one-hot already: "
            "see the derivation.",
        ),
        Misconception(
            scores_clipped,
            "cut-off scores are other scores: two that were far apart become equal. Shift each row by its "
            "maximum, which changes nothing.",
        ),
        Misconception(
            shift_by_the_mean,
            "each row was shifted by its mean. The scores above the mean still overflow: only the row's maximum leaves "
            "nothing above 0.",
        ),
        Misconception(
            only_one_hot_divided,
            "only 1_g was divided by n. The difference is divided, the probabilities too.",
        ),
        Misconception(
            only_probabilities_divided,
            "only the probabilities were divided by n. The difference is divided, 1_g too.",
        ),
        Misconception(
            softmax_without_exp,
            "the scores were divided by their sum. Softmax takes `exp` of each first: probabilities are positive.",
        ),
        Misconception(
            exp_of_the_sum,
            "the denominator is `exp` of the sum, as on a slide. It is the sum of the `exp`: otherwise the probabilities "
            "do not sum to 1.",
        ),
        Misconception(
            hard_maximum,
            "the highest score got 1 and all others 0. Softmax gives each label its share: otherwise there is no slope.",
        ),
        Misconception(
            minus_the_highest,
            "1 was subtracted where the score is highest. It belongs to the label `g`, which is what should have come "
            "out.",
        ),
        Misconception(
            sigmoids,
            "each score went through a sigmoid of its own. The labels exclude each other: softmax makes them share.",
        ),
        Misconception(
            logarithm_of_the_softmax,
            "this is log softmax minus 1_g. The derivative has the probabilities themselves.",
        ),
        Misconception(
            twice_the_difference,
            "there is a factor 2, as of a square. The loss is −log P: its derivative has none.",
        ),
    ),
    minutes=8,
    difficulty=2,
    needs=("one_hot",),
)
