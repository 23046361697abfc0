"""Correct answers to `hard_tanh`, each in a style of its own."""

import numpy as np


def hard_tanh_clip(z):
    return np.clip(z, -1, 1)


def hard_tanh_slides(z):
    return np.maximum(-1.0, np.minimum(1.0, z))


def hard_tanh_absolute(z):
    return 0.5 * (np.abs(z + 1.0) - np.abs(z - 1.0))


def hard_tanh_loop(z):
    return np.array([min(1.0, max(-1.0, float(x))) for x in z.ravel()]).reshape(z.shape)


ANSWERS = [hard_tanh_clip, hard_tanh_slides, hard_tanh_absolute, hard_tanh_loop]
