"""`fate`: what becomes of the powers of a matrix in the end (chapter 6)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import dynamics
from fnnkit.exercises.ch6_vanishing_gradients.power_by_eigen import (
    blocks,
    nine_rows,
    some,
    turning,
    with_eigenvalues,
)
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

CLEAR, CIRCLE = "a radius other than 1", "radius 1: bounded, or a Jordan block"


def turn(rng: np.random.Generator, beyond: bool) -> Any:
    """A turn of space whose moduli are 1 up to 3e-13, above or below: far more than rounding errors, so no luck decides.

    Whole numbers and one division: every machine draws the same bits.
    """
    a, b, c, d = (int(n) for n in rng.integers(1, 5, 4))
    turned = np.array(  # of the quaternion a + bi + cj + dk, not of length 1
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a - b * b + c * c - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a - b * b - c * c + d * d],
        ]
    ) / (a * a + b * b + c * c + d * d)
    return turned * (1 + 3e-13) if beyond else -turned * (1 - 3e-13)


def on_the_circle(rng: np.random.Generator) -> Any:
    """Whole numbers as float32: a complex pair of modulus 1, which is not within 1e-9 of 1 in seven digits.

    In float64 it is 1 to the last bit, with whatever instructions of a processor: what rounding does there is asked elsewhere.
    """
    places = [(-1, -2), (-1, -1), (-1, 1), (1, -1), (1, 1), (1, 2)]
    trace, a = places[int(rng.integers(len(places)))]
    return np.array([[a, a * (trace - a) - 1], [1, trace - a]], dtype=np.float32)


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``fate(W)``, in an order that is drawn; a modulus within 1e-8 of 1 is 1 up to 3e-13."""
    a, far = some(rng, 0.3, 0.7), some(rng, 20.0, 90.0)
    quarter = np.array([[0.0, -1.0], [1.0, 0.0]])
    pairs = blocks(quarter, quarter)
    linked = pairs.copy()
    linked[0, 2] = linked[1, 3] = 1.0  # the real form of a Jordan block of i
    clear = [
        Case((with_eigenvalues(rng, a, -a),), CLEAR),
        Case((with_eigenvalues(rng, a, -1 - a),), CLEAR, "the largest eigenvalue in modulus is negative"),
        Case((np.array([[a, far], [0.0, a]]),), CLEAR, "the norm is large"),
        Case((np.array([[0.0, far], [0.0, 0.0]]),), CLEAR, "all eigenvalues are 0"),
        Case((turning(rng, 0.9),), CLEAR, "a complex pair"),
        Case((turning(rng, 1.1),), CLEAR, "a complex pair"),
        Case((np.array([[0.0, 0.25 * a], [5.0, 0.0]]),), CLEAR),
        Case((with_eigenvalues(rng, a, 1 + a, -a),), CLEAR, "three rows"),
        Case((with_eigenvalues(rng, a, -0.9, a / 2),), CLEAR, "three rows"),
        Case((nine_rows(rng, a, -0.9, a / 2),), CLEAR, "nine rows"),
        Case((nine_rows(rng, a, -1 - a, a / 2),), CLEAR, "nine rows"),
        Case((np.array([[a]]),), CLEAR, "one row"),
        Case((np.array([[-1 - a]]),), CLEAR, "one row"),
        Case((with_eigenvalues(rng, a, -4.0),), CLEAR, "one modulus below 1, the other far above"),
    ]
    circle = [
        Case((np.eye(int(rng.integers(2, 5))),), CIRCLE, "the identity"),
        Case((quarter,), CIRCLE, "a quarter turn"),
        Case((np.array([[a, 0.0], [0.0, 1.0]]),), CIRCLE, "symmetric, eigenvalues 1 and one inside"),
        Case((turn(rng, beyond=True),), CIRCLE, "an orthogonal matrix"),
        Case((turn(rng, beyond=False),), CIRCLE, "an orthogonal matrix"),
        Case((with_eigenvalues(rng, 1.0, -1.0),), CIRCLE, "eigenvalues 1 and -1"),
        Case((with_eigenvalues(rng, 1.0, 1.0, -a),), CIRCLE, "1 occurs twice, with two eigenvectors"),
        Case((np.array([[1.0, 1e-3], [0.0, 0.999]]),), CIRCLE, "eigenvalues 1 and 0.999"),
        Case(
            (blocks([[1.0]], [[a, 1.0], [0.0, a]]),), CIRCLE, "1, and a Jordan block of a smaller eigenvalue"
        ),
        Case((pairs,), CIRCLE, "two quarter turns"),
        Case((np.array([[1.0, far], [0.0, 1.0]]),), CIRCLE),
        Case((np.array([[-1.0, a], [0.0, -1.0]]),), CIRCLE, "the eigenvalue is -1"),
        Case((blocks([[a]], [[1.0, a], [0.0, 1.0]]),), CIRCLE, "three rows"),
        Case((blocks([[1.0, 1.0], [0.0, 1.0]], quarter),), CIRCLE, "beside a quarter turn"),
        Case((linked,), CIRCLE, "a complex pair that occurs twice, with one eigenvector each"),
    ]
    unusual = [
        Case((np.array([[1, int(rng.integers(1, 5))], [0, 1]]),), UNUSUAL, "whole numbers"),
        Case((np.array([[0, -1], [1, 0]]),), UNUSUAL, "whole numbers"),
        Case((np.array([[a, far], [0.0, a]], dtype=np.float32),), UNUSUAL, "float32"),
        Case((on_the_circle(rng),), UNUSUAL, "float32, a complex pair of modulus 1"),
    ]
    return [case for group in (clear, circle, unusual) for case in _shuffled(rng, group)]


def _shuffled(rng: np.random.Generator, group: list[Case]) -> list[Case]:
    return [group[i] for i in rng.permutation(len(group))]


def norm_decides(W):
    """‖W‖₂ in the place of the radius."""
    size = np.linalg.norm(W, 2)
    if abs(size - 1) < 1e-9:
        return "stays"
    return "vanishes" if size < 1 else "explodes"


def real_part_decides(W):
    """max Re λ in the place of max |λ|."""
    size = np.linalg.eigvals(W).real.max()
    if abs(size - 1) < 1e-9:
        return "stays"
    return "vanishes" if size < 1 else "explodes"


def determinant_decides(W):
    """|det W|."""
    size = abs(np.linalg.det(W))
    if abs(size - 1) < 1e-9:
        return "stays"
    return "vanishes" if size < 1 else "explodes"


def all_have_to_grow(W):
    """Explodes only if every eigenvalue is outside the circle."""
    moduli = np.abs(np.linalg.eigvals(W))
    if (moduli < 1 - 1e-9).all():
        return "vanishes"
    return "explodes" if (moduli > 1 + 1e-9).all() else "stays"


def jordan_blocks_overlooked(W):
    """The radius alone."""
    radius = np.abs(np.linalg.eigvals(W)).max()
    if abs(radius - 1) < 1e-9:
        return "stays"
    return "vanishes" if radius < 1 else "explodes"


def one_explodes(W):
    """Radius 1 counts as outside."""
    return "explodes" if np.abs(np.linalg.eigvals(W)).max() > 1 - 1e-9 else "vanishes"


def no_tolerance(W):
    """Compares the rounded radius with 1 itself."""
    radius = np.abs(np.linalg.eigvals(W)).max()
    if radius == 1:
        return "stays"
    return "vanishes" if radius < 1 else "explodes"


def eigenvectors_without_tolerance(W):
    """Asks for the eigenvectors where it should, and compares the radius with 1 itself."""
    values, Q = np.linalg.eig(W.astype(float))
    radius = np.abs(values).max()
    if radius != 1:
        return "vanishes" if radius < 1 else "explodes"
    return "explodes" if np.linalg.cond(Q[:, np.abs(values) > 1 - 1e-9]) > 1e7 else "stays"


def seven_digits_without_tolerance(W):
    """The same in float32."""
    values, Q = np.linalg.eig(W)
    radius = np.abs(values).max()
    if radius != 1:
        return "vanishes" if radius < 1 else "explodes"
    return "explodes" if np.linalg.cond(Q[:, np.abs(values) > 1 - 1e-9]) > 1e7 else "stays"


def tolerance_above_alone(W):
    """A modulus of 1 − 3e-13 vanishes."""
    values, Q = np.linalg.eig(W.astype(float))
    radius = np.abs(values).max()
    if radius < 1 or radius > 1 + 1e-9:
        return "vanishes" if radius < 1 else "explodes"
    return "explodes" if np.linalg.cond(Q[:, np.abs(values) > 1 - 1e-9]) > 1e7 else "stays"


def tolerance_below_alone(W):
    """A modulus of 1 + 3e-13 explodes."""
    values, Q = np.linalg.eig(W.astype(float))
    radius = np.abs(values).max()
    if radius < 1 - 1e-9 or radius > 1:
        return "vanishes" if radius < 1 else "explodes"
    return "explodes" if np.linalg.cond(Q[:, np.abs(values) > 1 - 1e-9]) > 1e7 else "stays"


def eigenvalues_of_seven_digits(W):
    """Float32 stays float32: its eigenvalues are not within 1e-9 of anything."""
    values, Q = np.linalg.eig(W)
    radius = np.abs(values).max()
    if radius < 1 - 1e-9:
        return "vanishes"
    if radius > 1 + 1e-9:
        return "explodes"
    return "explodes" if np.linalg.cond(Q[:, np.abs(values) > 1 - 1e-9]) > 1e7 else "stays"


def any_defect_explodes(W):
    """A Jordan block of a smaller eigenvalue, too."""
    values, Q = np.linalg.eig(W.astype(float))
    radius = np.abs(values).max()
    if radius < 1 - 1e-9:
        return "vanishes"
    return "explodes" if radius > 1 + 1e-9 or np.linalg.cond(Q) > 1e7 else "stays"


def any_repetition_explodes(W):
    """An eigenvalue of modulus 1 that occurs twice is taken for a Jordan block."""
    values = np.linalg.eigvals(W)
    radius = np.abs(values).max()
    if radius < 1 - 1e-9:
        return "vanishes"
    outer = np.round(values[np.abs(values) > 1 - 1e-9], 6)
    return "explodes" if radius > 1 + 1e-9 or len(np.unique(outer)) < len(outer) else "stays"


def vanishing_and_exploding_exchanged(W):
    """The words are exchanged."""
    radius = np.abs(np.linalg.eigvals(W)).max()
    if abs(radius - 1) < 1e-9:
        return "stays"
    return "explodes" if radius < 1 else "vanishes"


def smallest_modulus_decides(W):
    """One eigenvalue inside the circle is taken for enough."""
    values, Q = np.linalg.eig(W.astype(float))
    moduli = np.abs(values)
    if moduli.min() < 1 - 1e-9:
        return "vanishes"
    if moduli.max() > 1 + 1e-9:
        return "explodes"
    return "explodes" if np.linalg.cond(Q) > 1e7 else "stays"


def only_normal_stays(W):
    """At radius 1, W Wᵀ = Wᵀ W is asked for."""
    radius = np.abs(np.linalg.eigvals(W.astype(float))).max()
    if abs(radius - 1) > 1e-9:
        return "vanishes" if radius < 1 else "explodes"
    return "stays" if np.allclose(W @ W.T, W.T @ W) else "explodes"


def only_orthogonal_stays(W):
    """At radius 1, Wᵀ W = 1 is asked for."""
    radius = np.abs(np.linalg.eigvals(W.astype(float))).max()
    if abs(radius - 1) > 1e-9:
        return "vanishes" if radius < 1 else "explodes"
    return "stays" if np.allclose(W.T @ W, np.eye(len(W))) else "explodes"


def opposite_ones_are_a_repetition(W):
    """Two moduli of 1 are taken for one eigenvalue that occurs twice."""
    values = np.linalg.eigvals(W.astype(float))
    moduli = np.abs(values)
    if abs(moduli.max() - 1) > 1e-9:
        return "vanishes" if moduli.max() < 1 else "explodes"
    return "explodes" if np.sum(np.abs(moduli - 1) < 1e-6) > 1 else "stays"


def all_on_the_circle_to_stay(W):
    """Stays only if every modulus is 1."""
    values, Q = np.linalg.eig(W.astype(float))
    moduli = np.abs(values)
    if moduli.max() > 1 + 1e-9:
        return "explodes"
    if (np.abs(moduli - 1) < 1e-7).all():
        return "explodes" if np.linalg.cond(Q) > 1e7 else "stays"
    return "vanishes"


def defect_decides_first(W):
    """Eigenvectors are asked before the radius is."""
    values, Q = np.linalg.eig(W.astype(float))
    radius = np.abs(values).max()
    if np.linalg.cond(Q) > 1e7 or radius > 1 + 1e-9:
        return "explodes"
    return "vanishes" if radius < 1 - 1e-9 else "stays"


EXERCISE = Exercise(
    name="fate",
    chapter="ch6_vanishing_gradients",
    reference=dynamics.fate,
    cases=cases,
    criteria=(
        Criterion(CLEAR, 0.5, agrees()),
        Criterion(CIRCLE, 0.5, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            norm_decides,
            "the norm says what one step can do. What becomes of many is decided by the eigenvalues: `[[0.5, 50], [0, 0.5]]` "
            "has a large norm, and its powers vanish.",
        ),
        Misconception(
            real_part_decides,
            "the largest real part decides here, as it does for differential equations. For powers it is the modulus: "
            "−2 explodes, and so does 2i.",
        ),
        Misconception(
            determinant_decides,
            "the product of all eigenvalues, the determinant, decides here, and in a product a small one hides a large "
            "one. The largest modulus decides.",
        ),
        Misconception(
            all_have_to_grow,
            "one eigenvalue outside of the unit circle is enough to explode: ask for the largest modulus.",
        ),
        Misconception(
            jordan_blocks_overlooked,
            "at radius 1 the radius does not decide: the powers of `[[1, 1], [0, 1]]` grow like k. What decides is whether each "
            "eigenvalue of modulus 1 has as many independent eigenvectors as it occurs.",
        ),
        Misconception(
            one_explodes,
            "a radius of 1 is called exploding. The powers of a rotation, or of the identity, stay as they are.",
        ),
        Misconception(
            no_tolerance,
            "an eigenvalue is computed with rounding errors, and seldom has the modulus 1 exactly. Within 1e-9 of it "
            "the radius counts as 1.",
        ),
        Misconception(
            eigenvectors_without_tolerance,
            "the radius is compared with 1 itself, below and above. Computed eigenvalues have rounding errors: within 1e-9 of 1 "
            "the radius counts as 1, and only then do the eigenvectors decide.",
        ),
        Misconception(
            seven_digits_without_tolerance,
            "the radius is compared with 1 itself, and a float32 matrix has eigenvalues of seven digits. Convert it to float64 "
            "first, and let a radius within 1e-9 of 1 count as 1.",
        ),
        Misconception(
            tolerance_above_alone,
            "below 1 there is no margin: a radius that only rounding errors put there counts as 1. The powers vanish "
            "below 1 − 1e-9.",
        ),
        Misconception(
            tolerance_below_alone,
            "above 1 there is no margin: a radius that only rounding errors put there counts as 1. The radius decides for "
            "exploding above 1 + 1e-9.",
        ),
        Misconception(
            eigenvalues_of_seven_digits,
            "the eigenvalues of a float32 matrix come with seven digits, and a margin of 1e-9 is finer than that: the modulus of "
            "a complex pair comes out as 0.99999994. Convert the matrix first: `W.astype(float)`.",
        ),
        Misconception(
            any_defect_explodes,
            "a Jordan block of an eigenvalue *inside* the circle vanishes all the same. Only those of modulus 1 count: "
            "look at their eigenvectors alone.",
        ),
        Misconception(
            any_repetition_explodes,
            "an eigenvalue of modulus 1 that occurs twice is not yet a Jordan block: the identity has 1 twice, and two "
            "independent eigenvectors.",
        ),
        Misconception(
            vanishing_and_exploding_exchanged,
            "the two words are exchanged: below 1 each step makes less of it.",
        ),
        Misconception(
            smallest_modulus_decides,
            "one eigenvalue inside the unit circle is not enough to vanish: all have to be. The largest modulus decides.",
        ),
        Misconception(
            only_normal_stays,
            "at radius 1 only normal matrices, or those of norm 1, were let stay. Eigenvectors need not be at right "
            "angles: independent ones for the eigenvalues of modulus 1 are enough.",
        ),
        Misconception(
            only_orthogonal_stays,
            "at radius 1 only orthogonal matrices were let stay. Others do too: what counts is whether the eigenvalues of "
            "modulus 1 have independent eigenvectors.",
        ),
        Misconception(
            opposite_ones_are_a_repetition,
            "two eigenvalues of modulus 1 were taken for a Jordan block. 1 and −1, or i and −i, are different "
            "eigenvalues, and even equal ones may have an eigenvector each.",
        ),
        Misconception(
            all_on_the_circle_to_stay,
            '"stays" was said only if *all* eigenvalues are on the unit circle. One is enough to keep the powers from '
            "vanishing.",
        ),
        Misconception(
            defect_decides_first,
            "dependent eigenvectors are taken for exploding, whatever the radius is. Below 1 the powers vanish "
            "all the same: ask for the eigenvectors only at radius 1, and only those of the eigenvalues of "
            "modulus 1.",
        ),
    ),
    minutes=12,
    difficulty=3,
    core=False,
)
