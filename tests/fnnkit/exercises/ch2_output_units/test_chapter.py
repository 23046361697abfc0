"""Several exercises of ch2_output_units at once: what their inputs and references have in common."""

import numpy as np
from scipy import special, stats

from fnnkit.judge.registry import exercise

SEEDS = range(10)


def test_what_the_issue_calls_extreme_is_among_the_inputs():
    def arguments(name, criterion):
        made = exercise(name).cases(np.random.default_rng(0))
        return [c.args for c in made if c.criterion.startswith(criterion)]

    for name in ("sigmoid", "softplus", "bernoulli_nll", "softmax", "log_softmax", "categorical_nll"):
        values = np.concatenate([np.ravel(args[0]) for args in arguments(name, "stable")])
        assert {-1e4, 1e4} <= set(values.tolist()), name
    phi = np.concatenate([args[1] for args in arguments("bernoulli_log_pmf", "stable")])
    assert {0.0, 1.0} <= set(phi.tolist())
    assert any((args[2] == 1e-6).all() for args in arguments("mdn_nll", "stable"))
    for name in ("softmax", "log_softmax", "categorical_nll", "categorical_nll_grad"):
        scores = [args[0] for args in arguments(name, "stable")]
        assert any(np.ptp(s) == 0.0 for s in scores), name
        # What is ruled out belongs to the two functions whose criterion says so, and to nobody else.
        assert sum(np.isneginf(s).sum() for s in scores) == ("softmax" in name), name


def checked_against(name, other, criterion=None, rtol=1e-10, atol=1e-12):
    for seed in SEEDS:
        for case in exercise(name).cases(np.random.default_rng(seed)):
            if criterion is None or case.criterion.startswith(criterion):
                args = [np.asarray(a, dtype=float) if isinstance(a, np.ndarray) else a for a in case.args]
                with np.errstate(all="ignore"):
                    np.testing.assert_allclose(
                        exercise(name).reference(*case.args), other(*args), rtol=rtol, atol=atol
                    )


def test_expected_values_agree_with_scipy():
    checked_against("sigmoid", special.expit)
    checked_against("softmax", lambda z: special.softmax(z, axis=-1))
    checked_against("log_softmax", lambda z: special.log_softmax(z, axis=-1), rtol=1e-9)
    checked_against("logit", special.logit, rtol=1e-9)
    checked_against("bernoulli_log_pmf", stats.bernoulli.logpmf)
    checked_against("softplus", lambda z: -special.log_expit(-z), atol=0)
    checked_against("bernoulli_nll", lambda z, y: -special.log_expit((2 * y - 1) * z))
    checked_against("bernoulli_nll_grad", lambda z, y: special.expit(z) - y)
    checked_against(
        "gaussian_nll",
        lambda y, mean: (
            -np.mean([stats.multivariate_normal.logpdf(a, b) for a, b in zip(y, mean, strict=True)])
        ),
    )
