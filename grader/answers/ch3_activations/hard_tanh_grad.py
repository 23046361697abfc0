"""Correct answers to `hard_tanh_grad`, each in a style of its own."""

import numpy as np


def hard_tanh_grad_absolute(z):
    return np.where(np.abs(z) < 1, 1.0, 0.0)


def hard_tanh_grad_two_sides(z):
    return ((z > -1) & (z < 1)).astype(np.float32)


def hard_tanh_grad_product(z):
    return np.heaviside(z + 1.0, 0) * np.heaviside(1.0 - z, 0)


def hard_tanh_grad_loop(z):
    slopes = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        slopes[i] = 1 if -1 < z[i] < 1 else 0
    return slopes


ANSWERS = [
    hard_tanh_grad_absolute,
    hard_tanh_grad_two_sides,
    hard_tanh_grad_product,
    hard_tanh_grad_loop,
]
