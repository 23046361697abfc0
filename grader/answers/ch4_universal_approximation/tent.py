"""Correct answers to `tent`, each in a style of its own."""

import numpy as np


def tent_of_two_relus(x):
    return 2 * np.maximum(0, x) - 4 * np.maximum(0, x - 0.5)


def tent_by_modulus(x):
    return 1 - np.abs(2 * x - 1)


def tent_by_where(x):
    return np.where(x <= 0.5, 2 * x, 2 - 2 * x)


def tent_by_minimum(x):
    return 2 * np.minimum(x, 1 - x)


ANSWERS = [tent_of_two_relus, tent_by_modulus, tent_by_where, tent_by_minimum]

# Changes of the reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "0.0: 0.0 -> -1.0": "max(-1, x) is x on [0, 1], and nothing is asked outside",
    "right only if `x` is nowhere negative": "all that is asked lies in [0, 1]",
    "right only if `x` is positive somewhere": "all that is asked lies in [0, 1], and 0 alone is folded to 0 by anything",
    "right only if `x` stays below 5 in size": "all that is asked lies in [0, 1]",
}
