"""`hidden_gradients`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest

from grader.answers import right

WORTH = 0.5
# What each mistake leaves, by hand, of 0.5: dW and db 0.25, calm 0.25
COSTS = {
    "mean_once_more": 0.0,
    "transposed": 0.0,
    "inputs_reshaped": 0.0,
    "product_reshaped": 0.0,
    "signal_reshaped": 0.0,
    "biases_over_the_units": 0.0,
    "biases_averaged": 0.0,
    "biases_keep_an_axis": 0.0,
    "biases_not_summed": 0.0,
    "sums_before_the_product": 0.0,
    "last_example_only": 0.0,
    "first_example_only": 0.0,
    "weights_divided_again": 0.0,
    "slope_once_more": 0.0,
    "activated_inputs": 0.0,
    "inputs_summed_for_the_biases": 0.0,
    "biases_first": 0.0,
    "biases_in_one_number": 0.0,
    "weights_alone": 0.0,
    "biases_of_the_last_example": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["transposed", "mean_once_more"]


@pytest.mark.parametrize("function", right("ch5_backprop", "hidden_gradients"))
def test_every_listed_answer_is_the_rule_of_the_output_layer(function):
    rng = np.random.default_rng(99)
    X, delta = rng.normal(size=(6, 4)), rng.normal(size=(6, 3))
    want = right("ch5_backprop", "output_gradients")[0](X, delta)
    for have, expected in zip(function(X, delta), want, strict=True):
        np.testing.assert_allclose(have, expected, rtol=1e-12)
