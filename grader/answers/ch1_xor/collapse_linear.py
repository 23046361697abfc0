"""Correct answers to `collapse_linear`, each in a style of its own."""

import numpy as np


def collapse_linear_probed(W1, c1, W2, c2):
    # What the two layers make of zero is the bias; what they make of each unit vector, minus that, is a row of W.
    def both(X):
        return (X @ W1 + c1) @ W2 + c2

    c = both(np.zeros(len(W1)))
    return both(np.eye(len(W1))) - c, c


def collapse_linear_blocks(W1, c1, W2, c2):
    first = np.block([[W1, np.zeros((len(W1), 1))], [c1[None, :], np.ones((1, 1))]])
    second = np.vstack([W2, c2])
    both = first @ second
    return both[:-1], both[-1]


def collapse_linear_loops(W1, c1, W2, c2):
    (d, m), p = W1.shape, W2.shape[1]
    W, c = np.zeros((d, p)), c2.astype(float)
    for k in range(p):
        for j in range(m):
            c[k] += c1[j] * W2[j, k]
            for i in range(d):
                W[i, k] += W1[i, j] * W2[j, k]
    return W, c


def collapse_linear_einsum(W1, c1, W2, c2):
    return np.einsum("dm,mp->dp", W1, W2), np.dot(W2.T, c1) + c2


ANSWERS = [
    collapse_linear_probed,
    collapse_linear_blocks,
    collapse_linear_loops,
    collapse_linear_einsum,
]
