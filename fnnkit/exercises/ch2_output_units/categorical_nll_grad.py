"""`categorical_nll_grad`: gradient of `categorical_nll` with respect to the scores, ``(softmax(scores) − 1_g) / n``."""

from __future__ import annotations

import numpy as np

from fnnkit import losses
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.exercises.ch2_output_units.labelled_scores import FAR_SCORES, labelled_cases
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Criterion, Exercise, Misconception


def nll_grad_not_averaged(scores, g):
    """The 1/n is missing."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(g)), g] -= 1
    return p


def nll_grad_of_the_slides(scores, g):
    """One-hot minus softmax: the slides maximise."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return (np.eye(scores.shape[1])[g] - p) / len(g)


def nll_grad_of_the_label_only(scores, g):
    """Only the label's column moves."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    one_hot = np.eye(scores.shape[1])[g]
    return (p - one_hot) * one_hot / len(g)


def nll_grad_averaged_over_entries(scores, g):
    """Divided by n·K."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[g]) / scores.size


def nll_grad_of_the_scores(scores, g):
    """The softmax is missing."""
    scores = np.where(np.isfinite(scores), scores, 0.0)
    return (scores - np.eye(scores.shape[1])[g]) / len(g)


def nll_grad_of_every_label(scores, g):
    """``[:, g] -= 1`` subtracts in every row."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[:, g] -= 1
    return p / len(g)


def nll_grad_not_shifted(scores, g):
    """exp of the scores as they are."""
    p = np.exp(scores)
    p = p / p.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[g]) / len(g)


def nll_grad_labels_as_numbers(scores, g):
    """The label's number is subtracted from every class."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return (p - g[:, np.newaxis]) / len(g)


def nll_grad_minus_labels(scores, g):
    """Shapes (n, K) and (n,)."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return (p - g) / len(g)


def nll_grad_label_before_the_softmax(scores, g):
    """The 1 is subtracted from the scores."""
    lowered = scores - np.eye(scores.shape[1])[g]
    e = np.exp(lowered - lowered.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True) / len(g)


def nll_grad_only_the_softmax_averaged(scores, g):
    """softmax / n − 1_g."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True) / len(g) - np.eye(scores.shape[1])[g]


def nll_grad_only_the_label_averaged(scores, g):
    """softmax − 1_g / n."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True) - np.eye(scores.shape[1])[g] / len(g)


def nll_grad_without_the_label(scores, g):
    """softmax / n."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True) / len(g)


def nll_grad_of_log_softmax(scores, g):
    """log p − 1_g."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return (log_p - np.eye(scores.shape[1])[g]) / len(g)


def nll_grad_plus_the_label(scores, g):
    """softmax + 1_g."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) + np.eye(scores.shape[1])[g]) / len(g)


def nll_grad_of_the_others_only(scores, g):
    """0 at the label."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True) * (1 - np.eye(scores.shape[1])[g]) / len(g)


def nll_grad_added_up(scores, g):
    """One row for the whole batch."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) - np.eye(scores.shape[1])[g]).mean(axis=0)


def nll_grad_divided_by_classes(scores, g):
    """Divided by K."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) - np.eye(scores.shape[1])[g]) / scores.shape[1]


def nll_grad_through_a_sigmoid(scores, g):
    """A sigmoid for each class."""
    return (0.5 * (1 + np.tanh(0.5 * scores)) - np.eye(scores.shape[1])[g]) / len(g)


def nll_grad_of_hard_predictions(scores, g):
    """The predicted class in the place of the probabilities."""
    one_hot = np.eye(scores.shape[1])
    return (one_hot[np.argmax(scores, axis=1)] - one_hot[g]) / len(g)


def nll_grad_with_a_slope_too_many(scores, g):
    """Times p(1 − p)."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[g]) * p * (1 - p) / len(g)


def nll_grad_one_everywhere(scores, g):
    """1 is subtracted from every probability."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) - 1) / len(g)


def nll_grad_with_respect_to_p(scores, g):
    """−1/p at the label."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.eye(scores.shape[1])[g] / p / len(g)


def nll_grad_not_normalised(scores, g):
    """The shifted exponentials, not divided by their sum."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (e - np.eye(scores.shape[1])[g]) / len(g)


def nll_grad_classes_from_the_labels(scores, g):
    """As many classes as the largest label says."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (p / p.sum(axis=1, keepdims=True) - np.eye(g.max() + 1)[g]) / len(g)


def nll_grad_down_the_columns(scores, g):
    """The softmax over the examples."""
    e = np.exp(scores - scores.max(axis=0))
    return (e / e.sum(axis=0) - np.eye(scores.shape[1])[g]) / len(g)


EXERCISE = Exercise(
    name="categorical_nll_grad",
    chapter="ch2_output_units",
    reference=losses.categorical_nll_grad,
    cases=labelled_cases,
    criteria=(Criterion("values", 0.75, agrees()), stable(FAR_SCORES, 0.25), calm_but(FAR_SCORES)),
    misconceptions=(
        Misconception(
            nll_grad_classes_from_the_labels,
            "the number of classes was read from the labels. A class that is nobody's label has a column, too: there are as "
            "many classes as `scores` has columns.",
        ),
        Misconception(
            nll_grad_not_averaged,
            "the loss is a mean over n examples, so its gradient has a factor 1/n.",
        ),
        Misconception(
            nll_grad_of_the_slides,
            "the sign is that of the slides, 1_g − softmax: there log P is maximised. We minimise −log P: softmax − 1_g.",
        ),
        Misconception(
            nll_grad_of_the_label_only,
            "only the label's column has a gradient. Raising another score lowers the label's probability too, "
            "through the sum: those columns have softmax / n.",
        ),
        Misconception(
            nll_grad_averaged_over_entries,
            "this is divided by all n·K entries. The mean is over the n examples.",
        ),
        Misconception(
            nll_grad_of_the_scores,
            "the scores themselves stand where their softmax should.",
        ),
        Misconception(
            nll_grad_of_every_label,
            "in every row 1 was subtracted at the places of all labels. Each row has one label of its own: "
            "`[np.arange(n), g]`.",
        ),
        Misconception(
            nll_grad_labels_as_numbers,
            "the label is a name, not an amount: class 3 is not three times class 1. Subtract 1 at the label's place, "
            "not the label.",
        ),
        Misconception(
            nll_grad_minus_labels,
            "an array of labels, `(n,)`, cannot be subtracted from `(n, K)`, and should not: subtract 1 at the label's "
            "place in each row, `[np.arange(n), g]`.",
        ),
        Misconception(
            nll_grad_not_shifted,
            "exp of a large score overflows. Use your stable `softmax`.",
        ),
        Misconception(
            nll_grad_label_before_the_softmax,
            "the 1 was subtracted from the label's score, before the softmax. Subtract it from the "
            "label's probability.",
        ),
        Misconception(
            nll_grad_only_the_softmax_averaged,
            "only the softmax was divided by n. The factor 1/n belongs to the whole difference.",
        ),
        Misconception(
            nll_grad_only_the_label_averaged,
            "only the one-hot labels were divided by n. The factor 1/n belongs to the whole difference.",
        ),
        Misconception(
            nll_grad_without_the_label,
            "the labels play no part: this is the softmax alone. At the label of each row 1 has to be "
            "subtracted.",
        ),
        Misconception(
            nll_grad_of_log_softmax,
            "the logarithms of the probabilities stand where the probabilities should.",
        ),
        Misconception(
            nll_grad_plus_the_label,
            "the one-hot label was added. The gradient is predicted minus seen.",
        ),
        Misconception(
            nll_grad_of_the_others_only,
            "the label's place is 0 here. There 1 is subtracted from the probability, so that each row sums to 0.",
        ),
        Misconception(
            nll_grad_added_up,
            "the examples were averaged into one row. Each score has an entry of its own; the mean of "
            "the loss is only the factor 1/n.",
        ),
        Misconception(
            nll_grad_divided_by_classes,
            "this is divided by the number of classes. The mean of the loss is over the n examples.",
        ),
        Misconception(
            nll_grad_through_a_sigmoid,
            "each class was given a sigmoid of its own. One of the K classes is true, so all share "
            "one softmax.",
        ),
        Misconception(
            nll_grad_of_hard_predictions,
            "the prediction was rounded to one class. The gradient has the probabilities themselves.",
        ),
        Misconception(
            nll_grad_with_a_slope_too_many,
            "there is a factor p(1 − p) too many. The derivative of the softmax cancels against that "
            "of the logarithm.",
        ),
        Misconception(
            nll_grad_one_everywhere,
            "1 was subtracted from every probability. Only the one at the label of each row gets it.",
        ),
        Misconception(
            nll_grad_with_respect_to_p,
            "this is the derivative with respect to the probabilities. Asked for is the one with "
            "respect to the scores: the softmax has a derivative too.",
        ),
        Misconception(
            nll_grad_not_normalised,
            "the exponentials were not divided by their sum: the probabilities of a row add up to 1.",
        ),
        Misconception(
            nll_grad_down_the_columns,
            "the softmax was taken over the examples, down the columns. The classes of an example stand in its row.",
        ),
    ),
    minutes=8,
    difficulty=2,
    needs=("softmax",),
)
