"""Correct answers to `hidden_gradients`, each in a style of its own."""

import numpy as np


def hidden_gradients_loops(X, delta_h):
    dW, db = np.zeros((X.shape[1], delta_h.shape[1])), np.zeros(delta_h.shape[1])
    for x, delta in zip(X, delta_h, strict=True):
        dW += np.outer(x, delta)
        db += delta
    return dW, db


def hidden_gradients_einsum(X, delta_h):
    return np.einsum("ni,nj->ij", X, delta_h), delta_h.T.sum(axis=1)


def hidden_gradients_tensordot(X, delta_h):
    return [np.tensordot(X, delta_h, axes=(0, 0)), np.add.reduce(delta_h)]


ANSWERS = [
    hidden_gradients_loops,
    hidden_gradients_einsum,
    hidden_gradients_tensordot,
]
