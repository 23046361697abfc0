"""Correct answers to `bernoulli_log_pmf`, each in a style of its own."""

import numpy as np


def bernoulli_log_pmf_where(x, phi):
    with np.errstate(divide="ignore"):
        return np.where(x == 1, np.log(phi), np.log(1 - phi))


def bernoulli_log_pmf_chosen_first(x, phi):
    chosen = x * phi + (1 - x) * (1 - phi)
    with np.errstate(divide="ignore"):
        return np.log(chosen)


def bernoulli_log_pmf_masked(x, phi):
    out = np.empty(np.shape(phi))
    out[x == 1], out[x == 0] = phi[x == 1], 1 - phi[x == 0]
    possible = out > 0
    out[possible] = np.log(out[possible])
    out[~possible] = -np.inf
    return out


def bernoulli_log_pmf_loop(x, phi):
    flat = [float(q) if v == 1 else 1 - float(q) for v, q in zip(np.ravel(x), np.ravel(phi), strict=True)]
    return np.array([np.log(q) if q > 0 else -np.inf for q in flat]).reshape(np.shape(x))


ANSWERS = [
    bernoulli_log_pmf_where,
    bernoulli_log_pmf_chosen_first,
    bernoulli_log_pmf_masked,
    bernoulli_log_pmf_loop,
]
