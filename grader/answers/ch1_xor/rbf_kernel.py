"""Correct answers to `rbf_kernel`, each in a style of its own."""

import numpy as np


def rbf_kernel_loops(A, B, gamma):
    from math import exp

    K = np.zeros((len(A), len(B)))
    for i, a in enumerate(A):
        for j, b in enumerate(B):
            K[i, j] = exp(-gamma * sum((float(p) - float(q)) ** 2 for p, q in zip(a, b, strict=True)))
    return K


def rbf_kernel_broadcast(A, B, gamma):
    return np.exp(-gamma * ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2))


def rbf_kernel_norm(A, B, gamma):
    rows = [np.linalg.norm(B - a, axis=1) for a in A]
    return np.exp(-gamma * np.array(rows).reshape(len(A), len(B)) ** 2)


def rbf_kernel_centred(A, B, gamma):
    # The distance does not depend on the origin: with it among the points, multiplying out is safe.
    middle = np.concatenate([A, B]).mean(axis=0)
    A, B = A - middle, B - middle
    squared = (A * A).sum(1)[:, None] + (B * B).sum(1) - 2 * A @ B.T
    return np.exp(-gamma * np.maximum(squared, 0))


ANSWERS = [rbf_kernel_loops, rbf_kernel_broadcast, rbf_kernel_norm, rbf_kernel_centred]
