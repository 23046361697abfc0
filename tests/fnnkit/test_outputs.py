"""Facts about output units, held against PyTorch's distributions and its automatic gradients."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit import losses, outputs
from fnnkit.outputs import OUTPUT_UNITS

pytestmark = pytest.mark.filterwarnings("error")
few = settings(deadline=None, max_examples=40)
seeds = st.integers(0, 999)
softplus = lambda t: torch.nn.functional.softplus(t, threshold=1e9)  # noqa: E731


def torch_loss_and_gradient(function, raw):
    """Loss and gradient by PyTorch in float64."""
    tensor = torch.tensor(np.asarray(raw, dtype=np.float64), requires_grad=True)
    loss = function(tensor)
    loss.backward()
    return loss.item(), tensor.grad.numpy()


def torch_mixture(raw, y, k):
    """Mixture density loss, written with PyTorch's distributions."""
    n, d = y.shape
    logits, means, scales = raw[:, :k], raw[:, k : k + k * d].reshape(n, k, d), softplus(raw[:, k + k * d :])
    components = torch.distributions.Independent(torch.distributions.Normal(means, scales[..., None]), 1)
    weights = torch.distributions.Categorical(logits=logits)
    return -torch.distributions.MixtureSameFamily(weights, components).log_prob(torch.tensor(y)).mean()


def torch_full(raw, y):
    """Full-covariance Gaussian loss, written with PyTorch's distributions."""
    d = y.shape[1]
    row, column = np.tril_indices(d)
    lower = torch.zeros(len(y), d, d, dtype=torch.float64).index_put(
        (torch.arange(len(y))[:, None], torch.tensor(row), torch.tensor(column)), raw[:, d:]
    )
    L = torch.tril(lower, -1) + torch.diag_embed(softplus(torch.diagonal(lower, dim1=1, dim2=2)))
    return -torch.distributions.MultivariateNormal(raw[:, :d], scale_tril=L).log_prob(torch.tensor(y)).mean()


# --- positive scales and Cholesky factors ------------------------------------------------------------------


@few
@given(d=st.integers(1, 4), batch=st.sampled_from([(), (3,), (2, 3), (0,)]), seed=seeds)
def test_any_raw_numbers_make_a_cholesky_factor_of_a_covariance(d, batch, seed):
    a = np.random.default_rng(seed).normal(size=(*batch, d * (d + 1) // 2))
    L = outputs.cholesky_from_raw(a)
    assert L.shape == (*batch, d, d)
    assert np.all(np.triu(L, 1) == 0)
    if L.size:
        np.testing.assert_allclose(np.linalg.cholesky(L @ np.swapaxes(L, -1, -2)), L, atol=1e-6)


def test_entries_are_filled_row_by_row():
    L = outputs.cholesky_from_raw([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    soft = np.log1p(np.exp([1.0, 3.0, 6.0]))
    np.testing.assert_allclose(L, [[soft[0], 0, 0], [2, soft[1], 0], [4, 5, soft[2]]], rtol=1e-15)


def test_diagonal_is_positive_for_the_most_negative_outputs():
    L = outputs.cholesky_from_raw(np.full(6, -1e4))
    assert np.all(np.diag(L) > 0)


@pytest.mark.parametrize("bad", [1.0, [], [1.0, 2.0], np.zeros((3, 4))])
def test_numbers_that_fill_no_triangle_are_refused(bad):
    with pytest.raises(ValueError, match=r"a should have a last axis of length d\(d\+1\)/2"):
        outputs.cholesky_from_raw(bad)


def test_slope_of_the_log_scale_is_that_of_pytorch_down_to_where_both_halves_of_the_quotient_vanish():
    a = np.array([-700.0, -100.0, -40.0, -37.0, -10.0, 0.0, 5.0, 100.0])
    tensor = torch.tensor(a, requires_grad=True)
    softplus(tensor).log().sum().backward()
    np.testing.assert_allclose(outputs.log_scale_slope(a), tensor.grad.numpy(), rtol=1e-12)
    np.testing.assert_allclose(outputs.log_scale_slope(np.array([-1e4, 1e4])), [1.0, 1e-4], rtol=1e-15)


# --- Gaussian with any covariance --------------------------------------------------------------------------


@few
@given(n=st.integers(1, 4), d=st.integers(1, 4), seed=seeds)
def test_full_gaussian_loss_and_gradient_equal_those_of_pytorch(n, d, seed):
    rng = np.random.default_rng(seed)
    raw, y = rng.normal(size=(n, d + d * (d + 1) // 2)), rng.normal(size=(n, d))
    loss, gradient = torch_loss_and_gradient(lambda t: torch_full(t, y), raw)
    assert outputs.gaussian_full_nll(raw, y) == pytest.approx(loss, rel=1e-10)
    np.testing.assert_allclose(outputs.gaussian_full_nll_grad(raw, y), gradient, rtol=1e-8, atol=1e-10)


def test_full_gaussian_with_unit_factor_is_the_gaussian_with_unit_covariance():
    rng = np.random.default_rng(0)
    mean, y = rng.normal(size=(2, 5, 2))
    unit = np.log(np.expm1(1.0))  # softplus gives 1
    raw = np.hstack([mean, np.tile([unit, 0.0, unit], (5, 1))])
    assert outputs.gaussian_full_nll(raw, y) == pytest.approx(losses.gaussian_nll(y, mean), rel=1e-14)


def test_full_gaussian_stays_finite_for_raw_outputs_of_ten_thousand():
    rng = np.random.default_rng(0)
    for d in (1, 2, 3):
        raw = 1e4 * rng.choice([-1.0, 1.0], (200, d + d * (d + 1) // 2))
        y = rng.normal(size=(200, d))
        assert np.isfinite(outputs.gaussian_full_nll(raw, y))
        assert np.all(np.isfinite(outputs.gaussian_full_nll_grad(raw, y)))


# --- mixture density ---------------------------------------------------------------------------------------


def test_raw_outputs_stand_in_blocks_of_logits_means_and_scales():
    a = np.arange(8.0)[np.newaxis] / 8.0
    log_pi, mu, sigma = outputs.mdn_split(a, k=2, d=2)
    np.testing.assert_allclose(np.exp(log_pi), torch.softmax(torch.tensor(a[:, :2]), 1).numpy(), rtol=1e-14)
    np.testing.assert_array_equal(mu, [[[2 / 8, 3 / 8], [4 / 8, 5 / 8]]])
    np.testing.assert_allclose(sigma, softplus(torch.tensor(a[:, 6:])).numpy(), rtol=1e-14)
    assert not np.shares_memory(mu, a)


def test_split_of_an_empty_batch_is_empty_and_of_other_widths_an_error():
    log_pi, mu, sigma = outputs.mdn_split(np.zeros((0, 9)), k=3, d=1)
    assert (log_pi.shape, mu.shape, sigma.shape) == ((0, 3), (0, 3, 1), (0, 3))
    with pytest.raises(ValueError, match=r"a should be an array of shape \(n, 9\)"):
        outputs.mdn_split(np.zeros((2, 8)), k=3, d=1)
    for bad in (0, 1.5, True):
        with pytest.raises(ValueError, match="k should be a whole number from 1 on"):
            outputs.mdn_split(np.zeros((2, 3)), k=bad, d=1)


@few
@given(n=st.integers(1, 4), k=st.integers(1, 4), d=st.integers(1, 3), seed=seeds)
def test_mixture_loss_and_gradient_equal_those_of_pytorch(n, k, d, seed):
    rng = np.random.default_rng(seed)
    raw, y = rng.normal(0, 2, (n, k * (2 + d))), rng.normal(0, 2, (n, d))
    loss, gradient = torch_loss_and_gradient(lambda t: torch_mixture(t, y, k), raw)
    assert outputs.mdn_nll(*outputs.mdn_split(raw, k, d), y) == pytest.approx(loss, rel=1e-10)
    np.testing.assert_allclose(outputs.mdn_nll_grad(raw, k, y), gradient, rtol=1e-8, atol=1e-10)


def random_mixture(n=4, k=3, d=2):
    rng = np.random.default_rng(5)
    return (*outputs.mdn_split(rng.normal(size=(n, k * (2 + d))), k, d), rng.normal(size=(n, d)))


def test_one_component_of_width_one_is_the_gaussian_loss():
    y, mean = np.random.default_rng(0).normal(size=(2, 5, 3))
    assert outputs.mdn_nll(np.zeros((5, 1)), mean[:, None], np.ones((5, 1)), y) == pytest.approx(
        losses.gaussian_nll(y, mean), rel=1e-14
    )


def test_order_of_the_components_and_splitting_one_in_two_change_nothing():
    log_pi, mu, sigma, y = random_mixture()
    loss = outputs.mdn_nll(log_pi, mu, sigma, y)
    order = [2, 0, 1]
    assert outputs.mdn_nll(log_pi[:, order], mu[:, order], sigma[:, order], y) == pytest.approx(
        loss, rel=1e-14
    )
    halved = np.hstack([log_pi, log_pi[:, :1]]) + np.array([-np.log(2), 0, 0, -np.log(2)])
    split = np.concatenate([mu, mu[:, :1]], axis=1), np.hstack([sigma, sigma[:, :1]])
    assert outputs.mdn_nll(halved, *split, y) == pytest.approx(loss, rel=1e-14)


def test_component_without_weight_adds_nothing():
    log_pi, mu, sigma, y = random_mixture()
    more = np.hstack([log_pi, np.full((4, 1), -np.inf)]), np.concatenate([mu, mu[:, :1]], axis=1)
    assert outputs.mdn_nll(*more, np.hstack([sigma, sigma[:, :1]]), y) == outputs.mdn_nll(
        log_pi, mu, sigma, y
    )


def test_mixture_loss_is_finite_at_tiny_widths_and_for_raw_outputs_of_ten_thousand():
    log_pi, mu, sigma, y = random_mixture()
    nearest = ((mu - y[:, None]) ** 2).sum(2).min(1) / 2e-12
    assert outputs.mdn_nll(log_pi, mu, np.full_like(sigma, 1e-6), y) == pytest.approx(
        nearest.mean(), rel=1e-6
    )
    rng = np.random.default_rng(0)
    raw, y = 1e4 * rng.choice([-1.0, 1.0], (300, 12)), rng.normal(size=(300, 2))
    assert np.isfinite(outputs.mdn_nll(*outputs.mdn_split(raw, 3, 2), y))
    assert np.all(np.isfinite(outputs.mdn_nll_grad(raw, 3, y)))


def test_mixture_loss_refuses_widths_of_zero_other_targets_and_an_empty_batch():
    log_pi, mu, sigma, y = random_mixture()
    with pytest.raises(ValueError, match="sigma should be positive"):
        outputs.mdn_nll(log_pi, mu, 0 * sigma, y)
    with pytest.raises(ValueError, match=r"y should be an array of shape \(4, 2\)"):
        outputs.mdn_nll(log_pi, mu, sigma, y[:, :1])
    with pytest.raises(ValueError, match="y should have at least one row"):
        outputs.mdn_nll(log_pi[:0], mu[:0], sigma[:0], y[:0])


# --- the registry ------------------------------------------------------------------------------------------


def target_for(unit, rng, n, d):
    """A random target of the unit's kind."""
    if unit.targets == "label":
        return rng.integers(0, d, n)
    return rng.integers(0, 2, (n, d)).astype(float) if unit.targets == "binary" else rng.normal(size=(n, d))


def torch_one_hot(g, classes):
    return torch.nn.functional.one_hot(torch.tensor(g), classes).double()


LAPLACE = torch.distributions.Laplace
TORCH = {
    "gaussian": lambda t, y: -torch.distributions.Normal(t, 1.0).log_prob(torch.tensor(y)).sum(1).mean(),
    "laplace": lambda t, y: -LAPLACE(t, torch.ones_like(t)).log_prob(torch.tensor(y)).sum(1).mean(),
    "gaussian full": torch_full,
    "bernoulli": lambda t, y: (
        -torch.distributions.Bernoulli(logits=t).log_prob(torch.tensor(y)).sum(1).mean()
    ),
    "sigmoid mse": lambda t, y: torch.nn.functional.mse_loss(torch.sigmoid(t), torch.tensor(y)),
    "multinoulli": lambda t, g: -torch.distributions.Categorical(logits=t).log_prob(torch.tensor(g)).mean(),
    "softmax mse": lambda t, g: torch.nn.functional.mse_loss(
        torch.softmax(t, 1), torch_one_hot(g, t.shape[1])
    ),
    "mixture": lambda t, y: torch_mixture(t, y, 3),
}
every_unit = pytest.mark.parametrize("unit", OUTPUT_UNITS.values(), ids=list(OUTPUT_UNITS))


def test_registry_and_its_witness_name_the_same_units():
    assert set(TORCH) == set(OUTPUT_UNITS)


@every_unit
@few
@given(n=st.integers(1, 4), d=st.integers(1, 4), seed=seeds)
def test_loss_and_gradient_of_every_unit_equal_those_of_pytorch(unit, n, d, seed):
    rng = np.random.default_rng(seed)
    raw, target = rng.normal(size=(n, unit.width(d))), target_for(unit, rng, n, d)
    before = raw.copy(), target.copy()
    loss, gradient = torch_loss_and_gradient(lambda t: TORCH[unit.name](t, target), raw)
    assert unit.loss(raw, target) == pytest.approx(loss, rel=1e-10, abs=1e-14)
    assert type(unit.loss(raw, target)) is float
    np.testing.assert_allclose(unit.gradient(raw, target), gradient, rtol=1e-8, atol=1e-10)
    np.testing.assert_array_equal(raw, before[0])
    np.testing.assert_array_equal(target, before[1])


@every_unit
def test_loss_and_gradient_are_finite_for_raw_outputs_of_ten_thousand(unit):
    rng = np.random.default_rng(0)
    raw, target = 1e4 * rng.choice([-1.0, 0.0, 1.0], (100, unit.width(3))), target_for(unit, rng, 100, 3)
    assert np.isfinite(unit.loss(raw, target))
    assert np.all(np.isfinite(unit.gradient(raw, target)))


@every_unit
def test_samples_average_to_the_prediction(unit):
    rng, d, draws = np.random.default_rng(0), 3, 50_000
    raw = np.tile(rng.normal(size=(1, unit.width(d))), (draws, 1))
    prediction, sample = unit.predict(raw[:1]), np.asarray(unit.sample(raw, rng))
    assert prediction.shape == (1, d)
    if unit.targets == "label":
        assert sample.shape == (draws,)
        sample = np.eye(d)[sample]
    assert sample.shape == (draws, d)
    np.testing.assert_allclose(sample.mean(axis=0), prediction[0], atol=0.05)


@every_unit
def test_what_is_sampled_is_a_target_of_the_unit(unit):
    rng = np.random.default_rng(0)
    raw = rng.normal(size=(5, unit.width(3)))
    assert np.isfinite(unit.loss(raw, unit.sample(raw, rng)))


@every_unit
def test_units_refuse_an_empty_batch_and_targets_of_another_length_or_shape(unit):
    rng = np.random.default_rng(0)
    raw = rng.normal(size=(4, unit.width(2)))
    for bad in (target_for(unit, rng, 3, 2), np.zeros((4, 7)), np.zeros((4, 1, 2))):
        for function in (unit.loss, unit.gradient):
            with pytest.raises(ValueError, match="should"):
                function(raw, bad)
    for function in (unit.loss, unit.gradient):
        with pytest.raises(ValueError, match="should have at least one"):
            function(raw[:0], target_for(unit, rng, 0, 2))
    with pytest.raises(ValueError, match="d should be a whole number from 1 on"):
        unit.width(0)


def test_mixture_unit_may_have_any_number_of_components():
    rng = np.random.default_rng(0)
    for k in (1, 5):
        unit = outputs.mixture_unit(k)
        raw, y = rng.normal(size=(3, unit.width(2))), rng.normal(size=(3, 2))
        assert unit.loss(raw, y) == pytest.approx(torch_mixture(torch.tensor(raw), y, k).item(), rel=1e-12)
    with pytest.raises(ValueError, match="k should be a whole number from 1 on"):
        outputs.mixture_unit(0)


def test_unknown_output_unit_is_refused_with_a_list():
    with pytest.raises(ValueError, match="no output unit 'poisson'; there are: gaussian, laplace"):
        outputs.output_unit("poisson")
    assert outputs.output_unit("mixture") is OUTPUT_UNITS["mixture"]
