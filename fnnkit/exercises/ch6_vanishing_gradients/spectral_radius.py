"""`spectral_radius`: the largest modulus of an eigenvalue (chapter 6)."""

from __future__ import annotations

import numpy as np

from fnnkit import dynamics
from fnnkit.exercises.ch6_vanishing_gradients.power_by_eigen import nine_rows, some, turning, with_eigenvalues
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

REAL, PAIRS = "real eigenvalues", "complex pairs of eigenvalues"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``spectral_radius(W)``; no matrix is normal, so that norms are larger."""
    a, b, c = some(rng, 0.3, 0.9), -some(rng, 1.1, 1.5), some(rng, 1.6, 2.0)
    mixed = np.zeros((3, 3))
    mixed[:2, :2], mixed[2, 2] = turning(rng, 1.2), a
    mixed[0, 2] = 1.5
    far = some(rng, 20.0, 60.0)
    return [
        Case((with_eigenvalues(rng, a, b),), REAL, "the negative eigenvalue is the largest in modulus"),
        Case((with_eigenvalues(rng, b / 2, c, a),), REAL, "three rows"),
        Case((with_eigenvalues(rng, -c, b, a, a / 2),), REAL, "four rows"),
        Case((nine_rows(rng, a, -c, b),), REAL, "nine rows"),
        # numpy gives the eigenvalues of these two as they stand: here the first is the largest, there the last.
        Case((np.array([[a, far], [0.0, a / 2]]),), REAL, "one large entry"),
        Case((np.array([[a / 2, far], [0.0, a]]),), REAL, "one large entry"),
        Case((np.array([[b]]),), REAL, "one row"),
        Case((turning(rng, some(rng, 0.6, 0.9)),), PAIRS),
        Case((turning(rng, some(rng, 1.2, 1.6)),), PAIRS),
        Case((mixed,), PAIRS, "a pair and a real eigenvalue"),
        Case((np.array([[2, 1], [int(rng.integers(3, 7)), -1]]),), UNUSUAL, "whole numbers"),
        Case((with_eigenvalues(rng, a, b).astype(np.float32),), UNUSUAL, "float32"),
    ]


def spectral_norm(W):
    """The largest singular value."""
    return np.linalg.norm(W, 2)


def frobenius_norm(W):
    """Root of the sum of squares."""
    return np.linalg.norm(W)


def largest_real_part(W):
    """No modulus: the sign counts, and the imaginary part does not."""
    return np.linalg.eigvals(W).real.max()


def largest_eigenvalue_itself(W):
    """max λ, complex or not."""
    return np.linalg.eigvals(W).max()


def modulus_of_the_largest(W):
    """|max λ| in the place of max |λ|."""
    return np.abs(np.linalg.eigvals(W).max())


def largest_modulus_of_a_real_part(W):
    """The imaginary part is left out."""
    return np.abs(np.linalg.eigvals(W).real).max()


def largest_entry(W):
    """Entries for eigenvalues."""
    return np.abs(W).max()


def largest_on_the_diagonal(W):
    """The diagonal holds the eigenvalues of a triangular matrix only."""
    return np.abs(np.diag(W)).max()


def symmetric_routine(W):
    """``eigvalsh`` looks at one half of the matrix."""
    return np.abs(np.linalg.eigvalsh(W)).max()


def smallest_modulus(W):
    """min for max."""
    return np.abs(np.linalg.eigvals(W)).min()


def sum_of_the_moduli(W):
    """Σ |λ|."""
    return np.abs(np.linalg.eigvals(W)).sum()


def sum_of_the_two_parts(W):
    """|Re λ| + |Im λ|."""
    values = np.linalg.eigvals(W)
    return (np.abs(values.real) + np.abs(values.imag)).max()


def square_of_the_modulus(W):
    """Re² + Im²."""
    values = np.linalg.eigvals(W)
    return (values.real**2 + values.imag**2).max()


def complex_ones_left_out(W):
    """Only real eigenvalues are looked at."""
    values = np.linalg.eigvals(W)
    real = values[np.abs(np.imag(values)) < 1e-12]
    return np.abs(real).max() if len(real) else 0.0


def modulus_of_the_trace(W):
    """Sum of the eigenvalues."""
    return abs(np.trace(W))


def modulus_of_the_determinant(W):
    """Product of the eigenvalues."""
    return abs(np.linalg.det(W))


def last_eigenvalue(W):
    """No search."""
    return np.abs(np.linalg.eigvals(W)[-1])


def largest_sum_of_a_row(W):
    """The norm of rows."""
    return np.abs(W).sum(axis=1).max()


def first_eigenvalue(W):
    """The first is taken for the largest."""
    return np.abs(np.linalg.eigvals(W)[0])


EXERCISE = Exercise(
    name="spectral_radius",
    chapter="ch6_vanishing_gradients",
    reference=dynamics.spectral_radius,
    cases=cases,
    criteria=(
        Criterion(REAL, 0.25, agrees(rtol=1e-7)),
        Criterion(PAIRS, 0.25, agrees(rtol=1e-7)),
        Criterion(UNUSUAL, 0.25, agrees(rtol=1e-7)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            spectral_norm,
            "this is the spectral norm, the largest singular value: what one step can stretch. The radius is about "
            "eigenvalues: what many steps do.",
        ),
        Misconception(
            frobenius_norm,
            "this is the Frobenius norm, the root of the sum of all squares. The radius is about eigenvalues.",
        ),
        Misconception(
            largest_real_part,
            "this is the largest real part, which decides for differential equations. For powers it is the distance "
            "from zero: |λ|.",
        ),
        Misconception(
            largest_eigenvalue_itself,
            "this is an eigenvalue, with its sign or even complex. Take the modulus of each first, then the largest.",
        ),
        Misconception(
            modulus_of_the_largest,
            "the largest eigenvalue was chosen with its sign, and its modulus taken after: −2 loses against 1 then. "
            "Moduli first.",
        ),
        Misconception(
            largest_modulus_of_a_real_part,
            "the imaginary parts are thrown away. The modulus of a complex number has both: `np.abs` knows.",
        ),
        Misconception(
            largest_entry,
            "this is the largest modulus of an entry of the matrix. That of an eigenvalue is asked for.",
        ),
        Misconception(
            largest_on_the_diagonal,
            "the largest modulus on the diagonal came back. The diagonal holds the eigenvalues of a triangular matrix "
            "only; `np.linalg.eigvals` has them of any.",
        ),
        Misconception(
            symmetric_routine,
            "these are the eigenvalues of a symmetric matrix: `eigvalsh` looks at the lower half and never sees the "
            "other. `eigvals` takes any.",
        ),
        Misconception(smallest_modulus, "this is the smallest modulus; in the end the largest wins."),
        Misconception(sum_of_the_moduli, "the moduli are added. The largest of them is asked for."),
        Misconception(
            sum_of_the_two_parts,
            "real and imaginary part were added. The modulus is the distance from 0 in the plane, by Pythagoras.",
        ),
        Misconception(
            square_of_the_modulus,
            "this is the square of the modulus: the root is missing.",
        ),
        Misconception(
            complex_ones_left_out,
            "complex eigenvalues were left out. A pair of them turns the plane, and its modulus counts like any other.",
        ),
        Misconception(
            modulus_of_the_trace,
            "this is the modulus of the trace, the *sum* of all eigenvalues. The largest modulus of a single one is asked "
            "for.",
        ),
        Misconception(
            modulus_of_the_determinant,
            "this is the modulus of the determinant, the *product* of all eigenvalues. The largest modulus of a single "
            "one is asked for.",
        ),
        Misconception(
            last_eigenvalue,
            "one eigenvalue was taken by its place, the last. numpy does not sort them: take the largest modulus of "
            "all.",
        ),
        Misconception(
            largest_sum_of_a_row,
            "this is the largest sum of moduli in a row, a bound for the radius. The eigenvalues themselves are asked "
            "for.",
        ),
        Misconception(
            first_eigenvalue,
            "one eigenvalue was taken by its place, the first. numpy does not sort them: take the largest modulus "
            "of all.",
        ),
    ),
    minutes=4,
    difficulty=1,
)
