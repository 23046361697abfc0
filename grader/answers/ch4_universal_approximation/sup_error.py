"""Correct answers to `sup_error`, each in a style of its own."""

import numpy as np


def sup_error_vectorised(f, g, a, b, n):
    x = np.linspace(a, b, n)
    return np.max(np.abs(f(x) - g(x)))


def sup_error_by_a_loop(f, g, a, b, n):
    largest = 0.0
    for i in range(n):
        x = a + (b - a) * i / (n - 1)
        largest = max(largest, abs(float(f(x)) - float(g(x))))
    return largest


def sup_error_by_a_norm(f, g, a, b, n):
    x = a + (b - a) * np.arange(n) / (n - 1)
    return float(np.linalg.norm(f(x) - g(x), np.inf))


def sup_error_of_both_signs(f, g, a, b, n):
    d = [f(x) - g(x) for x in np.linspace(a, b, n)]
    return max(max(d), -min(d))


ANSWERS = [sup_error_vectorised, sup_error_by_a_loop, sup_error_by_a_norm, sup_error_of_both_signs]
