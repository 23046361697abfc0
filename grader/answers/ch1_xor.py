"""Correct answers to chapter 1, each in a style of its own."""

import numpy as np


def mse_loop(y_pred, y_true):
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError(f"different shapes: {np.shape(y_pred)} and {np.shape(y_true)}")
    total, count = 0.0, 0
    for a, b in zip(np.ravel(y_pred), np.ravel(y_true), strict=True):
        total += (float(a) - float(b)) ** 2
        count += 1
    return total / count


def mse_dot(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("y_pred and y_true differ in shape")
    difference = (y_pred - y_true).ravel()
    return difference @ difference / difference.size


def mse_in_place_on_a_copy(y_pred, y_true):
    if y_pred.ndim != y_true.ndim or y_pred.shape != y_true.shape:
        raise ValueError
    r = y_pred.astype(float)
    r -= y_true
    r *= r
    return np.average(r)


def mse_einsum_float32(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("shapes")
    d = np.subtract(y_pred, y_true, dtype=np.float32)
    return (
        np.einsum("...,...->", d, d) / np.float32(d.size)
        if d.ndim == 0
        else np.square(d).mean(dtype=np.float32)
    )


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


def xor_network_where(X, W, c, w, b):
    Z = X @ W + c
    H = np.where(Z > 0, Z, 0)
    return H, H @ w + b


def xor_network_loops(X, W, c, w, b):
    n, m = X.shape[0], W.shape[1]
    H, y = np.zeros((n, m)), np.zeros(n)
    for i in range(n):
        for j in range(m):
            H[i, j] = max(0.0, sum(X[i, k] * W[k, j] for k in range(X.shape[1])) + c[j])
        y[i] = sum(H[i, j] * w[j] for j in range(m)) + b
    return H, y


def xor_network_einsum(X, W, c, w, b):
    H = np.einsum("nd,dm->nm", X, W) + c[None, :]
    H = H.clip(min=0)
    y = np.einsum("nm,m->n", H, w) + b
    return H, y


def xor_network_columns(X, W, c, w, b):
    # As on the slides: column vectors, transposed back at the end.
    Z = W.T @ X.T + c.reshape(-1, 1)
    H = 0.5 * (Z + np.abs(Z))
    return H.T, (w.reshape(1, -1) @ H + b).ravel()


ANSWERS = {
    "mse": [mse_loop, mse_dot, mse_in_place_on_a_copy, mse_einsum_float32],
    "fit_linear": [fit_linear_lstsq, fit_linear_svd, fit_linear_projection],
    "xor_network": [xor_network_where, xor_network_loops, xor_network_einsum, xor_network_columns],
}

# Changes of a reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "fit_linear": {
        "max(X.shape) * np.finfo(np.float64).eps: left operand of Mult left out": "any cut-off between rounding "
        "errors and the smallest singular value will do",
        "max(X.shape) * np.finfo(np.float64).eps * np.linalg.norm(X): right operand of Mult left out": "a cut-off that "
        "does not grow with X is wrong only where rounding errors happen to pass it",
        "s > max(X.shape) * np.finfo(np.float64).eps * np.linalg.norm(X): Gt -> GtE": "a singular value equals the "
        "cut-off only if all of X is zero, which is not asked",
        "y - y_mean: Sub -> Add": "the pseudo-inverse of a centred X sends constants to zero",
        "y - y_mean: right operand of Sub left out": "the pseudo-inverse of a centred X sends constants to zero",
        "x_mean @ w: factors of @ swapped": "the product of two vectors commutes",
    },
}
