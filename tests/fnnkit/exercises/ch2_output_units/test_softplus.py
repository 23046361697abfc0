"""`softplus`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.attempt import judged

WORTH = 1.5
# What each mistake leaves, by hand, of 1½: values ¾, stable ½, calm ¼
COSTS = {
    "softplus_that_overflows": 1.0,
    "softplus_by_where": 1.0,
    "softplus_without_log1p": 1.0,
    "softplus_clipped": 1.0,
    "softplus_one_forgotten": 0.0,
    "softplus_is_not_relu": 0.0,
    "softplus_of_minus_z": 0.0,
    "softplus_to_base_two": 0.0,
    "softplus_cut_off_at_five": 0.0,
    "softplus_cut_off_at_zero": 0.0,
    "softplus_of_the_size": 0.0,
    "softplus_of_minus_the_size": 0.0,
    "softplus_pulled_out_twice": 0.0,
    "softplus_z_in_front": 0.0,
    "softplus_derivative": 0.0,
    "softplus_one_outside": 0.0,
    "softplus_without_logarithm": 0.0,
    "softplus_one_too_many": 0.0,
    "softplus_to_base_ten": 0.0,
    "softplus_with_minus": 0.0,
    "softplus_of_ones": 0.0,
    "softplus_exponential_below_zero": 0.0,
    "softplus_minus_in_the_logarithm": 0.0,
    "softplus_of_one_number": 0.0,
    "softplus_one_not_shifted": 0.0,
    "softplus_cut_off_at_ten": 1.0,
    "softplus_zero_below_minus_twenty": 1.0,
    "softplus_cut_off_on_both_sides": 1.0,
    "softplus_with_zero_in_no_case": 0.0,
    "softplus_with_zero_in_both_cases": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["softplus_that_overflows"]


def test_z_itself_is_too_little_at_any_bound_below_twenty_four():
    for bound in (10.0, 15.0, 20.0):
        verdict = judged(
            "softplus", lambda z, bound=bound: np.where(z > bound, z, np.log1p(np.exp(np.minimum(z, bound))))
        )
        assert verdict.points == 1.0
        assert "needs no bound" in verdict.hint or "No bound is needed" in verdict.hint


def test_zero_at_some_negative_bound_is_too_little():
    for bound in (10.0, 20.0, 30.0, 40.0):
        verdict = judged(
            "softplus",
            lambda z, bound=bound: np.where(z < -bound, 0.0, np.logaddexp(0, np.maximum(z, -bound))),
        )
        assert verdict.points == 1.0
        assert "needs no bound" in verdict.hint or "No bound is needed" in verdict.hint


def test_digits_that_floats_do_not_have_are_not_asked_for():
    assert judged("softplus", lambda z: np.where(z > 36, z, np.log1p(np.exp(np.minimum(z, 36))))).solved
