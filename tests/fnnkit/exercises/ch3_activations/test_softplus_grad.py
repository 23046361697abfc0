"""`softplus_grad`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.attempt import judged

WORTH = 1.5
# What each mistake leaves, by hand, of 1½: values ½, stable ½, unusual input ¼, calm ¼
COSTS = {
    "sigmoid_of_a_clipped_z": 1.0,
    "quotient_of_exponentials": 1.0,
    "exponential_of_minus_z": 1.0,
    "sigmoid_of_minus_z": 0.0,
    "softplus_itself": 0.0,
    "derivative_of_the_sigmoid": 0.0,
    "step_of_relu": 0.0,
    "tanh_for_sigmoid": 0.0,
    "decimals_cut_off": 1.25,
    "sigmoid_of_the_modulus": 0.0,
    "sigmoid_of_minus_the_modulus": 0.0,
    "zero_left_out": 0.0,
    "square_of_the_sigmoid": 0.0,
    "sigmoid_of_twice_z": 0.0,
    "softplus_of_minus_the_modulus": 0.0,
    "denominator_missing_on_the_left": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["quotient_of_exponentials"]
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["quotient_of_exponentials", "exponential_of_minus_z"]


def test_both_branches_of_where_overflow_and_the_hint_says_so():
    def both_branches(z):
        return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))

    verdict = judged("softplus_grad", both_branches)
    assert verdict.points == 1.0
    assert [r.criterion for r in verdict.results if not r.earned] == ["stable at ±10000"]
    assert verdict.problem.yours.startswith("RuntimeWarning")
    assert "`np.where` computes both of its branches" in verdict.hint
