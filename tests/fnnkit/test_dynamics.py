"""Powers of matrices and error signals through many layers, against PyTorch, SciPy and closed forms."""

from itertools import pairwise

import numpy as np
import pytest
import scipy.linalg
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fnnkit.activations import relu, relu_grad, sigmoid, sigmoid_grad, tanh_grad
from fnnkit.dynamics import (
    deltas_through_time,
    fate,
    jacobian_bound,
    layer_gradient_norms,
    matrix_of_pair,
    network_jacobian,
    power_by_eigen,
    power_norms,
    spectral_radius,
    spectrum,
    transient_peak,
)

seeds = st.integers(0, 10_000)


def random_orthogonal(rng, m):
    return np.linalg.qr(rng.normal(size=(m, m)))[0]


# --- powers --------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=50)
@given(seeds, st.integers(1, 7), st.integers(0, 12))
def test_the_power_by_eigenvalues_is_the_repeated_product(seed, m, k):
    W = np.random.default_rng(seed).normal(size=(m, m))
    assume(np.linalg.cond(np.linalg.eig(W)[1]) < 1e4)
    power = power_by_eigen(W, k)
    assert power.dtype == np.float64
    expected = np.linalg.matrix_power(W, k)
    np.testing.assert_allclose(power, expected, rtol=0, atol=1e-9 * max(1, np.linalg.norm(expected)))


def test_a_turn_by_complex_eigenvalues_is_the_turn_by_k_times_the_angle():
    def turn(angle):
        return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

    np.testing.assert_allclose(power_by_eigen(turn(0.3), 7), turn(2.1), atol=1e-14)
    np.testing.assert_allclose(power_by_eigen(turn(0.3), 0), np.eye(2), atol=1e-15)


def test_powers_of_the_identity_and_of_whole_numbers():
    np.testing.assert_array_equal(power_by_eigen(np.eye(3, dtype=int), 5), np.eye(3))
    np.testing.assert_allclose(power_by_eigen([[1, 1], [1, 0]], 10), [[89, 55], [55, 34]], rtol=1e-13)


@pytest.mark.parametrize("W", [[[1, 1], [0, 1]], [[0, 1], [0, 0]], [[2, 1, 0], [0, 2, 1], [0, 0, 2]]])
def test_a_jordan_block_has_no_power_by_eigenvalues(W):
    with pytest.raises(ValueError, match=r"W should be diagonalisable"):
        power_by_eigen(W, 3)


def test_a_power_beyond_the_largest_number_is_refused():
    with pytest.raises(ValueError, match=r"k = 5000 is larger than a float64"):
        power_by_eigen([[2.0, 0.0], [0.0, 0.5]], 5000)


# --- the spectrum and what it decides ------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(seeds, st.integers(1, 8))
def test_the_radius_is_that_of_the_characteristic_polynomial(seed, m):
    W = np.random.default_rng(seed).normal(size=(m, m))
    roots = np.roots(np.poly(W))
    assert spectral_radius(W) == pytest.approx(np.abs(roots).max(), rel=1e-6)
    values = spectrum(W)
    assert np.all(np.diff(np.abs(values)) <= 1e-12)
    assert np.prod(values) == pytest.approx(np.linalg.det(W), rel=1e-8, abs=1e-12)
    assert np.sum(values) == pytest.approx(np.trace(W), abs=1e-11)


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 3), st.floats(-4, 4), st.floats(0.1, 10))
def test_a_pair_has_the_eigenvalues_it_was_made_of(modulus, angle, skew):
    W = matrix_of_pair(modulus, angle, skew)
    # The characteristic polynomial λ² − 2 r cos φ λ + r² says it without an eigenvalue.
    assert np.trace(W) == pytest.approx(2 * modulus * np.cos(angle), abs=1e-12)
    assert np.linalg.det(W) == pytest.approx(modulus**2, abs=1e-12)


def test_without_skew_the_pair_is_a_normal_matrix_and_with_skew_it_is_not():
    normal, skewed = matrix_of_pair(0.9, 1.0), matrix_of_pair(0.9, 1.0, 5.0)
    np.testing.assert_allclose(normal @ normal.T, normal.T @ normal, atol=1e-15)
    assert not np.allclose(skewed @ skewed.T, skewed.T @ skewed)
    assert transient_peak(normal, 50) == (1.0, 0)
    assert transient_peak(skewed, 50)[0] == pytest.approx(5 * 0.9**2, rel=0.1)


FATES = [
    ([[0.5]], "vanishes"),
    ([[0.0]], "vanishes"),
    ([[1.0]], "stays"),
    ([[-1.0]], "stays"),
    ([[-1.5]], "explodes"),
    ([[1 - 1e-6]], "vanishes"),
    ([[1 - 1e-11]], "stays"),
    (np.eye(4), "stays"),
    ([[0, -1], [1, 0]], "stays"),
    ([[0, 1], [1, 0]], "stays"),
    ([[1, 1], [0, 1]], "explodes"),
    ([[-1, 1], [0, -1]], "explodes"),
    ([[1, 1e-6], [0, 1]], "explodes"),
    ([[1, 1e10], [0, 0.5]], "stays"),
    ([[1, 5], [0, -1]], "stays"),
    ([[0.95, 5], [0, 0.95]], "vanishes"),
    ([[0, 1, 0], [0, 0, 0], [0, 0, 1]], "stays"),  # the Jordan block stands at 0
    ([[1, 1, 0], [0, 1, 0], [0, 0, 0.5]], "explodes"),
    ([[1, 1, 0], [0, 1, 1], [0, 0, 1]], "explodes"),
    (np.kron([[1, 1], [0, 1]], [[0, -1], [1, 0]]), "explodes"),  # a Jordan block of the pair ±i
]


@pytest.mark.parametrize(("W", "what"), FATES)
def test_the_fate_of_a_matrix(W, what):
    assert fate(W) == what


@settings(deadline=None, max_examples=60)
@given(seeds, st.sampled_from(FATES))
def test_the_fate_does_not_depend_on_the_coordinates(seed, case):
    W, what = np.array(case[0], float), case[1]
    # Rounding hides a coupling of 1e-6 beside entries of 1, and an eigenvalue of 1 beside entries of 1e10.
    assume(not np.any(np.isin(np.abs(W), [1e-6, 1e10])))
    Q = random_orthogonal(np.random.default_rng(seed), len(W))
    assert fate(Q @ W @ Q.T) == what


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 6))
def test_what_vanishes_is_small_after_many_steps_and_what_explodes_is_large(seed, m):
    W = np.random.default_rng(seed).normal(size=(m, m))
    radius = np.abs(scipy.linalg.schur(W, output="complex")[0].diagonal()).max()
    for factor, what in ((0.7, "vanishes"), (1.4, "explodes")):
        scaled = factor * W / radius
        assert fate(scaled) == what
        norm = np.linalg.norm(np.linalg.matrix_power(scaled, 400))
        assert norm < 1e-20 if what == "vanishes" else norm > 1e20


def test_a_radius_below_one_can_grow_for_a_while():
    # ‖Wᵏ‖ of [[a, b], [0, a]] is that of aᵏ⁻¹ [[a, k b], [0, a]]: k aᵏ⁻¹ b is largest at k = −1/ln a = 19.5.
    peak, k = transient_peak([[0.95, 5], [0, 0.95]], 200)
    t = 19 * 5 / 0.95  # the largest singular value of [[1, t], [0, 1]] is t/2 + √(1 + t²/4)
    assert k == 19
    assert peak == pytest.approx(0.95**19 * (t / 2 + np.sqrt(1 + t**2 / 4)), rel=1e-12)
    assert spectral_radius([[0.95, 5], [0, 0.95]]) == 0.95


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 6), st.integers(0, 15))
def test_the_peak_is_the_largest_norm_of_the_repeated_product(seed, m, K):
    W = np.random.default_rng(seed).normal(size=(m, m)) / np.sqrt(m)
    norms = [scipy.linalg.svdvals(np.linalg.matrix_power(W, k))[0] for k in range(K + 1)]
    np.testing.assert_allclose(power_norms(W, K), norms, rtol=1e-10)
    peak, k = transient_peak(W, K)
    assert peak == pytest.approx(max(norms), rel=1e-10)
    assert norms[k] == pytest.approx(peak, rel=1e-10)


@settings(deadline=None, max_examples=20)
@given(seeds, st.integers(1, 6))
def test_an_orthogonal_matrix_has_its_peak_at_the_start(seed, m):
    assert transient_peak(random_orthogonal(np.random.default_rng(seed), m), 300)[1] == 0


def test_powers_that_overflow_are_infinite_without_a_warning():
    norms = power_norms([[1e100]], 5)
    np.testing.assert_allclose(norms[:4], [1, 1e100, 1e200, 1e300])
    assert np.all(np.isinf(norms[4:]))
    assert transient_peak([[1e100]], 5) == (np.inf, 4)


# --- error signals -------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 6), st.integers(1, 4), st.integers(1, 5))
def test_norms_through_time_are_those_of_automatic_differentiation(seed, T, n, m):
    rng = np.random.default_rng(seed)
    W, inputs, delta_T = rng.normal(size=(m, m)), rng.normal(size=(T, n, m)), rng.normal(size=(n, m))
    h, Z = torch.zeros(n, m, dtype=torch.float64), []
    for x in inputs:
        z = (h @ torch.tensor(W) + torch.tensor(x)).requires_grad_()
        z.retain_grad()
        Z.append(z)
        h = torch.tanh(z)
    (Z[-1] * torch.tensor(delta_T)).sum().backward()
    expected = [np.linalg.norm(z.grad.numpy()) for z in reversed(Z)]
    values = np.array([z.detach().numpy() for z in Z])
    np.testing.assert_allclose(deltas_through_time(W, values, delta_T), expected, rtol=1e-10, atol=1e-14)
    one = deltas_through_time(W, values[:, 0], delta_T[0])
    np.testing.assert_allclose(one, deltas_through_time(W, values[:, :1], delta_T[:1]), rtol=1e-13)


def test_a_linear_stretch_of_tanh_keeps_the_error_signal_of_a_rotation():
    W = matrix_of_pair(1.0, 0.7)
    np.testing.assert_allclose(deltas_through_time(W, np.zeros((100, 2)), [3.0, 4.0]), 5.0, rtol=1e-12)


@settings(deadline=None, max_examples=30)
@given(
    seeds,
    st.lists(st.integers(1, 5), min_size=2, max_size=6),
    st.integers(1, 4),
    st.sampled_from(
        [
            (np.tanh, tanh_grad, torch.tanh),
            (relu, relu_grad, torch.relu),
            (sigmoid, sigmoid_grad, torch.sigmoid),
        ]
    ),
)
def test_gradient_norms_by_layer_are_those_of_automatic_differentiation(seed, widths, n, activation):
    rng = np.random.default_rng(seed)
    phi, dphi, torch_phi = activation
    weights = [rng.normal(size=pair) for pair in pairwise(widths)]
    X, delta_out = rng.normal(size=(n, widths[0])), rng.normal(size=(n, widths[-1]))
    tensors = [torch.tensor(W, requires_grad=True) for W in weights]
    H = torch.tensor(X)
    for W in tensors[:-1]:
        H = torch_phi(H @ W)
    ((H @ tensors[-1]) * torch.tensor(delta_out)).sum().backward()
    expected = [np.linalg.norm(W.grad.numpy()) for W in tensors]
    norms = layer_gradient_norms(X, weights, phi, dphi, delta_out)
    np.testing.assert_allclose(norms, expected, rtol=1e-10, atol=1e-14)


@settings(deadline=None, max_examples=30)
@given(seeds, st.lists(st.integers(1, 5), min_size=2, max_size=6))
def test_the_jacobian_is_that_of_automatic_differentiation_and_never_breaks_the_bound(seed, widths):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=pair) for pair in pairwise(widths)]
    x = rng.normal(size=widths[0])

    def network(v):
        for W in weights:
            v = torch.sigmoid(v @ torch.tensor(W))
        return v

    expected = torch.autograd.functional.jacobian(network, torch.tensor(x)).numpy().T
    J = network_jacobian(x, weights, sigmoid, sigmoid_grad)
    np.testing.assert_allclose(J, expected, rtol=1e-10, atol=1e-15)
    assert np.linalg.norm(J, 2) <= jacobian_bound(weights, 0.25) * (1 + 1e-12)


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 5), st.integers(1, 5), st.floats(0.1, 2))
def test_of_orthogonal_matrices_the_bound_is_attained(seed, m, depth, gamma):
    rng = np.random.default_rng(seed)
    weights = [random_orthogonal(rng, m) for _ in range(depth)]
    J = network_jacobian(np.zeros(m), weights, lambda z: gamma * z, lambda z: np.full_like(z, gamma))
    assert np.linalg.norm(J, 2) == pytest.approx(jacobian_bound(weights, gamma), rel=1e-12)
    assert jacobian_bound(weights, gamma) == pytest.approx(gamma**depth, rel=1e-12)


def test_the_bound_of_no_layers_is_one_and_uses_the_spectral_norm():
    assert jacobian_bound([], 0.3) == 1.0
    assert jacobian_bound([3 * np.eye(4)], 1.0) == pytest.approx(3.0)  # Frobenius would say 6
    assert jacobian_bound([1e200 * np.eye(2)] * 2, 1.0) == np.inf


def test_signals_that_explode_beyond_every_number_are_infinite_without_a_warning():
    norms = deltas_through_time([[10.0]], np.zeros((400, 1)), [1.0])
    np.testing.assert_allclose(norms[:150], 10.0 ** np.arange(150))
    assert norms[-1] == np.inf
    norms = layer_gradient_norms([[1.0]], [[[1e3]]] * 200, relu, relu_grad, [[1.0]])
    assert not np.isfinite(norms).any()


# --- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("f", [spectrum, spectral_radius, fate, lambda W: power_by_eigen(W, 1)])
@pytest.mark.parametrize(
    "W", [[[1, 2]], [], np.zeros((0, 0)), [[np.nan]], [[np.inf, 0], [0, 1]], [1], [["a"]]]
)
def test_only_finite_square_matrices_have_a_spectrum(f, W):
    with pytest.raises(ValueError, match=r"^W should"):
        f(W)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: power_by_eigen([[1.0]], -1), "k should be a whole number from 0 on, but it is int -1"),
        (lambda: power_by_eigen([[1.0]], 0.5), "k should be a whole number"),
        (lambda: transient_peak([[1.0]], -1), "K should be a whole number"),
        (lambda: deltas_through_time([[1.0]], np.zeros((0, 1)), [1.0]), "Z should be of shape"),
        (lambda: deltas_through_time([[1.0]], [1.0], [1.0]), "Z should be of shape"),
        (lambda: deltas_through_time(np.eye(2), np.zeros((3, 1)), [1.0]), "W should be an array of shape"),
        (lambda: deltas_through_time([[1.0]], np.zeros((3, 1)), 1.0), "delta_T should be an array of shape"),
        (lambda: layer_gradient_norms([[1.0]], [], abs, abs, [[1.0]]), "weights should hold at least one"),
        (
            lambda: layer_gradient_norms([[1.0]], [np.eye(2)], abs, abs, [[1.0, 1.0]]),
            "axis 1 of X and axis 0 of",
        ),
        (lambda: layer_gradient_norms([[1.0]], [[[1.0]]], abs, abs, [1.0]), "delta_out should be"),
        (lambda: jacobian_bound([np.eye(2), np.eye(3)], 1.0), r"axis 1 of weights\[0\]"),
        (lambda: jacobian_bound(None, 1.0), "weights should be a list of one matrix a layer"),
        (lambda: jacobian_bound([np.eye(2)], "1"), "gamma should hold real numbers"),
        (lambda: jacobian_bound([np.eye(2)], -1.0), "gamma should be finite and not negative"),
        (lambda: jacobian_bound([[[np.nan]]], 1.0), r"weights\[0\] should be finite"),
        (lambda: matrix_of_pair(-1.0, 0.0), "modulus should be"),
        (lambda: matrix_of_pair(1.0, 0.0, 0.0), "skew should be"),
        (lambda: matrix_of_pair(1.0, np.inf), "angle should be"),
    ],
)
def test_a_wrong_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_no_input_is_changed():
    rng = np.random.default_rng(0)
    W, Z, delta = rng.normal(size=(3, 3)), rng.normal(size=(4, 2, 3)), rng.normal(size=(2, 3))
    before = [a.copy() for a in (W, Z, delta)]
    deltas_through_time(W, Z, delta)
    power_by_eigen(W, 3)
    transient_peak(W, 3)
    layer_gradient_norms(Z[0], [W, W], relu, relu_grad, delta)
    for a, b in zip((W, Z, delta), before, strict=True):
        np.testing.assert_array_equal(a, b)
