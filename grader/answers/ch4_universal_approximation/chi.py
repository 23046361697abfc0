"""Correct answers to `chi`, each in a style of its own."""

import numpy as np


def chi_rectangles(q, sigma_w, dphi):
    z = np.linspace(-10, 10, 501)
    p = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * (z[1] - z[0]) * np.sum(dphi(np.sqrt(q) * z) ** 2 * p)


def chi_simpson(q, sigma_w, dphi):
    z = np.linspace(-10, 10, 2001)
    f = dphi(np.sqrt(q) * z) ** 2 * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    weights = np.where(np.arange(2001) % 2 == 1, 4.0, 2.0)
    weights[[0, -1]] = 1.0
    return sigma_w**2 * (z[1] - z[0]) / 3 * (weights @ f)


def chi_trapezoid(q, sigma_w, dphi):
    h = 0.01
    z = np.arange(-12, 12 + h / 2, h)
    f = np.square(sigma_w * dphi(np.sqrt(q) * z)) * np.exp(-0.5 * z**2)
    return float(h * (f.sum() - (f[0] + f[-1]) / 2) / np.sqrt(2 * np.pi))


def chi_by_weights(q, sigma_w, dphi):
    # Weights that add up to 1 need no constant.
    z = np.linspace(-9, 9, 1201)
    weights = np.exp(-z * z / 2)
    return sigma_w**2 * np.average(dphi(z * q**0.5) ** 2, weights=weights)


ANSWERS = [chi_rectangles, chi_simpson, chi_trapezoid, chi_by_weights]
