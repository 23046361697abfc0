"""Facts about kernel matrices and kernel ridge regression, held against scikit-learn and SciPy."""

import numpy as np
import pytest
import sklearn.metrics.pairwise as pairwise
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.kernel_ridge import KernelRidge

from fnnkit import kernels

pytestmark = pytest.mark.filterwarnings("error")
few = settings(deadline=None, max_examples=40)
seeds = st.integers(0, 999)
CORNERS, XOR = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])


@few
@given(n=st.integers(1, 5), m=st.integers(1, 5), d=st.integers(1, 4), gamma=st.floats(0.01, 5), seed=seeds)
def test_kernel_matrices_equal_those_of_scikit_learn(n, m, d, gamma, seed):
    rng = np.random.default_rng(seed)
    A, B = rng.normal(size=(n, d)), rng.normal(size=(m, d))
    np.testing.assert_allclose(kernels.squared_distances(A, B), cdist(A, B, "sqeuclidean"), rtol=1e-13)
    np.testing.assert_allclose(kernels.rbf_kernel(A, B, gamma), pairwise.rbf_kernel(A, B, gamma), rtol=1e-10)
    np.testing.assert_allclose(
        kernels.linear_kernel(A, B), pairwise.linear_kernel(A, B), rtol=1e-12, atol=1e-14
    )
    np.testing.assert_allclose(
        kernels.polynomial_kernel(A, B, 3, 0.5),
        pairwise.polynomial_kernel(A, B, degree=3, gamma=1, coef0=0.5),
        rtol=1e-11, atol=1e-12,
    )  # fmt: skip


@few
@given(n=st.integers(1, 8), d=st.integers(1, 3), offset=st.sampled_from([0.0, 1.0, 1e6]), seed=seeds)
def test_rbf_kernel_of_a_set_with_itself_is_symmetric_positive_semidefinite_with_ones_on_the_diagonal(
    n, d, offset, seed
):
    X = np.random.default_rng(seed).normal(size=(n, d)) + offset
    K = kernels.rbf_kernel(X, X, gamma=0.7)
    np.testing.assert_array_equal(K, K.T)
    np.testing.assert_array_equal(np.diag(K), 1.0)
    assert np.linalg.eigvalsh(K).min() > -1e-13


def test_distances_far_from_the_origin_do_not_cancel():
    A = np.array([[1e8, 1e8], [1e8 + 1, 1e8]])
    np.testing.assert_array_equal(kernels.squared_distances(A, A), [[0, 1], [1, 0]])


def test_wide_kernel_sees_all_points_as_one_and_distant_points_as_strangers():
    np.testing.assert_array_equal(kernels.rbf_kernel(CORNERS, CORNERS, 0.0), np.ones((4, 4)))
    np.testing.assert_array_equal(kernels.rbf_kernel([[0.0]], [[1e4]], 1.0), [[0.0]])


def test_polynomial_kernel_is_the_inner_product_of_all_products_of_two_inputs():
    phi = lambda x: np.array([1, 2**0.5 * x[0], 2**0.5 * x[1], x[0] ** 2, x[1] ** 2, 2**0.5 * x[0] * x[1]])  # noqa: E731
    A, B = np.random.default_rng(0).normal(size=(2, 3, 2))
    expected = [[phi(a) @ phi(b) for b in B] for a in A]
    np.testing.assert_allclose(kernels.polynomial_kernel(A, B, degree=2), expected, rtol=1e-12)


@few
@given(n=st.integers(1, 8), ridge=st.floats(1e-3, 10), seed=seeds)
def test_kernel_ridge_regression_equals_that_of_scikit_learn(n, ridge, seed):
    rng = np.random.default_rng(seed)
    X, y, new = rng.normal(size=(n, 2)), rng.normal(size=n), rng.normal(size=(4, 2))
    theirs = KernelRidge(alpha=ridge, kernel="rbf", gamma=0.5).fit(X, y)
    alpha = kernels.fit_kernel(kernels.rbf_kernel(X, X, 0.5), y, ridge)
    np.testing.assert_allclose(alpha, theirs.dual_coef_, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(
        kernels.predict_kernel(kernels.rbf_kernel(new, X, 0.5), alpha),
        theirs.predict(new),
        rtol=1e-8,
        atol=1e-10,
    )


@pytest.mark.parametrize(
    "K",
    [kernels.rbf_kernel(CORNERS, CORNERS, 1.0), kernels.polynomial_kernel(CORNERS, CORNERS, 2)],
    ids=["rbf", "quadratic"],
)
def test_kernels_solve_xor_as_the_ridge_goes_to_zero(K):
    errors = [np.abs(K @ kernels.fit_kernel(K, XOR, ridge) - XOR).max() for ridge in (1e-1, 1e-4, 1e-8)]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 1e-6


def test_linear_kernel_does_not_solve_xor_however_small_the_ridge():
    K = kernels.linear_kernel(CORNERS, CORNERS)
    assert np.abs(K @ kernels.fit_kernel(K, XOR, 1e-6) - XOR).max() > 0.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kernels.rbf_kernel(np.ones((2, 2)), np.ones((2, 3)), 1.0), "axis 1 of A and axis 1 of B"),
        (
            lambda: kernels.rbf_kernel(np.ones(2), np.ones((2, 2)), 1.0),
            r"A should be an array of shape \(n, d\)",
        ),
        (
            lambda: kernels.rbf_kernel(CORNERS, CORNERS, -1.0),
            "gamma should be a number from 0 on, but it is float -1.0",
        ),
        (lambda: kernels.rbf_kernel(CORNERS, CORNERS, np.nan), "gamma should be a number from 0 on"),
        (lambda: kernels.rbf_kernel(CORNERS, CORNERS, np.inf), "gamma should be a number from 0 on"),
        (
            lambda: kernels.rbf_kernel(CORNERS, CORNERS, [1.0]),
            "gamma should be a number from 0 on, but it is list",
        ),
        (lambda: kernels.polynomial_kernel(CORNERS, CORNERS, 0), "degree should be a whole number from 1 on"),
        (lambda: kernels.polynomial_kernel(CORNERS, CORNERS, 2, -1.0), "offset should be a number from 0 on"),
        (lambda: kernels.fit_kernel(np.ones((2, 3)), [1, 2], 1.0), "K should be a square matrix"),
        (lambda: kernels.fit_kernel(np.eye(2), [1, 2, 3], 1.0), "axis 0 of K and axis 0 of y"),
        (lambda: kernels.fit_kernel(np.eye(2), [1, 2], -1.0), "ridge should be a number from 0 on"),
        (lambda: kernels.fit_kernel(np.ones((2, 2)), [1, 2], 0.0), "ridge should be larger"),
        (lambda: kernels.predict_kernel(np.eye(2), [1, 2, 3]), "axis 1 of K and axis 0 of alpha"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_kernels_of_no_points_are_empty():
    assert kernels.rbf_kernel(np.zeros((0, 2)), CORNERS, 1.0).shape == (0, 4)
    assert kernels.fit_kernel(np.zeros((0, 0)), [], 1.0).shape == (0,)
    assert kernels.predict_kernel(np.zeros((0, 4)), np.zeros(4)).shape == (0,)


def test_fit_leaves_the_kernel_matrix_alone():
    K = np.eye(2)
    kernels.fit_kernel(K, [1, 2], 0.5)
    np.testing.assert_array_equal(K, np.eye(2))
