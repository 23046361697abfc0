"""Correct answers to `count_linear_pieces`, each in a style of its own."""

import numpy as np


def count_linear_pieces_by_middles(weights, biases, a, b):
    from itertools import pairwise

    def at(x):
        """Pre-activations of each layer at a point, and their slopes."""
        h, dh, layers = np.array([x]), np.ones(1), []
        for W, c in zip(weights, biases, strict=True):
            z, dz = h @ W + c, dh @ W
            layers.append((z, dz))
            h, dh = np.maximum(0, z), np.where(z > 0, dz, 0)
        return layers

    points = [float(a), float(b)]
    for layer in range(len(weights) - 1):
        new = set(points)
        for left, right in pairwise(points):
            middle = (left + right) / 2
            z, dz = at(middle)[layer]
            for j in range(len(z)):
                if dz[j] != 0 and left < middle - z[j] / dz[j] < right:
                    new.add(middle - z[j] / dz[j])
        points = sorted(new)
    slopes = [at((s + t) / 2)[-1][1][0] for s, t in pairwise(points)]
    return 1 + sum(abs(s - t) > 1e-9 * (1 + abs(s)) for s, t in pairwise(slopes))


def count_linear_pieces_of_fractions(weights, biases, a, b):
    from fractions import Fraction
    from itertools import pairwise

    def between(x, z, t):
        p = max(i for i in range(len(x) - 1) if x[i] <= t)
        return z[p] + (z[p + 1] - z[p]) * (t - x[p]) / (x[p + 1] - x[p])

    # Exact: each unit is a list of values at the breakpoints, all of them fractions.
    x = [Fraction(float(a)), Fraction(float(b))]
    H = [[x[0], x[1]]]
    for i, (W, c) in enumerate(zip(weights, biases, strict=True)):
        Z = [
            [
                sum((Fraction(float(W[k, j])) * H[k][p] for k in range(len(H))), Fraction(float(c[j])))
                for p in range(len(x))
            ]
            for j in range(W.shape[1])
        ]
        if i == len(weights) - 1:
            break
        finer = set(x)
        for z in Z:
            for p in range(len(x) - 1):
                if z[p] * z[p + 1] < 0:
                    finer.add(x[p] + (x[p + 1] - x[p]) * z[p] / (z[p] - z[p + 1]))
        new = sorted(finer)
        H = [[max(Fraction(0), between(x, z, t)) for t in new] for z in Z]
        x = new
    z = Z[0]
    slopes = [(z[p + 1] - z[p]) / (x[p + 1] - x[p]) for p in range(len(x) - 1)]
    return 1 + sum(s != t for s, t in pairwise(slopes))


def count_linear_pieces_by_walking(weights, biases, a, b):
    # From a to the right: how far does the present pattern reach?
    count, x, before = 0, float(a), None
    while x < b:
        h, dh = np.array([x]), np.ones(1)
        reach = b - x
        for i, (W, c) in enumerate(zip(weights, biases, strict=True)):
            z, dz = h @ W + c, dh @ W
            if i == len(weights) - 1:
                break
            z = np.where(
                np.abs(z) < 1e-10 * (1 + np.abs(c)), 0.0, z
            )  # on the breakpoint where the last step ended
            on = (z > 0) | ((z == 0) & (dz > 0))
            ahead = np.where(z * dz < 0, -z / np.where(dz == 0, 1, dz), np.inf)
            reach = min(reach, ahead.min(initial=np.inf))
            h, dh = np.where(on, z, 0.0), np.where(on, dz, 0.0)
        if before is None or abs(dz[0] - before) > 1e-9 * (1 + abs(before)):
            count += 1
        before, x = dz[0], x + reach
    return count


ANSWERS = [count_linear_pieces_by_middles, count_linear_pieces_of_fractions, count_linear_pieces_by_walking]
