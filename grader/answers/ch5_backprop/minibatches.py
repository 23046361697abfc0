"""Correct answers to `minibatches`, each in a style of its own."""

import numpy as np


def minibatches_while(n, size, order):
    order = np.asarray(order, dtype=int)
    batches, start = [], 0
    while start < n:
        batches.append(order[start : min(start + size, n)].copy())
        start += size
    return batches


def minibatches_split(n, size, order):
    if n == 0:
        return []
    return np.split(np.array(order), range(size, n, size))


def minibatches_one_by_one(n, size, order):
    batches = []
    for i in range(n):
        if i % size == 0:
            batches.append([])
        batches[-1].append(int(order[i]))
    return [np.array(batch) for batch in batches]


ANSWERS = [
    minibatches_while,
    minibatches_split,
    minibatches_one_by_one,
]
