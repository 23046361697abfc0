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
    ),
    minutes=15,
    difficulty=3,
    needs=("softmax",),
    core=False,
)
