"""Correct answers to `fit_linear`, each in a style of its own."""

import numpy as np


def fit_linear_lstsq(X, y):
    mean = X.mean(0)
    w, *_ = np.linalg.lstsq(X - mean, y - y.mean(), rcond=None)
    return w, y.mean() - w @ mean


def fit_linear_svd(X, y):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    centre, level = X.mean(axis=0), y.mean()
    U, s, Vt = np.linalg.svd(X - centre, full_matrices=False)
    keep = s > 1e-6 * max(s.max(), 1.0)
    w = Vt[keep].T @ ((U[:, keep].T @ (y - level)) / s[keep])
    return w, float(level - centre @ w)


def fit_linear_projection(X, y):
    n = len(X)
    C = np.eye(n) - np.ones((n, n)) / n  # centres from the left
    w = np.linalg.pinv(C @ X, rcond=1e-6) @ (C @ y)
    b = np.mean(y - X @ w)
    return [w, np.float64(b)]


ANSWERS = [fit_linear_lstsq, fit_linear_svd, fit_linear_projection]

# Changes of the reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "max(X.shape) * np.finfo(np.float64).eps: left operand of Mult left out": "any cut-off between rounding "
    "errors and the smallest singular value will do",
    "max(X.shape) * np.finfo(np.float64).eps * np.linalg.norm(X): right operand of Mult left out": "a cut-off that "
    "does not grow with X is wrong only where rounding errors happen to pass it",
    "s > max(X.shape) * np.finfo(np.float64).eps * np.linalg.norm(X): Gt -> GtE": "a singular value equals the "
    "cut-off only if all of X is zero, which is not asked",
    "y - y_mean: Sub -> Add": "the pseudo-inverse of a centred X sends constants to zero",
    "y - y_mean: right operand of Sub left out": "the pseudo-inverse of a centred X sends constants to zero",
    "x_mean @ w: factors of @ swapped": "the product of two vectors commutes",
}
