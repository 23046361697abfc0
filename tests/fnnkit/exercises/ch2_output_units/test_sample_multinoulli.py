"""`sample_multinoulli`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise

WORTH = 0.0
# What each mistake leaves, by hand, of 1¼: states ¾, rounding ¼, calm ¼
COSTS = {
    "sample_one_too_far": 0.0,
    "sample_index_beyond": 1.0,
    "sample_last_index": 1.0,
    "sample_with_at_most": 1.0,
    "sample_first_true": 1.0,
    "sample_all_alike": 0.0,
    "sample_first_likely_enough": 0.0,
    "sample_nearest_end": 0.0,
    "sample_one_too_early": 0.0,
    "sample_flat": 0.0,
    "sample_always_the_likeliest": 0.0,
    "sample_laid_from_the_end": 0.0,
    "sample_probabilities": 0.0,
    "sample_ends": 0.0,
    "sample_positions_after_sorting": 0.0,
    "sample_counted_from_one": 0.0,
    "sample_impossible_left_out": 1.0,
    "sample_sorted_numbers": 0.0,
}


SEEDS = range(10)


def test_draws_stay_off_the_steps_of_the_cumulative_distribution():
    for seed in SEEDS:
        for case in exercise("sample_multinoulli").cases(np.random.default_rng(seed)):
            p, u = case.args
            if case.criterion.startswith("the smallest"):
                gap = np.abs(np.cumsum(p) - np.ravel(u)[:, np.newaxis])
                assert gap.min(initial=1.0) > 0.01


def test_states_have_to_be_whole_numbers():
    def floats(p, u):
        return np.asarray(
            np.minimum(np.searchsorted(np.cumsum(p), u, side="right"), np.flatnonzero(p)[-1]), float
        )

    verdict = judged("sample_multinoulli", floats)
    assert verdict.points == 0.0
    assert verdict.problem.kind == "dtype"
