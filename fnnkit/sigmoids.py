"""The logistic sigmoid and its relatives, elementwise: softplus, inverses, tanh, and their clipped lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.arguments import Float, real_array


def sigmoid(z: ArrayLike) -> Float:
    """Logistic sigmoid ``σ(z) = 1 / (1 + exp(−z))``, elementwise.

    It is computed as ``exp(z) / (exp(z) + exp(0))`` with the larger of the two exponents subtracted from both, so
    that no exponential overflows.

    Values in [0, 1].

    Slides "Background (ch3) Logistic sigmoid function"; Goodfellow et al. (2016), section 3.10.

    >>> sigmoid([-1e4, 0.0, 1e4])
    array([0. , 0.5, 1. ])
    """
    z = real_array("z", z)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0.0, 1.0, e) / (1.0 + e)


def sigmoid_grad(z: ArrayLike) -> Float:
    """Derivative of the sigmoid, ``σ′(z) = σ(z) (1 − σ(z)) = σ(z) σ(−z)``, elementwise.

    The second form keeps its relative precision where ``1 − σ(z)`` cancels. It is even in z, so that one exponential
    is enough: ``exp(−|z|) / (1 + exp(−|z|))²``.

    Values in [0, ¼].

    Slides "Softplus function" (the identities) and "Logistic Sigmoid and Hyperbolic Tangent".

    >>> sigmoid_grad([-1e4, 0.0, 1e4])
    array([0.  , 0.25, 0.  ])
    """
    e = np.exp(-np.abs(real_array("z", z)))
    return e / (1.0 + e) ** 2


def softplus(z: ArrayLike) -> Float:
    """Softplus ``ζ(z) = log(1 + exp(z))``, a softened ``max(0, z)``, elementwise.

    ``ζ(z) = max(0, z) + log(1 + exp(−|z|))`` has no exponential that overflows and loses no digit for very negative
    ``z``, where ``ζ(z) ≈ exp(z)``.

    Values from 0 on.

    Slides "Softplus function" and "Other Hidden Units"; Dugas et al. (2001).

    >>> softplus([-1e4, 0.0, 1e4]).round(4).tolist()
    [0.0, 0.6931, 10000.0]
    """
    z = real_array("z", z)
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def softplus_grad(z: ArrayLike) -> Float:
    """Derivative of the softplus, ``ζ′(z) = σ(z)``, elementwise.

    Slide "Softplus function" (the identities).

    >>> softplus_grad([-1e4, 0.0, 1e4])
    array([0. , 0.5, 1. ])
    """
    return sigmoid(z)


def logit(p: ArrayLike) -> Float:
    """Inverse of the sigmoid, ``σ⁻¹(p) = log(p / (1 − p))``, elementwise.

    ``p`` has probabilities from 0, which gives −inf, to 1, which gives inf.

    Slide "Softplus function" (the identities).

    >>> logit([0.0, 0.5, 1.0])
    array([-inf,   0.,  inf])
    """
    p = real_array("p", p)
    if np.any((p < 0.0) | (p > 1.0)):
        raise ValueError(
            f"p should hold probabilities from 0 to 1, but it has {p[(p < 0) | (p > 1)].flat[0]}"
        )
    with np.errstate(divide="ignore"):  # log 0 = −inf is the answer at both ends
        return np.log(p) - np.log1p(-p)


def softplus_inverse(y: ArrayLike) -> Float:
    """Inverse of the softplus, ``ζ⁻¹(y) = log(exp(y) − 1)``, elementwise.

    ``y + log(1 − exp(−y))`` is the same number without an exponential that overflows.

    ``y`` has numbers from 0 on; 0 gives −inf.

    Slide "Softplus function" (the identities).

    >>> softplus_inverse([0.0, np.log(2.0), 800.0])
    array([-inf,   0., 800.])
    """
    y = real_array("y", y)
    if np.any(y < 0.0):
        raise ValueError(f"y should hold numbers from 0 on, but it has {y[y < 0].flat[0]}")
    with np.errstate(divide="ignore"):  # log 0 = −inf is the answer at 0
        return y + np.log(-np.expm1(-y))


def threshold_unit(z: ArrayLike) -> tuple[Float, Float]:
    """Threshold unit ``p = max(0, min(1, z))`` and its derivative, elementwise.

    Outside the unit interval the derivative is 0: a unit that strays there learns no more. This is why a Bernoulli
    output has a sigmoid.

    Returns ``p`` and ``dp/dz``, which is 1 for 0 < z < 1 and 0 elsewhere, both corners included.

    Slide "Sigmoid Units for Bernoulli Output Distributions"; Goodfellow et al. (2016), section 6.2.2.2.

    >>> threshold_unit([-0.5, 0.25, 1.0])
    (array([0.  , 0.25, 1.  ]), array([0., 1., 0.]))
    """
    z = real_array("z", z)
    return np.clip(z, 0.0, 1.0), ((z > 0.0) & (z < 1.0)).astype(np.float64)


def tanh(z: ArrayLike) -> Float:
    """Hyperbolic tangent, elementwise.

    Values in [−1, 1].

    Slide "Logistic Sigmoid and Hyperbolic Tangent".

    >>> tanh([-1e4, 0.0, 1e4])
    array([-1.,  0.,  1.])
    """
    return np.tanh(real_array("z", z))


def tanh_from_sigmoid(z: ArrayLike) -> Float:
    """Hyperbolic tangent as a scaled and shifted sigmoid, ``2 σ(2z) − 1``, elementwise.

    Near 0 the subtraction costs relative precision: the error is about 1e-16 absolute, not relative.

    Slide "Logistic Sigmoid and Hyperbolic Tangent".

    >>> tanh_from_sigmoid([-1e4, 0.0, 1e4])
    array([-1.,  0.,  1.])
    """
    z = real_array("z", z)
    with np.errstate(over="ignore"):  # σ(±inf) is right
        return 2.0 * sigmoid(2.0 * z) - 1.0


def tanh_grad(z: ArrayLike) -> Float:
    """Derivative of the hyperbolic tangent, ``1 − tanh²(z) = 4 σ′(2z)``, elementwise.

    The second form keeps its relative precision where ``1 − tanh²`` cancels.

    Values in [0, 1].

    Slide "Logistic Sigmoid and Hyperbolic Tangent".

    >>> tanh_grad([-1e4, 0.0, 1e4])
    array([0., 1., 0.])
    """
    z = real_array("z", z)
    with np.errstate(over="ignore"):  # σ′(±inf) is right
        return 4.0 * sigmoid_grad(2.0 * z)


def hard_tanh(z: ArrayLike) -> Float:
    """Hard tanh ``max(−1, min(1, z))``, elementwise.

    Slide "Other Hidden Units"; Collobert (2004).

    >>> hard_tanh([-3.0, 0.5, 3.0])
    array([-1. ,  0.5,  1. ])
    """
    return np.clip(real_array("z", z), -1.0, 1.0)


def hard_tanh_grad(z: ArrayLike) -> Float:
    """Derivative of the hard tanh: 1 where ``|z| < 1``, else 0 (both corners included), elementwise.

    Slide "Other Hidden Units".

    >>> hard_tanh_grad([-3.0, 0.5, 1.0])
    array([0., 1., 0.])
    """
    return (np.abs(real_array("z", z)) < 1.0).astype(np.float64)
