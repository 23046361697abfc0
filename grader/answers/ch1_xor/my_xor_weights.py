"""Correct answers to `my_xor_weights`, each in a style of its own."""

import numpy as np


def my_xor_weights_distance():
    W = np.array([[1, -1], [-1, 1]])
    return W, np.zeros(2), np.ones(2), 0


def my_xor_weights_one_minus():
    # 1 minus what is not XOR: both off, and both on
    return [[-1, 1], [-1, 1]], [1, -1], [-1, -1], 1


def my_xor_weights_uneven():
    W = np.zeros((2, 2))
    W[:, 0] = 4.0, -4.0
    W[:, 1] = -0.5, 0.5
    w = 1 / np.array([4.0, 0.5])
    return [W, np.zeros(2), w, np.float64(0.0)]


def my_xor_weights_bent_upwards():
    # |x1 - x2| is 2 max(0, x1 - x2) + x2 - x1, and the last two need a unit that is never off
    return np.array([[2.0, -1.0], [-2.0, 1.0]]), np.array([0.0, 1.0]), np.array([1.0, 1.0]), -1.0


ANSWERS = [
    my_xor_weights_distance,
    my_xor_weights_one_minus,
    my_xor_weights_uneven,
    my_xor_weights_bent_upwards,
]

# Changes of the reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "1.0: 1.0 -> 2.0 #2": "a unit that falls twice as fast in x1 is off at (1, 0) and (1, 1) all the same: another solution",
    "1.0: 1.0 -> 2.0 #3": "a unit that falls twice as fast in x2 is off at (0, 1) and (1, 1) all the same: another solution",
}
