"""`orthogonal`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import scipy.linalg

from fnnkit.exercises.ch6_vanishing_gradients.orthogonal import singular, square
from fnnkit.initialisation import orthogonal
from fnnkit.judge.attempt import judged

WORTH = 0.0
# What each mistake leaves, by hand, of 1¼: Q with R's diagonal positive ½, a singular A still gives an orthogonal
# Q ¼, unusual ¼, calm ¼
COSTS = {
    "signs_left_open": 0.0,
    "signs_on_the_rows": 0.0,
    "sign_of_zero": 1.0,
    "signs_of_the_diagonal_of_a": 0.0,
    "signs_of_the_diagonal_of_q": 0.0,
    "diagonal_made_negative": 0.0,
    "polar_factor": 0.0,
    "left_singular_vectors": 0.0,
    "columns_of_length_one": 0.0,
    "transposed": 0.0,
    "the_other_factor": 0.0,
    "all_turned_for_one": 0.0,
    "first_column_decides": 0.0,
    "sign_of_the_determinant": 0.0,
    "last_column_turned": 0.0,
    "absolute_values": 0.0,
    "signs_of_the_eigenvalues": 0.0,
    "orthogonal_of_the_symmetric_part": 0.0,
    "scaled_by_r": 0.0,
    "rows_made_orthogonal": 0.0,
    "rows_made_orthogonal_in_columns": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["signs_left_open", "sign_of_zero"]


def test_the_cholesky_factor_of_a_transposed_times_a_gives_the_same_q():
    for seed in range(6):
        A = square(np.random.default_rng(seed), 4, 1)
        R = scipy.linalg.cholesky(A.T @ A)  # upper triangular, its diagonal positive
        np.testing.assert_allclose(orthogonal(A), A @ np.linalg.inv(R), atol=1e-10)


@pytest.mark.parametrize("seed", range(6))
def test_of_a_singular_matrix_any_orthogonal_factor_is_right(seed):
    def other_free_column(A):
        Q = orthogonal(A)
        dependent = ~np.asarray(A).any(axis=0)
        return np.where(dependent, -Q, Q)

    assert judged("orthogonal", other_free_column, seed).solved


def test_the_singular_matrices_have_an_exact_zero_on_r_s_diagonal():
    assert 0.0 in np.diag(np.linalg.qr(singular(np.random.default_rng(0), 3, 2))[1])
