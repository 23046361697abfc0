"""Correct answers to `sigmoid`, each in a style of its own."""

import numpy as np


def sigmoid_tanh(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def sigmoid_masked(z):
    z = np.asarray(z, dtype=float)
    out = np.empty_like(z)
    up = z >= 0
    out[up] = 1 / (1 + np.exp(-z[up]))
    e = np.exp(z[~up])
    out[~up] = e / (1 + e)
    return out


def sigmoid_clipped(z):
    return 1 / (1 + np.exp(-np.clip(z, -700, 700)))


def sigmoid_of_logaddexp(z):
    return np.exp(-np.logaddexp(0, -z))


def sigmoid_loop_in_float32(z):
    out = np.zeros(np.shape(z), dtype=np.float32)
    for index, value in np.ndenumerate(z):
        out[index] = 1 / (1 + np.exp(-value)) if value > 0 else np.exp(value) / (1 + np.exp(value))
    return out


ANSWERS = [sigmoid_tanh, sigmoid_masked, sigmoid_clipped, sigmoid_of_logaddexp, sigmoid_loop_in_float32]

# Changes of the reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {"z >= 0.0: GtE -> Gt": "at 0 both branches give 1/2"}
