"""Softmax, log-softmax and log-sum-exp: from scores of several classes to probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.arguments import Float, real_array


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
