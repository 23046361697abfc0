"""Correct answers to `mse`, each in a style of its own."""

import numpy as np


def mse_loop(y_pred, y_true):
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError(f"different shapes: {np.shape(y_pred)} and {np.shape(y_true)}")
    total, count = 0.0, 0
    for a, b in zip(np.ravel(y_pred), np.ravel(y_true), strict=True):
        total += (float(a) - float(b)) ** 2
        count += 1
    return total / count


def mse_dot(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("y_pred and y_true differ in shape")
    difference = (y_pred - y_true).ravel()
    return difference @ difference / difference.size


def mse_in_place_on_a_copy(y_pred, y_true):
    if y_pred.ndim != y_true.ndim or y_pred.shape != y_true.shape:
        raise ValueError
    r = y_pred.astype(float)
    r -= y_true
    r *= r
    return np.average(r)


def mse_einsum_float32(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("shapes")
    d = np.subtract(y_pred, y_true, dtype=np.float32)
    return (
        np.einsum("...,...->", d, d) / np.float32(d.size)
        if d.ndim == 0
        else np.square(d).mean(dtype=np.float32)
    )


ANSWERS = [mse_loop, mse_dot, mse_in_place_on_a_copy, mse_einsum_float32]
