"""`power_by_eigen`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.dynamics import power_by_eigen
from fnnkit.exercises.ch6_vanishing_gradients.power_by_eigen import turning, with_eigenvalues

WORTH = 1.5
# What each mistake leaves, by hand, of 1½: real eigenvalues ½, complex pairs, eigenvalues that occur twice, zero
# ¼, eigenvectors that do not span the space are refused ¼, unusual ¼, calm ¼
COSTS = {
    "each_entry_to_the_power": 0.0,
    "real_part_taken_too_early": 1.0,
    "modulus_in_the_place_of_the_eigenvalue": 0.0,
    "transpose_for_inverse": 0.0,
    "conjugate_transpose_for_inverse": 0.0,
    "complex_returned": 1.0,
    "powers_of_the_eigenvalues_alone": 0.0,
    "symmetric_routine": 0.0,
    "symmetric_routine_with_a_guard": 0.0,
    "eigenvalues_times_k": 0.0,
    "change_of_basis_backwards": 0.0,
    "eigenvectors_in_rows": 0.0,
    "defective_let_through": 1.25,
    "defective_by_repeated_multiplication": 1.25,
    "repeated_eigenvalues_refused": 1.25,
    "only_a_singular_matrix_refused": 1.0,
    "moduli_of_the_entries": 0.0,
    "one_power_too_many": 0.0,
    "one_power_too_few": 0.0,
    "complex_eigenvalues_refused": 1.0,
    "refused_by_the_determinant": 1.25,
    "imaginary_parts_of_q_dropped": 1.0,
    "only_real_matrices_symmetric": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["real_part_taken_too_early"]


def test_repeated_multiplication_gives_the_same_powers():
    rng = np.random.default_rng(5)
    for W in (with_eigenvalues(rng, 0.5, -1.25), with_eigenvalues(rng, 0.5, 0.5, 1.5), turning(rng, 0.9)):
        for k in (0, 1, 7):
            np.testing.assert_allclose(
                power_by_eigen(W, k), np.linalg.matrix_power(W, k), rtol=1e-9, atol=1e-10
            )


def test_the_matrices_that_are_drawn_have_the_eigenvalues_that_were_asked_for():
    W = with_eigenvalues(np.random.default_rng(1), 0.5, -1.25, 1.75)
    np.testing.assert_allclose(np.sort(np.linalg.eigvals(W).real), [-1.25, 0.5, 1.75], atol=1e-4)
