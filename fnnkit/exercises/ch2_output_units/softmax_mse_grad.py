"""`softmax_mse_grad`: gradient of `softmax_mse` with respect to the scores."""

from __future__ import annotations

import numpy as np

from fnnkit import losses
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.exercises.ch2_output_units.labelled_scores import FAR_SCORES, labelled_cases
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Criterion, Exercise, Misconception


def softmax_mse_grad_diagonal(scores, g):
    """Only the diagonal of the Jacobian of the softmax."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return 2 * (p - np.eye(scores.shape[1])[g]) / p.size * p * (1 - p)


def softmax_mse_grad_no_jacobian(scores, g):
    """The derivative with respect to the probabilities."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return 2 * (p - np.eye(scores.shape[1])[g]) / p.size


def softmax_mse_grad_without_the_two(scores, g):
    """The 2 of the square is missing."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = (p - np.eye(scores.shape[1])[g]) / p.size
    return p * (e - (p * e).sum(axis=1, keepdims=True))


def softmax_mse_grad_averaged_over_examples(scores, g):
    """Divided by n; the mean of `mse` is over all entries."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / len(g)
    return p * (e - (p * e).sum(axis=1, keepdims=True))


def softmax_mse_grad_of_the_nll(scores, g):
    """The gradient of the log-likelihood."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[g]) / len(g)


def softmax_mse_grad_sign_of_coupling(scores, g):
    """The off-diagonal part has the wrong sign."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / p.size
    return p * (e + (p * e).sum(axis=1, keepdims=True))


def softmax_mse_grad_not_shifted(scores, g):
    """exp of the scores as they are."""
    p = np.exp(scores)
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / p.size
    return p * (e - (p * e).sum(axis=1, keepdims=True))


def softmax_mse_grad_sum_not_weighted(scores, g):
    """p ∘ e − Σ pe."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / p.size
    return p * e - (p * e).sum(axis=1, keepdims=True)


def softmax_mse_grad_sum_over_the_examples(scores, g):
    """Axis 0."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / p.size
    return p * (e - (p * e).sum(axis=0))


def softmax_mse_grad_sum_of_everything(scores, g):
    """One sum for all."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / p.size
    return p * (e - (p * e).sum())


def softmax_mse_grad_sum_without_p(scores, g):
    """Σ e, which is 0."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return 2 * p * (p - np.eye(scores.shape[1])[g]) / p.size


def softmax_mse_grad_with_the_other_sign(scores, g):
    """1_g − p."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (np.eye(scores.shape[1])[g] - p) / p.size
    return p * (e - (p * e).sum(axis=1, keepdims=True))


def softmax_mse_grad_not_averaged(scores, g):
    """The sum of the squares."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g])
    return p * (e - (p * e).sum(axis=1, keepdims=True))


def softmax_mse_grad_averaged_over_classes(scores, g):
    """Divided by K."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / scores.shape[1]
    return p * (e - (p * e).sum(axis=1, keepdims=True))


def softmax_mse_grad_p_missing(scores, g):
    """e − Σ pe."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / p.size
    return e - (p * e).sum(axis=1, keepdims=True)


def softmax_mse_grad_coupling_only(scores, g):
    """−p Σ pe."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / p.size
    return -p * (p * e).sum(axis=1, keepdims=True)


def softmax_mse_grad_mean_of_the_products(scores, g):
    """The mean in the place of Σ."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / p.size
    return p * (e - (p * e).mean(axis=1, keepdims=True))


def softmax_mse_grad_through_a_sigmoid(scores, g):
    """A sigmoid for each class."""
    p = 0.5 * (1 + np.tanh(0.5 * scores))
    return 2 * (p - np.eye(scores.shape[1])[g]) * p * (1 - p) / p.size


def softmax_mse_grad_roles_exchanged(scores, g):
    """e ∘ (p − Σ pe)."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / p.size
    return e * (p - (p * e).sum(axis=1, keepdims=True))


def softmax_mse_grad_error_of_the_label_only(scores, g):
    """(p_g − 1)² alone."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    one_hot = np.eye(scores.shape[1])[g]
    e = 2 * (p - one_hot) * one_hot / p.size
    return p * (e - (p * e).sum(axis=1, keepdims=True))


EXERCISE = Exercise(
    name="softmax_mse_grad",
    chapter="ch2_output_units",
    reference=losses.softmax_mse_grad,
    cases=labelled_cases,
    criteria=(Criterion("values", 1.0, agrees()), stable(FAR_SCORES, 0.25), calm_but(FAR_SCORES)),
    misconceptions=(
        Misconception(
            softmax_mse_grad_diagonal,
            "only the diagonal p(1 − p) of the Jacobian is there. Each score moves **all** probabilities: "
            "∂pⱼ/∂zᵢ = pⱼ(δᵢⱼ − pᵢ). Together they give p ∘ (e − Σⱼ pⱼeⱼ).",
        ),
        Misconception(
            softmax_mse_grad_no_jacobian,
            "this is the derivative with respect to the probabilities. The chain rule through the softmax is missing.",
        ),
        Misconception(softmax_mse_grad_without_the_two, "the derivative of a square has a factor 2."),
        Misconception(
            softmax_mse_grad_averaged_over_examples,
            "the mean squared error is over all n·K entries, so divide by n·K, not by n.",
        ),
        Misconception(
            softmax_mse_grad_of_the_nll,
            "this is the gradient of the log-likelihood, (softmax − 1_g)/n. For the squared error the exponential of "
            "the softmax is not undone, and its Jacobian stays.",
        ),
        Misconception(
            softmax_mse_grad_sign_of_coupling,
            "the sum is added where it should be subtracted: p ∘ (e − Σⱼ pⱼeⱼ).",
        ),
        Misconception(
            softmax_mse_grad_not_shifted,
            "exp of a large score overflows. Use your stable `softmax`.",
        ),
        Misconception(
            softmax_mse_grad_sum_not_weighted,
            "the sum was not multiplied by p. p multiplies the whole difference.",
        ),
        Misconception(
            softmax_mse_grad_sum_over_the_examples,
            "the sum ran down the columns, over the examples. It runs along a row, over the classes.",
        ),
        Misconception(
            softmax_mse_grad_sum_of_everything,
            "the sum ran over all examples. Each row has a sum of its own.",
        ),
        Misconception(
            softmax_mse_grad_sum_without_p,
            "the sum over j is missing, or has lost its p: the errors of a row alone add up to 0. It "
            "is the sum of pⱼeⱼ.",
        ),
        Misconception(
            softmax_mse_grad_with_the_other_sign,
            "the sign is flipped: the inner difference is predicted minus seen.",
        ),
        Misconception(
            softmax_mse_grad_not_averaged,
            "the mean is over all n·K entries, so its gradient has a factor 1/(nK).",
        ),
        Misconception(
            softmax_mse_grad_averaged_over_classes,
            "this is divided by the number of classes only. The mean is over all n·K entries.",
        ),
        Misconception(
            softmax_mse_grad_p_missing,
            "the factor pᵢ in front is missing.",
        ),
        Misconception(
            softmax_mse_grad_coupling_only,
            "the error of the class itself is missing: what belongs to i = j in the sum over j has a "
            "δ as well.",
        ),
        Misconception(
            softmax_mse_grad_mean_of_the_products,
            "the products pⱼeⱼ were averaged. They are added up.",
        ),
        Misconception(
            softmax_mse_grad_through_a_sigmoid,
            "each class was given a sigmoid of its own. The probabilities of a row come from one softmax.",
        ),
        Misconception(
            softmax_mse_grad_roles_exchanged,
            "p and e are exchanged: p stands in front, and the sum is subtracted from e.",
        ),
        Misconception(
            softmax_mse_grad_error_of_the_label_only,
            "only the error of the label's probability is there. The squared error has all K of them: the others "
            "should be 0.",
        ),
    ),
    minutes=15,
    difficulty=3,
    needs=("softmax",),
    core=False,
)
