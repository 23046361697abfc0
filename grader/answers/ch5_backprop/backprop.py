"""Correct answers to `backprop`, each in a style of its own."""

import numpy as np


def backprop_written_out(X, g, params):
    n = len(X)
    H = np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    top = Y.max(axis=1, keepdims=True)
    log_p = Y - top - np.log(np.exp(Y - top).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(n), g].mean()
    delta = np.exp(log_p)
    delta[np.arange(n), g] -= 1
    delta /= n
    back = delta @ params["U"].T * (1 - H * H)
    return loss, {"W": X.T @ back, "b": back.sum(0), "U": H.T @ delta, "d": delta.sum(0)}


def backprop_one_example_at_a_time(X, g, params):
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    loss = 0.0
    for x, label in zip(X, g, strict=True):
        h = np.tanh(x @ params["W"] + params["b"])
        y = h @ params["U"] + params["d"]
        shifted = y - y.max()
        log_sum = np.log(np.sum(np.exp(shifted)))
        loss += (log_sum - shifted[label]) / len(X)
        delta = np.exp(shifted - log_sum)
        delta[label] -= 1
        delta = delta / len(X)
        back = (params["U"] @ delta) * (1 - h**2)
        grads["U"] += np.outer(h, delta)
        grads["d"] += delta
        grads["W"] += np.outer(x, back)
        grads["b"] += back
    return float(loss), grads


def backprop_as_on_the_slides(X, g, params):
    x, n = X.T, X.shape[0]
    z = params["W"].T @ x + params["b"].reshape(-1, 1)
    h = np.tanh(z)
    y = params["U"].T @ h + params["d"].reshape(-1, 1)
    log_sum = np.logaddexp.reduce(y, axis=0)
    log_p = y[g, np.arange(n)] - log_sum
    delta_o = np.eye(len(y))[:, g] - np.exp(y - log_sum)  # uphill, as there
    delta_h = (1 - h**2) * (params["U"] @ delta_o)
    up = {
        "W": (delta_h @ x.T).T,
        "b": delta_h.sum(axis=1),
        "U": (delta_o @ h.T).T,
        "d": delta_o.sum(axis=1),
    }
    return -np.mean(log_p), {name: -value / n for name, value in up.items()}


ANSWERS = [
    backprop_written_out,
    backprop_one_example_at_a_time,
    backprop_as_on_the_slides,
]
