"""The XOR problem: four points that no linear model fits and two hidden units do."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.arguments import Float, real_array, same_length


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
    H = np.maximum(0.0, X @ W + c)
    return H, H @ w + b
