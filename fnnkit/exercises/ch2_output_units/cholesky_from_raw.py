"""`cholesky_from_raw`: lower-triangular factor with a positive diagonal, from raw outputs: ``L Lᵀ`` is positive definite."""

from __future__ import annotations

import numpy as np

from fnnkit import outputs
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

POSITIVE = "stable: the diagonal stays positive and finite"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``cholesky_from_raw(a)`` for one to six dimensions: the size of `a` tells which."""
    value = "lower-triangular, filled row by row"
    six = both_signs(rng, 6)
    return [
        Case((both_signs(rng, 3),), value, "two dimensions"),
        Case((six,), value, "three dimensions"),
        Case((both_signs(rng, 1),), value, "one dimension"),
        Case((both_signs(rng, 10),), value, "four dimensions"),
        Case((both_signs(rng, 15),), value, "five dimensions"),
        Case((both_signs(rng, 21, high=9.0),), value, "six dimensions"),
        Case((np.abs(both_signs(rng, 6)),), value, "nothing negative"),
        Case((-np.abs(both_signs(rng, 6)),), value, "nothing positive"),
        Case((np.array([-40.0, float(six[0]), 1e4]),), POSITIVE),
        Case((np.array([800.0, 1e4, -60.0]),), POSITIVE),
    ]


def cholesky_diagonal_unconstrained(a):
    """The diagonal may be negative."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    return L


def cholesky_softplus_everywhere(a):
    """All entries are made positive."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = np.logaddexp(0, a)
    return L


def cholesky_upper(a):
    """An upper-triangular factor."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    L[np.arange(d), np.arange(d)] = np.logaddexp(0, np.diag(L))
    return L.T


def cholesky_filled_by_columns(a):
    """Column by column."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    U = np.zeros((d, d))
    U[np.triu_indices(d)] = a
    U[np.arange(d), np.arange(d)] = np.logaddexp(0, np.diag(U))
    return U.T


def cholesky_diagonal_by_exp(a):
    """Exponential in the place of the softplus."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    L[np.arange(d), np.arange(d)] = np.exp(np.minimum(np.diag(L), 700))
    return L


def cholesky_diagonal_by_abs(a):
    """Absolute value."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    L[np.arange(d), np.arange(d)] = np.abs(np.diag(L))
    return L


def covariance_from_raw(a):
    """L Lᵀ in the place of L."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    L[np.arange(d), np.arange(d)] = np.logaddexp(0, np.diag(L))
    return L @ L.T


def cholesky_with_naive_softplus(a):
    """log(1 + exp) overflows, and rounds to 0."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    L[np.arange(d), np.arange(d)] = np.log(1 + np.exp(np.diag(L)))
    return L


EXERCISE = Exercise(
    name="cholesky_from_raw",
    chapter="ch2_output_units",
    reference=outputs.cholesky_from_raw,
    cases=cases,
    criteria=(
        Criterion("lower-triangular, filled row by row", 1.0, agrees()),
        stable(POSITIVE, 0.25, floor=0.0),
        calm_but(POSITIVE),
    ),
    misconceptions=(
        Misconception(
            cholesky_diagonal_unconstrained,
            "the diagonal can be 0 or negative. Pass its entries through the softplus.",
        ),
        Misconception(
            cholesky_softplus_everywhere,
            "the softplus was applied to all entries. Only the diagonal has to be positive; the others are free.",
        ),
        Misconception(cholesky_upper, "this is upper-triangular: L has its zeros above the diagonal."),
        Misconception(
            cholesky_filled_by_columns,
            "the entries are filled in column by column. Row by row is asked for: a₀; a₁ a₂; a₃ a₄ a₅.",
        ),
        Misconception(
            cholesky_diagonal_by_exp,
            "the exponential is positive too, but it runs away for large raw outputs. Use the softplus.",
        ),
        Misconception(
            cholesky_diagonal_by_abs,
            "the absolute value has a kink at 0, where the diagonal would be 0. Use the softplus.",
        ),
        Misconception(covariance_from_raw, "this is the covariance L Lᵀ. Asked for is its factor L."),
        Misconception(
            cholesky_with_naive_softplus,
            "log(1 + exp(a)) overflows for large a, and rounds to exactly 0 for very negative a: no longer a positive "
            "diagonal. Use your stable `softplus`.",
        ),
    ),
    verify="Print `L` for `a = np.arange(1.0, 7.0)`: where does each number go?",
    minutes=15,
    difficulty=3,
    needs=("softplus",),
    core=False,
)
