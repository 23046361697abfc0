"""More wrong norms of gradients: answers to `layer_gradient_norms` (chapter 6), which has a page full of its own."""

from __future__ import annotations

import numpy as np

from fnnkit.judge.exercise import Misconception


def moduli_added(X, weights, phi, dphi, delta_out):
    """Σ |entry|."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.abs(H[l].T @ delta).sum())
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def largest_entries(X, weights, phi, dphi, delta_out):
    """max |entry|."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.abs(H[l].T @ delta).max())
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def roots_of_mean_squares(X, weights, phi, dphi, delta_out):
    """A mean in the place of the sum."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.sqrt(((H[l].T @ delta) ** 2).mean()))
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def inputs_for_every_layer(X, weights, phi, dphi, delta_out):
    """X in the place of what goes into each layer."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(X.T @ delta))
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


FURTHER = (
    Misconception(
        moduli_added,
        "the sizes of the entries are added up. The Frobenius norm is the root of the sum of their squares.",
    ),
    Misconception(
        largest_entries,
        "this is the largest entry of each gradient. The Frobenius norm is the root of the sum of all squares.",
    ),
    Misconception(
        roots_of_mean_squares,
        "the squares were averaged. The Frobenius norm is the root of their *sum*, however many entries there are.",
    ),
    Misconception(
        inputs_for_every_layer,
        "the products are made with `X` for every layer. What a weight matrix multiplied is what went into *its* layer.",
    ),
)
"""Their hints."""
