"""Other numbers of pieces: more wrong answers to `count_linear_pieces` (chapter 4), which has a page full of its own."""

from __future__ import annotations

import numpy as np

from fnnkit.judge.exercise import Misconception


def number_of_units(weights, biases, a, b):
    """As many pieces as hidden units."""
    return sum(W.shape[1] for W in weights[:-1])


def product_of_the_layers(weights, biases, a, b):
    """Each layer multiplies."""
    product = 1
    for W in weights[:-1]:
        product *= W.shape[1] + 1
    return product


def patterns_of_all_units(weights, biases, a, b):
    """2 to the number of units."""
    return 2 ** sum(W.shape[1] for W in weights[:-1])


def zeros_of_the_output(weights, biases, a, b):
    """Where the output crosses 0."""
    x = np.linspace(a, b, 10_001)
    H = x[:, None]
    for W, c in zip(weights[:-1], biases[:-1]):  # noqa: B905
        H = np.maximum(0, H @ W + c)
    y = (H @ weights[-1] + biases[-1])[:, 0]
    return 1 + int((y[1:] * y[:-1] < 0).sum())


def value_not_rectified(weights, biases, a, b):
    """Slopes are 0 where a unit is off, and values are not."""
    points = [float(a), float(b)]
    for depth in range(len(weights)):
        found = set(points)
        slopes = []
        for i in range(len(points) - 1):
            left, right = points[i], points[i + 1]
            t = (left + right) / 2
            z, slope = np.array([t]), np.array([1.0])
            for W, c in list(zip(weights, biases))[:depth]:  # noqa: B905
                z, slope = z @ W + c, slope @ W
                slope = slope * (z > 0)
            z, slope = z @ weights[depth] + biases[depth], slope @ weights[depth]
            slopes.append(slope[0])
            found |= {float(t - v / s) for v, s in zip(z, slope) if s != 0 and left < t - v / s < right}  # noqa: B905
        if depth < len(weights) - 1:
            points = sorted(found)
    return 1 + int((np.abs(np.diff(slopes)) > 5e-7).sum())


FURTHER = (
    Misconception(
        number_of_units,
        "this is the number of hidden units. Each may divide a piece, or lie outside of [a, b], and in a "
        "deep network it can bend more than once.",
    ),
    Misconception(
        product_of_the_layers,
        "this is how many pieces the layers could make at most, from the widths alone. Count those that this "
        "network has.",
    ),
    Misconception(
        patterns_of_all_units,
        "this is the number of on/off patterns. Along a line most of them do not occur.",
    ),
    Misconception(
        zeros_of_the_output,
        "places where the *output* crosses zero were counted. It bends where a hidden unit switches.",
    ),
    Misconception(
        value_not_rectified,
        "the next layer is given the pre-activations z, though the slopes are 0 where a unit is off. The value of a unit "
        "that is off is 0 as well.",
    ),
)
