"""Correct answers to `relu_interpolant`, each in a style of its own."""

import numpy as np


def relu_interpolant_by_a_loop(x, y):
    pairs = sorted(zip(x.tolist(), y.tolist(), strict=True))
    c, w, slope = [], [], 0.0
    for i in range(len(pairs) - 1):
        (x0, y0), (x1, y1) = pairs[i], pairs[i + 1]
        new = (y1 - y0) / (x1 - x0)
        c.append(-x0)
        w.append(new - slope)
        slope = new
    return np.ones((1, len(c))), np.array(c), np.array(w), pairs[0][1]


def relu_interpolant_solved(x, y):
    # As many units as knots, the last one useless: a triangular system.
    order = np.argsort(x)
    x, y = x[order].astype(float), y[order].astype(float)
    H = np.maximum(0, x[:, None] - x[None, :-1])
    w = np.linalg.lstsq(H, y - y[0], rcond=None)[0] if len(x) > 1 else np.zeros(0)
    return np.ones((1, len(w))), -x[:-1], w, y[0]


def relu_interpolant_from_the_right(x, y):
    # Units that are on at the left: relu(knot - x).
    order = np.argsort(x)[::-1]
    x, y = x[order].astype(float), y[order].astype(float)
    slopes = np.diff(y) / np.diff(x)
    w = -np.concatenate([slopes[:1], np.diff(slopes)])
    return -np.ones((1, len(w))), x[:-1], w, y[0]


def relu_interpolant_one_unit_a_knot(x, y):
    order = np.argsort(x)
    knots, values = np.asarray(x)[order], np.asarray(y)[order]
    slopes = np.concatenate([[0.0], np.diff(values) / np.diff(knots)])
    w = np.append(np.diff(slopes), 0.0)
    return np.ones((1, len(knots))), -1.0 * knots, w, float(values[0])


ANSWERS = [
    relu_interpolant_by_a_loop,
    relu_interpolant_solved,
    relu_interpolant_from_the_right,
    relu_interpolant_one_unit_a_knot,
]
