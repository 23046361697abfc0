"""Correct answers to `logit`, each in a style of its own."""

import numpy as np


def logit_quotient(p):
    return np.log(p / (1 - p))


def logit_difference(p):
    return np.log(p) - np.log1p(-p)


def logit_reciprocal(p):
    return -np.log(1 / p - 1)


def logit_loop(p):
    return np.array([np.log(v) - np.log(1 - v) for v in np.ravel(p).tolist()]).reshape(p.shape)


ANSWERS = [logit_quotient, logit_difference, logit_reciprocal, logit_loop]
