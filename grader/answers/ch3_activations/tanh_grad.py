"""Correct answers to `tanh_grad`, each in a style of its own."""

import numpy as np


def tanh_grad_square(z):
    return 1 - np.tanh(z) ** 2


def tanh_grad_product(z):
    h = np.tanh(z)
    return (1 - h) * (1 + h)


def tanh_grad_exponential(z):
    e = np.exp(-2.0 * np.abs(z))
    return 4 * e / (1 + e) ** 2


def tanh_grad_loop(z):
    return np.array([1 - np.tanh(x) ** 2 for x in z.ravel()]).reshape(z.shape)


ANSWERS = [tanh_grad_square, tanh_grad_product, tanh_grad_exponential, tanh_grad_loop]
