"""`mdn_nll`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
from scipy import special, stats

from fnnkit.judge.registry import exercise
from fnnkit.losses import gaussian_nll

WORTH = 0.0
# What each mistake leaves, by hand, of 2: values 1¼, stable ½, calm ¼
COSTS = {
    "mdn_one_log_sigma": 0.0,
    "mdn_one_log_two_pi": 0.0,
    "mdn_plain_sum": 1.5,
    "mdn_normaliser_of_one_dimension": 0.0,
    "mdn_mixture_for_each_dimension": 0.0,
    "mdn_average_of_logs": 0.0,
    "mdn_weights_forgotten": 0.0,
    "mdn_variance_for_scale": 0.0,
    "mdn_best_component_only": 0.0,
    "mdn_summed_over_examples": 0.0,
    "mdn_square_over_scale": 0.0,
    "mdn_half_forgotten": 0.0,
    "mdn_without_log_sigma": 0.0,
    "mdn_without_two_pi": 0.0,
    "mdn_logs_added_up": 0.0,
    "mdn_maximum_not_added_back": 0.0,
    "mdn_log_likelihood": 0.0,
    "mdn_mean_over_components": 0.0,
    "mdn_norm_not_squared": 0.0,
    "mdn_squares_averaged": 0.0,
    "mdn_square_of_the_sum": 0.0,
    "mdn_normaliser_with_the_wrong_sign": 0.0,
    "mdn_log_weights_as_weights": 0.0,
    "mdn_one_number_an_example": 0.0,
    "mdn_log_of_the_mean": 0.0,
    "mdn_divided_by_entries": 0.0,
    "mdn_one_maximum_for_all": 1.5,
    "mdn_d_is_the_number_of_components": 0.0,
    "mdn_constant_not_halved": 0.0,
    "mdn_logs_multiplied": 0.0,
    "mdn_half_of_log_sigma": 0.0,
    "mdn_logs_averaged": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["mdn_plain_sum"]


SEEDS = range(10)


def checked_against(name, other, criterion=None, rtol=1e-10, atol=1e-12):
    for seed in SEEDS:
        for case in exercise(name).cases(np.random.default_rng(seed)):
            if criterion is None or case.criterion.startswith(criterion):
                args = [np.asarray(a, dtype=float) if isinstance(a, np.ndarray) else a for a in case.args]
                with np.errstate(all="ignore"):
                    np.testing.assert_allclose(
                        exercise(name).reference(*case.args), other(*args), rtol=rtol, atol=atol
                    )


def test_expected_mixture_densities_agree_with_scipy():
    def by_scipy(log_pi, mu, sigma, y):
        total = 0.0
        for i in range(len(y)):
            logs = [
                log_pi[i, c] + stats.multivariate_normal.logpdf(y[i], mu[i, c], sigma[i, c] ** 2)
                for c in range(log_pi.shape[1])
            ]
            total += special.logsumexp(logs)
        return -total / len(y)

    checked_against("mdn_nll", by_scipy, criterion="the negative", rtol=1e-5)


def test_splitting_one_component_in_two_changes_nothing():
    made = exercise("mdn_nll").cases(np.random.default_rng(0))
    nll = exercise("mdn_nll").reference
    for case in made:
        log_pi, mu, sigma, y = case.args
        twice = (
            np.concatenate(
                [log_pi[:, :1] + np.log(0.25), log_pi[:, :1] + np.log(0.75), log_pi[:, 1:]], axis=1
            ),
            np.concatenate([mu[:, :1], mu], axis=1),
            np.concatenate([sigma[:, :1], sigma], axis=1),
        )
        assert nll(*twice, y) == pytest.approx(nll(log_pi, mu, sigma, y), rel=1e-6)


def test_one_component_with_a_scale_of_two_is_what_the_check_says_it_is():
    rng = np.random.default_rng(0)
    mu, y = rng.normal(size=(5, 1, 3)), rng.normal(size=(5, 3))
    mine = exercise("mdn_nll").reference(np.zeros((5, 1)), mu, np.full((5, 1), 2.0), y)
    assert mine == pytest.approx(gaussian_nll(y / 2, mu[:, 0] / 2) + 3 * np.log(2), rel=1e-12)
    halves = (np.full((5, 2), np.log(0.5)), np.concatenate([mu, mu + 100], axis=1), np.full((5, 2), 2.0))
    assert exercise("mdn_nll").reference(*halves, y) == pytest.approx(mine + np.log(2), rel=1e-12)
