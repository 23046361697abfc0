"""Correct answers to `threshold_unit`, each in a style of its own."""

import numpy as np


def threshold_unit_where(z):
    inside = (z > 0) & (z < 1)
    return np.where(inside, z, np.where(z >= 1, 1, 0)), np.where(inside, 1.0, 0.0)


def threshold_unit_signs(z):
    return np.maximum(0, np.minimum(1, z)), (z > 0) * 1.0 * (z < 1)


def threshold_unit_loop(z):
    p, slope = np.zeros(z.shape), np.zeros(z.shape)
    for index, value in np.ndenumerate(z):
        p[index] = min(1.0, max(0.0, value))
        slope[index] = 1.0 if 0 < value < 1 else 0.0
    return [p, slope]


ANSWERS = [threshold_unit_where, threshold_unit_signs, threshold_unit_loop]
