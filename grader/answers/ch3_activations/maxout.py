"""Correct answers to `maxout`, each in a style of its own."""

import numpy as np


def maxout_reshape(Z, k):
    n, columns = Z.shape
    return Z.reshape(n, columns // k, k).max(axis=-1)


def maxout_loop(Z, k):
    m = Z.shape[1] // k
    H = np.empty((len(Z), m))
    for i in range(m):
        H[:, i] = Z[:, i * k : (i + 1) * k].max(axis=1)
    return H


def maxout_strides(Z, k):
    H = Z[:, 0::k].copy()
    for j in range(1, k):
        H = np.maximum(H, Z[:, j::k])
    return H


def maxout_reduceat(Z, k):
    return np.maximum.reduceat(Z.astype(float), np.arange(0, Z.shape[1], k), axis=1)


def maxout_sorted(Z, k):
    return np.sort(Z.reshape(len(Z), Z.shape[1] // k, k), axis=2)[:, :, k - 1]


ANSWERS = [maxout_reshape, maxout_loop, maxout_strides, maxout_reduceat, maxout_sorted]
