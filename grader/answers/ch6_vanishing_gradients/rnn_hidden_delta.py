"""Correct answers to `rnn_hidden_delta`, each in a style of its own."""

import numpy as np


def rnn_hidden_delta_formula(Z_t, V, W, delta_y, delta_next):
    H = np.tanh(Z_t)
    return (1 - H**2) * (delta_y @ V.T + delta_next @ W.T)


def rnn_hidden_delta_cosh(Z_t, V, W, delta_y, delta_next):
    back = np.dot(delta_y, V.T)
    back = back + np.dot(delta_next, W.T)
    return back / np.cosh(Z_t) ** 2


def rnn_hidden_delta_stacked(Z_t, V, W, delta_y, delta_next):
    # the second line of the slide: both matrices below each other
    both = np.hstack([delta_y, delta_next])
    matrices = np.hstack([V, W])
    h = np.tanh(Z_t)
    return (1 - h) * (1 + h) * (both @ matrices.T)


def rnn_hidden_delta_loops(Z_t, V, W, delta_y, delta_next):
    n, m = Z_t.shape
    delta = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            arriving = 0.0
            for k in range(V.shape[1]):
                arriving += delta_y[i, k] * V[j, k]
            for k in range(m):
                arriving += delta_next[i, k] * W[j, k]
            delta[i, j] = (1 - np.tanh(Z_t[i, j]) ** 2) * arriving
    return delta


def rnn_hidden_delta_columns(Z_t, V, W, delta_y, delta_next):
    slope = 1 - np.tanh(Z_t.T) ** 2
    return (slope * (V @ delta_y.T + W @ delta_next.T)).T


ANSWERS = [
    rnn_hidden_delta_formula,
    rnn_hidden_delta_cosh,
    rnn_hidden_delta_stacked,
    rnn_hidden_delta_loops,
    rnn_hidden_delta_columns,
]
