"""Correct answers to `rnn_forward`, each in a style of its own."""

import numpy as np


def rnn_forward_lists(X, h0, params):
    Z, H, Y = [], [], []
    h = h0
    for x in X:
        z = x @ params["A"] + h @ params["W"] + params["b"]
        h = np.tanh(z)
        Z.append(z)
        H.append(h)
        Y.append(h @ params["V"])
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(Y)}


def rnn_forward_preallocated(X, h0, params):
    T, n, _ = X.shape
    m, p = params["V"].shape
    Z, H, Y = np.zeros((T, n, m)), np.zeros((T, n, m)), np.zeros((T, n, p))
    for t in range(T):
        before = h0 if t == 0 else H[t - 1]
        Z[t] = np.dot(X[t], params["A"]) + np.dot(before, params["W"]) + params["b"]
        H[t] = np.tanh(Z[t])
        Y[t] = np.dot(H[t], params["V"])
    return {"Z": Z, "H": H, "Y": Y}


def rnn_forward_inputs_first(X, h0, params):
    A, W, b, V = (np.asarray(params[name], dtype=float) for name in "AWbV")
    Z = np.einsum("tnd,dm->tnm", X, A) + b
    H = np.empty_like(Z)
    state = np.array(h0, dtype=float)
    for t, z in enumerate(Z):
        z += state @ W
        state = np.tanh(z)
        H[t] = state
    return {"Y": np.einsum("tnm,mp->tnp", H, V), "H": H, "Z": Z}


def rnn_forward_example_by_example(X, h0, params):
    T, n, _ = X.shape
    m = len(params["b"])
    Z, H = np.zeros((T, n, m)), np.zeros((T, n, m))
    for i in range(n):
        h = h0[i]
        for t in range(T):
            for j in range(m):
                Z[t, i, j] = X[t, i] @ params["A"][:, j] + h @ params["W"][:, j] + params["b"][j]
            h = H[t, i] = np.tanh(Z[t, i])
    return {"Z": Z, "H": H, "Y": H @ params["V"]}


ANSWERS = [
    rnn_forward_lists,
    rnn_forward_preallocated,
    rnn_forward_inputs_first,
    rnn_forward_example_by_example,
]
