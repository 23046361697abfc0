"""Correct answers to `power_by_eigen`, each in a style of its own."""

import numpy as np


def power_by_eigen_formula(W, k):
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("W is not diagonalisable")
    return (Q @ np.diag(values**k) @ np.linalg.inv(Q)).real


def power_by_eigen_solve(W, k):
    values, Q = np.linalg.eig(np.array(W, dtype=float))
    largest, smallest = np.linalg.svd(Q, compute_uv=False)[[0, -1]]
    if smallest * 1e7 < largest:
        raise ValueError("the eigenvectors do not span the space")
    # W Q = Q diag(λ), so Wᵏ is the X that solves X Q = Q diag(λ)ᵏ
    return np.linalg.solve(Q.T, (Q * values**k).T).T.real


def power_by_eigen_real_if_close(W, k):
    values, Q = np.linalg.eig(W)
    if not np.linalg.cond(Q) <= 1e7:
        raise ValueError(f"condition number {np.linalg.cond(Q):.1e}")
    power = Q @ np.diag(values.astype(complex) ** k) @ np.linalg.inv(Q)
    return np.real(power)


def power_by_eigen_sum_of_projections(W, k):
    values, right = np.linalg.eig(W)
    if np.linalg.cond(right) > 1e7:
        raise ValueError("defective")
    left = np.linalg.inv(right)
    total = np.zeros(W.shape, dtype=complex)
    for i, value in enumerate(values):
        total += value**k * np.outer(right[:, i], left[i])
    return total.real.copy()


ANSWERS = [
    power_by_eigen_formula,
    power_by_eigen_solve,
    power_by_eigen_real_if_close,
    power_by_eigen_sum_of_projections,
]
