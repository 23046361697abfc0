"""Correct answers to `relu`, each in a style of its own."""

import numpy as np


def relu_where(z):
    return np.where(z > 0, z, 0)


def relu_mask(z):
    return z * (z > 0)


def relu_copy(z):
    out = z.copy()
    out[out < 0] = 0
    return out


def relu_half(z):
    return z / 2 + np.abs(z / 2)


def relu_vectorised(z):
    return np.array([max(0, x) for x in z.ravel()], dtype=float).reshape(z.shape)


ANSWERS = [relu_where, relu_mask, relu_copy, relu_half, relu_vectorised]
