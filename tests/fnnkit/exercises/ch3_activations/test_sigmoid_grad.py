"""`sigmoid_grad`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.registry import exercise
from fnnkit.kernel.call import call

WORTH = 1.25
# What each mistake leaves, by hand, of 1¼: values ½, stable ¼, unusual input ¼, calm ¼
COSTS = {
    "slope_of_a_clipped_z": 1.0,
    "from_the_output": 0.0,
    "square_overflows_left": 1.0,
    "square_overflows_right": 1.0,
    "slope_that_warns": 1.0,
    "sigmoid_itself": 0.0,
    "one_minus_the_square": 0.0,
    "sigmoid_times_one_plus": 0.0,
    "slope_of_tanh": 0.0,
    "flat_beyond_five": 0.0,
    "square_of_the_sigmoid": 0.0,
    "second_factor_alone": 0.0,
    "one_minus_z": 0.0,
    "sigmoid_twice": 0.0,
    "sigma_of_the_output": 0.0,
    "square_inside_the_sum": 0.0,
    "product_with_minus_one": 0.0,
    "difference_of_the_factors": 0.0,
    "square_of_the_second_factor": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["from_the_output", "square_overflows_left", "square_overflows_right"]
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["square_overflows_left", "square_overflows_right", "slope_that_warns"]


def test_a_sigmoid_that_is_wrong_is_named_first_where_it_is_called():
    asked = exercise("sigmoid_grad")
    made = asked.cases(np.random.default_rng(0))

    def slope(z):
        s = 1 / (1 + np.exp(z) ** 2)
        return s * (1 - s)

    verdict = asked.judge(made, [call(slope, c.args) for c in made], wrong_earlier=["softplus_grad"])
    assert verdict.follows_from == "softplus_grad"
