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
    "sample_first_added_twice": 0.0,
    "sample_first_left_out": 0.0,
    "sample_running_sum_of_running_sums": 0.0,
    "sample_always_the_first": 0.0,
    "sample_of_the_rounded_position": 0.0,
    "sample_always_the_last": 0.0,
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


def test_each_end_of_an_interval_is_seen_from_both_sides():
    for seed in SEEDS:
        made = [c for c in exercise("sample_multinoulli").cases(np.random.default_rng(seed)) if not c.why]
        [[(p, u)]] = [[c.args for c in made]]
        for end in np.cumsum(p)[:-1]:
            assert {end - 0.0625, end + 0.0625} <= set(u.tolist())


def test_probabilities_that_are_added_late_meet_no_criterion():
    def first_twice(p, u):
        states = []
        for value in np.ravel(u):
            end, i = p[0], 0
            while i < len(p) - 1 and value >= end:
                end, i = end + p[i], i + 1
            states.append(i)
        return np.array(states).reshape(np.shape(u))

    for seed in SEEDS:
        verdict = judged("sample_multinoulli", first_twice, seed)
        assert verdict.points == 0.0, f"seed {seed}"
        assert "lags one state behind" in verdict.hint


def test_a_zero_in_front_of_the_ends_is_told_that_it_is_none():
    def zero_in_front(p, u):
        return np.searchsorted(np.concatenate([[0.0], np.cumsum(p)]), u, side="right")

    for answer in (zero_in_front, lambda p, u: np.minimum(zero_in_front(p, u), np.flatnonzero(p)[-1])):
        assert "A 0 among the ends does that too" in judged("sample_multinoulli", answer).hint
