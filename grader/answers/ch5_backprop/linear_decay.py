"""Correct answers to `linear_decay`, each in a style of its own."""

import numpy as np


def linear_decay_if(k, T, eta_0, eta_T):
    if k >= T:
        return eta_T
    return (1 - k / T) * eta_0 + (k / T) * eta_T


def linear_decay_interp(k, T, eta_0, eta_T):
    return np.interp(k, [0, T], [eta_0, eta_T])


def linear_decay_slope(k, T, eta_0, eta_T):
    return float(eta_0 + np.clip(k, 0, T) * (eta_T - eta_0) / T)


ANSWERS = [
    linear_decay_if,
    linear_decay_interp,
    linear_decay_slope,
]
