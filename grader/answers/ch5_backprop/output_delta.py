"""Correct answers to `output_delta`, each in a style of its own."""

import numpy as np


def output_delta_loop(Y, g):
    n, K = Y.shape
    delta = np.zeros((n, K))
    for i in range(n):
        e = [np.exp(float(v) - float(max(Y[i]))) for v in Y[i]]
        for k in range(K):
            delta[i, k] = (e[k] / sum(e) - (1 if k == g[i] else 0)) / n
    return delta


def output_delta_by_logarithms(Y, g):
    top = Y.max(axis=1, keepdims=True) if len(Y) else np.zeros((0, 1))
    log_p = Y - top - np.log(np.exp(Y - top).sum(axis=1, keepdims=True))
    one_hot = np.zeros(Y.shape)
    one_hot[np.arange(len(Y)), g] = 1
    return (np.exp(log_p) - one_hot) / Y.shape[0]


def output_delta_subtracting_in_place(Y, g):
    P = np.array(Y, dtype=float)
    P -= P.max(1)[:, None]
    np.exp(P, out=P)
    P /= P.sum(1)[:, None]
    P[range(len(g)), g] -= 1
    P /= len(g)
    return P


def output_delta_as_on_the_slides(Y, g):
    y = Y.T
    E = np.exp(y - np.max(y, axis=0))
    return -(np.eye(y.shape[0])[:, g] - E / np.sum(E, axis=0)).T / y.shape[1]


ANSWERS = [
    output_delta_loop,
    output_delta_by_logarithms,
    output_delta_subtracting_in_place,
    output_delta_as_on_the_slides,
]

EQUIVALENT_MUTANTS = {
    "1: 1 -> 0 #2": "without an example an empty array is divided, by 1 or by 0",
}
