"""`best_constant`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
from scipy import stats

from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise

WORTH = 1.25
# What each mistake leaves, by hand, of 1¼: squared ½, absolute ½, calm ¼
COSTS = {
    "best_constant_middle_entries": 0.75,
    "best_constants_swapped": 0.0,
    "best_constant_always_mean": 0.75,
    "best_constant_always_median": 0.0,
    "best_constant_mode": 0.0,
    "best_constant_midrange": 0.0,
    "best_constant_middle_entry": 0.75,
    "least_loss_itself": 0.0,
    "best_constant_below_the_median": 0.75,
    "best_constant_among_the_targets": 0.0,
    "best_constant_whole_numbers": 0.0,
    "best_constant_not_divided": 0.0,
    "best_constant_root_mean_square": 0.0,
    "best_constant_each_value_once": 0.0,
    "best_constant_mean_of_sizes": 0.75,
    "best_constant_spread": 0.0,
    "best_constant_zero": 0.0,
    "best_constant_median_of_sizes": 0.75,
    "best_constant_weighted_once": 0.0,
    "best_constant_above_the_median": 0.75,
    "best_constant_index": 0.0,
    "best_constant_distance_from_the_mean": 0.75,
    "best_constant_half_of_a_percent": 0.75,
}


SEEDS = range(10)


def test_mean_median_mode_and_midrange_are_four_numbers():
    for seed in SEEDS:
        for case in exercise("best_constant").cases(np.random.default_rng(seed)):
            y = np.asarray(case.args[0], dtype=float)
            if len(y) > 1:
                values = [y.mean(), np.median(y), stats.mode(y).mode, (y.min() + y.max()) / 2]
                assert np.ptp(np.sort(values)) > 0
                assert np.diff(np.sort(values)).min() > 1e-3


def test_any_point_between_the_middle_two_is_a_median():
    def between(y, loss):
        y = np.sort(np.asarray(y, dtype=float))
        low, high = y[(len(y) - 1) // 2], y[len(y) // 2]
        return y.mean() if loss == "mse" else low + 0.9 * (high - low)

    def beyond(y, loss):
        y = np.sort(np.asarray(y, dtype=float))
        return y.mean() if loss == "mse" else y[len(y) // 2] + (0.01 if len(y) % 2 == 0 else 0.0)

    assert judged("best_constant", between).solved
    verdict = judged("best_constant", beyond)
    assert [r.earned for r in verdict.results] == [0.5, 0.0, 0.25]
    assert verdict.problem.expected.startswith("any number from ")


def test_a_median_of_another_kind_is_told_so_and_does_not_pass():
    assert judged("best_constant", lambda y, loss: np.mean(y) if loss == "mse" else np.nan).points == 0.75
    assert judged("best_constant", lambda y, loss: np.mean(y) if loss == "mse" else "1").points == 0.75
    listed = judged("best_constant", lambda y, loss: np.mean(y) if loss == "mse" else [np.median(y)])
    assert listed.points == 0.75
