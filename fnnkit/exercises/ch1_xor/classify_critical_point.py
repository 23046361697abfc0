"""`classify_critical_point`: what a critical point is, by the signs of the eigenvalues of the Hessian."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import landscape
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``classify_critical_point(H, tol)``: each word comes up, how often, and for which size, is drawn.

    Diagonals, determinants, traces and the first two eigenvalues tell the wrong thing in some of them; ties with ``tol``
    are exact. Of a diagonal matrix `eigvals` gives the eigenvalues as they stand: the first and the last have one sign.
    """
    clear, zeros = "signs of the eigenvalues", "eigenvalues within tol count as zero"

    def turned(*eigenvalues: float) -> Any:
        """A symmetric matrix with nearly these eigenvalues, to two decimals, in a drawn order."""
        n = len(eigenvalues)
        Q = np.linalg.qr(rng.standard_normal((n, n)))[0]
        H = np.round(Q @ np.diag(rng.permuted(eigenvalues)) @ Q.T, 2)
        return np.triu(H) + np.triu(H, 1).T

    def some(n: int) -> Any:
        return np.round(rng.uniform(0.5, 3.0, n), 2)

    def hidden(sign: float) -> Any:
        """A saddle whose diagonal has one sign, and whose trace has it too."""
        side = np.round(rng.uniform(1.0, 2.0), 2)
        return sign * np.array([[side, side + 1.0], [side + 1.0, side + 0.5]])

    def apart(*entries: float) -> Any:
        """A diagonal matrix, its entries in a drawn order."""
        return np.diag(rng.permuted(entries))

    tol = float(rng.choice([0.25, 0.5, 0.125]))
    s = float(rng.choice([1.0, -1.0]))
    flat = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])  # eigenvalues 2, 0, 0
    valley = np.array([[2.0, 2.0, 0.0], [2.0, 2.0, 0.0], [0.0, 0.0, -3.0]])  # 4, 0, −3
    signs = rng.permuted([1.0, 1.0, -1.0, -1.0])
    return [
        Case((turned(*(signs[0] * some(2))), 1e-8), clear),
        Case((turned(*(signs[1] * some(2))), 1e-8), clear),
        Case((hidden(s), 1e-8), clear, "both diagonal entries have one sign"),
        Case((turned(*some(2), *-some(2)), 1e-8), clear, "four parameters"),
        *(Case((turned(*(sign * some(3))), 1e-8), clear, "three parameters") for sign in signs[2:]),
        Case((turned(*(s * some(1)), *(-s * some(2))), 1e-8), clear, "three parameters"),
        Case((turned(*(signs[0] * np.array([0.5, 0.75, 9.0]))), 1e-8), clear, "three parameters, one steep"),
        Case((turned(*(-s * np.array([0.75, 0.5, -9.0]))), 1e-8), clear, "three parameters, one steep"),
        Case((turned(*(s * some(9))), 1e-8), clear, "nine parameters"),
        Case((turned(*(s * some(8)), -0.75 * s), 1e-8), clear, "nine parameters"),
        Case((s * np.diag([1.0, -2.0, 3.0]), 1e-8), clear, "a diagonal matrix"),
        Case((s * flat, 1e-6), zeros, "two eigenvalues are 0"),
        Case((-s * flat, 1e-6), zeros, "two eigenvalues are 0"),
        Case((s * valley, 1e-6), zeros, "eigenvalues of both signs, and 0"),
        Case((np.zeros((2, 2)), tol), zeros, "all eigenvalues are 0"),
        Case((apart(3.0, tol), tol), zeros, "an eigenvalue equals tol"),
        Case((apart(-tol, -2.0), tol), zeros, "an eigenvalue equals -tol"),
        Case((apart(2.0, -tol / 2), tol), zeros, "an eigenvalue lies within tol"),
        Case((apart(tol, -3.0), tol), zeros, "eigenvalues tol and -3"),
        Case((apart(3.0, -tol), tol), zeros, "eigenvalues 3 and -tol"),
        Case((apart(2.0, 1.125 * tol), tol), zeros, "both eigenvalues lie beyond tol"),
        Case((apart(-2.0, -1.125 * tol), tol), zeros, "both eigenvalues lie beyond tol"),
        Case((apart(2.0, -1.125 * tol), tol), zeros, "both eigenvalues lie beyond tol"),
        Case((np.array([[3.0 * s]]), 0.5), zeros, "one parameter"),
    ]


def sign_of_the_determinant(H, tol):
    """The rule for two parameters, used for any number of them."""
    det = np.linalg.det(H)
    if abs(det) <= tol:
        return "degenerate"
    if det < 0:
        return "saddle"
    return "minimum" if H[0, 0] > 0 else "maximum"


def signs_of_the_diagonal(H, tol):
    """Curvature along the axes only."""
    d = np.diag(H)
    if (d > tol).any() and (d < -tol).any():
        return "saddle"
    if (np.abs(d) <= tol).any():
        return "degenerate"
    return "minimum" if (d > 0).all() else "maximum"


def any_zero_is_degenerate(H, tol):
    """A zero hides both signs."""
    e = np.linalg.eigvalsh(H)
    if (np.abs(e) <= tol).any():
        return "degenerate"
    if (e > 0).all():
        return "minimum"
    return "maximum" if (e < 0).all() else "saddle"


def tolerance_ignored(H, tol):
    """Compares with 0 itself, rounded a little."""
    e = np.round(np.linalg.eigvalsh(H), 9)
    if (e > 0).any() and (e < 0).any():
        return "saddle"
    if (e == 0).any():
        return "degenerate"
    return "minimum" if (e > 0).all() else "maximum"


def tie_is_not_zero(H, tol):
    """|λ| = tol does not count as zero."""
    e = np.linalg.eigvalsh(H)
    if (e >= tol).any() and (e <= -tol).any():
        return "saddle"
    if (np.abs(e) < tol).any():
        return "degenerate"
    return "minimum" if (e > 0).all() else "maximum"


def minimum_and_maximum_swapped(H, tol):
    """Positive curvature taken for a hill."""
    e = np.linalg.eigvalsh(H)
    if (e > tol).any() and (e < -tol).any():
        return "saddle"
    if (np.abs(e) <= tol).any():
        return "degenerate"
    return "maximum" if (e > 0).all() else "minimum"


def flat_counts_as_minimum(H, tol):
    """Nowhere down is taken for a minimum."""
    e = np.linalg.eigvalsh(H)
    if (e >= -tol).all():
        return "minimum"
    return "maximum" if (e <= tol).all() else "saddle"


def sum_of_the_eigenvalues(H, tol):
    """The trace."""
    trace = np.trace(H)
    if abs(trace) <= tol:
        return "saddle"
    return "minimum" if trace > 0 else "maximum"


def sign_of_the_product(H, tol):
    """A saddle where the eigenvalues that are not zero have a negative product."""
    e = np.linalg.eigvalsh(H)
    clear = e[np.abs(e) > tol]
    if np.prod(clear) < 0:
        return "saddle"
    if len(clear) < len(e):
        return "degenerate"
    return "minimum" if clear[0] > 0 else "maximum"


def saddle_without_tolerance(H, tol):
    """`tol` is asked for the zeros, not for the saddle."""
    e = np.linalg.eigvalsh(H)
    if e[0] < 0 and e[-1] > 0:
        return "saddle"
    if (np.abs(e) <= tol).any():
        return "degenerate"
    return "minimum" if e[0] > 0 else "maximum"


def zeros_left_out(H, tol):
    """Only the eigenvalues that are not zero decide."""
    e = np.linalg.eigvalsh(H)
    up, down = (e > tol).any(), (e < -tol).any()
    if up and down:
        return "saddle"
    if up:
        return "minimum"
    return "maximum" if down else "degenerate"


def valley_is_minimum(H, tol):
    """Nowhere down, and somewhere up, is taken for a minimum; below that everything has to be negative."""
    e = np.linalg.eigvalsh(H)
    if e[-1] > tol:
        return "saddle" if e[0] < -tol else "minimum"
    return "maximum" if e[-1] < -tol else "degenerate"


def ridge_is_maximum(H, tol):
    """Nowhere up, and somewhere down, is taken for a maximum; above that everything has to be positive."""
    e = np.linalg.eigvalsh(H)
    if e[0] < -tol:
        return "saddle" if e[-1] > tol else "maximum"
    return "minimum" if e[0] > tol else "degenerate"


def any_positive_is_minimum(H, tol):
    """One positive eigenvalue is enough."""
    e = np.linalg.eigvalsh(H)
    if (e > tol).any():
        return "minimum"
    return "maximum" if (e < -tol).any() else "degenerate"


def singular_values(H, tol):
    """Sizes without signs."""
    e = np.abs(np.linalg.eigvalsh(H))
    return "minimum" if (e > tol).all() else "degenerate"


def any_negative_is_saddle(H, tol):
    """One negative eigenvalue is enough for a saddle."""
    e = np.linalg.eigvalsh(H)
    if e[0] < -tol:
        return "saddle"
    return "minimum" if e[0] > tol else "degenerate"


def rest_is_saddle(H, tol):
    """What is neither a minimum nor a maximum is called a saddle."""
    e = np.linalg.eigvalsh(H)
    if e[0] > tol:
        return "minimum"
    return "maximum" if e[-1] < -tol else "saddle"


def majority_of_signs(H, tol):
    """More positive or more negative ones."""
    e = np.linalg.eigvalsh(H)
    up, down = (e > tol).sum(), (e < -tol).sum()
    if up == down:
        return "saddle" if up else "degenerate"
    return "minimum" if up > down else "maximum"


def first_two_eigenvalues(H, tol):
    """Only two are looked at."""
    two = np.linalg.eigvalsh(H)[:2]
    if (two > tol).all():
        return "minimum"
    if (two < -tol).all():
        return "maximum"
    return "saddle" if two[0] < -tol and two[-1] > tol else "degenerate"


def eigenvalues_taken_unsorted(H, tol):
    """The first and the last of `eigvals`, which does not sort."""
    e = np.linalg.eigvals(H)
    if e[0] < -tol and e[-1] > tol:
        return "saddle"
    if e[0] > tol:
        return "minimum"
    return "maximum" if e[-1] < -tol else "degenerate"


EXERCISE = Exercise(
    name="classify_critical_point",
    chapter="ch1_xor",
    reference=landscape.classify_critical_point,
    cases=cases,
    criteria=(
        Criterion("signs of the eigenvalues", 1.0, agrees()),
        Criterion("eigenvalues within tol count as zero", 0.75, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            sign_of_the_determinant,
            "the determinant, the product of the eigenvalues, decides for two parameters only: two negative ones make "
            "it positive. Look at each of `np.linalg.eigvalsh(H)`.",
        ),
        Misconception(
            signs_of_the_diagonal,
            "the diagonal is the curvature along the axes only. Along other directions it may have another sign: the "
            "eigenvalues know.",
        ),
        Misconception(
            any_zero_is_degenerate,
            "up along one direction and down along another is a saddle, whatever the other eigenvalues are. Ask for "
            "both signs first, for zeros after that.",
        ),
        Misconception(
            tolerance_ignored,
            "`tol` does not decide what counts as zero. It is any eigenvalue with |λ| ≤ tol: rounding seldom leaves "
            "exactly 0.",
        ),
        Misconception(
            tie_is_not_zero,
            "an eigenvalue that equals `tol` or −tol counts as zero too: λ is positive above `tol`, negative below "
            "−tol, and zero for |λ| ≤ tol.",
        ),
        Misconception(
            minimum_and_maximum_swapped,
            "minimum and maximum are swapped. Where all curvatures are positive, every way leads up: a minimum.",
        ),
        Misconception(
            flat_counts_as_minimum,
            "where some eigenvalues are zero and the others do not have both signs, second derivatives leave open what "
            "it is: degenerate. θ⁴ and −θ⁴ have the same Hessian at 0.",
        ),
        Misconception(
            sum_of_the_eigenvalues,
            "the trace, the sum of the eigenvalues, decides here, and in a sum a large one hides those of the other "
            "sign. Look at each sign.",
        ),
        Misconception(
            sign_of_the_product,
            "the sign of the product of the eigenvalues decides for two parameters only. Ask whether "
            "there is one above and one below zero.",
        ),
        Misconception(
            saddle_without_tolerance,
            "the saddle is asked for with 0 in the place of `tol`. An eigenvalue within `tol` counts "
            "as zero there too, whatever its sign.",
        ),
        Misconception(
            zeros_left_out,
            "eigenvalues that count as zero were left out, and the others decide. Where some are zero "
            "and the rest has one sign it is degenerate.",
        ),
        Misconception(
            valley_is_minimum,
            "positive eigenvalues beside zeros are taken for a minimum. For that all have to be positive: with a zero "
            "among them it is degenerate.",
        ),
        Misconception(
            ridge_is_maximum,
            "negative eigenvalues beside zeros are taken for a maximum. For that all have to be negative: with a zero "
            "among them it is degenerate.",
        ),
        Misconception(
            any_positive_is_minimum,
            "one positive eigenvalue is enough for a minimum here. All have to be positive, the smallest too, which "
            "`eigvalsh` puts first: with one of each sign it is a saddle.",
        ),
        Misconception(
            singular_values,
            "the signs make no difference here, as those of singular values and absolute values. Look at the "
            "eigenvalues themselves.",
        ),
        Misconception(
            any_negative_is_saddle,
            "a negative eigenvalue is taken for a saddle. A saddle needs a positive one as well; "
            "where all are negative it is a maximum.",
        ),
        Misconception(
            rest_is_saddle,
            "whatever is neither a minimum nor a maximum is called a saddle. With zeros and one sign "
            "only it is degenerate.",
        ),
        Misconception(
            majority_of_signs,
            "the more frequent sign decides here. One eigenvalue of the other sign is enough for a "
            "saddle, and a zero beside one sign for degenerate.",
        ),
        Misconception(
            first_two_eigenvalues,
            "only the first two eigenvalues were looked at. All of them count.",
        ),
        Misconception(
            eigenvalues_taken_unsorted,
            "the first and the last eigenvalue were taken for the smallest and the largest. `np.linalg.eigvalsh` "
            "sorts them; `eigvals` and `eig` do not.",
        ),
    ),
    verify="Print `np.linalg.eigvalsh(H)` for this call, and go through your questions with these numbers.",
    minutes=10,
    difficulty=2,
)
