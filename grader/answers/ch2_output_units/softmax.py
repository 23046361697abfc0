"""Correct answers to `softmax`, each in a style of its own."""

import numpy as np


def softmax_shifted(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax_of_the_log(z):
    z = np.asarray(z, dtype=float)
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


def softmax_transposed(z):
    moved = np.moveaxis(np.asarray(z, dtype=float), -1, 0)
    e = np.exp(moved - moved.max(axis=0))
    return np.moveaxis(e / e.sum(axis=0), 0, -1)


def softmax_row_by_row(z):
    out = np.zeros(np.shape(z))
    for index in np.ndindex(*np.shape(z)[:-1]):
        row = np.exp(np.asarray(z[index], dtype=float) - max(z[index]))
        out[index] = row / row.sum()
    return out


ANSWERS = [softmax_shifted, softmax_of_the_log, softmax_transposed, softmax_row_by_row]
