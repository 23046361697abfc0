"""Correct answers to `spectral_radius`, each in a style of its own."""

import numpy as np


def spectral_radius_moduli(W):
    return np.abs(np.linalg.eigvals(W)).max()


def spectral_radius_loop(W):
    import math

    largest = 0.0
    for value in np.linalg.eig(W)[0]:
        modulus = math.sqrt(value.real**2 + value.imag**2)
        if modulus > largest:
            largest = modulus
    return largest


def spectral_radius_built_in(W):
    return float(max(abs(value) for value in np.linalg.eigvals(W).tolist()))


def spectral_radius_characteristic_polynomial(W):
    return float(np.max(np.abs(np.roots(np.poly(np.asarray(W, dtype=float))))))


ANSWERS = [
    spectral_radius_moduli,
    spectral_radius_loop,
    spectral_radius_built_in,
    spectral_radius_characteristic_polynomial,
]
