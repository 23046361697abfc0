"""Correct answers to `deltas_through_time`, each in a style of its own."""

import numpy as np


def deltas_through_time_loop(W, Z, delta_T):
    delta = delta_T
    norms = [np.linalg.norm(delta)]
    for t in range(len(Z) - 2, -1, -1):
        delta = (1 - np.tanh(Z[t]) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)


def deltas_through_time_all_signals(W, Z, delta_T):
    deltas = np.zeros(Z.shape)
    deltas[-1] = delta_T
    for t in reversed(range(1, len(Z))):
        deltas[t - 1] = deltas[t] @ W.T / np.cosh(Z[t - 1]) ** 2
    return np.sqrt((deltas**2).sum(axis=(1, 2)))[::-1]


def deltas_through_time_example_by_example(W, Z, delta_T):
    T, n, _ = Z.shape
    squares = np.zeros(T)
    for i in range(n):
        delta = np.array(delta_T[i], dtype=float)
        squares[0] += delta @ delta
        for back in range(1, T):
            h = np.tanh(Z[T - 1 - back, i])
            delta = (1 - h**2) * (W @ delta)
            squares[back] += delta @ delta
    return squares**0.5


ANSWERS = [
    deltas_through_time_loop,
    deltas_through_time_all_signals,
    deltas_through_time_example_by_example,
]
