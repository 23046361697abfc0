"""Correct answers to `sawtooth`, each in a style of its own."""

import numpy as np


def sawtooth_by_a_loop(x, depth):
    for _ in range(depth):
        x = 2 * np.maximum(0, x) - 4 * np.maximum(0, x - 0.5)
    return x


def sawtooth_by_recursion(x, depth):
    def fold(y, times):
        return y if times == 0 else fold(1 - np.abs(2 * y - 1), times - 1)

    return fold(np.array(x), depth)


def sawtooth_at_once(x, depth):
    # Where in its pair of teeth does x lie, and how far from the pair's middle?
    t = np.mod(2.0**depth * np.asarray(x), 2.0)
    return np.where(t <= 1, t, 2 - t)


def sawtooth_in_place_on_a_copy(x, depth):
    y = np.array(x, copy=True)
    for _ in range(depth):
        y[y > 0.5] = 1 - y[y > 0.5]
        y *= 2
    return y


ANSWERS = [sawtooth_by_a_loop, sawtooth_by_recursion, sawtooth_at_once, sawtooth_in_place_on_a_copy]

# Changes of the reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "right only if `x` is nowhere negative": "all that is asked lies in [0, 1]",
    "right only if `x` is positive somewhere": "all that is asked lies in [0, 1], and 0 alone is folded to 0 by anything",
    "right only if `x` stays below 5 in size": "all that is asked lies in [0, 1]",
}
