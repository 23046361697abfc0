"""Correct answers to `layer_gradient_norms`, each in a style of its own."""

import numpy as np


def layer_gradient_norms_two_loops(X, weights, phi, dphi, delta_out):
    Z, H = [], [X]
    for W in weights:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    L = len(weights)
    norms = np.zeros(L)
    delta = delta_out
    for l in range(L - 1, -1, -1):
        norms[l] = np.linalg.norm(H[l].T @ delta)
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return norms


def layer_gradient_norms_insert(X, weights, phi, dphi, delta_out):
    inputs, slopes, H = [], [], X
    for W in weights[:-1]:
        inputs.append(H)
        Z = np.dot(H, W)
        slopes.append(dphi(Z))
        H = phi(Z)
    inputs.append(H)
    gradients = [inputs[-1].T @ delta_out]
    delta = delta_out
    for W, slope, into in zip(weights[:0:-1], slopes[::-1], inputs[-2::-1], strict=True):
        delta = slope * np.dot(delta, W.T)
        gradients.insert(0, into.T @ delta)
    return np.array([np.sqrt((g**2).sum()) for g in gradients])


def layer_gradient_norms_recursive_inside(X, weights, phi, dphi, delta_out):
    def back(H, l):
        """Error signal at the input of layer l, and the norms from there on."""
        if l == len(weights) - 1:
            delta, rest = delta_out, []
        else:
            Z = H @ weights[l]
            arriving, rest = back(phi(Z), l + 1)
            delta = dphi(Z) * arriving
        return delta @ weights[l].T, [
            np.sqrt(np.einsum("ni,nj->ij", H, delta).ravel() @ np.einsum("ni,nj->ij", H, delta).ravel()),
            *rest,
        ]

    return np.array(back(X, 0)[1])


ANSWERS = [
    layer_gradient_norms_two_loops,
    layer_gradient_norms_insert,
    layer_gradient_norms_recursive_inside,
]
