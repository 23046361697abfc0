"""Correct answers to `softplus`, each in a style of its own."""

import numpy as np


def softplus_logaddexp(z):
    return np.logaddexp(0, z)


def softplus_by_cases(z):
    z = np.asarray(z, dtype=float)
    out = np.array(z)
    low = z < 30
    out[low] = np.log1p(np.exp(z[low]))
    out[~low] += np.exp(-z[~low])
    return out


def softplus_in_place_on_a_copy(z):
    out = -np.abs(np.array(z, dtype=float))
    np.exp(out, out=out)
    np.log1p(out, out=out)
    out += np.where(z > 0, z, 0)
    return out


def softplus_loop(z):
    out = [max(float(v), 0.0) + np.log1p(np.exp(-abs(float(v)))) for v in np.ravel(z)]
    return np.array(out).reshape(np.shape(z))


ANSWERS = [softplus_logaddexp, softplus_by_cases, softplus_in_place_on_a_copy, softplus_loop]
