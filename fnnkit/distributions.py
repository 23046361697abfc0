"""Probability distributions of output units: log-probabilities, moments and samples."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fnnkit.activations import log_sum_exp
from fnnkit.arguments import Float, describe, labels, real_array, whole_number

LOG_2_PI = math.log(2.0 * math.pi)

# --- Bernoulli -----------------------------------------------------------------------------------------------


def _probability(phi: ArrayLike) -> Float:
    phi = real_array("phi", phi)
    if not np.all((phi >= 0.0) & (phi <= 1.0)):
        raise ValueError(
            f"phi should hold probabilities from 0 to 1, but it is {describe(phi)} with {phi.min()}"
        )
    return phi


def bernoulli_log_pmf(x: ArrayLike, phi: ArrayLike) -> Float:
    """Bernoulli log-probability ``x log φ + (1 − x) log(1 − φ)``, elementwise.

    Exact at both ends: a sure outcome has 0 (``0 · log 0 = 0``), an impossible one −inf.

    ``x`` are outcomes, each 0 or 1, of any shape, ``phi`` probabilities of 1 of that shape; either may be one
    number for all.

    Slide "Bernoulli Distribution"; Goodfellow et al. (2016), section 3.9.1.

    >>> bernoulli_log_pmf([1, 0, 1], [1.0, 0.5, 0.0]).round(4)
    array([ 0.    , -0.6931,    -inf])
    """
    x, phi = real_array("x", x), _probability(phi)
    if x.shape != phi.shape and x.ndim > 0 and phi.ndim > 0:
        raise ValueError(
            f"x and phi should have the same shape, but their shapes are {x.shape} and {phi.shape}"
        )
    if not np.all((x == 0.0) | (x == 1.0)):
        raise ValueError(f"x should hold outcomes 0 and 1, but it has {x[(x != 0) & (x != 1)].flat[0]}")
    with np.errstate(divide="ignore"):  # log 0 = −inf is the answer for the impossible
        return np.where(x == 1.0, np.log(phi), np.log1p(-phi))


def bernoulli_mean(phi: ArrayLike) -> Float:
    """Mean of a Bernoulli variable, ``φ``, elementwise.

    Slide "Bernoulli Distribution".

    >>> bernoulli_mean([0.25])
    array([0.25])
    """
    return _probability(phi).copy()


def bernoulli_variance(phi: ArrayLike) -> Float:
    """Variance of a Bernoulli variable, ``φ (1 − φ)``, elementwise.

    Slide "Bernoulli Distribution".

    >>> bernoulli_variance([0.25])
    array([0.1875])
    """
    phi = _probability(phi)
    return phi * (1.0 - phi)


def sample_bernoulli(phi: ArrayLike, rng: np.random.Generator) -> NDArray[np.intp]:
    """Draw one outcome, 0 or 1, for each probability, elementwise.

    Slide "Bernoulli Distribution".

    >>> sample_bernoulli([0.0, 1.0], np.random.default_rng(0))
    array([0, 1])
    """
    phi = _probability(phi)
    return np.asarray(rng.random(phi.shape) < phi).astype(np.intp)


# --- multinoulli and multinomial -----------------------------------------------------------------------------


def _simplex(p: ArrayLike) -> Float:
    """Check one distribution over at least one state."""
    p = real_array("p", p, ("K",))
    if len(p) == 0 or not np.all(p >= 0.0) or abs(p.sum() - 1.0) > 1e-6:
        raise ValueError(
            f"p should hold at least one probability, none below 0, with sum 1, but it is {describe(p)} "
            f"with sum {p.sum()}"
        )
    return p


def multinoulli_log_pmf(g: ArrayLike, p: ArrayLike) -> Float:
    """Multinoulli (categorical) log-probability of states, ``log p_g``.

    The slides give p in [0, 1]^(K−1), so that the last probability is one minus the sum; here all K are given.

    ``g`` (n,) are states ``0 .. K − 1``, ``p`` (K,) sums to 1; returns (n,), −inf for an impossible state.

    Slide "Multinoulli Distribution"; Goodfellow et al. (2016), section 3.9.2.

    >>> multinoulli_log_pmf([0, 2], [0.5, 0.5, 0.0]).round(4)
    array([-0.6931,    -inf])
    """
    p = _simplex(p)
    with np.errstate(divide="ignore"):  # log 0 = −inf is the answer for the impossible
        log_p: Float = np.log(p)[labels("g", g, len(p))]
    return log_p


def sample_multinoulli(p: ArrayLike, u: ArrayLike) -> NDArray[np.intp]:
    """Turn uniform numbers into states by the inverse of the cumulative distribution.

    The state is the smallest i with ``u < p_0 + … + p_i``. Rounding can leave the whole sum just below ``u``; then
    it is the last state that is possible at all.

    ``p`` (K,) sums to 1, ``u`` are numbers in [0, 1) of any shape, such as ``rng.random(n)``; returns states
    ``0 .. K − 1`` of that shape.

    Slide "Multinoulli Distribution"; Devroye (1986), "Non-uniform random variate generation", section III.2.

    >>> sample_multinoulli([0.2, 0.5, 0.3], [0.1, 0.3, 0.9])
    array([0, 1, 2])
    """
    p, u = _simplex(p), real_array("u", u)
    if not np.all((u >= 0.0) & (u < 1.0)):
        raise ValueError(f"u should hold uniform numbers from 0 on and below 1, but it is {describe(u)}")
    state = np.searchsorted(np.cumsum(p), u, side="right")
    return np.asarray(np.minimum(state, np.flatnonzero(p)[-1]))


def multinomial_log_pmf(counts: ArrayLike, p: ArrayLike) -> Float:
    """Multinomial log-probability of how often each state was visited, ``log(n! / ∏ x_i!) + Σ x_i log p_i``.

    ``counts`` (..., K) are whole numbers, whose sum over the last axis is the number of draws n; ``p`` (K,) sums
    to 1. Returns (...), −inf if an impossible state was visited.

    Slide "Multinoulli Distribution" ("multinoulli vs. multinomial").

    Two draws from a fair coin show both sides in half of all cases:

    >>> float(np.exp(multinomial_log_pmf([1, 1], [0.5, 0.5])).round(12))
    0.5
    """
    p, counts = _simplex(p), real_array("counts", counts)
    if counts.ndim == 0 or counts.shape[-1] != len(p):
        raise ValueError(
            f"counts should have one entry a state, but the shapes are {counts.shape} and {p.shape}"
        )
    if not np.all((counts >= 0.0) & (counts == np.floor(counts)) & np.isfinite(counts)):
        raise ValueError(f"counts should hold whole numbers from 0 on, but it is {describe(counts)}")
    log_factorial = np.vectorize(lambda x: math.lgamma(x + 1.0), otypes=[np.float64])
    visited = counts > 0.0
    with np.errstate(divide="ignore"):  # log 0 = −inf is the answer for the impossible
        log_p = np.where(visited, np.log(p), 0.0)  # 0 · log 0 = 0
    ways = log_factorial(counts.sum(axis=-1)) - log_factorial(counts).sum(axis=-1)
    return np.asarray(ways + (counts * log_p).sum(axis=-1))


def multinomial_mean(n: int, p: ArrayLike) -> Float:
    """Mean of multinomial counts, ``n p``.

    ``n`` draws from ``p`` (K,), which sums to 1; returns (K,).

    Slide "Multinoulli Distribution".

    >>> multinomial_mean(10, [0.2, 0.8])
    array([2., 8.])
    """
    return whole_number("n", n) * _simplex(p)


def multinomial_covariance(n: int, p: ArrayLike) -> Float:
    """Covariance of multinomial counts, ``n (diag(p) − p pᵀ)``; ``n = 1`` is the multinoulli case.

    ``p`` (K,) sums to 1; returns (K, K), whose rows sum to 0, as the counts have a fixed sum.

    Slide "Multinoulli Distribution".

    >>> multinomial_covariance(4, [0.5, 0.5])
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    p = _simplex(p)
    return whole_number("n", n) * (np.diag(p) - np.outer(p, p))


def sample_multinomial(n: int, p: ArrayLike, rng: np.random.Generator) -> NDArray[np.intp]:
    """Count the states of ``n`` draws from a multinoulli distribution.

    ``p`` (K,) sums to 1; returns (K,) counts, which sum to n.

    Slide "Multinoulli Distribution".

    >>> sample_multinomial(7, [0.0, 1.0], np.random.default_rng(0))
    array([0, 7])
    """
    states = sample_multinoulli(p, rng.random(whole_number("n", n)))
    return np.bincount(states, minlength=len(np.asarray(p)))


# --- Gaussian ------------------------------------------------------------------------------------------------


def gaussian_log_pdf(y: ArrayLike, mean: ArrayLike, L: ArrayLike) -> Float:
    """Log-density of normal vectors with covariance ``L Lᵀ``.

    ``y`` (n, d) has one point a row. ``mean`` is (d,) or (n, d), and ``L`` (d, d) or (n, d, d): one for all, or
    one a point. ``L`` is lower-triangular with a positive diagonal; independent entries of standard deviation σ
    have ``σ * np.eye(d)``. Returns (n,).

    Slides "Linear Units for Gaussian Output Distributions" and "Output Units for Parametric Distribution";
    Goodfellow et al. (2016), section 3.9.3.

    >>> gaussian_log_pdf([[0.0, 0.0]], mean=[0.0, 0.0], L=[[1.0, 0.0], [0.0, 1.0]]).round(4)
    array([-1.8379])
    """
    y = real_array("y", y, ("n", "d"))
    mean, L = _mean_and_factor(mean, L, y.shape)
    white = whiten(y - mean, L)
    log_det = np.log(np.diagonal(L, axis1=-2, axis2=-1)).sum(axis=-1)
    return np.asarray(-0.5 * (white**2).sum(axis=-1) - log_det - 0.5 * y.shape[1] * LOG_2_PI)


def _mean_and_factor(mean: ArrayLike, L: ArrayLike, shape: tuple[int, ...]) -> tuple[Float, Float]:
    """Check a mean and a Cholesky factor against points ``(n, d)``."""
    n, d = shape
    mean, L = real_array("mean", mean), real_array("L", L)
    if mean.shape not in ((d,), (n, d)):
        raise ValueError(
            f"mean should be an array of shape ({d},) or ({n}, {d}), but its shape is {mean.shape}"
        )
    if L.shape not in ((d, d), (n, d, d)):
        raise ValueError(
            f"L should be an array of shape ({d}, {d}) or ({n}, {d}, {d}), but its shape is {L.shape}"
        )
    if np.any(np.triu(L, 1) != 0.0) or not np.all(np.diagonal(L, axis1=-2, axis2=-1) > 0.0):
        raise ValueError("L should be lower-triangular with a positive diagonal, but it is not")
    return mean, L


def whiten(r: Float, L: Float) -> Float:
    """Solve ``L u = r`` for each row by forward substitution: vectors of covariance ``L Lᵀ`` become standard normal.

    ``r`` (n, d) are deviations from the mean, one a row; ``L`` is (d, d) or (n, d, d), lower-triangular, its
    diagonal not 0. Returns (n, d).

    >>> whiten(np.array([[2.0, 3.0]]), np.array([[2.0, 0.0], [1.0, 1.0]]))
    array([[1., 2.]])
    """
    u = np.zeros_like(r)
    for i in range(r.shape[1]):
        u[:, i] = (r[:, i] - (L[..., i, :i] * u[:, :i]).sum(axis=-1)) / L[..., i, i]
    return u


def sample_gaussian(mean: ArrayLike, L: ArrayLike, rng: np.random.Generator) -> Float:
    """Draw a normal vector ``mean + L ε`` of covariance ``L Lᵀ`` for each row of the means.

    ``mean`` (n, d) has one mean a row, ``L`` is (d, d) or (n, d, d), as in `gaussian_log_pdf`; returns (n, d).

    Slide "Linear Units for Gaussian Output Distributions".

    >>> sample_gaussian([[1.0, 2.0]], 1e-9 * np.eye(2), np.random.default_rng(0)).round(6)
    array([[1., 2.]])
    """
    mean = real_array("mean", mean, ("n", "d"))
    mean, L = _mean_and_factor(mean, L, mean.shape)
    noise = rng.standard_normal(mean.shape)
    return mean + (L @ noise[..., np.newaxis])[..., 0]


# --- mixture of Gaussians ------------------------------------------------------------------------------------


def mixture_arguments(log_pi: ArrayLike, mu: ArrayLike, sigma: ArrayLike) -> tuple[Float, Float, Float]:
    """Check log-weights ``(n, k)``, means ``(n, k, d)`` and standard deviations ``(n, k)`` of mixtures.

    >>> log_pi, mu, sigma = mixture_arguments([[0.0]], [[[1.0, 2.0]]], [[1.0]])
    """
    log_pi, mu = real_array("log_pi", log_pi, ("n", "k")), real_array("mu", mu, ("n", "k", "d"))
    n, k = log_pi.shape
    sigma = real_array("sigma", sigma, ("n", "k"))
    if k == 0 or mu.shape[:2] != (n, k) or sigma.shape != (n, k):
        raise ValueError(
            f"log_pi, mu and sigma should have shapes (n, k), (n, k, d) and (n, k) with k from 1 on, but they are "
            f"{log_pi.shape}, {mu.shape} and {sigma.shape}"
        )
    if not np.all(np.abs(log_sum_exp(log_pi)) < 1e-5):
        raise ValueError("log_pi should hold logarithms of weights that sum to 1, but they do not")
    if not np.all(sigma > 0.0):
        raise ValueError(f"sigma should be positive, but its smallest entry is {sigma.min()}")
    return log_pi, mu, sigma


def mixture_log_joint(log_pi: Float, mu: Float, sigma: Float, y: Float) -> Float:
    """Log-density of a point together with each component, ``log π_i + log N(y; μ_i, σ_i² I)``, shape ``(n, k)``.

    >>> mixture_log_joint(np.zeros((1, 1)), np.zeros((1, 1, 2)), np.ones((1, 1)), np.zeros((1, 2))).round(4)
    array([[-1.8379]])
    """
    d = y.shape[1]
    squared = (((y[:, np.newaxis, :] - mu) / sigma[..., np.newaxis]) ** 2).sum(axis=2)
    joint: Float = log_pi - 0.5 * squared - d * np.log(sigma) - 0.5 * d * LOG_2_PI
    return joint


def mixture_log_pdf(log_pi: ArrayLike, mu: ArrayLike, sigma: ArrayLike, y: ArrayLike) -> Float:
    """Log-density of Gaussian mixtures, ``log Σ_i π_i N(y; μ_i, σ_i² I)``, by log-sum-exp.

    ``log_pi`` (n, k) are logarithms of weights that sum to 1, ``mu`` (n, k, d) means, ``sigma`` (n, k) standard
    deviations, the same in every dimension, ``y`` (n, d) points. Returns (n,).

    Slide "Output Units for Parametric Distribution"; Bishop (1994), "Mixture density networks", equation 22.

    >>> mixture_log_pdf([[0.0]], [[[0.0, 0.0]]], [[1.0]], [[0.0, 0.0]]).round(4)
    array([-1.8379])
    """
    log_pi, mu, sigma = mixture_arguments(log_pi, mu, sigma)
    y = real_array("y", y, (mu.shape[0], mu.shape[2]))
    return log_sum_exp(mixture_log_joint(log_pi, mu, sigma, y))


def mixture_mean(log_pi: ArrayLike, mu: ArrayLike, sigma: ArrayLike) -> Float:
    """Mean of Gaussian mixtures, ``Σ π_i μ_i``.

    Arguments as in `mixture_log_pdf`. Returns (n, d): where an MSE network would predict, often between the
    components, where no data are.

    Slide "Output Units for Parametric Distribution"; Bishop (1994), equation 30.

    >>> mixture_mean(np.log([[0.5, 0.5]]), [[[-1.0], [1.0]]], [[0.1, 0.1]])
    array([[0.]])
    """
    log_pi, mu, sigma = mixture_arguments(log_pi, mu, sigma)
    return np.asarray((np.exp(log_pi)[..., np.newaxis] * mu).sum(axis=1))


def mixture_covariance(log_pi: ArrayLike, mu: ArrayLike, sigma: ArrayLike) -> Float:
    """Covariance of Gaussian mixtures: within the components plus between them.

    With ``m`` the mean of the mixture it is ``Σ π_i (σ_i² I + (μ_i − m)(μ_i − m)ᵀ)``.

    Arguments as in `mixture_log_pdf`; returns (n, d, d).

    Slide "Output Units for Parametric Distribution"; Bishop (1994), equation 34.

    >>> mixture_covariance(np.log([[0.5, 0.5]]), [[[-1.0], [1.0]]], [[2.0, 2.0]])
    array([[[5.]]])
    """
    log_pi, mu, sigma = mixture_arguments(log_pi, mu, sigma)
    pi, d = np.exp(log_pi), mu.shape[2]
    deviation = mu - mixture_mean(log_pi, mu, sigma)[:, np.newaxis, :]
    within = (pi * sigma**2).sum(axis=1)[:, np.newaxis, np.newaxis] * np.eye(d)
    between = np.einsum("nk,nki,nkj->nij", pi, deviation, deviation)
    return np.asarray(within + between)


def sample_mixture(log_pi: ArrayLike, mu: ArrayLike, sigma: ArrayLike, rng: np.random.Generator) -> Float:
    """Draw one point from each Gaussian mixture: first a component, then a point of it.

    Arguments as in `mixture_log_pdf`; returns (n, d).

    Slide "Mixture density networks".

    >>> sample_mixture([[0.0]], [[[1.0, 2.0]]], [[1e-9]], np.random.default_rng(0)).round(6)
    array([[1., 2.]])
    """
    log_pi, mu, sigma = mixture_arguments(log_pi, mu, sigma)
    n, k = log_pi.shape
    cumulative = np.exp(log_pi).cumsum(axis=1)
    u = rng.random((n, 1)) * cumulative[:, -1:]  # scaled, so that rounding leaves no draw without a component
    component = np.minimum((u >= cumulative).sum(axis=1), k - 1)
    rows = np.arange(n)
    noise = rng.standard_normal((n, mu.shape[2]))
    draws: Float = mu[rows, component] + sigma[rows, component, np.newaxis] * noise
    return draws
