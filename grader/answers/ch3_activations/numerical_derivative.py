"""Correct answers to `numerical_derivative`, each in a style of its own."""

import numpy as np


def numerical_derivative_loop(f, z, eps):
    slopes = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        slopes[i] = (f(z[i] + eps) - f(z[i] - eps)) / (2 * eps)
    return slopes


def numerical_derivative_halves(f, z, eps):
    to_the_right = (f(z + eps) - f(z)) / eps
    to_the_left = (f(z) - f(z - eps)) / eps
    return 0.5 * (to_the_right + to_the_left)


def numerical_derivative_in_place_on_a_copy(f, z, eps):
    moved = np.array(z, dtype=float)
    moved += eps
    rise = f(moved.copy())
    moved -= 2 * eps
    rise -= f(moved)
    rise /= 2 * eps
    return rise


def numerical_derivative_stacked(f, z, eps):
    both = f(np.stack([z - eps, z + eps]))
    return np.diff(both, axis=0)[0] / eps / 2


ANSWERS = [
    numerical_derivative_loop,
    numerical_derivative_halves,
    numerical_derivative_in_place_on_a_copy,
    numerical_derivative_stacked,
]
