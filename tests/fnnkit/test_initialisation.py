"""Initial weights: what they promise about variances and norms."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from fnnkit.initialisation import init_scale, initial_weights, orthogonal


@pytest.mark.parametrize(("n_in", "n_out"), [(30, 200), (200, 30), (90, 90)])
def test_the_scales_are_those_of_pytorch(n_in, n_out):
    weight = torch.empty(n_out, n_in, dtype=torch.float64)
    torch.manual_seed(0)
    # The largest of many uniform numbers is close to their bound, √3 standard deviations.
    torch.nn.init.xavier_uniform_(weight)
    assert init_scale("glorot", n_in, n_out) == pytest.approx(
        weight.abs().max().item() / np.sqrt(3), rel=5e-3
    )
    torch.nn.init.kaiming_uniform_(weight, mode="fan_in", nonlinearity="relu")
    assert init_scale("he", n_in, n_out) == pytest.approx(weight.abs().max().item() / np.sqrt(3), rel=5e-3)


def test_he_scale_keeps_the_second_moment_through_layers_of_relus():
    rng = np.random.default_rng(0)
    H = rng.normal(size=(100, 400))
    before = np.mean(H**2)
    for _ in range(6):
        Z = H @ initial_weights("he", 400, 400, rng)
        H = np.maximum(Z, 0)
    assert np.mean(Z**2) / 2 == pytest.approx(before, rel=0.25)


def test_glorot_scale_is_the_compromise_between_forward_and_backward():
    n_in, n_out = 50, 450
    variance = init_scale("glorot", n_in, n_out) ** 2
    assert n_in * variance + n_out * variance == pytest.approx(2)


def test_unknown_kinds_and_widths_are_refused():
    for kind in ("xavier", "", None, 2):
        with pytest.raises(ValueError, match="kind"):
            init_scale(kind, 2, 3)
        with pytest.raises(ValueError, match="kind"):
            initial_weights(kind, 2, 3, np.random.default_rng(0))
    for n in (0, -1, 2.5, "3"):
        with pytest.raises(ValueError, match="n_in"):
            init_scale("he", n, 3)
        with pytest.raises(ValueError, match="n_out"):
            init_scale("he", 3, n)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 12), st.integers(0, 1000), st.floats(-100, 100))
def test_the_factor_is_orthogonal_and_turns_A_into_a_triangle_with_non_negative_diagonal(n, seed, log_scale):
    A = np.random.default_rng(seed).normal(size=(n, n)) * 10.0**log_scale
    Q = orthogonal(A)
    R = Q.T @ A
    np.testing.assert_allclose(Q.T @ Q, np.eye(n), atol=1e-13)
    size = max(np.abs(A).max(initial=0.0), np.finfo(float).tiny)
    np.testing.assert_allclose(np.tril(R, -1) / size, 0, atol=1e-12)
    assert (np.diag(R) >= 0).all()


def test_the_factor_is_the_one_of_gram_and_schmidt():
    A = np.random.default_rng(0).normal(size=(5, 5))
    Q = np.zeros((5, 5))
    for j in range(5):
        v = A[:, j] - Q @ (Q.T @ A[:, j])
        Q[:, j] = v / np.linalg.norm(v)
    np.testing.assert_allclose(orthogonal(A), Q, atol=1e-12)


@pytest.mark.parametrize("A", [np.zeros((3, 3)), np.ones((3, 3)), -np.eye(3), np.diag([1.0, 0.0, -2.0])])
def test_a_singular_matrix_still_gives_an_orthogonal_one(A):
    Q = orthogonal(A)
    np.testing.assert_allclose(Q.T @ Q, np.eye(3), atol=1e-14)


def test_the_norm_is_kept_through_a_thousand_layers():
    Q = orthogonal(np.random.default_rng(0).normal(size=(10, 10)))
    x = np.ones(10)
    for _ in range(1000):
        x = x @ Q
    assert np.linalg.norm(x) == pytest.approx(np.sqrt(10), rel=1e-12)


def test_the_factor_of_a_gaussian_matrix_is_uniform():
    # In the plane: the angle of the first column is uniform, and rotations are as frequent as reflections.
    rng = np.random.default_rng(0)
    Qs = np.array([orthogonal(rng.normal(size=(2, 2))) for _ in range(2000)])
    angles = np.arctan2(Qs[:, 1, 0], Qs[:, 0, 0])
    assert stats.kstest(angles, stats.uniform(-np.pi, 2 * np.pi).cdf).pvalue > 0.01
    assert np.mean(np.linalg.det(Qs) > 0) == pytest.approx(0.5, abs=0.05)


def test_orthogonal_refuses_what_is_not_square_or_not_finite():
    for A in (np.ones((2, 3)), np.ones(4), [[1.0, np.nan], [0.0, 1.0]]):
        with pytest.raises(ValueError, match="A should be"):
            orthogonal(A)


@pytest.mark.parametrize(("n_in", "n_out"), [(6, 3), (3, 6), (4, 4), (1, 5)])
def test_orthogonal_weights_have_orthonormal_rows_or_columns(n_in, n_out):
    W = initial_weights("orthogonal", n_in, n_out, np.random.default_rng(0))
    assert W.shape == (n_in, n_out)
    gram = W.T @ W if n_in >= n_out else W @ W.T
    np.testing.assert_allclose(gram, np.eye(min(n_in, n_out)), atol=1e-13)


@pytest.mark.parametrize("kind", ["glorot", "he"])
def test_random_weights_are_normal_with_the_scale_of_their_kind(kind):
    W = initial_weights(kind, 40, 90, np.random.default_rng(0))
    assert stats.kstest(W.ravel(), stats.norm(scale=init_scale(kind, 40, 90)).cdf).pvalue > 0.01
