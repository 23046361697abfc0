"""`bernoulli_nll_grad`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.exercises.ch2_output_units.bernoulli_nll_grad import grad_with_overflow
from fnnkit.judge.registry import exercise
from fnnkit.kernel.call import call

WORTH = 1.25
# What each mistake leaves, by hand, of 1¼: values ¾, stable ¼, calm ¼
COSTS = {
    "grad_with_overflow": 1.0,
    "grad_with_quotient": 1.0,
    "grad_to_be_maximised": 0.0,
    "grad_with_respect_to_p": 0.0,
    "grad_of_the_squared_error": 0.0,
    "grad_divided_by_n": 0.0,
    "grad_of_positive_examples": 0.0,
    "grad_without_the_inner_derivative": 0.0,
    "grad_of_hard_predictions": 0.0,
    "grad_of_the_logit": 0.0,
    "grad_is_the_slope_of_the_sigmoid": 0.0,
    "grad_averaged": 0.0,
    "grad_with_softplus": 0.0,
    "grad_with_the_sign_of_z": 0.0,
    "grad_of_zero_examples": 0.0,
    "grad_plus_target": 0.0,
    "grad_doubled": 0.0,
    "grad_of_the_difference": 0.0,
    "grad_with_the_complement_of_the_sigmoid": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["grad_with_overflow"]


def test_a_gradient_that_calls_a_naive_sigmoid_is_sent_there_first():
    asked = exercise("bernoulli_nll_grad")
    made = asked.cases(np.random.default_rng(0))
    answers = [call(grad_with_overflow, c.args) for c in made]
    verdict = asked.judge(made, answers, wrong_earlier=("sigmoid",))
    assert verdict.follows_from == "sigmoid"
    assert verdict.points == 1.0
