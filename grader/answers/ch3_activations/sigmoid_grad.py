"""Correct answers to `sigmoid_grad`, each in a style of its own."""

import numpy as np


def sigmoid_grad_both_sides(z):
    e = np.exp(-np.abs(z))
    return (1 / (1 + e)) * (e / (1 + e))


def sigmoid_grad_tanh(z):
    return 0.25 * (1 - np.tanh(z / 2) ** 2)


def sigmoid_grad_helper(z):
    def sigma(x):
        return np.exp(-np.logaddexp(0.0, -x))

    return sigma(z) * sigma(-z)


def sigmoid_grad_loop(z):
    slopes = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        s = 1 / (1 + np.exp(-abs(float(z[i]))))
        slopes[i] = s * (1 - s)
    return slopes


ANSWERS = [sigmoid_grad_both_sides, sigmoid_grad_tanh, sigmoid_grad_helper, sigmoid_grad_loop]
