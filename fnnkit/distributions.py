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

    Parameters
    ----------
    x : array_like
        Outcomes, each 0 or 1, any shape.
    phi : array_like, shape of ``x``
        Probabilities of 1, in [0, 1]; or one number for all (as may be ``x``).

    Returns
    -------
    ndarray
        Log-probabilities, at most 0.

    Raises
    ------
    ValueError
        If the shapes differ, an outcome is neither 0 nor 1, or a probability is outside [0, 1].

    References
    ----------
    Slide "Bernoulli Distribution"; Goodfellow, Bengio, Courville (2016), section 3.9.1.

    Examples
    --------
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
    """Mean of a Bernoulli variable, ``φ``.

    Parameters
    ----------
    phi : array_like
        Probabilities of 1, in [0, 1], any shape.

    Returns
    -------
    ndarray
        Means, shape of ``phi``.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].

    References
    ----------
    Slide "Bernoulli Distribution".

    Examples
    --------
    >>> bernoulli_mean([0.25])
    array([0.25])
    """
    return _probability(phi).copy()


def bernoulli_variance(phi: ArrayLike) -> Float:
    """Variance of a Bernoulli variable, ``φ (1 − φ)``.

    Parameters
    ----------
    phi : array_like
        Probabilities of 1, in [0, 1], any shape.

    Returns
    -------
    ndarray
        Variances in [0, ¼], shape of ``phi``.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].

    References
    ----------
    Slide "Bernoulli Distribution".

    Examples
    --------
    >>> bernoulli_variance([0.25])
    array([0.1875])
    """
    phi = _probability(phi)
    return phi * (1.0 - phi)


def sample_bernoulli(phi: ArrayLike, rng: np.random.Generator) -> NDArray[np.intp]:
    """Draw one outcome for each probability.

    Parameters
    ----------
    phi : array_like
        Probabilities of 1, in [0, 1], any shape.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray of int
        Outcomes 0 and 1, shape of ``phi``.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].

    References
    ----------
    Slide "Bernoulli Distribution".

    Examples
    --------
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

    Parameters
    ----------
    g : array_like of int, shape (n,)
        States 0 .. K − 1.
    p : array_like, shape (K,)
        Probabilities, sum 1.

    Returns
    -------
    ndarray, shape (n,)
        Log-probabilities, −inf for an impossible state.

    Raises
    ------
    ValueError
        If ``p`` is no distribution, or a state is outside the range.

    References
    ----------
    Slide "Multinoulli Distribution"; Goodfellow, Bengio, Courville (2016), section 3.9.2.

    Examples
    --------
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

    Parameters
    ----------
    p : array_like, shape (K,)
        Probabilities, sum 1.
    u : array_like
        Uniform numbers in [0, 1), any shape, e.g. ``rng.random(n)``.

    Returns
    -------
    ndarray of int
        States 0 .. K − 1, shape of ``u``.

    Raises
    ------
    ValueError
        If ``p`` is no distribution, or a number is outside [0, 1).

    References
    ----------
    Slide "Multinoulli Distribution"; Devroye (1986), "Non-uniform random variate generation", section III.2.

    Examples
    --------
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

    Parameters
    ----------
    counts : array_like of int, shape (..., K)
        Whole numbers from 0 on; the number of draws n is their sum over the last axis.
    p : array_like, shape (K,)
        Probabilities of the states, sum 1.

    Returns
    -------
    ndarray, shape (...)
        Log-probabilities, −inf if an impossible state was visited.

    Raises
    ------
    ValueError
        If ``p`` is no distribution, or the counts do not fit or are no whole numbers.

    References
    ----------
    Slide "Multinoulli Distribution" ("multinoulli vs. multinomial").

    Examples
    --------
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

    Parameters
    ----------
    n : int
        Number of draws.
    p : array_like, shape (K,)
        Probabilities of the states, sum 1.

    Returns
    -------
    ndarray, shape (K,)
        Expected counts.

    Raises
    ------
    ValueError
        If ``p`` is no distribution, or ``n`` is no whole number.

    References
    ----------
    Slide "Multinoulli Distribution".

    Examples
    --------
    >>> multinomial_mean(10, [0.2, 0.8])
    array([2., 8.])
    """
    return whole_number("n", n) * _simplex(p)


def multinomial_covariance(n: int, p: ArrayLike) -> Float:
    """Covariance of multinomial counts, ``n (diag(p) − p pᵀ)``; ``n = 1`` is the multinoulli case.

    Parameters
    ----------
    n : int
        Number of draws.
    p : array_like, shape (K,)
        Probabilities of the states, sum 1.

    Returns
    -------
    ndarray, shape (K, K)
        Covariances; rows sum to 0, as the counts have a fixed sum.

    Raises
    ------
    ValueError
        If ``p`` is no distribution, or ``n`` is no whole number.

    References
    ----------
    Slide "Multinoulli Distribution".

    Examples
    --------
    >>> multinomial_covariance(4, [0.5, 0.5])
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    p = _simplex(p)
    return whole_number("n", n) * (np.diag(p) - np.outer(p, p))


def sample_multinomial(n: int, p: ArrayLike, rng: np.random.Generator) -> NDArray[np.intp]:
    """Count the states of ``n`` draws from a multinoulli distribution.

    Parameters
    ----------
    n : int
        Number of draws.
    p : array_like, shape (K,)
        Probabilities of the states, sum 1.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray of int, shape (K,)
        Counts, sum n.

    Raises
    ------
    ValueError
        If ``p`` is no distribution, or ``n`` is no whole number.

    References
    ----------
    Slide "Multinoulli Distribution".

    Examples
    --------
    >>> sample_multinomial(7, [0.0, 1.0], np.random.default_rng(0))
    array([0, 7])
    """
    states = sample_multinoulli(p, rng.random(whole_number("n", n)))
    return np.bincount(states, minlength=len(np.asarray(p)))


# --- Gaussian ------------------------------------------------------------------------------------------------


def gaussian_log_pdf(y: ArrayLike, mean: ArrayLike, L: ArrayLike) -> Float:
    """Log-density of normal vectors with covariance ``L Lᵀ``.

    Parameters
    ----------
    y : array_like, shape (n, d)
        Points, one a row.
    mean : array_like, shape (d,) or (n, d)
        One mean for all, or one a point.
    L : array_like, shape (d, d) or (n, d, d)
        Cholesky factor of the covariance, lower-triangular with a positive diagonal; one for all, or one a point.
        For independent entries of standard deviation σ it is ``σ * np.eye(d)``.

    Returns
    -------
    ndarray, shape (n,)
        Log-densities.

    Raises
    ------
    ValueError
        If the shapes do not fit, or ``L`` is no Cholesky factor.

    References
    ----------
    Slides "Linear Units for Gaussian Output Distributions" and "Output Units for Parametric Distribution";
    Goodfellow, Bengio, Courville (2016), section 3.9.3.

    Examples
    --------
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

    Parameters
    ----------
    r : ndarray, shape (n, d)
        Deviations from the mean, one a row.
    L : ndarray, shape (d, d) or (n, d, d)
        Lower-triangular factor or factors with a diagonal that is not 0.

    Returns
    -------
    ndarray, shape (n, d)
        Solutions, one a row.

    Examples
    --------
    >>> whiten(np.array([[2.0, 3.0]]), np.array([[2.0, 0.0], [1.0, 1.0]]))
    array([[1., 2.]])
    """
    u = np.zeros_like(r)
    for i in range(r.shape[1]):
        u[:, i] = (r[:, i] - (L[..., i, :i] * u[:, :i]).sum(axis=-1)) / L[..., i, i]
    return u


def sample_gaussian(mean: ArrayLike, L: ArrayLike, rng: np.random.Generator) -> Float:
    """Draw a normal vector ``mean + L ε`` of covariance ``L Lᵀ`` for each row of the means.

    Parameters
    ----------
    mean : array_like, shape (n, d)
        Means, one a row.
    L : array_like, shape (d, d) or (n, d, d)
        Cholesky factor of the covariance, one for all or one a mean.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray, shape (n, d)
        One draw a row.

    Raises
    ------
    ValueError
        If the shapes do not fit, or ``L`` is no Cholesky factor.

    References
    ----------
    Slide "Linear Units for Gaussian Output Distributions".

    Examples
    --------
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

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no component, the weights do not sum to 1, or a standard deviation is
        not positive.

    Examples
    --------
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

    Examples
    --------
    >>> mixture_log_joint(np.zeros((1, 1)), np.zeros((1, 1, 2)), np.ones((1, 1)), np.zeros((1, 2))).round(4)
    array([[-1.8379]])
    """
    d = y.shape[1]
    squared = (((y[:, np.newaxis, :] - mu) / sigma[..., np.newaxis]) ** 2).sum(axis=2)
    joint: Float = log_pi - 0.5 * squared - d * np.log(sigma) - 0.5 * d * LOG_2_PI
    return joint


def mixture_log_pdf(log_pi: ArrayLike, mu: ArrayLike, sigma: ArrayLike, y: ArrayLike) -> Float:
    """Log-density of Gaussian mixtures, ``log Σ_i π_i N(y; μ_i, σ_i² I)``, by log-sum-exp.

    Parameters
    ----------
    log_pi : array_like, shape (n, k)
        Logarithms of the weights, which sum to 1 over the components.
    mu : array_like, shape (n, k, d)
        Means.
    sigma : array_like, shape (n, k)
        Standard deviations, positive, the same in every dimension.
    y : array_like, shape (n, d)
        Points, one a row.

    Returns
    -------
    ndarray, shape (n,)
        Log-densities.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the parameters are none of a mixture.

    References
    ----------
    Slide "Output Units for Parametric Distribution"; Bishop (1994), "Mixture density networks", equation 22.

    Examples
    --------
    >>> mixture_log_pdf([[0.0]], [[[0.0, 0.0]]], [[1.0]], [[0.0, 0.0]]).round(4)
    array([-1.8379])
    """
    log_pi, mu, sigma = mixture_arguments(log_pi, mu, sigma)
    y = real_array("y", y, (mu.shape[0], mu.shape[2]))
    return log_sum_exp(mixture_log_joint(log_pi, mu, sigma, y))


def mixture_mean(log_pi: ArrayLike, mu: ArrayLike, sigma: ArrayLike) -> Float:
    """Mean of Gaussian mixtures, ``Σ π_i μ_i``.

    Parameters
    ----------
    log_pi, mu, sigma : array_like
        Log-weights ``(n, k)``, means ``(n, k, d)`` and standard deviations ``(n, k)``.

    Returns
    -------
    ndarray, shape (n, d)
        Means, where an MSE network would predict: often between the components, where no data are.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the parameters are none of a mixture.

    References
    ----------
    Slide "Output Units for Parametric Distribution"; Bishop (1994), equation 30.

    Examples
    --------
    >>> mixture_mean(np.log([[0.5, 0.5]]), [[[-1.0], [1.0]]], [[0.1, 0.1]])
    array([[0.]])
    """
    log_pi, mu, sigma = mixture_arguments(log_pi, mu, sigma)
    return np.asarray((np.exp(log_pi)[..., np.newaxis] * mu).sum(axis=1))


def mixture_covariance(log_pi: ArrayLike, mu: ArrayLike, sigma: ArrayLike) -> Float:
    """Covariance of Gaussian mixtures: within the components plus between them.

    With ``m`` the mean of the mixture it is ``Σ π_i (σ_i² I + (μ_i − m)(μ_i − m)ᵀ)``.

    Parameters
    ----------
    log_pi, mu, sigma : array_like
        Log-weights ``(n, k)``, means ``(n, k, d)`` and standard deviations ``(n, k)``.

    Returns
    -------
    ndarray, shape (n, d, d)
        Covariances.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the parameters are none of a mixture.

    References
    ----------
    Slide "Output Units for Parametric Distribution"; Bishop (1994), equation 34.

    Examples
    --------
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

    Parameters
    ----------
    log_pi, mu, sigma : array_like
        Log-weights ``(n, k)``, means ``(n, k, d)`` and standard deviations ``(n, k)``.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray, shape (n, d)
        One point a row.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the parameters are none of a mixture.

    References
    ----------
    Slide "Mixture density networks".

    Examples
    --------
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
