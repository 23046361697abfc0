"""Output units: from raw outputs without constraints to a distribution, its loss and the gradient.

The last layer of a network is affine: its raw outputs are any real numbers. An `OutputUnit` says how many of them a
target needs, what they predict, what they cost and how the cost changes with them. `OUTPUT_UNITS` lists those of the
slides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from fnnkit import losses
from fnnkit.activations import log_softmax, sigmoid, softmax, softplus
from fnnkit.arguments import Float, real_array, same_length, whole_number
from fnnkit.distributions import (
    LOG_2_PI,
    mixture_log_joint,
    mixture_log_pdf,
    mixture_mean,
    sample_bernoulli,
    sample_gaussian,
    sample_mixture,
    whiten,
)

SMALLEST_SCALE = 1e-30
"""Softplus rounds to 0 below about −745, and a distribution of width 0 has no density: scales stop here."""

# --- positive scales -----------------------------------------------------------------------------------------


def positive_scale(a: ArrayLike) -> Float:
    """Positive number from a raw output, ``ζ(a)``, never below `SMALLEST_SCALE`, elementwise.

    Slide "Linear Units for Gaussian Output Distributions" (constraints are hard for linear units).

    >>> positive_scale([-1e4, 0.0, 1e4]).tolist()
    [1e-30, 0.6931471805599453, 10000.0]
    """
    return np.maximum(softplus(a), SMALLEST_SCALE)


def log_scale_slope(a: Float) -> Float:
    """Derivative of the logarithm of the softplus, ``d log ζ(a) / da = σ(a) / ζ(a)``, in [0, 1].

    It tends to 1 for very negative ``a``, where both halves of the quotient vanish. It ignores the floor of
    `positive_scale`, so that a scale which has reached the floor is still pushed off it.

    >>> log_scale_slope(np.array([-1e4, 0.0])).round(4)
    array([1.    , 0.7213])
    """
    shifted = np.maximum(a, -40.0)  # from there on the quotient is 1 to the last digit
    return sigmoid(shifted) / softplus(shifted)


# --- a Gaussian with any covariance --------------------------------------------------------------------------


def cholesky_from_raw(a: ArrayLike) -> Float:
    """Lower-triangular factor with a positive diagonal, from raw outputs: ``L Lᵀ`` is positive definite.

    The entries of ``L`` are filled row by row; those of the diagonal pass through the softplus. This is how an output
    unit satisfies a constraint that a linear unit cannot.

    ``a`` (..., d(d+1)/2) are raw outputs, 1, 3, 6, 10, … of them; returns (..., d, d).

    Slide "Linear Units for Gaussian Output Distributions"; Goodfellow et al. (2016), section 6.2.2.4.

    >>> cholesky_from_raw([0.0, -2.0, 1.0]).round(4)
    array([[ 0.6931,  0.    ],
           [-2.    ,  1.3133]])
    """
    a = real_array("a", a)
    entries = a.shape[-1] if a.ndim > 0 else 0
    d = (math.isqrt(8 * entries + 1) - 1) // 2
    if entries == 0 or d * (d + 1) // 2 != entries:
        raise ValueError(
            f"a should have a last axis of length d(d+1)/2 with d from 1 on, but its shape is {a.shape}"
        )
    L = np.zeros((*a.shape[:-1], d, d))
    row, column = np.tril_indices(d)
    L[..., row, column] = a
    diagonal = np.arange(d)
    L[..., diagonal, diagonal] = positive_scale(L[..., diagonal, diagonal])
    return L


def gaussian_split(a: ArrayLike, d: int) -> tuple[Float, Float]:
    """Split raw outputs into means and Cholesky factors of the covariance.

    ``a`` (n, d + d(d+1)/2) holds d means, then the entries of `cholesky_from_raw`. Returns ``mean`` (n, d) and
    ``L`` (n, d, d).

    Slide "Output Units for Parametric Distribution".

    >>> mean, L = gaussian_split(np.zeros((4, 5)), d=2)
    >>> mean.shape, L.shape
    ((4, 2), (4, 2, 2))
    """
    d = whole_number("d", d, least=1)
    a = real_array("a", a, ("n", d + d * (d + 1) // 2))
    return a[:, :d].copy(), cholesky_from_raw(a[:, d:])


def _raw_and_targets(a: ArrayLike, y: ArrayLike) -> tuple[Float, Float]:
    """Check raw outputs and targets: matrices of equally many rows, at least one, and targets of a dimension."""
    a, y = real_array("a", a, ("n", "raw outputs")), real_array("y", y, ("n", "d"))
    same_length("a", a, "y", y)
    if y.size == 0:
        raise ValueError(f"y should have at least one row and one column, but its shape is {y.shape}")
    return a, y


def gaussian_full_nll(a: ArrayLike, y: ArrayLike) -> float:
    """Negative log-likelihood of a Gaussian with mean and covariance from raw outputs.

    With ``u = L⁻¹ (y − mean)`` it is ``½‖u‖² + Σ_i log L_ii + (d/2) log 2π``. For raw outputs of ±1e4 it is finite
    up to d = 3; what is beyond the range of float64 becomes inf or NaN without a warning, as in the gradient.

    ``a`` (n, d + d(d+1)/2) are raw outputs as in `gaussian_split`, ``y`` (n, d) targets, one example a row, at
    least one. The loss is the mean over the examples.

    Slide "Output Units for Parametric Distribution"; Goodfellow et al. (2016), section 6.2.2.4.

    >>> round(gaussian_full_nll([[1.0, 2.0]], [[1.0]]), 4)  # a normal density at its mean, σ = ζ(2)
    1.6736
    """
    a, y = _raw_and_targets(a, y)
    mean, L = gaussian_split(a, y.shape[1])
    log_det = np.log(np.diagonal(L, axis1=1, axis2=2)).sum(axis=1)
    with np.errstate(over="ignore", invalid="ignore"):
        squared = (whiten(y - mean, L) ** 2).sum(axis=1)
        return float((0.5 * squared + log_det).mean() + 0.5 * y.shape[1] * LOG_2_PI)


def gaussian_full_nll_grad(a: ArrayLike, y: ArrayLike) -> Float:
    """Gradient of `gaussian_full_nll` with respect to the raw outputs.

    With ``u = L⁻¹ (y − mean)`` and ``v = L⁻ᵀ u`` the gradients are ``−v`` for the mean and the lower triangle of
    ``−v uᵀ`` plus ``1 / L_ii`` on the diagonal for the factor.

    Arguments as in `gaussian_full_nll`; returns an array of the shape of ``a``.

    Slide "Output Units for Parametric Distribution".

    >>> gaussian_full_nll_grad([[1.0, 2.0]], [[1.0]]).round(4)  # at the mean only the width matters
    array([[-0.    ,  0.4141]])
    """
    a, y = _raw_and_targets(a, y)
    d = y.shape[1]
    mean, L = gaussian_split(a, d)
    row, column = np.tril_indices(d)
    diagonal = np.arange(d)
    L_ii, raw_ii = L[:, diagonal, diagonal], a[:, d:][:, row == column]
    with np.errstate(over="ignore", invalid="ignore"):
        u = whiten(y - mean, L)
        # Lᵀ v = u is upper-triangular: turned by half a turn it is lower-triangular again.
        v = whiten(u[:, ::-1], L.transpose(0, 2, 1)[:, ::-1, ::-1])[:, ::-1]
        dL = -v[:, :, np.newaxis] * u[:, np.newaxis, :]
        # On the diagonal dL_ii = 1 / L_ii − v_i u_i, and L_ii = ζ(a_ii): factor L_ii out, it may be tiny.
        dL[:, diagonal, diagonal] = (1.0 - L_ii * v * u) * log_scale_slope(raw_ii)
    return np.concatenate([-v, dL[:, row, column]], axis=1) / len(y)


# --- mixture density -----------------------------------------------------------------------------------------


def mdn_split(a: ArrayLike, k: int, d: int) -> tuple[Float, Float, Float]:
    """Split raw outputs into the parameters of Gaussian mixtures.

    ``a`` (n, k(2 + d)) holds k logits, k·d means (component by component) and k raw scales.
    Returns ``log_pi`` (n, k), logarithms of the weights; means ``mu`` (n, k, d); and ``sigma`` (n, k), standard
    deviations not below `SMALLEST_SCALE`.

    Slide "Output Units for Parametric Distribution"; Bishop (1994), "Mixture density networks".

    >>> log_pi, mu, sigma = mdn_split([[0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 0.0, 0.0]], k=2, d=2)
    >>> mu
    array([[[1., 2.],
            [3., 4.]]])
    """
    k, d = whole_number("k", k, least=1), whole_number("d", d, least=1)
    a = real_array("a", a, ("n", k * (2 + d)))
    logits, means, scales = a[:, :k], a[:, k : k + k * d], a[:, k + k * d :]
    return log_softmax(logits), means.reshape(len(a), k, d).copy(), positive_scale(scales)


def mdn_nll(log_pi: ArrayLike, mu: ArrayLike, sigma: ArrayLike, y: ArrayLike) -> float:
    """Negative log-likelihood of Gaussian mixtures, the mean of ``−log Σ_i π_i N(y; μ_i, σ_i² I)``.

    ``log_pi`` (n, k), ``mu`` (n, k, d) and ``sigma`` (n, k) are as from `mdn_split`, ``y`` (n, d) has one example
    a row, at least one. The loss is the mean over the examples.

    Slides "Output Units for Parametric Distribution" and "Mixture density networks"; Bishop (1994), equation 29.

    >>> round(mdn_nll([[0.0]], [[[1.0, 0.0]]], [[1.0]], [[1.0, 2.0]]), 4)
    3.8379
    """
    log_pdf = mixture_log_pdf(log_pi, mu, sigma, y)
    if len(log_pdf) == 0:
        raise ValueError("y should have at least one row, but it has none")
    return float(-log_pdf.mean())


def mdn_nll_grad(a: ArrayLike, k: int, y: ArrayLike) -> Float:
    """Gradient of the mixture's negative log-likelihood with respect to the raw outputs of `mdn_split`.

    With the responsibilities ``r_i``, the probability of component i given the target, the gradients are ``π − r``
    for the logits, ``r_i (μ_i − y) / σ_i²`` for the means and ``r_i (d − ‖y − μ_i‖² / σ_i²)`` for the logarithms of
    the scales.

    ``a`` (n, k(2 + d)) are the raw outputs, ``y`` (n, d) has one example a row, at least one. Returns an array of
    the shape of ``a``, for the mean over the examples.

    Slide "Mixture density networks"; Bishop (1994), equations 33, 36 and 38.

    >>> mdn_nll_grad([[0.0, 3.0, 0.0]], k=1, y=[[3.0]]).round(4)
    array([[0.    , 0.    , 0.7213]])
    """
    a, y = _raw_and_targets(a, y)
    n, d = y.shape
    log_pi, mu, sigma = mdn_split(a, k, d)
    r = softmax(mixture_log_joint(log_pi, mu, sigma, y))
    white = (mu - y[:, np.newaxis, :]) / sigma[..., np.newaxis]
    d_logits = np.exp(log_pi) - r
    d_means = r[..., np.newaxis] * white / sigma[..., np.newaxis]
    d_scales = r * (d - (white**2).sum(axis=2)) * log_scale_slope(a[:, -k:])
    gradient: Float = np.concatenate([d_logits, d_means.reshape(n, -1), d_scales], axis=1) / n
    return gradient


# --- the registry --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OutputUnit:
    """An output unit as data: a link, a distribution and its loss.

    ``name``: its key in `OUTPUT_UNITS`. ``title``: its name in a sentence. ``slide``: title of the slide.
    ``targets``: ``"real"`` (n, d), ``"binary"`` (n, d) of 0 and 1, or ``"label"`` (n,) of 0 .. K − 1.
    ``width(d)``: raw outputs an example for a target of dimension d, or of K = d classes.
    ``predict(raw)``: the mean (n, d), or the probabilities (n, K) of the classes (the median for the absolute
    error).
    ``loss(raw, target)``: the mean over the examples. ``gradient(raw, target)``: that of the loss, of the shape
    of ``raw``.
    ``sample(raw, rng)``: one target drawn for each example.
    """

    name: str
    title: str
    targets: str
    width: Callable[[int], int]
    predict: Callable[[ArrayLike], Float]
    loss: Callable[[ArrayLike, ArrayLike], float]
    gradient: Callable[[ArrayLike, ArrayLike], Float]
    sample: Callable[[ArrayLike, np.random.Generator], ArrayLike]
    slide: str


def _same(d: int) -> int:
    return whole_number("d", d, least=1)


def _raw(raw: ArrayLike) -> Float:
    return real_array("raw", raw, ("n", "raw outputs"))


def _binary_pair(raw: ArrayLike, target: ArrayLike) -> tuple[Float, Float]:
    """Check logits ``(n, d)`` and binary targets of the same shape, at least one row."""
    raw = _raw(raw)
    target = real_array("target", target, raw.shape)
    if len(raw) == 0:
        raise ValueError(f"raw should have at least one row, but its shape is {raw.shape}")
    return raw, target


def _linear(raw: ArrayLike) -> Float:
    return _raw(raw).copy()


def _gaussian_loss(raw: ArrayLike, target: ArrayLike) -> float:
    return losses.gaussian_nll(target, _raw(raw))


def _gaussian_gradient(raw: ArrayLike, target: ArrayLike) -> Float:
    return losses.gaussian_nll_grad(target, _raw(raw))


def _gaussian_sample(raw: ArrayLike, rng: np.random.Generator) -> Float:
    raw = _raw(raw)
    return raw + rng.standard_normal(raw.shape)


def _median_loss(raw: ArrayLike, target: ArrayLike) -> float:
    """Negative log-likelihood of a Laplace distribution of scale 1 an entry: ``|y − median| + log 2``."""
    medians = _raw(raw)
    return float(medians.shape[1] * (losses.mae(medians, target) + math.log(2.0)))


def _median_gradient(raw: ArrayLike, target: ArrayLike) -> Float:
    medians = _raw(raw)
    return losses.mae_grad(medians, target) * float(medians.shape[1])


def _median_sample(raw: ArrayLike, rng: np.random.Generator) -> Float:
    raw = _raw(raw)
    return raw + rng.laplace(size=raw.shape)


def _sigmoid(raw: ArrayLike) -> Float:
    return sigmoid(_raw(raw))


def _bernoulli_loss(raw: ArrayLike, target: ArrayLike) -> float:
    raw, target = _binary_pair(raw, target)
    return float(losses.bernoulli_nll(raw, target).sum() / len(raw))


def _bernoulli_gradient(raw: ArrayLike, target: ArrayLike) -> Float:
    raw, target = _binary_pair(raw, target)
    return losses.bernoulli_nll_grad(raw, target) / len(raw)


def _sigmoid_mse_loss(raw: ArrayLike, target: ArrayLike) -> float:
    raw, target = _binary_pair(raw, target)
    return float(losses.sigmoid_mse(raw, target).mean())


def _sigmoid_mse_gradient(raw: ArrayLike, target: ArrayLike) -> Float:
    raw, target = _binary_pair(raw, target)
    return losses.sigmoid_mse_grad(raw, target) / raw.size


def _bernoulli_sample(raw: ArrayLike, rng: np.random.Generator) -> ArrayLike:
    return sample_bernoulli(_sigmoid(raw), rng)


def _softmax(raw: ArrayLike) -> Float:
    return softmax(_raw(raw))


def _multinoulli_sample(raw: ArrayLike, rng: np.random.Generator) -> ArrayLike:
    cumulative = _softmax(raw).cumsum(axis=1)
    u = rng.random((len(cumulative), 1)) * cumulative[:, -1:]
    return np.asarray(np.minimum((u >= cumulative).sum(axis=1), cumulative.shape[1] - 1))


def _full_width(d: int) -> int:
    return _same(d) + d * (d + 1) // 2


def _full_split(raw: ArrayLike) -> tuple[Float, Float]:
    """Split raw outputs without being told the dimension: d + d(d+1)/2 columns fix it."""
    raw = _raw(raw)
    d = (math.isqrt(8 * raw.shape[1] + 9) - 3) // 2
    return gaussian_split(raw, max(d, 1))


def _full_predict(raw: ArrayLike) -> Float:
    return _full_split(raw)[0]


def _full_sample(raw: ArrayLike, rng: np.random.Generator) -> Float:
    return sample_gaussian(*_full_split(raw), rng)


def mixture_unit(k: int) -> OutputUnit:
    """Mixture density output with ``k`` Gaussian components, for real targets; `mdn_split` takes its raw outputs apart.

    Slides "Output Units for Parametric Distribution" and "Mixture density networks"; Bishop (1994).

    >>> mixture_unit(5).width(1)
    15
    """
    k = whole_number("k", k, least=1)

    def width(d: int) -> int:
        return k * (2 + _same(d))

    def split(raw: ArrayLike) -> tuple[Float, Float, Float]:
        raw = _raw(raw)
        return mdn_split(raw, k, max(raw.shape[1] // k - 2, 1))

    def predict(raw: ArrayLike) -> Float:
        return mixture_mean(*split(raw))

    def loss(raw: ArrayLike, target: ArrayLike) -> float:
        raw, target = _raw_and_targets(raw, target)
        return mdn_nll(*mdn_split(raw, k, target.shape[1]), target)

    def gradient(raw: ArrayLike, target: ArrayLike) -> Float:
        return mdn_nll_grad(raw, k, target)

    def sample(raw: ArrayLike, rng: np.random.Generator) -> Float:
        return sample_mixture(*split(raw), rng)

    title = f"mixture of {k} Gaussians"
    return OutputUnit(
        "mixture", title, "real", width, predict, loss, gradient, sample, "Mixture density networks"
    )


_GAUSSIAN, _BERNOULLI = (
    "Linear Units for Gaussian Output Distributions",
    "Sigmoid Units for Bernoulli Output Distributions",
)
_MULTINOULLI, _PARAMETRIC = (
    "Softmax Units for Multinoulli Output Distributions",
    "Output Units for Parametric Distribution",
)

OUTPUT_UNITS: Mapping[str, OutputUnit] = MappingProxyType(
    {
        unit.name: unit
        for unit in (
            OutputUnit(
                "gaussian",
                "linear unit, Gaussian with unit covariance",
                "real",
                _same,
                _linear,
                _gaussian_loss,
                _gaussian_gradient,
                _gaussian_sample,
                _GAUSSIAN,
            ),
            OutputUnit(
                "laplace",
                "linear unit, absolute error",
                "real",
                _same,
                _linear,
                _median_loss,
                _median_gradient,
                _median_sample,
                "Cost Function for Learning Conditional Statistics",
            ),
            OutputUnit(
                "gaussian full",
                "Gaussian with any covariance",
                "real",
                _full_width,
                _full_predict,
                gaussian_full_nll,
                gaussian_full_nll_grad,
                _full_sample,
                _PARAMETRIC,
            ),
            OutputUnit(
                "bernoulli",
                "sigmoid unit, Bernoulli",
                "binary",
                _same,
                _sigmoid,
                _bernoulli_loss,
                _bernoulli_gradient,
                _bernoulli_sample,
                _BERNOULLI,
            ),
            OutputUnit(
                "sigmoid mse",
                "sigmoid unit, squared error",
                "binary",
                _same,
                _sigmoid,
                _sigmoid_mse_loss,
                _sigmoid_mse_gradient,
                _bernoulli_sample,
                "Sigmoid Output Units: Cost Function",
            ),
            OutputUnit(
                "multinoulli",
                "softmax unit, multinoulli",
                "label",
                _same,
                _softmax,
                losses.categorical_nll,
                losses.categorical_nll_grad,
                _multinoulli_sample,
                _MULTINOULLI,
            ),
            OutputUnit(
                "softmax mse",
                "softmax unit, squared error",
                "label",
                _same,
                _softmax,
                losses.softmax_mse,
                losses.softmax_mse_grad,
                _multinoulli_sample,
                "Softmax Units for Cost Function",
            ),
            mixture_unit(3),
        )
    }
)
"""Output units of the slides by name. The two with a squared error are there to be compared, not to be used; other
numbers of components than 3 come from `mixture_unit`."""


def output_unit(name: str) -> OutputUnit:
    """Look an output unit up by name; a wrong name is refused with a list of those that there are.

    >>> output_unit("bernoulli").predict([[0.0]])
    array([[0.5]])
    """
    if not isinstance(name, str) or name not in OUTPUT_UNITS:
        raise ValueError(f"there is no output unit {name!r}; there are: {', '.join(OUTPUT_UNITS)}")
    return OUTPUT_UNITS[name]
