"""Facts about the distributions, held against SciPy and against their own samples."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit import distributions as dist

pytestmark = pytest.mark.filterwarnings("error")
few = settings(deadline=None, max_examples=40)
seeds = st.integers(0, 999)


def factor(rng, *shape, d):
    """Random Cholesky factors of covariances."""
    L = np.tril(rng.normal(size=(*shape, d, d)), -1)
    return L + rng.uniform(0.5, 2.0, (*shape, 1, d)) * np.eye(d)


# --- Bernoulli ---------------------------------------------------------------------------------------------


@few
@given(phi=st.floats(0, 1), x=st.integers(0, 1))
def test_bernoulli_log_probability_mean_and_variance_are_those_of_scipy(phi, x):
    theirs = scipy.stats.bernoulli(phi)
    with np.errstate(all="ignore"):
        expected = theirs.logpmf(x)
    assert dist.bernoulli_log_pmf(x, phi) == pytest.approx(expected, rel=1e-12)
    assert dist.bernoulli_mean(phi) == theirs.mean()
    assert dist.bernoulli_variance(phi) == pytest.approx(theirs.var(), rel=1e-12, abs=1e-300)


def test_sure_outcomes_have_log_probability_zero_and_impossible_ones_minus_infinity():
    np.testing.assert_array_equal(
        dist.bernoulli_log_pmf([0, 1, 0, 1], [0.0, 0.0, 1.0, 1.0]), [0, -np.inf, -np.inf, 0]
    )


def test_log_probability_of_zero_is_precise_for_a_tiny_phi():
    assert dist.bernoulli_log_pmf(0, 1e-20) == -1e-20


def test_bernoulli_refuses_other_outcomes_probabilities_and_shapes():
    with pytest.raises(ValueError, match=r"x should hold outcomes 0 and 1, but it has 0\.5"):
        dist.bernoulli_log_pmf([0.5], [0.5])
    for bad in (-0.1, 1.1, np.nan):
        with pytest.raises(ValueError, match="phi should hold probabilities from 0 to 1"):
            dist.bernoulli_log_pmf([1], [bad])
    with pytest.raises(ValueError, match="x and phi should have the same shape"):
        dist.bernoulli_log_pmf(np.zeros(3), np.full((3, 1), 0.5))


def test_bernoulli_samples_have_its_mean_and_never_the_impossible():
    rng = np.random.default_rng(0)
    draws = dist.sample_bernoulli(np.tile([0.0, 0.3, 1.0], (20000, 1)), rng)
    assert draws.mean(axis=0)[[0, 2]].tolist() == [0.0, 1.0]
    assert draws.mean(axis=0)[1] == pytest.approx(0.3, abs=5 * np.sqrt(0.21 / 20000))
    assert dist.sample_bernoulli(np.zeros((0, 2)), rng).shape == (0, 2)


# --- multinoulli and multinomial ---------------------------------------------------------------------------


@few
@given(k=st.integers(1, 5), n=st.integers(0, 8), seed=seeds)
def test_multinomial_log_probability_and_moments_are_those_of_scipy(k, n, seed):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(k))
    counts = rng.multinomial(n, p, 3)
    theirs = scipy.stats.multinomial(n, p)
    np.testing.assert_allclose(
        dist.multinomial_log_pmf(counts, p), theirs.logpmf(counts), rtol=1e-10, atol=1e-11
    )
    np.testing.assert_allclose(dist.multinomial_mean(n, p), n * p)
    if n > 0:
        np.testing.assert_allclose(dist.multinomial_covariance(n, p), theirs.cov(), atol=1e-13)


def test_multinoulli_is_the_multinomial_of_one_draw():
    p = [0.2, 0.5, 0.0, 0.3]
    np.testing.assert_allclose(
        dist.multinomial_log_pmf(np.eye(4), p), dist.multinoulli_log_pmf(range(4), p), rtol=1e-14
    )
    np.testing.assert_array_equal(dist.multinoulli_log_pmf([1, 2], p), [np.log(0.5), -np.inf])


def test_multinomial_with_two_states_is_the_binomial():
    counts = np.stack([np.arange(11), 10 - np.arange(11)], axis=1)
    np.testing.assert_allclose(
        dist.multinomial_log_pmf(counts, [0.3, 0.7]),
        scipy.stats.binom(10, 0.3).logpmf(np.arange(11)),
        rtol=1e-12,
    )


def test_inverse_of_the_cumulative_distribution_at_and_between_its_steps():
    p = [0.25, 0.0, 0.5, 0.25]
    u = [0.0, 0.2, 0.25, 0.6, 0.75, 0.999]
    np.testing.assert_array_equal(dist.sample_multinoulli(p, u), [0, 0, 2, 2, 3, 3])


def test_rounding_never_draws_an_impossible_state():
    p = np.array([0.1] * 10 + [0.0])  # sums to 1 − 1e-16
    assert np.cumsum(p)[-1] < 1.0
    assert dist.sample_multinoulli(p, np.nextafter(1.0, 0.0)) == 9
    assert dist.sample_multinoulli([0.0, 1.0], 0.0) == 1


@few
@given(k=st.integers(1, 6), seed=seeds)
def test_states_have_the_right_share_of_evenly_spaced_uniforms(k, seed):
    p = np.random.default_rng(seed).dirichlet(np.ones(k))
    u = (np.arange(10000) + 0.5) / 10000
    share = np.bincount(dist.sample_multinoulli(p, u), minlength=k) / 10000
    np.testing.assert_allclose(share, p, atol=1.01e-4)


def test_multinomial_counts_have_their_mean():
    rng, p = np.random.default_rng(0), [0.2, 0.5, 0.0, 0.3]
    counts = dist.sample_multinomial(100_000, p, rng)
    assert counts.sum() == 100_000
    assert counts[2] == 0
    np.testing.assert_allclose(counts / 100_000, p, atol=5 * np.sqrt(0.25 / 100_000))


def test_multinoulli_refuses_what_is_no_distribution():
    for bad in ([], [0.5, 0.4], [1.5, -0.5], [np.nan, 1.0]):
        for call in (
            lambda p: dist.sample_multinoulli(p, [0.5]),
            lambda p: dist.multinoulli_log_pmf([0], p),
            lambda p: dist.multinomial_log_pmf(np.zeros((1, len(p))), p),
            lambda p: dist.multinomial_covariance(2, p),
        ):
            with pytest.raises(ValueError, match="p should hold at least one probability"):
                call(bad)
    for bad in (1.0, -0.1, np.nan):
        with pytest.raises(ValueError, match="u should hold uniform numbers"):
            dist.sample_multinoulli([1.0], [bad])
    with pytest.raises(ValueError, match="g should hold labels from 0 to 1"):
        dist.multinoulli_log_pmf([-1], [0.5, 0.5])
    for bad in ([0.5, 0.5], [-1, 1], [np.inf, 1]):
        with pytest.raises(ValueError, match="counts should hold whole numbers"):
            dist.multinomial_log_pmf(bad, [0.5, 0.5])
    with pytest.raises(ValueError, match="counts should have one entry a state"):
        dist.multinomial_log_pmf([1, 2, 3], [0.5, 0.5])
    with pytest.raises(ValueError, match="n should be a whole number from 0 on"):
        dist.multinomial_mean(-1, [1.0])


# --- Gaussian ----------------------------------------------------------------------------------------------


@few
@given(n=st.integers(1, 4), d=st.integers(1, 4), seed=seeds)
def test_gaussian_log_density_is_that_of_scipy_for_one_or_many_parameters(n, d, seed):
    rng = np.random.default_rng(seed)
    y, means, factors = rng.normal(size=(n, d)), rng.normal(size=(n, d)), factor(rng, n, d=d)
    theirs = [
        scipy.stats.multivariate_normal(m, L @ L.T).logpdf(row)
        for row, m, L in zip(y, means, factors, strict=True)
    ]
    np.testing.assert_allclose(dist.gaussian_log_pdf(y, means, factors), theirs, rtol=1e-8, atol=1e-8)
    shared = scipy.stats.multivariate_normal(means[0], factors[0] @ factors[0].T).logpdf(y)
    np.testing.assert_allclose(
        dist.gaussian_log_pdf(y, means[0], factors[0]), np.atleast_1d(shared), rtol=1e-8, atol=1e-8
    )


def test_gaussian_samples_have_its_mean_and_covariance():
    rng = np.random.default_rng(0)
    L = np.array([[1.0, 0.0], [-1.5, 0.5]])
    draws = dist.sample_gaussian(np.tile([3.0, -1.0], (100_000, 1)), L, rng)
    np.testing.assert_allclose(draws.mean(axis=0), [3.0, -1.0], atol=0.03)
    np.testing.assert_allclose(np.cov(draws.T), L @ L.T, atol=0.06)
    each = dist.sample_gaussian(np.zeros((2, 2)), np.stack([1e-9 * np.eye(2), 1e9 * np.eye(2)]), rng)
    assert np.abs(each[0]).max() < 1e-7 < np.abs(each[1]).min()


def test_whitening_solves_the_triangular_system():
    rng = np.random.default_rng(0)
    r, L = rng.normal(size=(5, 4)), factor(rng, 5, d=4)
    np.testing.assert_allclose(dist.whiten(r, L), np.linalg.solve(L, r[..., None])[..., 0], rtol=1e-10)
    np.testing.assert_allclose(dist.whiten(r, L[0]), np.linalg.solve(L[0], r.T).T, rtol=1e-10)


def test_gaussian_refuses_what_is_no_cholesky_factor():
    y, mean = np.zeros((3, 2)), np.zeros(2)
    for bad in (np.ones((2, 2)), np.diag([1.0, 0.0]), np.diag([1.0, -1.0]), np.diag([1.0, np.nan])):
        with pytest.raises(ValueError, match="L should be lower-triangular with a positive diagonal"):
            dist.gaussian_log_pdf(y, mean, bad)
    with pytest.raises(ValueError, match=r"L should be an array of shape \(2, 2\) or \(3, 2, 2\)"):
        dist.gaussian_log_pdf(y, mean, np.eye(3))
    with pytest.raises(ValueError, match=r"mean should be an array of shape \(2,\) or \(3, 2\)"):
        dist.gaussian_log_pdf(y, np.zeros((2, 2)), np.eye(2))


# --- mixture -----------------------------------------------------------------------------------------------


def mixture(rng, n, k, d):
    """Random parameters of n mixtures."""
    return np.log(rng.dirichlet(np.ones(k), n)), rng.normal(size=(n, k, d)), rng.uniform(0.3, 2.0, (n, k))


@few
@given(n=st.integers(1, 4), k=st.integers(1, 4), d=st.integers(1, 3), seed=seeds)
def test_mixture_log_density_is_the_logarithm_of_the_weighted_sum_of_scipys_densities(n, k, d, seed):
    rng = np.random.default_rng(seed)
    log_pi, mu, sigma = mixture(rng, n, k, d)
    y = rng.normal(size=(n, d))
    density = [
        sum(
            np.exp(log_pi[i, j])
            * scipy.stats.multivariate_normal(mu[i, j], sigma[i, j] ** 2 * np.eye(d)).pdf(y[i])
            for j in range(k)
        )
        for i in range(n)
    ]
    np.testing.assert_allclose(
        dist.mixture_log_pdf(log_pi, mu, sigma, y), np.log(density), rtol=1e-10, atol=1e-10
    )


def test_mixture_density_far_away_is_finite_where_every_component_underflows():
    log_pdf = dist.mixture_log_pdf(np.log([[0.5, 0.5]]), [[[0.0], [1.0]]], [[1e-3, 1e-3]], [[100.0]])
    assert log_pdf[0] == pytest.approx(-0.5 * (99 / 1e-3) ** 2, rel=1e-6)


def test_moments_of_mixtures_are_those_of_their_samples():
    rng = np.random.default_rng(0)
    log_pi, mu, sigma = mixture(rng, 1, 3, 2)
    draws = dist.sample_mixture(*(np.repeat(a, 100_000, axis=0) for a in (log_pi, mu, sigma)), rng)
    np.testing.assert_allclose(draws.mean(axis=0), dist.mixture_mean(log_pi, mu, sigma)[0], atol=0.03)
    np.testing.assert_allclose(np.cov(draws.T), dist.mixture_covariance(log_pi, mu, sigma)[0], atol=0.06)


def test_component_without_weight_is_never_drawn():
    rng = np.random.default_rng(0)
    log_pi = np.tile([-np.inf, 0.0, -np.inf], (1000, 1))
    mu = np.tile([[[-5.0], [0.0], [5.0]]], (1000, 1, 1))
    draws = dist.sample_mixture(log_pi, mu, np.full((1000, 3), 1e-6), rng)
    assert np.abs(draws).max() < 1e-4


def test_mean_of_a_mixture_can_lie_where_no_data_are():
    parameters = np.log([[0.5, 0.5]]), np.array([[[-1.0], [1.0]]]), np.array([[0.01, 0.01]])
    mean = dist.mixture_mean(*parameters)
    assert mean == 0.0
    assert dist.mixture_log_pdf(*parameters, mean)[0] < -4000


def test_mixture_refuses_parameters_of_none():
    rng = np.random.default_rng(0)
    log_pi, mu, sigma = mixture(rng, 2, 3, 2)
    with pytest.raises(ValueError, match=r"sigma should be positive, but its smallest entry is 0\.0"):
        dist.mixture_mean(log_pi, mu, 0.0 * sigma)
    with pytest.raises(ValueError, match="log_pi should hold logarithms of weights that sum to 1"):
        dist.mixture_mean(log_pi + 0.1, mu, sigma)
    with pytest.raises(ValueError, match="should have shapes"):
        dist.mixture_mean(log_pi, mu[:, :2], sigma)
    with pytest.raises(ValueError, match=r"y should be an array of shape \(2, 2\)"):
        dist.mixture_log_pdf(log_pi, mu, sigma, np.zeros((2, 1)))
