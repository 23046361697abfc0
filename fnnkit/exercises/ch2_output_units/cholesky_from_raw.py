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


def cholesky_every_second_is_diagonal(a):
    """Positions 0, 2, 4 … of a are taken for the diagonal."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L, values = np.zeros((d, d)), a.copy()
    values[: 2 * d : 2] = np.logaddexp(0, values[: 2 * d : 2])
    L[np.tril_indices(d)] = values
    return L


def cholesky_diagonal_first(a):
    """The first d numbers are the diagonal."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.diag(np.logaddexp(0, a[:d]))
    L[np.tril_indices(d, -1)] = a[d:]
    return L


def cholesky_diagonal_last(a):
    """The last d numbers are the diagonal."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.diag(np.logaddexp(0, a[len(a) - d :]))
    L[np.tril_indices(d, -1)] = a[: len(a) - d]
    return L


def cholesky_diagonal_of_ones(a):
    """The diagonal is 1."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    np.fill_diagonal(L, 1.0)
    return L


def cholesky_diagonal_forgotten(a):
    """The diagonal stays 0."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    return np.tril(L, -1)


def cholesky_diagonal_by_relu(a):
    """max(0, ·) on the diagonal."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    np.fill_diagonal(L, np.maximum(0, np.diagonal(L)))
    return L


def cholesky_diagonal_squared(a):
    """Squares on the diagonal."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    np.fill_diagonal(L, np.diagonal(L) ** 2)
    return L


def cholesky_diagonal_by_sigmoid(a):
    """Sigmoids on the diagonal."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    np.fill_diagonal(L, 0.5 * (1 + np.tanh(0.5 * np.diagonal(L))))
    return L


def cholesky_symmetric(a):
    """The upper triangle is a mirror image."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    np.fill_diagonal(L, np.logaddexp(0, np.diagonal(L)))
    return L + np.tril(L, -1).T


def cholesky_with_a_small_constant(a):
    """softplus + ε on the diagonal."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    np.fill_diagonal(L, np.logaddexp(0, np.diagonal(L)) + 1e-6)
    return L


def cholesky_softplus_below_the_diagonal(a):
    """The diagonal is free, the others are positive."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    return np.where(np.eye(d) == 1, L, np.tril(np.logaddexp(0, L)))


def cholesky_softplus_on_the_zeros(a):
    """The softplus comes after filling, above the diagonal too."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    return np.logaddexp(0, L)


def cholesky_first_entry_only(a):
    """Only the first diagonal entry is made positive."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    L[0, 0] = np.logaddexp(0, a[0])
    return L


def cholesky_softplus_added(a):
    """The softplus is added to the diagonal."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    return L + np.diag(np.logaddexp(0, np.diagonal(L)))


def cholesky_upper_filled_by_rows(a):
    """The upper triangle, row by row."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.triu_indices(d)] = a
    np.fill_diagonal(L, np.logaddexp(0, np.diagonal(L)))
    return L


def cholesky_softplus_of_the_first_numbers(a):
    """The first d numbers, made positive, stand on the diagonal of a matrix that was filled rightly."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    np.fill_diagonal(L, np.logaddexp(0, a[:d]))
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
        Misconception(
            cholesky_every_second_is_diagonal,
            "the wrong numbers were made positive: they are not every second one. Each row is one "
            "longer than the row before, and its last number stands on the diagonal.",
        ),
        Misconception(
            cholesky_diagonal_first,
            "the first d numbers were taken for the diagonal. The matrix is filled row by row, and "
            "the diagonal ends each row.",
        ),
        Misconception(
            cholesky_diagonal_last,
            "the last d numbers were taken for the diagonal. The matrix is filled row by row, and the "
            "diagonal ends each row.",
        ),
        Misconception(
            cholesky_diagonal_of_ones,
            "the diagonal is 1 everywhere. It is the softplus of the numbers that belong there.",
        ),
        Misconception(
            cholesky_diagonal_forgotten,
            "the diagonal is 0. It is the softplus of the numbers that belong there.",
        ),
        Misconception(
            cholesky_diagonal_by_relu,
            "negative numbers on the diagonal were set to 0, and 0 is not positive. Use the softplus.",
        ),
        Misconception(
            cholesky_diagonal_squared,
            "the diagonal was squared. Asked for is its softplus, which is never 0.",
        ),
        Misconception(
            cholesky_diagonal_by_sigmoid,
            "the diagonal went through a sigmoid, which stays below 1. Use the softplus.",
        ),
        Misconception(
            cholesky_symmetric,
            "this is symmetric: what stands below the diagonal was copied above it. There L has zeros.",
        ),
        Misconception(
            cholesky_with_a_small_constant,
            "a small constant was added on the diagonal. The softplus is positive without it.",
        ),
        Misconception(
            cholesky_softplus_below_the_diagonal,
            "the entries below the diagonal went through the softplus, and the diagonal did not. It "
            "is the other way round.",
        ),
        Misconception(
            cholesky_softplus_on_the_zeros,
            "the whole matrix went through the softplus, the zeros above the diagonal too, which "
            "became log 2. Only the diagonal needs it.",
        ),
        Misconception(
            cholesky_first_entry_only,
            "only the first number on the diagonal was made positive. All of the diagonal goes "
            "through the softplus.",
        ),
        Misconception(
            cholesky_softplus_added,
            "the softplus was added to the raw diagonal. It takes its place.",
        ),
        Misconception(
            cholesky_upper_filled_by_rows,
            "the upper triangle was filled: L has its zeros above the diagonal. Row by row below it: a₀; a₁ a₂; a₃ a₄ "
            "a₅.",
        ),
        Misconception(
            cholesky_softplus_of_the_first_numbers,
            "below the diagonal all is right; on it stands the softplus of the first d numbers. What "
            "belongs there is that of the numbers that end the rows: a₀, a₂, a₅ and so on.",
        ),
    ),
    verify="Print `L` for `a = np.arange(1.0, 7.0)`: where does each number go?",
    minutes=15,
    difficulty=3,
    needs=("softplus",),
    core=False,
)
