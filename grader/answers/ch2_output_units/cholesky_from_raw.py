"""Correct answers to `cholesky_from_raw`, each in a style of its own."""

import numpy as np


def cholesky_from_raw_tril(a):
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    np.fill_diagonal(L, np.logaddexp(0, np.diagonal(L)))
    return L


def cholesky_from_raw_loop(a):
    d = 1
    while d * (d + 1) // 2 < len(a):
        d += 1
    L, next_entry = np.zeros((d, d)), iter(a)
    for i in range(d):
        for j in range(i + 1):
            value = float(next(next_entry))
            L[i, j] = value if i != j else max(value, 0.0) + np.log1p(np.exp(-abs(value)))
    return L


def cholesky_from_raw_split(a):
    d = round((np.sqrt(8 * a.size + 1) - 1) / 2)
    strict = np.zeros((d, d))
    row, column = np.tril_indices(d)
    strict[row[row > column], column[row > column]] = a[row > column]
    raw = a[row == column]
    return strict + np.diag(np.where(raw > 0, raw, 0) + np.log1p(np.exp(-np.abs(raw))))


ANSWERS = [cholesky_from_raw_tril, cholesky_from_raw_loop, cholesky_from_raw_split]

_ONE_VECTOR = (
    "one vector of raw outputs is asked for: the last axis is the first one, and nothing stands before it"
)
_EMPTY = "an array without axes is refused anyway, and not asked for"

# Changes of the reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "a.ndim > 0: Gt -> GtE": _EMPTY,
    "0: 0 -> -1": _EMPTY,
    "0: 0 -> 1 #2": _EMPTY,
    "0: 0 -> -1 #2": _EMPTY,
    "1: 1 -> 0": _ONE_VECTOR,
    "1: 1 -> 2 #4": _ONE_VECTOR,
    "1: 1 -> 0 #4": _ONE_VECTOR,
    "math.isqrt(8 * entries + 1) - 1: right operand of Sub left out": "the root is odd, so halving it rounds the 1 "
    "away",
    "1: 1 -> 0 #3": "the root is odd, so halving it rounds the 1 away",
    "8: 8 -> 9": "the integer part of the root is the same up to d = 15",
    "1: 1 -> 2 #2": "8 e + 1 is the square of an odd number, and one more has the same integer root",
}
