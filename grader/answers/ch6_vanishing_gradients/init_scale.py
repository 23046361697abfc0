"""Correct answers to `init_scale`, each in a style of its own."""

import numpy as np


def init_scale_branches(kind, n_in, n_out):
    if kind == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    elif kind == "he":
        return np.sqrt(2 / n_in)
    else:
        raise ValueError("kind should be 'glorot' or 'he'")


def init_scale_table(kind, n_in, n_out):
    import math

    variances = {"glorot": 2.0 / (n_in + n_out), "he": 2.0 / n_in}
    if kind not in variances:
        raise ValueError(kind)
    return math.sqrt(variances[kind])


def init_scale_by_fan(kind, n_in, n_out):
    import math

    if kind not in ("he", "glorot"):
        raise ValueError
    fan = n_in / 2 if kind == "he" else (n_in + n_out) / 2
    return (fan**-0.5) if kind == "glorot" else 1 / math.sqrt(fan)


ANSWERS = [init_scale_branches, init_scale_table, init_scale_by_fan]
