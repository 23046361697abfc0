"""Radial basis function units: how close an input is to a centre, and the gradients of that."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.arguments import Float, describe, real_array


def _radii(X: ArrayLike, W: ArrayLike, sigma: ArrayLike) -> tuple[Float, Float, Float, Float]:
    """Check the arguments of RBF units and add ``‖W_:,i − x‖²``, shape ``(n, m)``."""
    X, W, widths = real_array("X", X, ("n", "d")), real_array("W", W, ("d", "m")), real_array("sigma", sigma)
    if X.shape[1] != W.shape[0]:
        raise ValueError(
            f"W should have one row a column of X, one centre a column, but the shapes are {W.shape} and {X.shape}"
        )
    if widths.ndim > 0 and widths.shape != W.shape[1:]:
        raise ValueError(
            f"sigma should be a number or have one entry a unit, the columns of W, but the shapes are "
            f"{widths.shape} and {W.shape}"
        )
    if not np.all((widths > 0.0) & np.isfinite(widths)):
        raise ValueError(f"sigma should be positive and finite, but it is {describe(sigma)}")
    squared = np.zeros((len(X), W.shape[1]))
    with np.errstate(over="ignore"):  # exp(−inf) = 0 is right
        for x, w in zip(X.T, W, strict=True):  # one input dimension at a time: no (n, d, m) array
            squared += (w - x[:, np.newaxis]) ** 2
    return X, W, widths, squared


def rbf_units(X: ArrayLike, W: ArrayLike, sigma: ArrayLike) -> Float:
    """Radial basis function units ``h_i = exp(−‖W_:,i − x‖² / σ_i²)``.

    Unlike a normal density there is no factor ½ with the width.

    ``X`` (n, d) has one example a row, ``W`` (d, m) one centre (template) a column; ``sigma`` is one width or
    (m,), positive. Returns (n, m), in [0, 1] and 1 at the centre.

    Slide "Other Hidden Units"; Goodfellow et al. (2016), section 6.3.3.

    >>> rbf_units([[0.0, 0.0], [3.0, 4.0]], W=[[0.0], [0.0]], sigma=5.0).round(4)
    array([[1.    ],
           [0.3679]])
    """
    _, _, widths, squared = _radii(X, W, sigma)
    return np.exp(-squared / widths**2)


def rbf_grads(
    X: ArrayLike, W: ArrayLike, sigma: ArrayLike, upstream: ArrayLike
) -> tuple[Float, Float, Float]:
    """Gradients of a loss through RBF units, with respect to inputs, centres and widths.

    ``X`` (n, d), ``W`` (d, m) and ``sigma`` are as in `rbf_units`, ``upstream`` (n, m) is the gradient of the
    loss with respect to the activations. Returns ``dX`` (n, d), ``dW`` (d, m) and ``dsigma``, of the shape of
    ``sigma``.

    Slide "Other Hidden Units".

    >>> dX, dW, dsigma = rbf_grads([[1.0]], W=[[0.0]], sigma=1.0, upstream=[[1.0]])
    >>> dX.round(4), dW.round(4), round(float(dsigma), 4)
    (array([[-0.7358]]), array([[0.7358]]), 0.7358)
    """
    X, W, widths, squared = _radii(X, W, sigma)
    upstream = real_array("upstream", upstream, squared.shape)
    delta = upstream * np.exp(-squared / widths**2)
    pull = 2.0 * delta / widths**2  # ∂h/∂x = h · 2 (w − x) / σ², and ∂h/∂w is its opposite
    dX = pull @ W.T - pull.sum(axis=1, keepdims=True) * X
    dW = X.T @ pull - W * pull.sum(axis=0)
    shared = tuple(range(2 - widths.ndim))
    return dX, dW, np.asarray((2.0 * delta * squared / widths**3).sum(axis=shared))
