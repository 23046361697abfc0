"""Correct answers to `relu_grad`, each in a style of its own."""

import numpy as np


def relu_grad_where(z):
    return np.where(z > 0, 1.0, 0.0)


def relu_grad_heaviside(z):
    return np.heaviside(z, 0)


def relu_grad_float32(z):
    return (z > 0).astype(np.float32)


def relu_grad_loop(z):
    slopes = np.zeros(np.shape(z), dtype=int)
    for i in np.ndindex(slopes.shape):
        if z[i] > 0:
            slopes[i] = 1
    return slopes


def relu_grad_sign(z):
    return np.maximum(np.sign(z), 0)


ANSWERS = [relu_grad_where, relu_grad_heaviside, relu_grad_float32, relu_grad_loop, relu_grad_sign]
