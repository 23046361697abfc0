"""Correct answers to `categorical_nll_grad`, each in a style of its own."""

import numpy as np


def categorical_nll_grad_subtract(scores, g):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(g)), g] -= 1
    return p / len(g)


def categorical_nll_grad_one_hot(scores, g):
    scores = np.asarray(scores, dtype=float)
    p = np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
    one_hot = (np.arange(scores.shape[1]) == g[:, None]).astype(float)
    return (p - one_hot) / scores.shape[0]


def categorical_nll_grad_loop(scores, g):
    n, classes = scores.shape
    out = np.zeros((n, classes))
    for i in range(n):
        e = [np.exp(v - max(scores[i])) for v in scores[i]]
        for k in range(classes):
            out[i, k] = (e[k] / sum(e) - (1 if k == g[i] else 0)) / n
    return out


ANSWERS = [
    categorical_nll_grad_subtract,
    categorical_nll_grad_one_hot,
    categorical_nll_grad_loop,
]
