"""Correct answers to `jacobian_bound`, each in a style of its own."""

import numpy as np


def jacobian_bound_loop(weights, gamma):
    bound = 1.0
    for W in weights:
        bound = bound * gamma * np.linalg.norm(W, 2)
    return bound


def jacobian_bound_prod(weights, gamma):
    return float(np.prod([gamma * np.linalg.norm(W, ord=2) for W in weights]))


def jacobian_bound_singular_values(weights, gamma):
    import math

    return gamma ** len(weights) * math.prod(np.linalg.svd(W)[1][0] for W in weights)


def jacobian_bound_eigenvalues(weights, gamma):
    bound = 1
    for W in weights:
        bound *= gamma * np.sqrt(np.linalg.eigvalsh(W.T @ W).max())
    return np.float64(bound)


ANSWERS = [
    jacobian_bound_loop,
    jacobian_bound_prod,
    jacobian_bound_singular_values,
    jacobian_bound_eigenvalues,
]

EQUIVALENT_MUTANTS = {
    "0: 0 -> -1": "the fewest layers that are let in: there are never fewer than none",
    "0.0: 0.0 -> 1.0": "the norm of a matrix without entries, which no case has",
    "0.0: 0.0 -> -1.0": "the norm of a matrix without entries, which no case has",
}
