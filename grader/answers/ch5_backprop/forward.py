"""Correct answers to `forward`, each in a style of its own."""

import numpy as np


def forward_loops(X, params):
    W, b, U, d = (params[name] for name in "WbUd")
    n, m, K = X.shape[0], W.shape[1], U.shape[1]
    Z, H, Y = np.zeros((n, m)), np.zeros((n, m)), np.zeros((n, K))
    for i in range(n):
        for j in range(m):
            Z[i, j] = sum(X[i, k] * W[k, j] for k in range(len(W))) + b[j]
            H[i, j] = np.tanh(Z[i, j])
        for k in range(K):
            Y[i, k] = sum(H[i, j] * U[j, k] for j in range(m)) + d[k]
    return {"Z": Z, "H": H, "Y": Y}


def forward_as_on_the_slides(X, params):
    z = params["W"].T @ X.T + params["b"][:, None]
    h = np.tanh(z)
    y = params["U"].T @ h + params["d"][:, None]
    return {"X": X, "Z": z.T, "H": h.T, "Y": y.T}


def forward_ones_column(X, params):
    ones = np.ones((len(X), 1))
    Z = np.hstack([X, ones]) @ np.vstack([params["W"], params["b"]])
    H = (1 - np.exp(-2 * Z)) / (1 + np.exp(-2 * Z))
    Y = np.hstack([H, ones]) @ np.vstack([params["U"], params["d"]])
    return {"Y": Y, "H": H, "Z": Z}


def forward_in_place_on_new_arrays(X, params):
    Z = np.dot(X.astype(float), params["W"])
    Z += params["b"]
    H = Z.copy()
    np.tanh(H, out=H)
    Y = np.einsum("nm,mk->nk", H, params["U"])
    Y = Y + params["d"]
    return {"Z": Z, "H": H, "Y": Y}


ANSWERS = [
    forward_loops,
    forward_as_on_the_slides,
    forward_ones_column,
    forward_in_place_on_new_arrays,
]
