"""Correct answers to `sigmoid_mse_grad`, each in a style of its own."""

import numpy as np


def sigmoid_mse_grad_tanh(z, y):
    s = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (s - y) * s * (1 - s)


def sigmoid_mse_grad_even_slope(z, y):
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1, e) / (1 + e)
    return (s - y) * 2 * e / (1 + e) ** 2


def sigmoid_mse_grad_expanded(z, y):
    s = 1 / (1 + np.exp(-np.clip(z, -700, 700)))
    return 2 * (s**2 - s**3) - 2 * y * (s - s**2)


def sigmoid_mse_grad_float32(z, y):
    s = (0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))).astype(np.float32)
    return 2 * (s - np.asarray(y, dtype=np.float32)) * s * (1 - s)


ANSWERS = [
    sigmoid_mse_grad_tanh,
    sigmoid_mse_grad_even_slope,
    sigmoid_mse_grad_expanded,
    sigmoid_mse_grad_float32,
]
