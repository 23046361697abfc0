"""Critical points, Hessians and symmetries, against PyTorch, SciPy and brute force."""

from itertools import permutations, product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import rosen, rosen_der, rosen_hess

from fnnkit.landscape import (
    classify_critical_point,
    count_equivalent,
    flip_hidden,
    hessian_from_gradient,
    loss_slice,
    numerical_hessian,
    permute_hidden,
    plane_coordinates,
    regression_gradient,
    regression_hessian,
    regression_loss,
    rescale_hidden,
)
from fnnkit.xor import CORNERS, TARGETS

seeds = st.integers(0, 10_000)

# --- critical points -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("eigenvalues", "what"),
    [
        ([1, 2], "minimum"),
        ([-1, -2], "maximum"),
        ([1, -1], "saddle"),
        ([-1, -1, 1, 1], "saddle"),  # determinant 1
        ([1, -1, 0], "saddle"),
        ([1, 0], "degenerate"),
        ([-1, 0], "degenerate"),
        ([0], "degenerate"),
        ([3], "minimum"),
        ([-3], "maximum"),
        ([1, 1e-9], "degenerate"),
        ([1, -1e-9], "degenerate"),
        ([1, 1e-7], "minimum"),
        ([1e300, -1e300], "saddle"),
    ],
)
@settings(deadline=None, max_examples=10)
@given(seed=seeds)
def test_the_signs_of_the_eigenvalues_decide_in_any_coordinates(eigenvalues, what, seed):
    assert classify_critical_point(np.diag(eigenvalues)) == what
    if (
        np.abs(eigenvalues).max() < 1e3
    ):  # rounding of the product would hide small eigenvalues beside huge ones
        Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(eigenvalues),) * 2))[0]
        assert classify_critical_point(Q @ np.diag(eigenvalues) @ Q.T) == what


def test_the_diagonal_does_not_decide():
    assert classify_critical_point([[1, 3], [3, 1]]) == "saddle"
    assert classify_critical_point([[0, 1], [1, 0]]) == "saddle"


def test_the_tolerance_is_the_modulus_below_which_an_eigenvalue_counts_as_zero():
    H = np.diag([1.0, -0.01])
    assert classify_critical_point(H) == "saddle"
    assert classify_critical_point(H, tol=0.1) == "degenerate"
    assert classify_critical_point(H, tol=0) == "saddle"


# --- Hessians ------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=20)
@given(st.lists(st.floats(-2, 2), min_size=2, max_size=5))
def test_hessians_of_the_rosenbrock_function(x):
    expected = rosen_hess(np.array(x))
    np.testing.assert_allclose(hessian_from_gradient(rosen_der, x), expected, rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(numerical_hessian(rosen, x), expected, rtol=1e-4, atol=1e-2)


def test_a_matrix_of_parameters_is_read_row_by_row():
    A = np.arange(16.0).reshape(4, 4)
    A = A + A.T

    def f(theta):
        assert theta.shape == (2, 2)
        return 0.5 * theta.ravel() @ A @ theta.ravel()

    theta = np.ones((2, 2))
    np.testing.assert_allclose(numerical_hessian(f, theta), A, atol=1e-5)
    np.testing.assert_allclose(
        hessian_from_gradient(lambda t: (A @ t.ravel()).reshape(2, 2), theta), A, atol=1e-8
    )
    np.testing.assert_array_equal(theta, 1)


TORCH = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "linear": lambda z: z,
}


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 6), st.integers(1, 3), st.integers(1, 4), st.sampled_from(sorted(TORCH)))
def test_loss_gradient_and_hessian_agree_with_automatic_differentiation(seed, n, d, m, activation):
    rng = np.random.default_rng(seed)
    X, y, theta = rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=(d + 2) * m + 1)

    def loss(t):
        W, c = t[: d * m].reshape(d, m), t[d * m : (d + 1) * m]
        w, b = t[(d + 1) * m : -1], t[-1]
        return ((TORCH[activation](torch.tensor(X) @ W + c) @ w + b - torch.tensor(y)) ** 2).mean()

    t = torch.tensor(theta, requires_grad=True)
    arguments = (theta, X, y, m, activation)
    close = {"rtol": 1e-9, "atol": 1e-11}
    np.testing.assert_allclose(regression_loss(*arguments), loss(t).item(), **close)
    np.testing.assert_allclose(
        regression_gradient(*arguments), torch.autograd.grad(loss(t), t)[0].numpy(), **close
    )
    np.testing.assert_allclose(
        regression_hessian(*arguments), torch.autograd.functional.hessian(loss, t).numpy(), **close
    )


def test_the_flat_start_of_xor_is_a_saddle_once_the_units_differ():
    # Two tanh units whose outputs cancel, ŷ = ½: a critical point of the loss where no error is gained to first order.
    theta = np.array([0, 0, 0, 0, 0, 0, 1.0, -1.0, 0.5])
    arguments = (CORNERS, TARGETS, 2, "tanh")
    np.testing.assert_allclose(regression_gradient(theta, *arguments), 0, atol=1e-15)
    assert classify_critical_point(regression_hessian(theta, *arguments)) == "degenerate"
    # With biases, tanh is curved, and x₁x₂ is in reach: second derivatives see both ways.
    theta = np.array([0, 0, 0, 0, 1.0, 1.0, 1.0, -1.0, 0.5])
    np.testing.assert_allclose(regression_gradient(theta, *arguments), 0, atol=1e-15)
    H = regression_hessian(theta, *arguments)
    assert classify_critical_point(H) == "saddle"
    values, vectors = np.linalg.eigh(H)
    down = [regression_loss(theta + 0.1 * s * vectors[:, 0], *arguments) for s in (-1, 1)]
    assert values[0] < 0
    assert min(down) < regression_loss(theta, *arguments) == 0.25


def test_at_a_perfect_fit_the_hessian_is_positive_semidefinite_and_flat_along_the_rescaling():
    theta = np.array([1, 1, 1, 1, 0, -1, 1, -2, 0.0])
    X = np.array([[0.1, 0.2], [0.1, 1.3], [1.2, 0.1], [1.3, 1.2]])  # off the kinks
    y = np.maximum(0, X @ np.ones((2, 2)) + [0, -1]) @ [1, -2]
    H = regression_hessian(theta, X, y, 2, "relu")
    values = np.linalg.eigvalsh(H)
    assert values.min() > -1e-13
    stretch_first = np.array([1, 0, 1, 0, 0, 0, -1, 0, 0.0])  # d/da of (a W, a c, w / a) at a = 1
    np.testing.assert_allclose(H @ stretch_first, 0, atol=1e-14)


# --- symmetries ----------------------------------------------------------------------------------------------


def network(X, W, c, w, phi):
    return phi(X @ W + c) @ w


@settings(deadline=None, max_examples=40)
@given(seeds, st.integers(1, 4), st.integers(0, 6), st.booleans())
def test_permuted_flipped_and_stretched_networks_compute_the_same_function(seed, d, m, matrix):
    rng = np.random.default_rng(seed)
    W, c, X = rng.normal(size=(d, m)), rng.normal(size=m), rng.normal(size=(9, d))
    w = rng.normal(size=(m, 3) if matrix else m)
    order, signs, factors = rng.permutation(m), rng.choice([-1, 1], size=m), rng.uniform(0.1, 10, size=m)
    for phi, new in (
        (np.cos, permute_hidden(W, c, w, order)),
        (np.tanh, permute_hidden(W, c, w, order)),
        (np.tanh, flip_hidden(W, c, w, signs)),
        (np.arctan, flip_hidden(W, c, w, signs)),
        (lambda z: np.maximum(0, z), rescale_hidden(W, c, w, factors)),
    ):
        assert [a.shape for a in new] == [W.shape, c.shape, w.shape]
        np.testing.assert_allclose(network(X, *new, phi), network(X, W, c, w, phi), atol=1e-12)


def test_new_unit_j_is_the_old_unit_order_j():
    W, c, w = permute_hidden([[10, 20, 30]], [1, 2, 3], [[4], [5], [6]], [2, 0, 1])
    np.testing.assert_array_equal(W, [[30, 10, 20]])
    np.testing.assert_array_equal(c, [3, 1, 2])
    np.testing.assert_array_equal(w, [[6], [4], [5]])


def test_flips_do_not_fit_rectifiers_and_stretches_do_not_fit_tanh():
    X, W, c, w = np.array([[1.0], [-2.0]]), np.array([[1.0]]), np.array([0.3]), np.array([2.0])
    flipped, stretched = flip_hidden(W, c, w, [-1]), rescale_hidden(W, c, w, [2])
    assert not np.allclose(
        network(X, *flipped, lambda z: np.maximum(0, z)), network(X, W, c, w, lambda z: np.maximum(0, z))
    )
    assert not np.allclose(network(X, *stretched, np.tanh), network(X, W, c, w, np.tanh))


@pytest.mark.parametrize("m", [0, 1, 2, 3])
def test_the_number_of_equivalent_weights_is_found_by_trying_all(m):
    rng = np.random.default_rng(m)
    W, c, w = rng.normal(size=(2, m)), rng.normal(size=m), rng.normal(size=m)
    seen = set()
    for order, signs in product(permutations(range(m)), product([1, -1], repeat=m)):
        arrays = flip_hidden(*permute_hidden(W, c, w, list(order)), list(signs))
        seen.add(tuple(np.concatenate([a.ravel() for a in arrays])))
    assert len(seen) == count_equivalent(m, odd=True)
    assert len(set(permutations(range(m)))) == count_equivalent(m, odd=False)


# --- slices --------------------------------------------------------------------------------------------------


def test_a_slice_has_a_row_for_each_step_along_the_second_direction():
    values = loss_slice(lambda x: 10 * x[0] + x[1], [5, 0], [1, 0], [0, 2], alphas=[0, 1, 2], betas=[0, 1])
    np.testing.assert_array_equal(values, [[50, 60, 70], [52, 62, 72]])
    assert loss_slice(np.sum, [1.0], [1.0], [0.0], alphas=[], betas=[1.0, 2.0]).shape == (2, 0)


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(2, 6), st.integers(0, 5))
def test_points_of_a_plane_are_found_again_and_others_are_projected(seed, p, steps):
    rng = np.random.default_rng(seed)
    theta, d1, d2 = rng.normal(size=(3, p))
    coordinates = rng.normal(size=(steps, 2))
    path = theta + coordinates @ np.array([d1, d2])
    np.testing.assert_allclose(plane_coordinates(path, theta, d1, d2), coordinates, atol=1e-7)
    other = path + rng.normal(size=path.shape)
    residual = other - theta - plane_coordinates(other, theta, d1, d2) @ np.array([d1, d2])
    np.testing.assert_allclose(residual @ np.array([d1, d2]).T, 0, atol=1e-9)


def test_directions_of_very_different_length_span_a_plane_too():
    np.testing.assert_allclose(
        plane_coordinates([[1e-9, 1e9]], [0, 0], [1e-9, 0], [0, 1e9]), [[1, 1]], rtol=1e-6
    )


# --- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: classify_critical_point([[1, 2]]), "H should be square"),
        (lambda: classify_critical_point(np.zeros((0, 0))), "H should be square with at least one row"),
        (lambda: classify_critical_point([[1, 2], [0, 1]]), "H should be symmetric"),
        (lambda: classify_critical_point([[np.nan]]), "H should be finite"),
        (lambda: classify_critical_point([[1.0]], tol=-1), "tol should be zero or positive"),
        (lambda: classify_critical_point([[1.0]], tol=np.nan), "tol should be zero or positive"),
        (lambda: classify_critical_point([[1.0]], tol="small"), "tol should hold real numbers"),
        (lambda: permute_hidden([[1, 2]], [1, 2], [1, 2], [[0], [0, 1]]), "order should hold real numbers"),
        (lambda: numerical_hessian(np.sum, [1.0], eps=0), "eps should be positive"),
        (lambda: hessian_from_gradient(np.sum, [1.0]), r"grad\(theta\) should be an array of shape \(1,\)"),
        (lambda: permute_hidden([[1, 2]], [1, 2], [1, 2], [0, 0]), "order should hold each of the 2"),
        (lambda: permute_hidden([[1, 2]], [1, 2], [1, 2], [-1, 0]), "order should hold each of the 2"),
        (lambda: permute_hidden([[1, 2]], [1, 2], [1, 2], [0.0, 1.0]), "order should hold each of the 2"),
        (lambda: permute_hidden([[1, 2]], [1], [1, 2], [0, 1]), r"c should be an array of shape \(2,\)"),
        (lambda: permute_hidden([[1, 2]], [1, 2], [1], [0, 1]), r"w should be of shape \(m,\) or \(m, p\)"),
        (lambda: flip_hidden([[1, 2]], [1, 2], [1, 2], [1, 2]), "signs should be 1 or -1"),
        (lambda: rescale_hidden([[1, 2]], [1, 2], [1, 2], [1, 0]), "factors should be positive"),
        (lambda: rescale_hidden([[1, 2]], [1, 2], [1, 2], [1, np.inf]), "factors should be positive"),
        (lambda: count_equivalent(-1, odd=True), "units should be a whole number"),
        (
            lambda: regression_loss([1.0], CORNERS, TARGETS, 2, "tanh"),
            r"theta should be an array of shape \(9,\)",
        ),
        (lambda: regression_loss(np.zeros(9), CORNERS, TARGETS, 2, "sine"), "activation should be one of"),
        (
            lambda: regression_loss(np.zeros(9), np.zeros((0, 2)), [], 2, "tanh"),
            "X should have at least one row",
        ),
        (lambda: loss_slice(np.sum, [0, 0], [1], [0, 1], [0], [0]), "direction_1 should be"),
        (lambda: plane_coordinates([[0, 0]], [0, 0], [1, 1], [2, 2]), "should span a plane"),
        (lambda: plane_coordinates([[0, 0]], [0, 0], [1, 1], [0, 0]), "should span a plane"),
    ],
)
def test_a_wrong_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
