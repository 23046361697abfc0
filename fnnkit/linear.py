"""Affine maps: one layer without an activation, two of them collapsed, and the least-squares fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.arguments import Float, real_array, same_length


def affine(X: ArrayLike, W: ArrayLike, c: ArrayLike) -> Float:
    """Affine map of each row, ``Z = X W + c``: a layer before its activation.

    ``X`` (n, d) has one example a row, ``W`` (d, m) one unit a column, ``c`` (m,) one bias a unit; returns
    ``Z`` (n, m).

    Slide "FNN for Learning XOR" (which writes columns, ``Wᵀ x + c``); Goodfellow et al. (2016), section 6.1.

    >>> affine([[0, 0], [1, 1]], W=[[1, 1], [1, 1]], c=[0, -1])
    array([[ 0., -1.],
           [ 2.,  1.]])
    """
    X, W = real_array("X", X, ("n", "d")), real_array("W", W, ("d", "m"))
    c = real_array("c", c, (W.shape[1],))
    same_length("X", X, "W", W, axis_a=1, axis_b=0)
    Z: Float = X @ W + c
    return Z


def collapse_linear(W1: ArrayLike, c1: ArrayLike, W2: ArrayLike, c2: ArrayLike) -> tuple[Float, Float]:
    """The one affine map equal to two stacked ones: ``(X W1 + c1) W2 + c2 = X (W1 W2) + (c1 W2 + c2)``.

    Without a nonlinear activation between them, layers add nothing.

    ``W1`` (d, m) and ``c1`` (m,) come first, ``W2`` (m, p) and ``c2`` (p,) after; returns ``W`` (d, p) and
    ``c`` (p,).

    Slide "FNN for Learning XOR" ("if f⁽¹⁾ were linear …"); Goodfellow et al. (2016), section 6.1.

    >>> collapse_linear(W1=[[1, 2]], c1=[1, 0], W2=[[1], [-1]], c2=[3])
    (array([[-1.]]), array([4.]))
    """
    W1, W2 = real_array("W1", W1, ("d", "m")), real_array("W2", W2, ("m", "p"))
    c1, c2 = real_array("c1", c1, (W1.shape[1],)), real_array("c2", c2, (W2.shape[1],))
    same_length("W1", W1, "W2", W2, axis_a=1, axis_b=0)
    return W1 @ W2, c1 @ W2 + c2


def fit_linear(X: ArrayLike, y: ArrayLike) -> tuple[Float, float]:
    """Least-squares fit of ``y ≈ X @ w + b``, the smallest ``w`` among all minimisers.

    Centring first leaves the intercept out of what is kept small: ``b`` is whatever makes the residuals
    average to zero, and ``w`` is the minimum-norm solution of the centred problem.

    ``X`` (n, d) has one example a row, at least one and finite, ``y`` (n,) the targets; returns ``w`` (d,) and
    ``b``.

    Slide "Linear Model for Learning XOR"; Golub, Van Loan (2013), section 5.5 (minimum-norm least squares).

    On XOR the best line is flat, ``w = 0`` and ``b = 1/2``:

    >>> w, b = fit_linear([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    >>> bool(np.allclose(w, 0)), round(b, 12)
    (True, 0.5)
    """
    X, y = real_array("X", X, ("n", "d")), real_array("y", y, ("n",))
    same_length("X", X, "y", y)
    if len(X) == 0:
        raise ValueError(f"X should have at least one row, but its shape is {X.shape}")
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError("X and y should hold finite numbers, but one of them does not")
    x_mean, y_mean = X.mean(axis=0), y.mean()
    U, s, Vt = np.linalg.svd(X - x_mean, full_matrices=False)
    # Centring rounds off relative to X, not to what is left of it: smaller singular values are rounding errors.
    kept = s > max(X.shape) * np.finfo(np.float64).eps * np.linalg.norm(X)
    w: Float = Vt[kept].T @ (U[:, kept].T @ (y - y_mean) / s[kept])
    return w, float(y_mean - x_mean @ w)
