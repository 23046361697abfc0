"""Maxout units: the largest of k affine maps, which can be any convex function of k pieces."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.arguments import Float, real_array, whole_number


def _groups(Z: ArrayLike, k: int) -> Float:
    """Check pre-activations and give them one group of ``k`` a row: ``(n, m·k)`` to ``(n, m, k)``."""
    Z, k = real_array("Z", Z, ("n", "m·k")), whole_number("k", k, least=1)
    if Z.shape[1] % k != 0:
        raise ValueError(f"Z should have a multiple of k = {k} columns, but its shape is {Z.shape}")
    return Z.reshape(len(Z), Z.shape[1] // k, k)


def maxout(Z: ArrayLike, k: int) -> Float:
    """Maxout units: the maximum of each group of ``k`` consecutive pre-activations.

    ``Z`` (n, m·k) are pre-activations; unit i owns the columns ``i·k .. (i+1)·k − 1``. Returns (n, m).

    Slides "Maxout Unit"; Goodfellow et al. (2013), "Maxout networks".

    >>> maxout([[1.0, 5.0, -3.0, -2.0]], k=2)
    array([[ 5., -2.]])
    """
    return np.asarray(_groups(Z, k).max(axis=2))


def maxout_grad(Z: ArrayLike, k: int, upstream: ArrayLike) -> Float:
    """Gradient of a loss through maxout units: all of it goes to the winner of each group, the first of ties.

    ``Z`` (n, m·k) are pre-activations, ``upstream`` (n, m) is the gradient of the loss with respect to the
    activations; returns (n, m·k), that with respect to ``Z``.

    Slides "Maxout Unit"; Goodfellow et al. (2013), "Maxout networks".

    >>> maxout_grad([[1.0, 5.0, -3.0, -3.0]], k=2, upstream=[[10.0, 20.0]])
    array([[ 0., 10., 20.,  0.]])
    """
    groups = _groups(Z, k)
    upstream = real_array("upstream", upstream, groups.shape[:2])
    gradient = np.zeros_like(groups)
    winner = groups.argmax(axis=2)[..., np.newaxis]
    np.put_along_axis(gradient, winner, upstream[..., np.newaxis], axis=2)
    return gradient.reshape(len(groups), groups.shape[1] * groups.shape[2])


def tangent_maxout(
    f: Callable[[Float], ArrayLike], df: Callable[[Float], ArrayLike], points: ArrayLike
) -> tuple[Float, Float]:
    """Maxout unit made of tangents: ``max_j (slopes_j x + intercepts_j)`` touches a convex ``f`` from below.

    ``f`` and its derivative ``df`` act elementwise; ``points`` (k,) are where the tangents touch. Returns slopes
    (k,) and intercepts (k,).

    Slides "Maxout Unit" ("a piecewise linear, convex function with up to k pieces"); Goodfellow et al. (2013).

    >>> tangent_maxout(lambda x: x**2, lambda x: 2 * x, points=[-1.0, 0.0, 1.0])
    (array([-2.,  0.,  2.]), array([-1.,  0., -1.]))
    """
    points = real_array("points", points, ("k",))
    slopes = real_array("df(points)", df(points.copy()), points.shape)
    intercepts = real_array("f(points)", f(points.copy()), points.shape) - slopes * points
    return slopes, intercepts
