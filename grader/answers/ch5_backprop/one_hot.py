"""Correct answers to `one_hot`, each in a style of its own."""

import numpy as np


def one_hot_loop(g, K):
    rows = np.zeros((len(g), K))
    for i, label in enumerate(g):
        if not 0 <= label < K:
            raise ValueError(f"label {label} is not one of 0 … {K - 1}")
        rows[i, label] = 1
    return rows


def one_hot_identity(g, K):
    g = np.asarray(g)
    if g.size and (g.min() < 0 or g.max() >= K):
        raise ValueError("label outside")
    return np.eye(K)[g]


def one_hot_compared(g, K):
    if np.any(g < 0) or np.any(g > K - 1):
        raise ValueError("no such label")
    return (g.reshape(-1, 1) == np.arange(K)).astype(int)


def one_hot_set(g, K):
    if set(g.tolist()) - set(range(K)):
        raise ValueError
    out = np.zeros((g.shape[0], K), dtype=float)
    out[np.arange(g.shape[0]), g] = 1.0
    return out


ANSWERS = [
    one_hot_loop,
    one_hot_identity,
    one_hot_compared,
    one_hot_set,
]
