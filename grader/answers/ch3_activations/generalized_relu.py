"""Correct answers to `generalized_relu`, each in a style of its own."""

import numpy as np


def generalized_relu_where(z, alpha):
    return np.where(z > 0, z, alpha * z)


def generalized_relu_absolute(z, alpha):
    alpha = np.asarray(alpha)
    return 0.5 * ((1 + alpha) * z + (1 - alpha) * np.abs(z))


def generalized_relu_masks(z, alpha):
    slopes = np.broadcast_to(np.asarray(alpha, dtype=float), z.shape)
    h = z.astype(float)
    h[z < 0] *= slopes[z < 0]
    return h


def generalized_relu_two_rectifiers(z, alpha):
    return z.clip(min=0) - alpha * (-z).clip(min=0)


ANSWERS = [
    generalized_relu_where,
    generalized_relu_absolute,
    generalized_relu_masks,
    generalized_relu_two_rectifiers,
]
