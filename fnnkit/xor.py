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

    Returns
    -------
    W : ndarray, shape (2, 2)
        Hidden weights, all 1.
    c : ndarray, shape (2,)
        Hidden biases, 0 and −1.
    w : ndarray, shape (2,)
        Output weights, 1 and −2.
    b : float
        Output bias, 0.

    References
    ----------
    Slides "FNN for Learning XOR"; Goodfellow, Bengio, Courville (2016), equations 6.4 to 6.6.

    Examples
    --------
    >>> H, y = xor_network(CORNERS, *slide_solution())
    >>> y
    array([0., 1., 1., 0.])
    """
    return np.ones((2, 2)), np.array([0.0, -1.0]), np.array([1.0, -2.0]), 0.0


def xor_network(X: ArrayLike, W: ArrayLike, c: ArrayLike, w: ArrayLike, b: float) -> tuple[Float, Float]:
    """One hidden layer of ReLUs and a linear output unit: ``y = max(0, X W + c) w + b``.

    Parameters
    ----------
    X : array_like, shape (n, d)
        One example a row.
    W : array_like, shape (d, m)
        Hidden weights, one hidden unit a column.
    c : array_like, shape (m,)
        Hidden biases.
    w : array_like, shape (m,)
        Output weights.
    b : float
        Output bias.

    Returns
    -------
    H : ndarray, shape (n, m)
        Hidden features.
    y : ndarray, shape (n,)
        Outputs.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Slides "FNN for Learning XOR"; Goodfellow, Bengio, Courville (2016), equation 6.3.

    Examples
    --------
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

    Parameters
    ----------
    values : array_like of int, shape (v,)
        Distinct whole numbers.

    Returns
    -------
    int
        Number of ``(W, c, w, b)``; two networks whose hidden units are swapped count as two.

    Raises
    ------
    ValueError
        If a value is no whole number, or stands there twice.

    References
    ----------
    Slides "FNN for Learning XOR" and "Local Minima" (weight space symmetry).

    Examples
    --------
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
