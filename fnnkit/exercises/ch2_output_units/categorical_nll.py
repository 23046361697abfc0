"""`categorical_nll`: negative log-likelihood of labels from scores: the mean of ``−log softmax(scores)`` at the label."""

from __future__ import annotations

import numpy as np

from fnnkit import losses
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.exercises.ch2_output_units.labelled_scores import FAR_SCORES, labelled_cases
from fnnkit.exercises.ch2_output_units.scores import NEAR
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Criterion, Exercise, Misconception


def categorical_sum(scores, g):
    """Summed over the examples."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(g)), g].sum()


def categorical_of_all_classes(scores, g):
    """Mean over all entries: the labels play no part."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -log_p.mean()


def categorical_every_label_for_every_row(scores, g):
    """``[:, g]`` takes all labels in all rows."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -log_p[:, g].mean()


def categorical_of_the_next_label(scores, g):
    """Labels from 1 to K, as on the slides."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(g)), g - 1].mean()


def categorical_averaged_over_classes_too(scores, g):
    """One-hot times log-probabilities, averaged over all n·K entries."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -np.where(np.eye(scores.shape[1])[g] == 1, log_p, 0.0).mean()


def categorical_without_log(scores, g):
    """Minus the probability."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    return -(p / p.sum(axis=1, keepdims=True))[np.arange(len(g)), g].mean()


def categorical_not_normalised(scores, g):
    """Minus the score of the label."""
    return -np.mean(scores[np.arange(len(g)), g])


def categorical_log_of_softmax(scores, g):
    """The probability has rounded to 0 before the logarithm sees it."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    return -np.log((p / p.sum(axis=1, keepdims=True))[np.arange(len(g)), g]).mean()


def categorical_with_a_small_constant(scores, g, eps=1e-8):
    """log(p + ε)."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    return -np.log((p / p.sum(axis=1, keepdims=True))[np.arange(len(g)), g] + eps).mean()


def categorical_of_a_clipped_softmax(scores, g, eps=1e-12):
    """The probability is kept above a small number, and below 1 by as much."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = np.clip(p / p.sum(axis=1, keepdims=True), eps, 1 - eps)
    return -np.log(p[np.arange(len(g)), g]).mean()


def categorical_never_below(scores, g, eps=1e-10):
    """The probability is kept above a small number."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = np.maximum(p / p.sum(axis=1, keepdims=True), eps)
    return -np.log(p[np.arange(len(g)), g]).mean()


def categorical_not_shifted(scores, g):
    """exp of the scores as they are."""
    return (np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(g)), g]).mean()


def categorical_rows_picked(scores, g):
    """``[g]`` takes rows."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -log_p[g].mean()


def categorical_softmax_twice(scores, g):
    """The log-softmax of the softmax."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(p).sum(axis=1)) - p[np.arange(len(g)), g])


def categorical_of_the_likeliest(scores, g):
    """The predicted class in the place of the label."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.log(e.sum(axis=1)).mean()


def categorical_log_of_the_mean(scores, g):
    """The mean of the probabilities, then the logarithm."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = (e / e.sum(axis=1, keepdims=True))[np.arange(len(g)), g]
    return -np.log(p.mean())


def categorical_log_likelihood(scores, g):
    """Without the minus."""
    top = scores.max(axis=1)
    return np.mean(scores[np.arange(len(g)), g] - top - np.log(np.exp(scores - top[:, None]).sum(axis=1)))


def categorical_one_number_an_example(scores, g):
    """The mean is left to others."""
    top = scores.max(axis=1)
    return np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top - scores[np.arange(len(g)), g]


def categorical_divided_by_classes(scores, g):
    """The sum over the examples, divided by K."""
    top = scores.max(axis=1)
    each = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top - scores[np.arange(len(g)), g]
    return each.sum() / scores.shape[1]


def categorical_to_base_two(scores, g):
    """In bits."""
    top = scores.max(axis=1)
    each = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top - scores[np.arange(len(g)), g]
    return each.mean() / np.log(2)


def categorical_squared_error(scores, g):
    """The mean squared error of the probabilities."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.mean((e / e.sum(axis=1, keepdims=True) - np.eye(scores.shape[1])[g]) ** 2)


def categorical_softmax_of_the_batch(scores, g):
    """The sums run down the columns."""
    top = scores.max(axis=0)
    log_p = scores - top - np.log(np.exp(scores - top).sum(axis=0))
    return -log_p[np.arange(len(g)), g].mean()


def categorical_all_others(scores, g):
    """The classes that were not seen."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -np.where(np.eye(scores.shape[1])[g] == 1, 0.0, log_p).sum(axis=1).mean()


def categorical_as_bernoullis(scores, g):
    """A sigmoid for each class."""
    sign = 1 - 2 * np.eye(scores.shape[1])[g]
    return np.logaddexp(0, sign * scores).sum(axis=1).mean()


def categorical_through_exp(scores, g):
    """exp of minus the log-probability."""
    return np.mean(-np.exp(scores)[np.arange(len(g)), g])


def categorical_labels_as_numbers(scores, g):
    """The label multiplies the log-probabilities."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(log_p * g[:, np.newaxis]).sum(axis=1).mean()


def categorical_share_of_mistakes(scores, g):
    """How often the largest score is not the label's."""
    return float(np.mean(scores.argmax(axis=1) != g))


EXERCISE = Exercise(
    name="categorical_nll",
    chapter="ch2_output_units",
    reference=losses.categorical_nll,
    cases=labelled_cases,
    criteria=(Criterion("values", 0.75, agrees(rtol=NEAR)), stable(FAR_SCORES, 0.25), calm_but(FAR_SCORES)),
    misconceptions=(
        Misconception(categorical_sum, "this is summed over the examples. The loss is their mean."),
        Misconception(
            categorical_of_all_classes,
            "this averages −log p over all classes, and the labels play no part. Only the class that was seen counts.",
        ),
        Misconception(
            categorical_every_label_for_every_row,
            "every label was looked up in every row: n·n numbers. Each row has one label of its own: `[np.arange(n), "
            "g]`.",
        ),
        Misconception(
            categorical_rows_picked,
            "the labels chose whole rows, as many as there are labels, or were too large for that. One entry of each "
            "row is `[np.arange(n), g]`.",
        ),
        Misconception(
            categorical_of_the_next_label,
            "the labels are shifted by one. The slides count from 1; here labels are 0 … K − 1 and are indices "
            "already. (An index of −1 is the last class, without an error.)",
        ),
        Misconception(
            categorical_averaged_over_classes_too,
            "this is divided by all n·K entries. Sum over the classes, then average over the n examples.",
        ),
        Misconception(
            categorical_without_log,
            "the logarithm is missing: this is minus the probability. It saturates for confident mistakes; the "
            "logarithm is there to undo the exponential.",
        ),
        Misconception(
            categorical_not_normalised,
            "this is minus the score of the label. Scores are unnormalised: subtract log Σ exp of the row.",
        ),
        Misconception(
            categorical_log_of_softmax,
            "the softmax has rounded to 0 before the logarithm sees it, so a confident mistake costs infinity. "
            "Use your `log_softmax`.",
        ),
        Misconception(
            categorical_with_a_small_constant,
            "a small number in the logarithm, added or as a lower bound, hides the infinity of a probability that was "
            "rounded to 0: a confident mistake costs thousands, and yours stops at some small number. Use your "
            "`log_softmax`: no such number is needed.",
            any_size="eps",
        ),
        Misconception(
            categorical_of_a_clipped_softmax,
            "the probability is kept off 0 and 1, which hides the infinity: a confident mistake costs thousands, and "
            "yours stops at some small number, where its gradient is 0. Use your `log_softmax`: nothing has to be "
            "clipped.",
            any_size="eps",
        ),
        Misconception(
            categorical_never_below,
            "the probability is kept above a small number, so a confident mistake costs thousands, and yours stops at some "
            "small number, where its gradient is 0. Use your `log_softmax`: nothing has to be kept off 0.",
            any_size="eps",
        ),
        Misconception(
            categorical_not_shifted,
            "exp(1e4) overflows. Use your `log_softmax`, which shifts the scores first.",
        ),
        Misconception(
            categorical_softmax_twice,
            "the scores went through a softmax twice. Once is enough: `log_softmax` takes scores, not probabilities.",
        ),
        Misconception(
            categorical_of_the_likeliest,
            "the class with the largest score was taken for the label. The loss asks how probable the "
            "class is that was seen.",
        ),
        Misconception(
            categorical_log_of_the_mean,
            "the probabilities were averaged before the logarithm. Take the logarithm of each, then "
            "the mean.",
        ),
        Misconception(
            categorical_log_likelihood,
            "this is the log-likelihood, which is never positive. The loss is minus that.",
        ),
        Misconception(
            categorical_one_number_an_example,
            "one number an example came back. The loss is their mean.",
        ),
        Misconception(
            categorical_divided_by_classes,
            "the sum is divided by the number of classes. The mean is over the n examples.",
        ),
        Misconception(
            categorical_to_base_two,
            "the logarithm is to base 2 here: `np.log` is the natural one.",
        ),
        Misconception(
            categorical_squared_error,
            "this is the squared error of the probabilities. The loss is minus the logarithm of the "
            "label's probability.",
        ),
        Misconception(
            categorical_softmax_of_the_batch,
            "the scores were normalised over the examples, down the columns. The classes of an "
            "example stand in its row.",
        ),
        Misconception(
            categorical_all_others,
            "the classes that were not seen are counted. Only the label's own log-probability counts.",
        ),
        Misconception(
            categorical_as_bernoullis,
            "each class was given a sigmoid of its own. One of the K classes is true, so all share "
            "one softmax.",
        ),
        Misconception(
            categorical_through_exp,
            "this is minus the exponential of the label's score. A probability is that divided by the "
            "sum of the row, and the loss is minus its logarithm.",
        ),
        Misconception(
            categorical_labels_as_numbers,
            "the label is a name, not an amount: it does not multiply. It says which entry of the row "
            "is meant.",
        ),
        Misconception(
            categorical_share_of_mistakes,
            "this is the share of wrong decisions, which has no useful gradient. The loss is minus the logarithm of "
            "the label's probability.",
        ),
    ),
    minutes=5,
    difficulty=1,
    needs=("log_softmax",),
)
