"""Facts about the losses of chapter 2, held against PyTorch, SciPy and closed forms."""

import math

import numpy as np
import pytest
import scipy.special
import scipy.stats
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fnnkit import losses

pytestmark = pytest.mark.filterwarnings("error")
few = settings(deadline=None, max_examples=40)
shapes = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)
seeds = st.integers(0, 999)
LOGITS = np.array([-1e4, -800.0, -40.0, -1.0, 0.0, 1.0, 40.0, 800.0, 1e4])


def torch_gradient(function, array):
    """Gradient by PyTorch in float64."""
    tensor = torch.tensor(np.asarray(array, dtype=np.float64), requires_grad=True)
    function(tensor).sum().backward()
    return tensor.grad.numpy()


# --- regression --------------------------------------------------------------------------------------------


@few
@given(shape=shapes, seed=seeds)
def test_squared_and_absolute_error_and_their_gradients_equal_those_of_pytorch(shape, seed):
    prediction, target = np.random.default_rng(seed).normal(size=(2, *shape))
    t = torch.tensor(target)
    for ours, slope, theirs in (
        (losses.mse, losses.mse_grad, torch.nn.functional.mse_loss),
        (losses.mae, losses.mae_grad, torch.nn.functional.l1_loss),
    ):
        assert ours(prediction, target) == pytest.approx(
            theirs(torch.tensor(prediction), t).item(), rel=1e-13
        )
        np.testing.assert_allclose(
            slope(prediction, target), torch_gradient(lambda p, f=theirs: f(p, t), prediction), rtol=1e-13
        )


def test_slope_of_the_absolute_error_is_zero_at_its_kink():
    np.testing.assert_array_equal(losses.mae_grad([1.0, 2.0], [1.0, 0.0]), [0.0, 0.5])


@pytest.mark.parametrize(
    "function",
    [losses.mse, losses.mse_grad, losses.mae, losses.mae_grad, losses.gaussian_nll, losses.gaussian_nll_grad],
)
def test_shapes_that_would_broadcast_and_empty_batches_are_refused(function):
    for a, b in ((np.zeros(3), np.zeros((3, 1))), (np.zeros(3), np.zeros(1)), (np.zeros((2, 2)), 0.0)):
        with pytest.raises(ValueError, match="should have the same shape"):
            function(a, b)
    with pytest.raises(ValueError, match="should have at least one entry"):
        function(np.zeros((0, 2)), np.zeros((0, 2)))
    with pytest.raises(ValueError, match="should hold real numbers"):
        function(["a"], [1.0])


@few
@given(n=st.integers(1, 5), d=st.integers(1, 4), seed=seeds)
def test_gaussian_nll_is_minus_the_mean_log_density(n, d, seed):
    y, mean = np.random.default_rng(seed).normal(size=(2, n, d))
    density = [
        scipy.stats.multivariate_normal(m, np.eye(d)).logpdf(row) for row, m in zip(y, mean, strict=True)
    ]
    assert losses.gaussian_nll(y, mean) == pytest.approx(-np.mean(density), rel=1e-12)
    gradient = torch_gradient(lambda m: 0.5 * ((torch.tensor(y) - m) ** 2).sum(1).mean(), mean)
    np.testing.assert_allclose(losses.gaussian_nll_grad(y, mean), gradient, rtol=1e-13)


def test_gaussian_nll_is_half_the_squared_error_plus_a_constant():
    y, mean = np.random.default_rng(0).normal(size=(2, 6, 3))
    constant = 1.5 * math.log(2 * math.pi)
    assert losses.gaussian_nll(y, mean) == pytest.approx(1.5 * losses.mse(mean, y) + constant, rel=1e-13)


def test_a_vector_of_targets_is_a_batch_of_one_dimension():
    y, mean = np.array([1.0, 2.0, 4.0]), np.array([0.0, 2.0, 1.0])
    assert losses.gaussian_nll(y, mean) == losses.gaussian_nll(y[:, None], mean[:, None])
    assert losses.gaussian_nll_grad(y, mean).shape == (3,)
    with pytest.raises(ValueError, match=r"shape \(n, d\) or \(n,\)"):
        losses.gaussian_nll(np.ones((2, 2, 2)), np.ones((2, 2, 2)))


@few
@given(y=hnp.arrays(np.float64, st.integers(1, 9), elements=st.floats(-50, 50)), c=st.floats(-60, 60))
def test_no_constant_beats_the_mean_under_squares_nor_the_median_under_absolute_values(y, c):
    for name, loss in (("mse", losses.mse), ("mae", losses.mae)):
        best = losses.best_constant(y, name)
        assert loss(np.full_like(y, best), y) <= loss(np.full_like(y, c), y) + 1e-10


def test_mean_median_mode_and_midrange_part_on_a_skewed_sample():
    y = [1.0, 1.0, 2.0, 4.0, 17.0]
    assert losses.best_constant(y, "mse") == 5.0
    assert losses.best_constant(y, "mae") == 2.0


def test_best_constant_refuses_other_losses_and_no_targets():
    with pytest.raises(ValueError, match='loss should be "mse" or "mae", but it is \'huber\''):
        losses.best_constant([1.0], "huber")
    with pytest.raises(ValueError, match='loss should be "mse" or "mae"'):
        losses.best_constant([1.0], np.array(["mse", "mae"]))
    with pytest.raises(ValueError, match="y should have at least one entry"):
        losses.best_constant([], "mse")
    with pytest.raises(ValueError, match=r"y should be an array of shape \(n,\)"):
        losses.best_constant([[1.0]], "mse")


# --- sigmoid output ----------------------------------------------------------------------------------------

binary = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4).flatmap(
    lambda shape: st.tuples(
        hnp.arrays(np.float64, shape, elements=st.floats(-500, 500)),
        hnp.arrays(np.int64, shape, elements=st.integers(0, 1)),
    )
)


@few
@given(pair=binary)
def test_bernoulli_nll_and_its_derivative_equal_those_of_pytorch(pair):
    z, y = pair
    t = torch.tensor(y, dtype=torch.float64)
    nll = torch.nn.functional.binary_cross_entropy_with_logits(torch.tensor(z), t, reduction="none")
    np.testing.assert_allclose(losses.bernoulli_nll(z, y), nll.numpy(), rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(
        losses.bernoulli_nll(z, y), -scipy.special.log_expit((2 * y - 1) * z), rtol=1e-14
    )
    slope = torch_gradient(
        lambda s: torch.nn.functional.binary_cross_entropy_with_logits(s, t, reduction="none"), z
    )
    np.testing.assert_allclose(losses.bernoulli_nll_grad(z, y), slope, rtol=1e-12, atol=1e-15)
    slope = torch_gradient(lambda s: (torch.sigmoid(s) - t) ** 2, z)
    np.testing.assert_allclose(losses.sigmoid_mse_grad(z, y), slope, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(
        losses.sigmoid_mse(z, y), (torch.sigmoid(torch.tensor(z)) - t) ** 2, atol=1e-15
    )


@pytest.mark.parametrize("y", [0, 1])
def test_bernoulli_nll_is_finite_and_linear_for_a_confident_mistake(y):
    wrong = -(2 * y - 1) * np.array([50.0, 1e3, 1e4])
    np.testing.assert_allclose(losses.bernoulli_nll(wrong, y), np.abs(wrong), rtol=1e-15)
    np.testing.assert_allclose(losses.bernoulli_nll_grad(wrong, y), 1 - 2 * y, rtol=1e-15)
    assert np.all(np.abs(losses.sigmoid_mse_grad(wrong, y)) < 1e-21)  # wrong, and nothing to learn from
    assert np.all(np.isfinite(losses.bernoulli_nll(LOGITS, y)))


def test_derivative_for_a_right_answer_keeps_its_relative_precision():
    np.testing.assert_allclose(
        losses.bernoulli_nll_grad([50.0, 300.0], [1, 1]), [-math.exp(-50), -math.exp(-300)], rtol=1e-14
    )


@pytest.mark.parametrize(
    "function", [losses.bernoulli_nll, losses.bernoulli_nll_grad, losses.sigmoid_mse, losses.sigmoid_mse_grad]
)
def test_targets_other_than_zero_and_one_and_shapes_that_would_broadcast_are_refused(function):
    for bad in (0.5, -1, np.nan, 2):
        with pytest.raises(ValueError, match="y should hold targets 0 and 1"):
            function([0.0], [bad])
    with pytest.raises(ValueError, match="z and y should have the same shape"):
        function(np.zeros(3), np.zeros((3, 1)))


# --- softmax output ----------------------------------------------------------------------------------------


@few
@given(n=st.integers(1, 5), classes=st.integers(1, 6), scale=st.sampled_from([1.0, 30.0, 1e3]), seed=seeds)
def test_categorical_losses_and_gradients_equal_those_of_pytorch(n, classes, scale, seed):
    rng = np.random.default_rng(seed)
    scores, g = scale * rng.normal(size=(n, classes)), rng.integers(0, classes, n)
    t = torch.tensor(g)
    one_hot = torch.nn.functional.one_hot(t, classes).double()
    nll = torch.nn.functional.cross_entropy
    squares = lambda s: torch.nn.functional.mse_loss(torch.softmax(s, 1), one_hot)  # noqa: E731
    s = torch.tensor(scores)
    assert losses.categorical_nll(scores, g) == pytest.approx(nll(s, t).item(), rel=1e-13, abs=1e-14)
    assert losses.softmax_mse(scores, g) == pytest.approx(squares(s).item(), rel=1e-12, abs=1e-15)
    np.testing.assert_allclose(
        losses.categorical_nll_grad(scores, g),
        torch_gradient(lambda s: nll(s, t), scores),
        rtol=1e-12,
        atol=1e-15,
    )
    np.testing.assert_allclose(
        losses.softmax_mse_grad(scores, g), torch_gradient(squares, scores), rtol=1e-11, atol=1e-15
    )


def test_a_confident_mistake_has_a_gradient_under_the_likelihood_and_none_under_squares():
    scores, g = np.array([[1e4, 0.0, -1e4]]), [1]
    assert losses.categorical_nll(scores, g) == 1e4
    np.testing.assert_array_equal(losses.categorical_nll_grad(scores, g), [[1.0, -1.0, 0.0]])
    np.testing.assert_array_equal(losses.softmax_mse_grad(scores, g), [[0.0, 0.0, 0.0]])


def test_gradient_has_the_opposite_sign_of_the_error_signal_of_the_slides():
    gradient = losses.categorical_nll_grad([[0.0, 0.0]], [0])
    np.testing.assert_array_equal(gradient, [[-0.5, 0.5]])


def test_shift_of_all_scores_changes_nothing():
    rng = np.random.default_rng(0)
    scores, g = rng.normal(size=(4, 3)), rng.integers(0, 3, 4)
    shifted = scores + rng.normal(size=(4, 1))
    assert losses.categorical_nll(shifted, g) == pytest.approx(losses.categorical_nll(scores, g), rel=1e-13)
    np.testing.assert_allclose(losses.categorical_nll_grad(scores, g).sum(axis=1), 0, atol=1e-16)
    np.testing.assert_allclose(losses.softmax_mse_grad(scores, g).sum(axis=1), 0, atol=1e-16)


@pytest.mark.parametrize(
    "function",
    [losses.categorical_nll, losses.categorical_nll_grad, losses.softmax_mse, losses.softmax_mse_grad],
)
def test_labels_that_do_not_fit_are_refused(function):
    scores = np.zeros((2, 3))
    for g in ([0, -1], [3, 0]):
        with pytest.raises(ValueError, match="g should hold labels from 0 to 2"):
            function(scores, g)
    for g in ([0.0, 1.0], [[0, 1]], [[0], [0, 1]], 1, ["a", "b"], [True, False]):
        with pytest.raises(ValueError, match="g should be integer labels"):
            function(scores, g)
    with pytest.raises(ValueError, match="g should have one label a row of scores"):
        function(scores, [0])
    with pytest.raises(ValueError, match="scores should have at least one row"):
        function(np.zeros((0, 3)), [])
    with pytest.raises(ValueError, match=r"scores should be an array of shape \(n, K\)"):
        function(np.zeros(3), [0])
    with pytest.raises(ValueError, match="scores should have a last axis with at least one class"):
        function(np.zeros((2, 0)), [0, 0])


# --- all ---------------------------------------------------------------------------------------------------


def test_no_loss_changes_its_arguments_and_float32_is_computed_in_float64():
    y = np.array([[0.1, 0.2]], dtype=np.float32)
    mean = np.array([[0.7, -0.2]], dtype=np.float32)
    scores, g = np.array([[0.5, 2.0]], dtype=np.float32), np.array([1], dtype=np.int8)
    z, binary_target = np.array([0.5, -3.0], dtype=np.float32), np.array([1, 0], dtype=np.uint8)
    calls = [
        (losses.mse_grad, y, mean), (losses.mae_grad, y, mean), (losses.gaussian_nll_grad, y, mean),
        (losses.categorical_nll_grad, scores, g), (losses.softmax_mse_grad, scores, g),
        (losses.bernoulli_nll_grad, z, binary_target), (losses.sigmoid_mse_grad, z, binary_target),
    ]  # fmt: skip
    for function, a, b in calls:
        before = a.copy(), b.copy()
        out = function(a, b)
        assert out.dtype == np.float64
        np.testing.assert_array_equal(out, function(a.astype(np.float64), b))
        np.testing.assert_array_equal(a, before[0])
        np.testing.assert_array_equal(b, before[1])
