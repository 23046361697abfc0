"""Correct answers to `staircase_network`, each in a style of its own."""

import numpy as np


def staircase_network_by_a_loop(knots, values, sharpness):
    m = len(knots)
    W, c, w = np.zeros((1, m)), np.zeros(m), np.zeros(m)
    for j in range(m):
        W[0, j] = sharpness
        c[j] = -sharpness * knots[j]
        w[j] = values[j + 1] - values[j]
    return W, c, w, values[0]


def staircase_network_from_the_right(knots, values, sharpness):
    # Every unit is on at the left and goes off at its knot.
    W = -sharpness * np.ones(len(knots)).reshape(1, -1)
    return W, sharpness * knots, values[:-1] - values[1:], values[-1]


def staircase_network_of_lists(knots, values, sharpness):
    W = np.array([[float(sharpness) for _ in knots]]).reshape(1, len(knots))
    c = np.array([-sharpness * k for k in knots], dtype=float)
    w = np.array([values[j + 1] - values[j] for j in range(len(knots))], dtype=float)
    return [W, c, w, float(values[0])]


def staircase_network_in_any_order(knots, values, sharpness):
    # The order of hidden units means nothing.
    c, w = (-sharpness * knots)[::-1], np.diff(values)[::-1]
    return np.full((1, c.size), sharpness, dtype=float), c, w, np.float64(values[0])


ANSWERS = [
    staircase_network_by_a_loop,
    staircase_network_from_the_right,
    staircase_network_of_lists,
    staircase_network_in_any_order,
]

# Changes of the reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "right only if `knots` ascends": "knots are in increasing order: the card says so",
}
