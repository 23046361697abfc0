"""Linear and rectified linear units: ReLU, its generalisation by a negative slope, and the slope that is learned."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.arguments import Float, real_array


def linear(z: ArrayLike) -> Float:
    """Linear unit ``z``, elementwise: what comes in goes out, as a new array.

    Slide "Linear Units for Gaussian Output Distributions".

    >>> linear([-2, 3])
    array([-2.,  3.])
    """
    return real_array("z", z).copy()


def linear_grad(z: ArrayLike) -> Float:
    """Derivative of the linear unit: 1 everywhere, elementwise.

    Slide "Linear Units for Gaussian Output Distributions".

    >>> linear_grad([-2, 3])
    array([1., 1.])
    """
    return np.ones_like(real_array("z", z))


def relu(z: ArrayLike) -> Float:
    """Rectified linear unit ``max(0, z)``, elementwise.

    Slides "FNN for Learning XOR" and "Rectifier Linear Units"; Goodfellow et al. (2016), section 6.3.1.

    >>> relu([-2, 0, 3])
    array([0., 0., 3.])
    """
    return np.maximum(0.0, real_array("z", z))


def relu_grad(z: ArrayLike) -> Float:
    """Derivative of the ReLU: 1 where ``z > 0``, else 0 (at 0 the left slope), elementwise.

    Slide "ReLU: Motivation".

    >>> relu_grad([-2.0, 0.0, 3.0])
    array([0., 0., 1.])
    """
    return np.heaviside(real_array("z", z), 0.0)


def _slopes(z: Float, alpha: ArrayLike) -> Float:
    """Check the negative slopes: one number, or one an entry of the last axis of ``z``."""
    slopes = real_array("alpha", alpha)
    if slopes.ndim > 0 and slopes.shape != z.shape[-1:]:
        raise ValueError(
            f"alpha should be a number or have one entry a unit, the last axis of z, but the shapes are "
            f"{slopes.shape} and {z.shape}"
        )
    return slopes


def generalized_relu(z: ArrayLike, alpha: ArrayLike) -> Float:
    """Generalised ReLU ``max(0, z) + α min(0, z)``: −1 is absolute value rectification, 0.01 a leaky ReLU.

    ``alpha`` is the slope for negative ``z``: one number, or one a unit, (m,) for ``z`` (..., m). Learned, it
    makes the parametric ReLU.

    Slide "Hidden Units: ReLUs"; Jarrett et al. (2009), Maas, Hannun, Ng (2013), He et al. (2015).

    >>> generalized_relu([-2.0, 3.0], alpha=-1)
    array([2., 3.])
    >>> generalized_relu([[-2.0, -2.0]], alpha=[0.01, 0.5])
    array([[-0.02, -1.  ]])
    """
    z = real_array("z", z)
    return np.maximum(0.0, z) + _slopes(z, alpha) * np.minimum(0.0, z)


def generalized_relu_grad(z: ArrayLike, alpha: ArrayLike) -> Float:
    """Derivative of the generalised ReLU: 1 where ``z > 0``, else α (at 0 the left slope), elementwise.

    ``alpha`` is one number, or one a unit, (m,) for ``z`` (..., m).

    Slide "Hidden Units: ReLUs".

    >>> generalized_relu_grad([-2.0, 0.0, 3.0], alpha=0.01)
    array([0.01, 0.01, 1.  ])
    """
    z = real_array("z", z)
    active = np.heaviside(z, 0.0)
    return active + _slopes(z, alpha) * (1.0 - active)


def prelu_grads(z: ArrayLike, alpha: ArrayLike, upstream: ArrayLike) -> tuple[Float, Float]:
    """Gradients of a loss through a parametric ReLU, with respect to its input and to its slopes.

    ``z`` (n, m) are pre-activations, ``alpha`` is one slope or (m,), ``upstream`` (n, m) the gradient of the loss
    with respect to the activations. Returns ``dz`` (n, m) and ``dalpha``, of the shape of ``alpha``:
    ``upstream * min(0, z)``, summed over whatever shares a slope, which is the examples for one slope a unit and
    all entries for one slope.

    Slide "Hidden Units: ReLUs"; He et al. (2015), equations 9 to 11.

    >>> dz, dalpha = prelu_grads(z=[[-2.0, 3.0], [-1.0, -4.0]], alpha=[0.1, 0.2], upstream=[[1.0, 1.0], [1.0, 1.0]])
    >>> dz
    array([[0.1, 1. ],
           [0.1, 0.2]])
    >>> dalpha
    array([-3., -4.])
    """
    z = real_array("z", z)
    upstream = real_array("upstream", upstream, z.shape)
    slopes = _slopes(z, alpha)
    shared = tuple(range(z.ndim - slopes.ndim))
    return (
        upstream * generalized_relu_grad(z, slopes),
        np.asarray((upstream * np.minimum(0.0, z)).sum(axis=shared)),
    )
