"""Correct answers to `trajectory_length`, each in a style of its own."""

import numpy as np


def trajectory_length_norms(curve, closed):
    if closed:
        curve = np.vstack([curve, curve[:1]])
    return np.linalg.norm(np.diff(curve, axis=0), axis=1).sum()


def trajectory_length_by_a_loop(curve, closed):
    total = 0.0
    for i in range(len(curve) - 1):
        total += np.sqrt(np.sum((curve[i + 1] - curve[i]) ** 2))
    if closed and len(curve) > 0:
        total += np.sqrt(np.sum((curve[0] - curve[-1]) ** 2))
    return total


def trajectory_length_rolled(curve, closed):
    steps = np.roll(curve, -1, axis=0) - curve
    lengths = np.sqrt((steps**2).sum(axis=1))
    return float(lengths.sum() if closed else lengths[:-1].sum())


def trajectory_length_of_math(curve, closed):
    import math

    corners = [list(map(float, row)) for row in curve]
    ends = corners[1:] + (corners[:1] if closed else [])
    return math.fsum(math.dist(p, q) for p, q in zip(corners, ends, strict=False))


ANSWERS = [
    trajectory_length_norms,
    trajectory_length_by_a_loop,
    trajectory_length_rolled,
    trajectory_length_of_math,
]

# Changes of the reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "0: 0 -> 1": "the length of one corner is 0, asked or computed",
    "0: 0 -> -1": "of no corner the sum of no distances is 0 as well",
}
