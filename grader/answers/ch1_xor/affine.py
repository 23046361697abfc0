"""Correct answers to `affine`, each in a style of its own."""

import numpy as np


def affine_loops(X, W, c):
    n, m = X.shape[0], W.shape[1]
    Z = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            Z[i, j] = c[j] + sum(X[i, k] * W[k, j] for k in range(W.shape[0]))
    return Z


def affine_einsum(X, W, c):
    return np.einsum("nd,dm->nm", X, W) + c[np.newaxis, :]


def affine_column_of_ones(X, W, c):
    return np.hstack([X, np.ones((len(X), 1))]) @ np.vstack([W, c])


ANSWERS = [affine_loops, affine_einsum, affine_column_of_ones]
