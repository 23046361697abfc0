"""Correct answers to `bernoulli_nll_grad`, each in a style of its own."""

import numpy as np


def bernoulli_nll_grad_tanh(z, y):
    return 0.5 * np.tanh(0.5 * z) + 0.5 - y


def bernoulli_nll_grad_exponentials(z, y):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e) - y


def bernoulli_nll_grad_of_the_margin(z, y):
    sign = np.where(y == 1, -1.0, 1.0)
    return sign / (1 + np.exp(-np.clip(sign * z, -700, 700)))


def bernoulli_nll_grad_loop(z, y):
    out = np.zeros(np.shape(z))
    for index, value in np.ndenumerate(z):
        s = 1 / (1 + np.exp(-value)) if value > -700 else 0.0
        out[index] = s - y[index]
    return out


ANSWERS = [
    bernoulli_nll_grad_tanh,
    bernoulli_nll_grad_exponentials,
    bernoulli_nll_grad_of_the_margin,
    bernoulli_nll_grad_loop,
]
