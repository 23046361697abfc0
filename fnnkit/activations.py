"""Hidden units and the functions around the sigmoid and the softmax: values, derivatives, parameter gradients.

`ACTIVATIONS` lists every elementwise unit of the slides, and slices through maxout and RBF units, as data: figures,
tests and exercises read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fnnkit.arguments import Float, describe, real_array, whole_number

# --- the sigmoid, the softplus and their inverses --------------------------------------------------------------------


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


# --- the softmax -----------------------------------------------------------------------------------------------------


def scores_array(name: str, scores: ArrayLike) -> Float:
    """Turn an argument into scores whose last axis runs over at least one class.

    >>> scores_array("z", [1, 2])
    array([1., 2.])
    """
    z = real_array(name, scores)
    if z.ndim == 0 or z.shape[-1] == 0:
        raise ValueError(
            f"{name} should have a last axis with at least one class, but its shape is {z.shape}"
        )
    return z


def _below_zero(z: Float) -> Float:
    """Shift the scores of each row so that the largest is 0."""
    with np.errstate(over="ignore", invalid="ignore"):  # a difference of −inf is right; inf − inf makes NaN
        shifted: Float = z - z.max(axis=-1, keepdims=True)
    return shifted


def softmax(z: ArrayLike) -> Float:
    """Softmax over the last axis, ``exp(z_i) / Σ_j exp(z_j)``.

    A shift of all scores changes nothing, so the largest is subtracted first and no exponential overflows.

    ``z`` (..., K) are scores, unnormalised log-probabilities, of at least one class. Returns (..., K),
    probabilities whose rows sum to 1. −inf rules a class out; a row with inf or NaN becomes NaN.

    Slides "Softmax Units for Multinoulli Output Distributions" and "Softmax Units"; Goodfellow et al. (2016),
    section 6.2.2.3.

    >>> softmax([[0.0, 0.0], [1e4, -1e4]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    z = scores_array("z", z)
    exp_z = np.exp(_below_zero(z))
    probabilities: Float = exp_z / exp_z.sum(axis=-1, keepdims=True)
    return probabilities


def log_softmax(z: ArrayLike) -> Float:
    """Logarithm of the softmax, ``z_i − log Σ_j exp(z_j)``, over the last axis.

    It stays finite where ``log(softmax(z))`` is −inf.

    ``z`` (..., K) are scores of at least one class; returns (..., K), log-probabilities, at most 0.

    Slide "Softmax Units for Cost Function"; Goodfellow et al. (2016), equation 6.30.

    >>> log_softmax([1e4, -1e4])
    array([     0., -20000.])
    """
    z = scores_array("z", z)
    z = _below_zero(z)
    log_probabilities: Float = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return log_probabilities


def log_sum_exp(z: ArrayLike) -> Float:
    """Logarithm of a sum of exponentials, ``log Σ_j exp(z_j)``, over the last axis: a softened maximum.

    ``z`` (..., K), K ≥ 1, are logarithms of what is summed (−inf stands for 0). Returns (...), between the
    maximum and the maximum plus log K.

    Slide "Softmax Units for Cost Function" ("approximated to max").

    >>> float(log_sum_exp([-1e4, -1e4]).round(4))
    -9999.3069
    """
    z = scores_array("z", z)
    shift = z.max(axis=-1, keepdims=True)
    shift = np.where(np.isfinite(shift), shift, 0.0)  # −inf − (−inf) is no number
    with np.errstate(divide="ignore"):  # log 0 = −inf is the answer for a sum of zeros
        log_sum: Float = np.log(np.exp(z - shift).sum(axis=-1)) + shift[..., 0]
    return log_sum


# --- rectifiers ------------------------------------------------------------------------------------------------------


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


# --- maxout ----------------------------------------------------------------------------------------------------------


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


# --- tanh and its relatives ------------------------------------------------------------------------------------------


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


# --- radial basis functions ------------------------------------------------------------------------------------------


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


# --- sparsity --------------------------------------------------------------------------------------------------------


def sparsity(H: ArrayLike) -> float:
    """Share of activations that are exactly zero.

    ``H`` are activations of any shape, at least one. From 0 (dense) to 1 (all silent).

    Slide "Rectifier units lead to sparse networks"; Glorot, Bordes, Bengio (2011), "Deep sparse rectifier neural
    networks".

    >>> sparsity([[0.0, 2.0], [0.0, 0.5]])
    0.5
    """
    H = real_array("H", H)
    if H.size == 0:
        raise ValueError(f"H should have at least one entry, but its shape is {H.shape}")
    return float((H == 0.0).mean())


def dead_units(H: ArrayLike) -> NDArray[np.intp]:
    """Units that are exactly zero on every example.

    ``H`` (n, m) are activations, one example a row, at least one. Returns the columns, in ascending order.

    Slide "Hidden Units: ReLUs" ("cannot learn when their activation is zero").

    >>> dead_units([[0.0, 2.0, 0.0], [0.0, 0.5, 1.0]])
    array([0])
    """
    H = real_array("H", H, ("n", "m"))
    if len(H) == 0:
        raise ValueError(f"H should have at least one row, but its shape is {H.shape}")
    return np.flatnonzero((H == 0.0).all(axis=0))


# --- the registry ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parameter:
    """A parameter of an activation function, with the range that makes sense for a slider.

    ``name`` is a keyword of value and derivative, ``default`` the usual value, ``low`` to ``high`` the range;
    ``whole`` says that only whole numbers make sense.
    """

    name: str
    default: float
    low: float
    high: float
    whole: bool = False


def _none(**parameters: float) -> tuple[float, ...]:
    return ()


def _at_zero(**parameters: float) -> tuple[float, ...]:
    return (0.0,)


@dataclass(frozen=True)
class Activation:
    """One activation function as data.

    ``name``: its key in `ACTIVATIONS`. ``title``: its name in a sentence. ``slide``: title of the slide.
    ``formula``: its value as LaTeX mathematics, without dollar signs.
    ``value(z, **parameters)`` and ``derivative(z, **parameters)`` act elementwise; ``parameters`` says what may
    be set.
    ``kinks(**parameters)``: where the derivative jumps, in ascending order.
    """

    name: str
    title: str
    formula: str
    value: Callable[..., Float]
    derivative: Callable[..., Float]
    slide: str
    parameters: tuple[Parameter, ...] = ()
    kinks: Callable[..., tuple[float, ...]] = _none

    def defaults(self) -> dict[str, float]:
        """Usual value of each parameter.

        >>> ACTIVATIONS["leaky relu"].defaults()
        {'alpha': 0.01}
        """
        return {p.name: int(p.default) if p.whole else p.default for p in self.parameters}


def _leaky(z: ArrayLike, alpha: ArrayLike = 0.01) -> Float:
    return generalized_relu(z, alpha)


def _leaky_grad(z: ArrayLike, alpha: ArrayLike = 0.01) -> Float:
    return generalized_relu_grad(z, alpha)


def _parametric(z: ArrayLike, alpha: ArrayLike = 0.25) -> Float:
    return generalized_relu(z, alpha)


def _parametric_grad(z: ArrayLike, alpha: ArrayLike = 0.25) -> Float:
    return generalized_relu_grad(z, alpha)


def _absolute(z: ArrayLike) -> Float:
    return generalized_relu(z, -1.0)


def _absolute_grad(z: ArrayLike) -> Float:
    return generalized_relu_grad(z, -1.0)


def _threshold(z: ArrayLike) -> Float:
    return threshold_unit(z)[0]


def _threshold_grad(z: ArrayLike) -> Float:
    return threshold_unit(z)[1]


def _bell(z: ArrayLike, sigma: float = 1.0) -> Float:
    """One RBF unit with its centre at 0, along one input."""
    z = real_array("z", z)
    return rbf_units(z.reshape(-1, 1), [[0.0]], sigma).reshape(z.shape)


def _bell_grad(z: ArrayLike, sigma: float = 1.0) -> Float:
    t = np.clip(real_array("z", z) / sigma, -40.0, 40.0)  # exp(−40²) is 0
    return -2.0 / sigma * t * np.exp(-(t**2))


def touching_points(k: int) -> Float:
    """Where the maxout unit of the registry touches the parabola: evenly spaced over [−3, 3]."""
    return np.linspace(-3.0, 3.0, whole_number("k", k, least=1) + 2)[1:-1]


def _parabola_pieces(z: Float, k: int) -> Float:
    slopes, intercepts = tangent_maxout(lambda x: x**2 / 2.0, lambda x: x, touching_points(k))
    return z[..., np.newaxis] * slopes + intercepts


def _parabola(z: ArrayLike, k: int = 3) -> Float:
    """One maxout unit along one input: the k tangents to ``z² / 2`` at evenly spaced points."""
    return np.asarray(_parabola_pieces(real_array("z", z), k).max(axis=-1))


def _parabola_grad(z: ArrayLike, k: int = 3) -> Float:
    slopes: Float = touching_points(k)[_parabola_pieces(real_array("z", z), k).argmax(axis=-1)]
    return slopes


def _parabola_kinks(k: int = 3) -> tuple[float, ...]:
    points = touching_points(k)  # two tangents to a parabola meet halfway between their points
    return tuple(((points[1:] + points[:-1]) / 2.0).tolist())


def _unit_corners(**parameters: float) -> tuple[float, ...]:
    return (0.0, 1.0)


def _hard_corners(**parameters: float) -> tuple[float, ...]:
    return (-1.0, 1.0)


_XOR, _RELUS, _OTHER = "FNN for Learning XOR", "Hidden Units: ReLUs", "Other Hidden Units"
_SMOOTH = "Logistic Sigmoid and Hyperbolic Tangent"

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        unit.name: unit
        for unit in (
            Activation(
                "linear",
                "linear unit",
                r"z",
                linear,
                linear_grad,
                "Linear Units for Gaussian Output Distributions",
            ),
            Activation("relu", "rectified linear unit", r"\max(0, z)", relu, relu_grad, _XOR, kinks=_at_zero),
            Activation(
                "absolute value",
                "absolute value rectification",
                r"|z|",
                _absolute,
                _absolute_grad,
                _RELUS,
                kinks=_at_zero,
            ),
            Activation(
                "leaky relu",
                "leaky ReLU",
                r"\max(0, z) + \alpha \min(0, z)",
                _leaky,
                _leaky_grad,
                _RELUS,
                (Parameter("alpha", 0.01, 0.0, 0.3),),
                _at_zero,
            ),
            Activation(
                "parametric relu",
                "parametric ReLU",
                r"\max(0, z) + \alpha \min(0, z)",
                _parametric,
                _parametric_grad,
                _RELUS,
                (Parameter("alpha", 0.25, -1.0, 2.0),),
                _at_zero,
            ),
            Activation(
                "maxout",
                "maxout unit, k tangents to a parabola",
                r"\max_{j \leq k} (p_j z - p_j^2 / 2)",
                _parabola,
                _parabola_grad,
                "Maxout Unit",
                (Parameter("k", 3, 1, 8, whole=True),),
                _parabola_kinks,
            ),
            Activation("sigmoid", "logistic sigmoid", r"\sigma(z)", sigmoid, sigmoid_grad, _SMOOTH),
            Activation("tanh", "hyperbolic tangent", r"\tanh(z)", tanh, tanh_grad, _SMOOTH),
            Activation(
                "rbf",
                "RBF unit, centre 0",
                r"\exp(-z^2 / \sigma^2)",
                _bell,
                _bell_grad,
                _OTHER,
                (Parameter("sigma", 1.0, 0.2, 4.0),),
            ),
            Activation("softplus", "softplus", r"\log(1 + e^z)", softplus, softplus_grad, _OTHER),
            Activation(
                "hard tanh",
                "hard tanh",
                r"\max(-1, \min(1, z))",
                hard_tanh,
                hard_tanh_grad,
                _OTHER,
                kinks=_hard_corners,
            ),
            Activation(
                "threshold",
                "threshold unit",
                r"\max(0, \min(1, z))",
                _threshold,
                _threshold_grad,
                "Sigmoid Units for Bernoulli Output Distributions",
                kinks=_unit_corners,
            ),
        )
    }
)
"""Every activation function of the slides by name, in their order. Maxout and RBF units, which take several inputs, are
shown along one: k tangents to a parabola, and a centre at 0."""


def activation(name: str) -> Activation:
    """Look an activation function up by name; a wrong name is refused with a list of those that there are.

    >>> activation("relu").value([-1.0, 2.0])
    array([0., 2.])
    """
    if not isinstance(name, str) or name not in ACTIVATIONS:
        raise ValueError(f"there is no activation function {name!r}; there are: {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]
