"""Correct answers to `bernoulli_nll`, each in a style of its own."""

import numpy as np


def bernoulli_nll_softplus(z, y):
    m = (1 - 2 * y) * z
    return np.maximum(m, 0) + np.log1p(np.exp(-np.abs(m)))


def bernoulli_nll_logaddexp(z, y):
    return np.logaddexp(0, np.where(y == 1, -z, z))


def bernoulli_nll_expanded(z, y):
    # −y log σ(z) − (1 − y) log σ(−z) = ζ(z) − yz
    return np.where(z > 0, z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))


def bernoulli_nll_loop(z, y):
    out = np.zeros(np.shape(z))
    for index, value in np.ndenumerate(z):
        m = -value if y[index] == 1 else value
        out[index] = m + np.log1p(np.exp(-m)) if m > 0 else np.log1p(np.exp(m))
    return out


ANSWERS = [
    bernoulli_nll_softplus,
    bernoulli_nll_logaddexp,
    bernoulli_nll_expanded,
    bernoulli_nll_loop,
]
