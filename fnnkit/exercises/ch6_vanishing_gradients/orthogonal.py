"""`orthogonal`: the orthogonal factor of a matrix, made unique (chapter 6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fnnkit import initialisation
from fnnkit.exercises.ch6_vanishing_gradients.beyond import far, positive
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.compare import show
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception, Trial
from fnnkit.judge.verdict import Problem

REGULAR, SINGULAR = "Q with R's diagonal positive", "a singular A still gives an orthogonal Q"


def square(rng: np.random.Generator, n: int, determinant: int, change: Any = np.array) -> Any:
    """A matrix well away from singular ones, whose factor R, as numpy gives it, has diagonal entries of both signs."""
    while True:
        A = change(rounded(rng, n, n) + 1.5 * np.diag(rng.choice([-1.0, 1.0], n)))
        signs = np.sign(np.diag(np.linalg.qr(A)[1]))
        if (
            np.linalg.cond(A) < 20 * n
            and np.abs(A - A.T).max() > 0.5
            and abs(signs.sum()) < n
            and np.sign(np.linalg.det(A)) == determinant
        ):
            return A


def singular(rng: np.random.Generator, n: int, column: int) -> Any:
    """A column is zero, so that one entry of R's diagonal is zero exactly."""
    A = square(rng, n, 1)
    A[:, column] = 0.0
    return A


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``orthogonal(A)``."""
    lower = np.tril(rng.integers(1, 4, (2, 2)) * np.array([[1, 1], [2, 1]]))
    return [
        Case((square(rng, 3, 1),), REGULAR),
        Case((square(rng, 3, -1),), REGULAR, "the determinant of A is negative"),
        Case((square(rng, 2, 1),), REGULAR, "two rows"),
        Case((square(rng, 5, -1),), REGULAR, "five rows"),
        Case((square(rng, 9, -1),), REGULAR, "nine rows"),
        Case((np.round(0.1 * square(rng, 3, -1), 3),), REGULAR, "all numbers small"),
        Case((square(rng, 4, -1, far),), REGULAR, "some large numbers"),
        Case((square(rng, 3, 1, positive),), REGULAR, "all numbers positive"),
        Case(
            (-np.round(rng.uniform(0.5, 2.0), 2) * np.eye(3) + 0.0,),
            REGULAR,
            "a negative multiple of the identity",
        ),
        Case((singular(rng, 3, 2),), SINGULAR, "the last column is 0"),
        Case((singular(rng, 4, 1),), SINGULAR, "the second column is 0"),
        Case((np.array([[-round(float(rng.uniform(0.5, 3.0)), 2)]]),), UNUSUAL, "one row"),
        Case((lower * np.array([[-1, 1], [1, 1]]),), UNUSUAL, "whole numbers"),
        Case((square(rng, 3, -1).astype(np.float32),), UNUSUAL, "float32"),
    ]


def is_a_factor(trials: Sequence[Trial]) -> Problem | None:
    """Test that Q is orthogonal and that ``Qᵀ A`` is upper triangular: there are several such Q of a singular A."""
    for trial in trials:
        given, n = trial.given.value, len(trial.case.args[0])
        as_asked = isinstance(given, np.ndarray) and given.shape == (n, n) and given.dtype.kind == "f"
        if not (as_asked and np.isfinite(given).all()):
            return agrees()([trial])
        A, Q = trial.case.args[0], given.astype(float)
        products = Q.T @ Q
        if not np.abs(products - np.eye(n)).max() < 1e-9:
            return Problem(
                "values",
                call=trial.written(),
                yours=show(Q),
                finding=f"`Q.T @ Q` should be the identity, but it is {show(products)}",
                step="Multiply `Q.T @ Q`, and see which column is not of length 1.",
            )
        R = Q.T @ A
        if np.abs(np.tril(R, -1)).max() > 1e-9 or np.diag(R).min() < -1e-9:
            return Problem(
                "values",
                call=trial.written(),
                yours=show(Q),
                finding=f"`Q.T @ A` should be upper triangular, its diagonal not negative, but it is {show(R)}",
                step="Multiply `Q.T @ A`: it is the R that belongs to your Q.",
            )
    return None


def signs_left_open(A):
    """The Q of numpy."""
    Q = np.linalg.qr(A)[0]
    return Q


def signs_on_the_rows(A):
    """Rows in the place of columns."""
    Q, R = np.linalg.qr(A)
    return np.where(np.diag(R) < 0, -1.0, 1.0)[:, None] * Q


def sign_of_zero(A):
    """``np.sign(0)`` is 0, and a column of zeros."""
    Q, R = np.linalg.qr(A)
    return Q * np.sign(np.diag(R))


def signs_of_the_diagonal_of_a(A):
    """A's diagonal in the place of R's."""
    Q = np.linalg.qr(A)[0]
    return Q * np.where(np.diag(A) < 0, -1.0, 1.0)


def signs_of_the_diagonal_of_q(A):
    """Q's diagonal in the place of R's."""
    Q = np.linalg.qr(A)[0]
    return Q * np.where(np.diag(Q) < 0, -1.0, 1.0)


def diagonal_made_negative(A):
    """The sign is wrong way round."""
    Q, R = np.linalg.qr(A)
    return Q * np.where(np.diag(R) < 0, 1.0, -1.0)


def polar_factor(A):
    """U Vᵀ of the singular value decomposition: the nearest orthogonal matrix, another one."""
    U, _, Vt = np.linalg.svd(A)
    return U @ Vt


def left_singular_vectors(A):
    """U."""
    return np.linalg.svd(A)[0]


def columns_of_length_one(A):
    """Each column divided by its norm: not orthogonal to each other."""
    norms = np.linalg.norm(A, axis=0)
    return A / np.where(norms == 0, 1.0, norms)


def transposed(A):
    """Qᵀ."""
    Q, R = np.linalg.qr(A)
    return (Q * np.where(np.diag(R) < 0, -1.0, 1.0)).T


def the_other_factor(A):
    """R."""
    R = np.linalg.qr(A)[1]
    return np.where(np.diag(R) < 0, -1.0, 1.0)[:, None] * R


def all_turned_for_one(A):
    """−Q as soon as one entry of R's diagonal is negative."""
    Q, R = np.linalg.qr(A)
    return -Q if (np.diag(R) < 0).any() else Q


def first_column_decides(A):
    """−Q if the first entry is negative."""
    Q, R = np.linalg.qr(A)
    return -Q if R[0, 0] < 0 else Q


def sign_of_the_determinant(A):
    """−Q if det Q is negative."""
    Q = np.linalg.qr(A)[0]
    return -Q if np.linalg.det(Q) < 0 else Q


def last_column_turned(A):
    """A rotation: the last column is turned if det Q is negative."""
    Q = np.linalg.qr(A)[0].copy()
    if np.linalg.det(Q) < 0:
        Q[:, -1] *= -1
    return Q


def absolute_values(A):
    """|Q|."""
    return np.abs(np.linalg.qr(A)[0])


def signs_of_the_eigenvalues(A):
    """Signs by the first row of Q."""
    Q = np.linalg.qr(A)[0]
    return Q * np.where(Q[0] < 0, -1.0, 1.0)


def orthogonal_of_the_symmetric_part(A):
    """Eigenvectors of AᵀA."""
    return np.linalg.eigh(A.T @ A)[1]


def scaled_by_r(A):
    """Q multiplied by R's diagonal, not its sign."""
    Q, R = np.linalg.qr(A)
    return Q * np.diag(R)


def rows_made_orthogonal(A):
    """QR of Aᵀ."""
    Q, R = np.linalg.qr(A.T)
    return (Q * np.where(np.diag(R) < 0, -1.0, 1.0)).T


def rows_made_orthogonal_in_columns(A):
    """Q of Aᵀ."""
    Q, R = np.linalg.qr(A.T)
    return Q * np.where(np.diag(R) < 0, -1.0, 1.0)


EXERCISE = Exercise(
    name="orthogonal",
    chapter="ch6_vanishing_gradients",
    reference=initialisation.orthogonal,
    cases=cases,
    criteria=(
        Criterion(REGULAR, 0.5, agrees()),
        Criterion(SINGULAR, 0.25, is_a_factor),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            signs_left_open,
            "this is an orthogonal factor with signs as they came. Turn each column whose entry on R's diagonal is "
            "negative, so that the diagonal becomes positive.",
        ),
        Misconception(
            signs_on_the_rows,
            "the signs are multiplied to the rows. A column of Q and a row of R belong together.",
        ),
        Misconception(
            sign_of_zero,
            "a column of Q became 0, as by `np.sign`, which is 0 for 0: then Q is not orthogonal. Where R's diagonal "
            "has a zero, leave the column as it is.",
        ),
        Misconception(signs_of_the_diagonal_of_a, "the signs are those of A's diagonal. R's are meant."),
        Misconception(signs_of_the_diagonal_of_q, "the signs are those of Q's own diagonal. R's are meant."),
        Misconception(
            diagonal_made_negative, "the signs are the wrong way round: R's diagonal has become negative."
        ),
        Misconception(
            polar_factor,
            "this is U Vᵀ, the orthogonal matrix that is nearest to A: orthogonal too, but another one. Take "
            "`np.linalg.qr`.",
        ),
        Misconception(
            left_singular_vectors,
            "these are the left singular vectors: orthogonal too, but another matrix. Take `np.linalg.qr`.",
        ),
        Misconception(
            columns_of_length_one,
            "the columns were divided by their lengths. That does not bring them to right angles: take `np.linalg.qr`.",
        ),
        Misconception(
            transposed,
            "this is the transpose of what is asked for: the columns of Q are made from the columns of A.",
        ),
        Misconception(
            the_other_factor, "this is R, the triangular factor. Q is asked for, the orthogonal one."
        ),
        Misconception(
            all_turned_for_one,
            "all of Q was turned for one negative entry. Each column has a sign of its own: turn those whose entry on R's "
            "diagonal is negative.",
        ),
        Misconception(
            first_column_decides,
            "the first entry of R's diagonal decides for all columns. Each column has a sign of its own.",
        ),
        Misconception(
            sign_of_the_determinant,
            "the determinant decides for the whole matrix. Each column has a sign of its own: that of R's diagonal.",
        ),
        Misconception(
            last_column_turned,
            "the last column was turned so that Q is a rotation. What is asked for is the Q whose R has a positive "
            "diagonal, whatever its determinant.",
        ),
        Misconception(
            absolute_values,
            "the moduli of all entries were taken: then the columns are not at right angles any more. A sign is turned "
            "for a whole column.",
        ),
        Misconception(
            signs_of_the_eigenvalues,
            "the signs make the first row of Q positive. It is R's diagonal that should not be negative.",
        ),
        Misconception(
            orthogonal_of_the_symmetric_part,
            "these are eigenvectors of `A.T @ A`: orthogonal, but another matrix. Take `np.linalg.qr`.",
        ),
        Misconception(
            scaled_by_r,
            "the columns were multiplied by R's diagonal itself, and are not of length 1 any more. Its sign is enough.",
        ),
        Misconception(
            rows_made_orthogonal,
            "the factor is that of the transpose: its rows were made from A's rows. The columns of Q are made from A's "
            "columns.",
        ),
        Misconception(
            rows_made_orthogonal_in_columns,
            "this is the factor of `A.T`. Take that of `A`.",
        ),
    ),
    minutes=8,
    difficulty=2,
    core=False,
)
