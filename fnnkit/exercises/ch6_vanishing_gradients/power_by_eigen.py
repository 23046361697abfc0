"""`power_by_eigen`: powers of a matrix through its eigenvalues (chapter 6)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import dynamics
from fnnkit.judge.criteria import UNUSUAL, agrees, calm, refuses
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

REAL, PAIRS = "real eigenvalues", "complex pairs, eigenvalues that occur twice, zero"
REFUSED = "eigenvectors that do not span the space are refused"


def with_eigenvalues(rng: np.random.Generator, *eigenvalues: float) -> Any:
    """A matrix with these eigenvalues that is not symmetric: its eigenvectors are neither orthogonal nor axes."""
    m = len(eigenvalues)
    while True:
        lower = np.tril(rng.integers(-2, 3, (m, m)), -1) + np.eye(m)
        upper = np.triu(rng.integers(-2, 3, (m, m)), 1) + np.eye(m)
        Q = lower @ upper  # its determinant is 1, so the inverse is one of integers
        W = np.round(Q @ np.diag(eigenvalues) @ np.linalg.inv(Q), 6) + 0.0
        off = np.tril(np.abs(W - W.T), -1)
        if (
            np.linalg.cond(Q) < 60
            and off.max() > 0.2
            and np.abs(np.triu(W, 1)).min(where=_above(m), initial=9) > 0.05
        ):
            return W


def _above(m: int) -> Any:
    return np.triu(np.ones((m, m), dtype=bool), 1)


def turning(rng: np.random.Generator, modulus: float) -> Any:
    """A skew rotation: eigenvalues of this modulus, angle and skew drawn."""
    angle, skew = rng.uniform(0.6, 1.2), float(rng.choice([2.0, 3.0, 0.5]))
    cos, sin = modulus * np.cos(angle), modulus * np.sin(angle)
    return np.round([[cos, -skew * sin], [sin / skew, cos]], 3)


def blocks(*parts: Any) -> Any:
    """A matrix of blocks along the diagonal."""
    sizes = [len(part) for part in parts]
    W, first = np.zeros((sum(sizes), sum(sizes))), 0
    for part, size in zip(parts, sizes, strict=True):
        W[first : first + size, first : first + size] = part
        first += size
    return W


def nine_rows(rng: np.random.Generator, *eigenvalues: float) -> Any:
    """Three blocks with these eigenvalues each, times 1, 0.8 and 0.6; rows and columns in a drawn order."""
    W = blocks(*(factor * with_eigenvalues(rng, *eigenvalues) for factor in (1.0, 0.8, 0.6)))
    order = rng.permutation(9)
    return W[np.ix_(order, order)]


def some(rng: np.random.Generator, low: float, high: float) -> float:
    """A number with two decimals."""
    return round(float(rng.uniform(low, high)), 2)


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``power_by_eigen(W, k)``; none but the refused ones is near a defective matrix."""
    a, b, c = some(rng, 0.3, 0.9), -some(rng, 1.1, 1.5), some(rng, 1.6, 2.0)
    pair, third = turning(rng, some(rng, 0.8, 1.2)), some(rng, -0.8, -0.4)
    mixed = np.zeros((3, 3))
    mixed[:2, :2], mixed[2, 2] = pair, third
    mixed[0, 2] = some(rng, 0.5, 1.5)
    far = some(rng, 1.0, 3.0)
    return [
        Case((with_eigenvalues(rng, a, b), 3), REAL, "one eigenvalue is negative"),
        Case((with_eigenvalues(rng, a, b, c), 4), REAL, "three rows"),
        Case((with_eigenvalues(rng, a, a, b), 5), PAIRS, "an eigenvalue occurs twice"),
        Case((with_eigenvalues(rng, a, -a / 2, b / 2, c / 2), 2), REAL, "four rows"),
        Case((with_eigenvalues(rng, a, b, 0.0), 3), PAIRS, "an eigenvalue is 0"),
        Case((nine_rows(rng, a, b, c), 3), REAL, "nine rows"),
        Case((with_eigenvalues(rng, a, b), 1), REAL, "k is 1"),
        Case((with_eigenvalues(rng, a, c), 0), REAL, "k is 0"),
        Case((np.eye(3) * c, 3), PAIRS, "a multiple of the identity"),
        Case((np.array([[b]]), 3), REAL, "one row"),
        Case((pair, 3), PAIRS, "a rotation that is not quite one"),
        Case((turning(rng, some(rng, 0.95, 1.05)), 25), PAIRS, "k is 25"),
        Case((mixed, 4), PAIRS, "a pair and a real eigenvalue"),
        Case((turning(rng, 0.9), 0), PAIRS, "k is 0"),
        Case((np.array([[a, far], [0.0, a]]), 2), REFUSED, "a Jordan block"),
        Case(
            (np.array([[b, far, 0.0], [0.0, b, 1.0], [0.0, 0.0, b]]), 3),
            REFUSED,
            "a Jordan block of three rows",
        ),
        Case(
            (np.array([[c, 0.0, 0.0], [0.0, a, far], [0.0, 0.0, a]]), 2),
            REFUSED,
            "a Jordan block in a corner",
        ),
        Case(
            (np.array([[a, 1.0], [0.0, a + 1e-11]]), 2),
            REFUSED,
            "the condition number of the eigenvectors is about 2e11",
        ),
        Case((np.array([[2, 1], [int(rng.integers(3, 7)), -1]]), 3), UNUSUAL, "whole numbers"),
        Case((np.array([[0, -int(rng.integers(2, 5))], [1, 0]]), 3), UNUSUAL, "whole numbers"),
        Case((with_eigenvalues(rng, a, b).astype(np.float32), 3), UNUSUAL, "float32"),
    ]


def each_entry_to_the_power(W, k):
    """``W**k``."""
    return W**k


def real_part_taken_too_early(W, k):
    """The eigenvalues lose their imaginary parts before the power."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return (Q @ np.diag(values.real**k) @ np.linalg.inv(Q)).real


def modulus_in_the_place_of_the_eigenvalue(W, k):
    """|λ|ᵏ."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return (Q @ np.diag(np.abs(values) ** k) @ np.linalg.inv(Q)).real


def transpose_for_inverse(W, k):
    """Qᵀ in the place of Q⁻¹."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return (Q @ np.diag(values**k) @ Q.T).real


def conjugate_transpose_for_inverse(W, k):
    """Qᴴ in the place of Q⁻¹."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return (Q @ np.diag(values**k) @ Q.conj().T).real


def complex_returned(W, k):
    """The imaginary parts, zero up to rounding, are left."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return Q @ np.diag(values**k) @ np.linalg.inv(Q)


def powers_of_the_eigenvalues_alone(W, k):
    """diag(λ)ᵏ, not brought back."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return np.diag(values**k).real


def symmetric_routine(W, k):
    """``eigh`` looks at one half of the matrix."""
    values, Q = np.linalg.eigh(W)
    return Q @ np.diag(values**k) @ Q.T


def symmetric_routine_with_a_guard(W, k):
    """``eigh``, whose eigenvectors are always independent, behind the check of ``eig``'s."""
    if np.linalg.cond(np.linalg.eig(W)[1]) > 1e7:
        raise ValueError("not diagonalisable")
    values, Q = np.linalg.eigh(W)
    return Q @ np.diag(values**k) @ np.linalg.inv(Q)


def eigenvalues_times_k(W, k):
    """λk in the place of λᵏ."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return (Q @ np.diag(values * k) @ np.linalg.inv(Q)).real


def change_of_basis_backwards(W, k):
    """Q⁻¹ diag(λ)ᵏ Q."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return (np.linalg.inv(Q) @ np.diag(values**k) @ Q).real


def eigenvectors_in_rows(W, k):
    """The rows of Q taken for the eigenvectors."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return (Q.T @ np.diag(values**k) @ np.linalg.inv(Q.T)).real


def defective_let_through(W, k):
    """No check."""
    values, Q = np.linalg.eig(W)
    return (Q @ np.diag(values**k) @ np.linalg.inv(Q)).real


def defective_by_repeated_multiplication(W, k):
    """Right for every matrix, the defective ones too."""
    return np.linalg.matrix_power(np.asarray(W, dtype=float), k)


def repeated_eigenvalues_refused(W, k):
    """An eigenvalue that occurs twice is taken for a defect."""
    values, Q = np.linalg.eig(W)
    if len(np.unique(np.round(values, 6))) < len(values):
        raise ValueError("not diagonalisable")
    return (Q @ np.diag(values**k) @ np.linalg.inv(Q)).real


def only_a_singular_matrix_refused(W, k):
    """Asks whether W, not Q, has an inverse."""
    if np.linalg.cond(W) > 1e7:
        raise ValueError("not diagonalisable")
    values, Q = np.linalg.eig(W)
    return (Q @ np.diag(values**k) @ np.linalg.inv(Q)).real


def moduli_of_the_entries(W, k):
    """|Wᵏ| entry by entry, to get rid of the imaginary parts."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return np.abs(Q @ np.diag(values**k) @ np.linalg.inv(Q))


def one_power_too_many(W, k):
    """λ^(k + 1)."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return (Q @ np.diag(values ** (k + 1)) @ np.linalg.inv(Q)).real


def one_power_too_few(W, k):
    """λ^(k − 1)."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return (Q @ np.diag(values ** max(k - 1, 0)) @ np.linalg.inv(Q)).real


def complex_eigenvalues_refused(W, k):
    """Complex eigenvalues are taken for a reason to refuse."""
    values, Q = np.linalg.eig(W)
    if np.iscomplexobj(values) or np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return Q @ np.diag(values**k) @ np.linalg.inv(Q)


def refused_by_the_determinant(W, k):
    """|det Q| is compared with a tiny number."""
    values, Q = np.linalg.eig(W)
    if np.abs(np.linalg.det(Q)) < 1e-12:
        raise ValueError("not diagonalisable")
    return (Q @ np.diag(values**k) @ np.linalg.inv(Q)).real


def imaginary_parts_of_q_dropped(W, k):
    """Q.real."""
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("not diagonalisable")
    return (Q.real @ np.diag(values**k) @ np.linalg.pinv(Q.real)).real


def only_real_matrices_symmetric(W, k):
    """Not symmetric is refused."""
    if not np.allclose(W, W.T):
        raise ValueError("not diagonalisable")
    values, Q = np.linalg.eigh(W)
    return Q @ np.diag(values**k) @ Q.T


EXERCISE = Exercise(
    name="power_by_eigen",
    chapter="ch6_vanishing_gradients",
    reference=dynamics.power_by_eigen,
    cases=cases,
    criteria=(
        Criterion(REAL, 0.5, agrees(rtol=1e-8, floor=1e-9)),
        Criterion(PAIRS, 0.25, agrees(rtol=1e-8, floor=1e-9)),
        Criterion(
            REFUSED,
            0.25,
            refuses(
                "Ask for the condition number of the matrix of eigenvectors, and `raise ValueError(…)` above 1e7."
            ),
        ),
        Criterion(UNUSUAL, 0.25, agrees(rtol=1e-8, floor=1e-9)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            each_entry_to_the_power,
            "each entry was raised to the power, as by `W**k`. The power of a matrix is a product of matrices; of a "
            "*diagonal* one it is the powers of its entries, and that is the use of eigenvalues.",
        ),
        Misconception(
            real_part_taken_too_early,
            "the imaginary parts of the eigenvalues are thrown away before the power. They turn: i² = −1 is real. Only in "
            "the product at the end do they cancel.",
        ),
        Misconception(
            modulus_in_the_place_of_the_eigenvalue,
            "the modulus of the eigenvalues was raised to the power, so that signs and angles are lost.",
        ),
        Misconception(
            transpose_for_inverse,
            "the transpose of the eigenvectors is their inverse for a symmetric matrix only. Here the inverse is needed.",
        ),
        Misconception(
            conjugate_transpose_for_inverse,
            "the conjugate transpose of the eigenvectors is their inverse for a normal matrix only. Here the inverse is "
            "needed.",
        ),
        Misconception(
            complex_returned,
            "the result is complex, with imaginary parts that are zero up to rounding. The power of a real matrix is real: "
            "take the real part of the product.",
        ),
        Misconception(
            powers_of_the_eigenvalues_alone,
            "this is diag(λ)ᵏ, the power in the basis of the eigenvectors. Two more factors, left and right, bring it back; if "
            "they are there, look which axis λᵏ multiplies: a *column* of Q belongs to an eigenvalue.",
        ),
        Misconception(
            symmetric_routine,
            "the eigenvectors are those of a symmetric matrix: `eigh` looks at the lower half and never sees the "
            "other. `eig` takes any.",
        ),
        Misconception(
            symmetric_routine_with_a_guard,
            "the eigenvectors are those of a symmetric matrix: `eigh` looks at the lower half and never sees the "
            "other. Take eigenvalues and eigenvectors from `eig`.",
        ),
        Misconception(
            eigenvalues_times_k, "the eigenvalues are multiplied by k; they have to be raised to the power k."
        ),
        Misconception(
            change_of_basis_backwards,
            "the inverse stands on the wrong side. The eigenvectors are the columns of the matrix on the left.",
        ),
        Misconception(
            eigenvectors_in_rows,
            "the rows are taken for the eigenvectors. `np.linalg.eig` gives one eigenvector a *column*.",
        ),
        Misconception(
            defective_let_through,
            "a Jordan block has too few eigenvectors: their matrix has no inverse, and what is computed with it is "
            "noise. Refuse it where its condition number is above 1e7, before it is used.",
        ),
        Misconception(
            defective_by_repeated_multiplication,
            "a Jordan block was raised to its power, which repeated multiplication can do. The way through the "
            "eigenvalues does not exist for it: refuse it.",
        ),
        Misconception(
            repeated_eigenvalues_refused,
            "an eigenvalue that occurs twice is no defect by itself: the identity has n independent eigenvectors. Ask the "
            "eigenvectors, not the eigenvalues.",
        ),
        Misconception(
            only_a_singular_matrix_refused,
            "a `W` that is near to one without inverse was refused. What has to have an inverse here is the matrix of "
            "its eigenvectors: ask for the condition number of that.",
        ),
        Misconception(
            moduli_of_the_entries,
            "the moduli of the entries were taken to get rid of imaginary parts: negative entries become positive. The "
            "real part keeps the sign.",
        ),
        Misconception(
            one_power_too_many,
            "this is the power k + 1: `W` to the power 0 is the identity.",
        ),
        Misconception(
            one_power_too_few,
            "for k of 1 or more this is the power k − 1: k equal factors are meant.",
        ),
        Misconception(
            complex_eigenvalues_refused,
            "matrices with complex eigenvalues were refused. They have independent eigenvectors as well, and the "
            "imaginary parts cancel in the end.",
        ),
        Misconception(
            refused_by_the_determinant,
            "eigenvectors that are nearly dependent got through: a determinant, or a rank, says little about that. "
            "Refuse where their condition number is above 1e7.",
        ),
        Misconception(
            imaginary_parts_of_q_dropped,
            "the eigenvectors lost their imaginary parts before the product. They cancel only at the end: take the real "
            "part of the result.",
        ),
        Misconception(
            only_real_matrices_symmetric,
            "every matrix that is not symmetric was refused. Many of those have a basis of eigenvectors as well.",
        ),
    ),
    minutes=12,
    difficulty=3,
)
