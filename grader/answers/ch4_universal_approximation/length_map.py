"""Correct answers to `length_map`, each in a style of its own."""

import numpy as np


def length_map_rectangles(q, sigma_w, sigma_b, phi):
    z = np.linspace(-10, 10, 501)
    h = z[1] - z[0]
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum(phi(np.sqrt(q) * z) ** 2 * density) + sigma_b**2


def length_map_simpson(q, sigma_w, sigma_b, phi):
    z = np.linspace(-12, 12, 4001)
    f = phi(np.sqrt(q) * z) ** 2 * np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
    h = z[1] - z[0]
    integral = h / 3 * (f[0] + 4 * f[1:-1:2].sum() + 2 * f[2:-1:2].sum() + f[-1])
    return sigma_w**2 * integral + sigma_b**2


def length_map_legendre(q, sigma_w, sigma_b, phi):
    # Gauss and Legendre on each half: a kink at 0 does no harm.
    nodes, weights = np.polynomial.legendre.leggauss(120)
    total = 0.0
    for sign in (-1, 1):
        z = sign * 5 * (nodes + 1)
        total += np.sum(5 * weights * phi(np.sqrt(q) * z) ** 2 * np.exp(-(z**2) / 2))
    return float(sigma_w**2 * total / np.sqrt(2 * np.pi) + sigma_b**2)


def length_map_of_u(q, sigma_w, sigma_b, phi):
    # Over u = √q z, with the density of variance q; a loop over middles.
    s, total, n = np.sqrt(q), 0.0, 4000
    for i in range(n):
        u = s * (-10 + 20 * (i + 0.5) / n)
        total += float(phi(u)) ** 2 * np.exp(-(u**2) / (2 * q)) / (s * np.sqrt(2 * np.pi)) * (20 * s / n)
    return sigma_w**2 * total + sigma_b**2


ANSWERS = [length_map_rectangles, length_map_simpson, length_map_legendre, length_map_of_u]
