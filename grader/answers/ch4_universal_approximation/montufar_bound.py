"""Correct answers to `montufar_bound`, each in a style of its own."""

from math import comb


def montufar_bound_by_a_loop(n_in, widths):
    bound = sum(comb(widths[-1], j) for j in range(n_in + 1))
    for n in widths[:-1]:
        bound *= (n // n_in) ** n_in
    return bound


def montufar_bound_prod(n_in, widths):
    from math import prod

    folds = prod(n // n_in for n in widths[:-1]) ** n_in
    return folds * sum(comb(widths[-1], j) for j in range(n_in + 1))


def montufar_bound_reduce(n_in, widths):
    from functools import reduce

    *hidden, last = widths
    cuts, term = 0, 1
    for j in range(n_in + 1):
        cuts, term = cuts + term, term * (last - j) // (j + 1)
    return reduce(lambda regions, n: regions * int(n / n_in) ** n_in, hidden, cuts)


ANSWERS = [montufar_bound_by_a_loop, montufar_bound_prod, montufar_bound_reduce]
