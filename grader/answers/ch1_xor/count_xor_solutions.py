"""Correct answers to `count_xor_solutions`, each in a style of its own."""

import numpy as np


def count_pairs_of_units(values):
    # All pairs of what a unit can add, as arrays.
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    corners = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
    unit = w[:, None] * np.maximum(0, np.stack([w1, w2], axis=1) @ corners + c[:, None])
    pairs = unit[:, None, :] + unit[None, :, :]
    return sum(int((pairs == np.array([0, 1, 1, 0]) - b).all(axis=2).sum()) for b in v)


def count_by_sorting(values):
    from itertools import product

    units = {}
    for w1, w2, c, w in product(values, repeat=4):
        adds = (w * max(0, c), w * max(0, w2 + c), w * max(0, w1 + c), w * max(0, w1 + w2 + c))
        units[adds] = units.get(adds, 0) + 1
    total = 0
    for b in values:
        for (p, q, r, s), n in units.items():
            total += n * units.get((-b - p, 1 - b - q, 1 - b - r, -b - s), 0)
    return total


def count_hidden_layers_first(values):
    # Six nested choices as arrays, three as loops: no array is larger than len(values) ** 6.
    v = np.array(values)
    grid = [a.ravel() for a in np.meshgrid(v, v, v, v, v, v, indexing="ij")]
    w11, w21, c1, w12, w22, c2 = (g.astype(np.int16) for g in grid)
    h1 = [np.maximum(0, x1 * w11 + x2 * w21 + c1) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))]
    h2 = [np.maximum(0, x1 * w12 + x2 * w22 + c2) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))]
    total = 0
    for w1 in values:
        for w2 in values:
            y = [w1 * p + w2 * q for p, q in zip(h1, h2, strict=True)]
            for b in values:
                right = (y[0] == -b) & (y[1] == 1 - b) & (y[2] == 1 - b) & (y[3] == -b)
                total += np.count_nonzero(right)
    return total


ANSWERS = [count_pairs_of_units, count_by_sorting, count_hidden_layers_first]
