"""Correct answers to `activation_patterns`, each in a style of its own."""

import numpy as np


def activation_patterns_unique(X, weights, biases):
    H, on = X, []
    for W, c in zip(weights, biases, strict=True):
        Z = H @ W + c
        on.append(Z > 0)
        H = np.maximum(0, Z)
    return len(np.unique(np.hstack(on), axis=0))


def activation_patterns_of_texts(X, weights, biases):
    seen = set()
    for x in X:
        h, pattern = x, ""
        for W, c in zip(weights, biases, strict=True):
            h = np.maximum(0, h @ W + c)
            pattern += "".join("1" if v > 0 else "0" for v in h)
        seen.add(pattern)
    return len(seen)


def activation_patterns_of_numbers(X, weights, biases):
    # Each unit is a binary digit.
    H, code = np.asarray(X, dtype=float), np.zeros(len(X), dtype=np.int64)
    for W, c in zip(weights, biases, strict=True):
        H = (H @ W + c).clip(min=0)
        for column in H.T:
            code = 2 * code + (column > 0)
    return np.unique(code).size


ANSWERS = [activation_patterns_unique, activation_patterns_of_texts, activation_patterns_of_numbers]
