"""Correct answers to `max_regions_shallow`, each in a style of its own."""

from math import comb


def max_regions_shallow_comb(n_in, n_hidden):
    return sum(comb(n_hidden, j) for j in range(n_in + 1))


def max_regions_shallow_by_products(n_in, n_hidden):
    total, term = 0, 1
    for j in range(n_in + 1):
        total += term
        term = term * (n_hidden - j) // (j + 1)
    return total


def max_regions_shallow_by_cutting(n_in, n_hidden):
    # A new hyperplane cuts as many regions as the old ones cut it into: R(d, n) = R(d, n - 1) + R(d - 1, n - 1).
    row = [1] * (n_in + 1)
    for _ in range(n_hidden):
        row = [1] + [row[d] + row[d - 1] for d in range(1, n_in + 1)]
    return row[n_in]


def max_regions_shallow_by_recursion(n_in, n_hidden):
    from functools import cache

    @cache
    def regions(d, n):
        return 1 if d == 0 or n == 0 else regions(d, n - 1) + regions(d - 1, n - 1)

    return regions(n_in, n_hidden)


ANSWERS = [
    max_regions_shallow_comb,
    max_regions_shallow_by_products,
    max_regions_shallow_by_cutting,
    max_regions_shallow_by_recursion,
]
