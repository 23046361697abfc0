"""`heteroscedastic_nll`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch
from scipy import stats

from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise
from fnnkit.losses import gaussian_nll, heteroscedastic_nll
from fnnkit.outputs import gaussian_full_nll

WORTH = 1.75
# What each mistake leaves, by hand, of 1.75: values 1, stable ½, calm ¼
COSTS = {
    "hetero_textbook_softplus": 1.25,
    "hetero_without_log_scale": 0.0,
    "hetero_constant_dropped": 0.0,
    "hetero_scale_is_the_variance": 0.0,
    "hetero_square_over_scale": 0.0,
    "hetero_half_forgotten": 0.0,
    "hetero_exponential_scale": 0.0,
    "hetero_raw_scale": 0.0,
    "hetero_columns_exchanged": 0.0,
    "hetero_summed_over_examples": 0.0,
    "hetero_every_target_with_every_mean": 0.0,
    "hetero_means_alone_in_a_column": 0.0,
    "hetero_scales_alone_in_a_column": 0.0,
    "hetero_means_through_softplus": 0.0,
    "hetero_raw_in_the_normaliser": 0.0,
    "hetero_sigma_in_the_normaliser": 0.0,
    "hetero_log_of_the_variance": 0.0,
    "hetero_half_of_log_sigma": 0.0,
    "hetero_not_squared": 0.0,
    "hetero_times_sigma": 0.0,
    "hetero_log_sigma_subtracted": 0.0,
    "hetero_log_likelihood": 0.0,
    "hetero_one_number_an_example": 0.0,
    "hetero_constant_not_halved": 0.0,
    "hetero_raw_scale_in_the_square": 0.0,
    "hetero_one_scale_for_all": 0.0,
    "hetero_fixed_scale": 0.0,
    "hetero_logarithm_of_the_raw_scale": 0.0,
    "hetero_through_the_density": 1.25,
    "hetero_scale_by_sigmoid": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["hetero_textbook_softplus"]


def all_cases():
    for seed in range(10):
        yield from exercise("heteroscedastic_nll").cases(np.random.default_rng(seed))


def test_expected_values_are_those_of_scipy_and_pytorch():
    for case in all_cases():
        a, y = case.args
        sigma = torch.nn.functional.softplus(torch.tensor(a[:, 1]), threshold=1e9).numpy()
        sigma = np.where(np.isfinite(sigma), sigma, a[:, 1])
        mine = exercise("heteroscedastic_nll").reference(a, y)
        assert mine == pytest.approx(-stats.norm.logpdf(y, a[:, 0], sigma).mean(), rel=1e-9)
        theirs = torch.nn.GaussianNLLLoss(full=True, eps=1e-60)
        assert mine == pytest.approx(
            theirs(torch.tensor(a[:, 0]), torch.tensor(y), torch.tensor(sigma**2)).item(), rel=1e-9
        )


def test_it_is_the_gaussian_of_one_dimension_with_a_scale_of_its_own():
    for case in all_cases():
        a, y = case.args
        assert heteroscedastic_nll(a, y) == pytest.approx(gaussian_full_nll(a, y[:, None]), rel=1e-12)
    rng = np.random.default_rng(0)
    mean, y = rng.normal(size=5), rng.normal(size=5)
    one = np.column_stack([mean, np.full(5, np.log(np.e - 1))])
    assert heteroscedastic_nll(one, y) == pytest.approx(gaussian_nll(y[:, None], mean[:, None]), rel=1e-12)


def test_by_hand_at_the_mean_with_a_scale_of_two():
    raw = np.log(np.exp(2) - 1)
    # ½ · 0 + log 2 + ½ log 2π, and with a difference of 2 a half more.
    assert heteroscedastic_nll([[1.0, raw]], [1.0]) == pytest.approx(
        np.log(2) + 0.9189385332046727, rel=1e-12
    )
    assert heteroscedastic_nll([[1.0, raw]], [3.0]) == pytest.approx(
        np.log(2) + 1.4189385332046727, rel=1e-12
    )


def test_two_scales_are_what_the_check_says_they_are():
    a = [[0.0, np.log(np.exp(2) - 1)], [10.0, np.log(np.e - 1)]]
    expected = 0.25 + 0.5 * np.log(2) + 0.5 * np.log(2 * np.pi)
    assert heteroscedastic_nll(a, [2.0, 10.0]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("shapes", [(1, 0, 0), (0, 1, 1), (0, 1, 0), (1, 0, 1), (0, 0, 1), (1, 1, 0)])
def test_columns_against_rows_are_told_that_all_three_need_one_shape(shapes):
    def nll(a, y):
        raw = a[:, 1]
        parts = (y, a[:, 0], np.logaddexp(0, raw))
        y, mu, sigma = (p[:, None] if column else p for p, column in zip(parts, shapes, strict=True))
        return np.mean(0.5 * ((y - mu) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi))

    assert "all have to have shape `(n,)`" in judged("heteroscedastic_nll", nll).hint


@pytest.mark.parametrize("args", [([[1.0]], [1.0]), (np.ones((2, 2)), [1.0]), (np.ones((0, 2)), [])])
def test_what_does_not_fit_together_is_refused(args):
    with pytest.raises(ValueError, match="should"):
        heteroscedastic_nll(*args)


def test_a_density_that_rounds_to_zero_is_among_the_extreme_inputs_alone():
    for case in all_cases():
        a, y = case.args
        scales = np.abs(y - a[:, 0]) / np.logaddexp(0, a[:, 1])
        assert (scales < 37).all() or case.criterion.startswith("stable")
    assert any(
        np.any(np.abs(c.args[1] - c.args[0][:, 0]) / np.logaddexp(0, c.args[0][:, 1]) > 40)
        for c in all_cases()
    )
