"""Correct answers to `bptt`, each in a style of its own."""

import numpy as np

from fnnkit.rnn import rnn_forward, rnn_hidden_delta  # in a notebook these are the student's own


def bptt_with_the_functions_above(X, h0, params, delta_y):
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def bptt_on_its_own(X, h0, params, delta_y):
    A, W, b, V = params["A"], params["W"], params["b"], params["V"]
    states = [h0]
    for x in X:
        states.append(np.tanh(x @ A + states[-1] @ W + b))
    dA, dW, db, dV, back = 0.0, 0.0, 0.0, 0.0, 0.0
    for t in range(len(X) - 1, -1, -1):
        h = states[t + 1]
        delta = (1 - h * h) * (delta_y[t] @ V.T + back)
        dA = dA + X[t].T @ delta
        dW = dW + states[t].T @ delta
        db = db + delta.sum(0)
        dV = dV + h.T @ delta_y[t]
        back = delta @ W.T
    return {"A": dA, "W": dW, "b": db, "V": dV}


def bptt_all_signals_first(X, h0, params, delta_y):
    cache = rnn_forward(X, h0, params)
    T, n, m = cache["Z"].shape
    deltas = np.zeros((T + 1, n, m))
    for t in range(T - 1, -1, -1):
        deltas[t] = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], deltas[t + 1])
    deltas = deltas[:T]
    before = np.concatenate([h0[None], cache["H"][:-1]])
    return {
        "A": np.einsum("tni,tnj->ij", X, deltas),
        "W": np.einsum("tni,tnj->ij", before, deltas),
        "b": deltas.sum(axis=(0, 1)),
        "V": np.einsum("tni,tnj->ij", cache["H"], delta_y),
    }


def bptt_forward_accumulation(X, h0, params, delta_y):
    # no way back at all: the derivative of the state by each parameter is carried forward
    A, W, b, V = params["A"], params["W"], params["b"], params["V"]
    n, m, d = len(h0), len(b), len(A)
    h = h0
    slopes = {name: np.zeros((n, m, *np.shape(params[name]))) for name in "AWb"}
    grads = {name: np.zeros(np.shape(params[name])) for name in "AWbV"}
    for x, dy in zip(X, delta_y, strict=True):
        direct = {"A": np.zeros((n, m, d, m)), "W": np.zeros((n, m, m, m)), "b": np.zeros((n, m, m))}
        for j in range(m):
            direct["A"][:, j, :, j] = x
            direct["W"][:, j, :, j] = h
            direct["b"][:, j, j] = 1.0
        h_new = np.tanh(x @ A + h @ W + b)
        for name in "AWb":
            carried = np.einsum("kj,nk...->nj...", W, slopes[name])
            slopes[name] = np.einsum("nj,nj...->nj...", 1 - h_new**2, direct[name] + carried)
            grads[name] += np.einsum("nj,nj...->...", dy @ V.T, slopes[name])
        grads["V"] += h_new.T @ dy
        h = h_new
    return grads


ANSWERS = [
    bptt_with_the_functions_above,
    bptt_on_its_own,
    bptt_all_signals_first,
    bptt_forward_accumulation,
]

EQUIVALENT_MUTANTS = {
    "1: 1 -> 2": "two columns of ones give two equal rows, of which one is taken",
    "0: 0 -> -1": "the first and the last of one row are the same",
}
