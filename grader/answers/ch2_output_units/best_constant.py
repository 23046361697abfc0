"""Correct answers to `best_constant`, each in a style of its own."""

import numpy as np


def best_constant_numpy(y, loss):
    return {"mse": np.mean, "mae": np.median}[loss](y)


def best_constant_upper_middle(y, loss):
    if loss == "mse":
        return sum(float(v) for v in y) / len(y)
    return float(sorted(y)[len(y) // 2])


def best_constant_lower_middle(y, loss):
    return np.average(y) if loss == "mse" else np.sort(y)[(len(y) - 1) // 2]


def best_constant_by_search(y, loss):
    # The sum of distances is piecewise linear: its minimum lies at one of the targets.
    if loss == "mse":
        return float(np.dot(y, np.ones(len(y))) / len(y))
    costs = np.abs(y[:, None] - y[None, :]).sum(axis=1)
    return float(y[costs.argmin()])


ANSWERS = [
    best_constant_numpy,
    best_constant_upper_middle,
    best_constant_lower_middle,
    best_constant_by_search,
]
