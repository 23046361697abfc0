"""Correct answers to `gaussian_nll`, each in a style of its own."""

import numpy as np


def gaussian_nll_loop(y, mean):
    n, d = len(y), len(y[0])
    total = 0.0
    for i in range(n):
        for j in range(d):
            total += 0.5 * (float(y[i, j]) - float(mean[i, j])) ** 2 + 0.5 * np.log(2 * np.pi)
    return total / n


def gaussian_nll_from_the_mse(y, mean):
    d = y.shape[1]
    return d / 2 * (np.square(y - mean).mean() + np.log(2 * np.pi))


def gaussian_nll_float32(y, mean):
    r = (y - mean).astype(np.float32)
    return np.float32(0.5) * np.mean(np.sum(r * r, axis=-1)) + np.float32(
        0.5 * r.shape[1] * np.log(2 * np.pi)
    )


ANSWERS = [
    gaussian_nll_loop,
    gaussian_nll_from_the_mse,
    gaussian_nll_float32,
]
