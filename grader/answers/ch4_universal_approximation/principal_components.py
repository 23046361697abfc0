"""Correct answers to `principal_components`, each in a style of its own."""

import numpy as np


def principal_components_svd(H, k):
    C = H - H.mean(axis=0)
    U, S, _ = np.linalg.svd(C, full_matrices=False)
    return U[:, :k] * S[:k]


def principal_components_eigh(H, k):
    C = H - np.mean(H, axis=0, keepdims=True)
    values, vectors = np.linalg.eigh(C.T @ C / len(C))
    return C @ vectors[:, np.argsort(values)[::-1][:k]]


def principal_components_cov(H, k):
    H = np.asarray(H, dtype=float)
    vectors = np.linalg.eigh(np.cov(H, rowvar=False).reshape(H.shape[1], -1))[1]
    return (H - H.mean(0)) @ np.flip(vectors, axis=1)[:, :k]


def principal_components_by_inner_products(H, k):
    # The eigenvectors of all inner products are the coordinates, but for their length.
    n = len(H)
    J = np.eye(n) - np.ones((n, n)) / n
    values, vectors = np.linalg.eigh(J @ H @ H.T @ J)
    top = np.argsort(-values)[:k]
    return vectors[:, top] * np.sqrt(np.maximum(values[top], 0))


ANSWERS = [
    principal_components_svd,
    principal_components_eigh,
    principal_components_cov,
    principal_components_by_inner_products,
]

# Changes of the reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "np.abs(V).argmax: argmax -> argmin": "the signs of the columns are free",
    "U * S * np.where(largest < 0, -1.0, 1.0): Mult -> Div": "the signs of the columns are free",
    "U * S * np.where(largest < 0, -1.0, 1.0): right operand of Mult left out": "the signs of the columns are free",
    "largest < 0: Lt -> LtE": "the signs of the columns are free",
    "largest < 0: Lt -> Gt": "the signs of the columns are free",
    "0: 0 -> 1 #2": "the signs of the columns are free",
    "0: 0 -> -1 #2": "the signs of the columns are free",
}
