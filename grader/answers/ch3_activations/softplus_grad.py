"""Correct answers to `softplus_grad`, each in a style of its own."""

import numpy as np


def softplus_grad_absolute(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def softplus_grad_tanh(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def softplus_grad_clipped(z):
    return 1 / (1 + np.exp(-np.clip(z, -500.0, 500.0)))


def softplus_grad_masks(z):
    s = np.zeros(z.shape)
    right = z >= 0
    s[right] = 1 / (1 + np.exp(-z[right].astype(float)))
    e = np.exp(z[~right].astype(float))
    s[~right] = e / (1 + e)
    return s


def softplus_grad_loop(z):
    s = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        x = float(z[i])
        s[i] = 1 / (1 + np.exp(-x)) if x > 0 else np.exp(x) / (1 + np.exp(x))
    return s


def softplus_grad_logaddexp(z):
    return np.exp(-np.logaddexp(0.0, -z))


ANSWERS = [
    softplus_grad_absolute,
    softplus_grad_tanh,
    softplus_grad_clipped,
    softplus_grad_masks,
    softplus_grad_loop,
    softplus_grad_logaddexp,
]
