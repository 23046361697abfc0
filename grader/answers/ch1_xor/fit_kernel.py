"""Correct answers to `fit_kernel`, each in a style of its own."""

import numpy as np


def fit_kernel_inverse(K, y, ridge):
    return np.linalg.inv(K + ridge * np.identity(K.shape[0])) @ y


def fit_kernel_eigenvalues(K, y, ridge):
    values, vectors = np.linalg.eigh(K)
    return vectors @ ((vectors.T @ y) / (values + ridge))


def fit_kernel_diagonal(K, y, ridge):
    A = K.astype(float)
    A[np.diag_indices(len(A))] += ridge
    return np.linalg.lstsq(A, y, rcond=None)[0]


def fit_kernel_cholesky(K, y, ridge):
    L = np.linalg.cholesky(K + np.diag(np.full(len(K), ridge)))
    return np.linalg.solve(L.T, np.linalg.solve(L, y))


ANSWERS = [fit_kernel_inverse, fit_kernel_eigenvalues, fit_kernel_diagonal, fit_kernel_cholesky]
# Answers that are wrong only where nothing is asked, each with the reason.
EQUIVALENT_MUTANTS = {
    "right only if `K` is positive somewhere": "a kernel matrix has a positive diagonal",
}
