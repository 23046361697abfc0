"""Correct answers to `bump`, each in a style of its own."""

import numpy as np


def bump_by_tanh(x, left, right, height, sharpness):
    return height / 2 * (np.tanh(sharpness * (x - left) / 2) - np.tanh(sharpness * (x - right) / 2))


def bump_by_masks(x, left, right, height, sharpness):
    def sigmoid(z):
        z = np.asarray(z, dtype=float)
        s = np.empty(z.shape)
        s[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
        e = np.exp(z[z < 0])
        s[z < 0] = e / (1 + e)
        return s

    return height * (sigmoid(sharpness * (x - left)) - sigmoid(sharpness * (x - right)))


def bump_as_a_network(x, left, right, height, sharpness):
    z = np.asarray(x, dtype=float)[..., None] * sharpness - sharpness * np.array([left, right])
    e = np.exp(-np.abs(z))
    hidden = np.where(z >= 0, 1.0, e) / (1 + e)
    return hidden @ np.array([height, -height])


def bump_entry_by_entry(x, left, right, height, sharpness):
    y = np.zeros(np.shape(x))
    for index in np.ndindex(y.shape):
        for edge, sign in ((left, 1), (right, -1)):
            z = float(sharpness * (x[index] - edge))
            y[index] += sign * height * (1 / (1 + np.exp(-z)) if z > 0 else np.exp(z) / (1 + np.exp(z)))
    return y


ANSWERS = [bump_by_tanh, bump_by_masks, bump_as_a_network, bump_entry_by_entry]
