"""Correct answers to `numerical_gradient`, each in a style of its own."""

import numpy as np


def numerical_gradient_flat(f, theta, eps=1e-5):
    flat = np.array(theta, dtype=float).ravel()
    out = np.zeros(flat.size)
    for i in range(flat.size):
        e = np.zeros(flat.size)
        e[i] = eps
        out[i] = (f((flat + e).reshape(theta.shape)) - f((flat - e).reshape(theta.shape))) / (2 * eps)
    return out.reshape(theta.shape)


def numerical_gradient_moved_and_restored(f, theta, eps=1e-5):
    moved = theta.astype(float)
    out = np.empty(theta.shape)
    for i in np.ndindex(*theta.shape):
        kept = moved[i]
        moved[i] = kept + eps
        up = f(moved)
        moved[i] = kept - eps
        down = f(moved)
        moved[i] = kept
        out[i] = (up - down) / eps / 2
    return out


def numerical_gradient_nditer(f, theta, eps=1e-5):
    out = np.zeros_like(theta, dtype=float)
    it = np.nditer(theta, flags=["multi_index"])
    for _ in it:
        i = it.multi_index
        up, down = np.array(theta, float), np.array(theta, float)
        up[i] = up[i] + eps
        down[i] = down[i] - eps
        out[i] = 0.5 * (f(up) - f(down)) / eps
    return out


def numerical_gradient_basis(f, theta, eps=1e-5):
    basis = np.eye(theta.size).reshape(theta.size, *theta.shape)
    return np.array([(f(theta + eps * e) - f(theta - eps * e)) / (2 * eps) for e in basis]).reshape(
        theta.shape
    )


ANSWERS = [
    numerical_gradient_flat,
    numerical_gradient_moved_and_restored,
    numerical_gradient_nditer,
    numerical_gradient_basis,
]

EQUIVALENT_MUTANTS = {
    "np.zeros: zeros -> ones": "every entry is written afterwards",
}
