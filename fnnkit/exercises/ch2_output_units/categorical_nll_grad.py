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


EXERCISE = Exercise(
    name="categorical_nll_grad",
    chapter="ch2_output_units",
    reference=losses.categorical_nll_grad,
    cases=labelled_cases,
    criteria=(Criterion("values", 0.75, agrees()), stable(FAR_SCORES, 0.25), calm_but(FAR_SCORES)),
    misconceptions=(
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
            "`[:, g] -= 1` subtracts in every row. One entry a row is `[np.arange(n), g]`.",
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
    ),
    minutes=8,
    difficulty=2,
    needs=("softmax",),
)
