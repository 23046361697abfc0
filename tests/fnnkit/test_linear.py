"""Facts about affine maps and their least-squares fit."""

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, Ridge

from fnnkit.linear import affine, collapse_linear, fit_linear

pytestmark = pytest.mark.filterwarnings("error")
few = settings(deadline=None, max_examples=40)
widths, seeds = st.integers(1, 5), st.integers(0, 999)
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def test_affine_map_gives_the_matrices_of_the_slides():
    Z = affine(CORNERS, [[1, 1], [1, 1]], [0, -1])
    np.testing.assert_array_equal(Z, [[0, -1], [1, 0], [1, 0], [2, 1]])
    assert Z.dtype == np.float64
    assert affine(np.zeros((0, 2)), np.ones((2, 3)), np.ones(3)).shape == (0, 3)


def test_unit_of_the_hidden_layer_is_a_column_of_the_weights():
    np.testing.assert_array_equal(affine([[1, 10]], [[1, 2, 3], [4, 5, 6]], [0, 0, 100]), [[41, 52, 163]])


@few
@given(n=st.integers(0, 4), d=widths, m=widths, p=widths, seed=seeds)
def test_two_affine_maps_are_one(n, d, m, p, seed):
    rng = np.random.default_rng(seed)
    X, W1, c1, W2, c2 = (rng.normal(size=s) for s in ((n, d), (d, m), m, (m, p), p))
    W, c = collapse_linear(W1, c1, W2, c2)
    np.testing.assert_allclose(
        affine(X, W, c), [(x @ W1 + c1) @ W2 + c2 for x in X] or np.zeros((0, p)), atol=1e-12
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: affine(np.ones((2, 3)), np.ones((2, 3)), np.ones(3)), "axis 1 of X and axis 0 of W"),
        (
            lambda: affine(np.ones((2, 3)), np.ones((3, 2)), np.ones(3)),
            r"c should be an array of shape \(2,\)",
        ),
        (
            lambda: affine(np.ones((2, 3)), np.ones((3, 2)), np.ones((1, 2))),
            r"c should be an array of shape \(2,\)",
        ),
        (lambda: affine(np.ones(3), np.ones((3, 2)), np.ones(2)), r"X should be an array of shape \(n, d\)"),
        (
            lambda: collapse_linear(np.eye(2), np.ones(2), np.eye(3), np.ones(3)),
            "axis 1 of W1 and axis 0 of W2",
        ),
        (lambda: collapse_linear(np.eye(2), np.ones(3), np.eye(2), np.ones(2)), "c1 should be"),
        (lambda: fit_linear(np.ones((2, 1)), np.ones(3)), "axis 0 of X and axis 0 of y"),
        (lambda: fit_linear(np.ones((2, 1)), np.ones((2, 1))), r"y should be an array of shape \(n,\)"),
        (lambda: fit_linear(np.ones((0, 1)), []), "X should have at least one row"),
        (lambda: fit_linear([[np.nan], [1.0]], [0.0, 1.0]), "X and y should hold finite numbers"),
        (lambda: fit_linear([[0.0], [1.0]], [0.0, np.inf]), "X and y should hold finite numbers"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_best_linear_model_of_xor_is_flat_at_one_half():
    w, b = fit_linear(CORNERS, [0, 1, 1, 0])
    np.testing.assert_allclose(w, [0, 0], atol=1e-12)
    assert b == pytest.approx(0.5, abs=1e-12)


def test_product_of_the_inputs_makes_xor_linear():
    features = np.hstack([CORNERS, CORNERS[:, :1] * CORNERS[:, 1:]])
    w, b = fit_linear(features, [0, 1, 1, 0])
    np.testing.assert_allclose(w, [1, 1, -2], atol=1e-12)
    assert b == pytest.approx(0, abs=1e-12)


@few
@given(more=st.integers(1, 9), d=widths, seed=seeds)
def test_least_squares_fit_equals_that_of_scikit_learn(more, d, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(d + more, d)) + 3.0, rng.normal(size=d + more)
    theirs = LinearRegression().fit(X, y)
    w, b = fit_linear(X, y)
    np.testing.assert_allclose(w, theirs.coef_, rtol=1e-6, atol=1e-7)
    assert b == pytest.approx(theirs.intercept_, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_among_all_minimisers_it_is_the_limit_of_ridge_regression(seed):
    rng = np.random.default_rng(seed)
    for X in (
        rng.normal(size=(3, 6)),  # fewer examples than inputs
        rng.normal(size=(9, 2)) @ rng.normal(size=(2, 5)),  # rank 2
        np.repeat(rng.normal(size=(9, 1)), 2, axis=1),  # a column twice
        np.full((4, 2), 7.0),  # nothing varies
    ):
        y = rng.normal(size=len(X))
        w, b = fit_linear(X, y)
        limit = Ridge(alpha=1e-8, solver="svd").fit(X, y)
        np.testing.assert_allclose(w, limit.coef_, atol=1e-5)
        assert b == pytest.approx(limit.intercept_, abs=1e-5)


@pytest.mark.parametrize("offset", [0.0, 3.0, 1e3, 1e6])
@pytest.mark.parametrize("seed", range(10))
def test_two_points_of_many_inputs_are_joined_along_their_difference_however_far_they_are(offset, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(2, 4)) + offset, rng.normal(size=2)
    step = X[1] - X[0]
    w, b = fit_linear(X, y)
    np.testing.assert_allclose(w, step * (y[1] - y[0]) / (step @ step), rtol=1e-14 * max(1, offset) + 1e-12)
    np.testing.assert_allclose(X @ w + b, y, atol=1e-15 * max(1, offset) * 100)


def test_fit_without_inputs_is_the_mean():
    w, b = fit_linear(np.zeros((3, 0)), [1.0, 2.0, 6.0])
    assert w.shape == (0,)
    assert b == 3.0


def test_intercept_is_not_kept_small():
    w, b = fit_linear([[1.0], [1.0], [1.0]], [5.0, 6.0, 7.0])
    np.testing.assert_array_equal(w, [0.0])
    assert b == 6.0


def test_no_step_of_a_general_minimiser_improves_the_fit():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    w, b = fit_linear(X, y)
    cost = lambda theta: ((X @ theta[:3] + theta[3] - y) ** 2).mean()  # noqa: E731
    best = scipy.optimize.minimize(cost, np.zeros(4), method="BFGS")
    assert cost(np.append(w, b)) <= best.fun + 1e-12


def test_fit_of_integers_and_float32_is_that_of_their_values():
    X, y = np.array([[1, 2], [3, 4], [0, 7]], dtype=np.int8), np.array([1, 0, 1], dtype=np.float32)
    before = X.copy(), y.copy()
    w, _ = fit_linear(X, y)
    np.testing.assert_array_equal(w, fit_linear(X.astype(float), y.astype(float))[0])
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])
