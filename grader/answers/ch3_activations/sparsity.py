"""Correct answers to `sparsity`, each in a style of its own."""

import numpy as np


def sparsity_count(H):
    return np.count_nonzero(H == 0) / H.size


def sparsity_complement(H):
    return 1 - np.count_nonzero(H) / np.size(H)


def sparsity_loop(H):
    zeros = 0
    for h in H.ravel():
        if h == 0:
            zeros += 1
    return zeros / H.size


def sparsity_float32(H):
    return np.mean(np.logical_not(H), dtype=np.float32)


ANSWERS = [sparsity_count, sparsity_complement, sparsity_loop, sparsity_float32]
