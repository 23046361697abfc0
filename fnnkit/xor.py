"""The XOR problem: four points that no linear model fits and two hidden units do."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.arguments import Float, real_array, same_length

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
"""The four inputs, in the order of the slides."""

TARGETS = (0, 1, 1, 0)
"""Exclusive or of each corner."""


def slide_solution() -> tuple[Float, Float, Float, float]:
    """The weights of the slides that solve XOR. The slides leave out ``b``: it is 0.

    Returns hidden weights ``W`` (2, 2), hidden biases ``c`` (2,), output weights ``w`` (2,) and the output bias
    ``b``.

    Slides "FNN for Learning XOR"; Goodfellow et al. (2016), equations 6.4 to 6.6.

    >>> H, y = xor_network(CORNERS, *slide_solution())
    >>> y
    array([0., 1., 1., 0.])
    """
    return np.ones((2, 2)), np.array([0.0, -1.0]), np.array([1.0, -2.0]), 0.0


def xor_network(X: ArrayLike, W: ArrayLike, c: ArrayLike, w: ArrayLike, b: float) -> tuple[Float, Float]:
    """One hidden layer of ReLUs and a linear output unit: ``y = max(0, X W + c) w + b``.

    ``X`` (n, d) has one example a row, ``W`` (d, m) one hidden unit a column, ``c`` (m,) the hidden biases,
    ``w`` (m,) the output weights. Returns hidden features ``H`` (n, m) and outputs ``y`` (n,).

    Slides "FNN for Learning XOR"; Goodfellow et al. (2016), equation 6.3.

    >>> X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> H, y = xor_network(X, W=[[1, 1], [1, 1]], c=[0, -1], w=[1, -2], b=0)
    >>> y
    array([0., 1., 1., 0.])
    """
    X, W = real_array("X", X, ("n", "d")), real_array("W", W, ("d", "m"))
    c, w = real_array("c", c, (W.shape[1],)), real_array("w", w, (W.shape[1],))
    same_length("X", X, "W", W, axis_a=1, axis_b=0)
    b = real_array("b", b, ()).item()
    H = np.maximum(0.0, X @ W + c)
    return H, H @ w + b


def count_xor_solutions(values: ArrayLike) -> int:
    """How many networks with all nine parameters from ``values`` solve XOR exactly.

    Trying all ``len(values)⁹`` networks takes a second and 400 MB for five values. The sum over the hidden units
    factors: each unit adds ``w max(0, x·W_:,j + c_j)``, four numbers, one a corner. So it is enough to count how
    often one unit adds each such quadruple, and to look up the quadruple that the other unit has to add. The
    arithmetic is that of Python's integers, exact for any size.

    ``values`` (v,) are distinct whole numbers. Two networks whose hidden units are swapped count as two.

    Slides "FNN for Learning XOR" and "Local Minima" (weight space symmetry).

    >>> count_xor_solutions([-2, -1, 0, 1, 2])
    198
    """
    numbers = real_array("values", values, ("v",))
    if not np.all(np.isfinite(numbers) & (numbers == np.floor(numbers))):
        raise ValueError(f"values should hold whole numbers, but it is {numbers.tolist()}")
    whole = [int(value) for value in np.asarray(values).tolist()]
    if len(set(whole)) < len(whole):
        raise ValueError(f"values should be distinct, but it is {whole}")
    unit = Counter(
        tuple(w * max(0, x1 * w1 + x2 * w2 + c) for x1, x2 in CORNERS)
        for w1, w2, c, w in product(whole, repeat=4)
    )
    return sum(
        times * unit[tuple(target - b - h for target, h in zip(TARGETS, adds, strict=True))]
        for b in whole
        for adds, times in unit.items()
    )


def distance_solution() -> tuple[Float, Float, Float, float]:
    """Weights that solve XOR as the distance of the inputs, ``|x₁ − x₂| = max(0, x₁ − x₂) + max(0, x₂ − x₁)``.

    Returns ``W``, ``c``, ``w`` and ``b`` as `slide_solution` does, another network than that of the slides.

    Slide "FNN for Learning XOR" (the slides' solution is one of many).

    >>> H, y = xor_network(CORNERS, *distance_solution())
    >>> y
    array([0., 1., 1., 0.])
    """
    return np.array([[1.0, -1.0], [-1.0, 1.0]]), np.zeros(2), np.array([1.0, 1.0]), 0.0


def same_hidden_units(
    W: ArrayLike, c: ArrayLike, w: ArrayLike, other_W: ArrayLike, other_c: ArrayLike, other_w: ArrayLike
) -> bool:
    """Whether two layers of ReLUs differ in the order and the scale of their units alone.

    What goes into a ReLU may be multiplied by a positive number and what comes out divided by it. Scaled so that the
    output weights are −1, 0 or 1, equal units have equal numbers.

    ``W`` (d, m) are hidden weights, ``c`` (m,) hidden biases and ``w`` (m,) output weights; those of the other network
    have the same shapes.

    Slide "Local Minima" (weight space symmetry).

    >>> W, c, w, b = slide_solution()
    >>> same_hidden_units(W, c, w, W[:, ::-1] * 2, c[::-1] * 2, w[::-1] / 2)
    True
    >>> same_hidden_units(W, c, w, *distance_solution()[:3])
    False
    """
    left = [_scaled_unit(*unit) for unit in zip(np.transpose(W), np.ravel(c), np.ravel(w), strict=True)]
    for unit in zip(np.transpose(other_W), np.ravel(other_c), np.ravel(other_w), strict=True):
        scaled = _scaled_unit(*unit)
        twin = next(
            (i for i, mine in enumerate(left) if np.allclose(mine, scaled, rtol=1e-6, atol=1e-9)), None
        )
        if twin is None:
            return False
        del left[twin]
    return not left


def _scaled_unit(weights: Float, bias: float, out: float) -> Float:
    return np.array([*(weights * abs(out)), bias * abs(out), np.sign(out)])
