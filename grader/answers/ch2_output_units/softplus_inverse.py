"""Correct answers to `softplus_inverse`, each in a style of its own."""

import numpy as np


def softplus_inverse_pulled_out(y):
    return y + np.log(-np.expm1(-y))


def softplus_inverse_by_cases(y):
    y = np.asarray(y, dtype=float)
    out = y.copy()
    small = y < 20
    out[small] = np.log(np.expm1(y[small]))
    out[~small] += np.log1p(-np.exp(-y[~small]))
    return out


def softplus_inverse_loop(y):
    return np.array([float(v) + np.log(-np.expm1(-float(v))) for v in np.ravel(y)]).reshape(np.shape(y))


ANSWERS = [softplus_inverse_pulled_out, softplus_inverse_by_cases, softplus_inverse_loop]
