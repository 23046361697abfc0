"""`sigmoid`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.attempt import judged

WORTH = 1.5
# What each mistake leaves, by hand, of 1½: values ¾, stable ½, calm ¼
COSTS = {
    "sigmoid_of_a_clipped_z": 1.0,
    "sigmoid_that_overflows": 1.0,
    "sigmoid_as_a_quotient": 1.0,
    "tanh_for_sigmoid": 0.0,
    "sigmoid_minus_missing": 0.0,
    "sigmoid_by_if": 0.0,
    "sigmoid_half_scale": 0.0,
    "sigmoid_derivative": 0.0,
    "sigmoid_brackets_missing": 0.0,
    "sigmoid_of_the_size": 0.0,
    "sigmoid_of_minus_the_size": 0.0,
    "sigmoid_minus_below_the_line": 0.0,
    "sigmoid_as_softsign": 0.0,
    "sigmoid_as_a_step": 0.0,
    "sigmoid_cut_off": 0.0,
    "sigmoid_tanh_of_the_half": 0.0,
    "sigmoid_as_a_softmax": 0.0,
    "sigmoid_logarithm": 0.0,
    "sigmoid_softplus": 0.0,
    "sigmoid_minus_for_negatives": 0.0,
    "sigmoid_of_one_number": 0.0,
    "sigmoid_exponential_below_zero": 0.0,
    "sigmoid_with_zero_in_no_case": 0.0,
    "sigmoid_with_one_at_zero": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["sigmoid_that_overflows"]


def test_a_right_sigmoid_that_silences_numpy_keeps_its_points():
    def silenced(z):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-z))

    assert judged("sigmoid", silenced).solved


def test_a_sigmoid_by_where_is_told_that_both_branches_are_computed():
    def by_where(z):
        return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))

    verdict = judged("sigmoid", by_where)
    assert verdict.points == 1.0
    assert "computes both" in verdict.hint
