"""Correct answers to `tanh_from_sigmoid`, each in a style of its own."""

import numpy as np


def tanh_from_sigmoid_absolute(z):
    e = np.exp(-2.0 * np.abs(z))
    sigma = np.where(z >= 0, 1, e) / (1 + e)
    return 2 * sigma - 1


def tanh_from_sigmoid_clipped(z):
    return 2 / (1 + np.exp(-2 * np.clip(z, -300.0, 300.0))) - 1


def tanh_from_sigmoid_odd(z):
    e = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - e) / (1 + e)


def tanh_from_sigmoid_numpy(z):
    return np.tanh(z)


ANSWERS = [
    tanh_from_sigmoid_absolute,
    tanh_from_sigmoid_clipped,
    tanh_from_sigmoid_odd,
    tanh_from_sigmoid_numpy,
]
