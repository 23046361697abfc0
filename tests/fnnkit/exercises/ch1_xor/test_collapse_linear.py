"""`collapse_linear`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.registry import exercise

WORTH = 1.0
# What each mistake leaves, by hand,
# of 1: the weights W 0.25, the bias c 0.25, layers of different widths 0.25, calm 0.25
COSTS = {
    "weights_in_the_order_of_the_slides": 0.0,
    "first_bias_forgotten": 0.5,
    "biases_added": 0.5,
    "second_bias_forgotten": 0.5,
    "bias_times_transposed_weights": 0.5,
    "weights_multiplied_entry_by_entry": 0.0,
    "last_hidden_bias_only": 0.5,
    "bias_kept_in_the_weights": 0.0,
    "relu_on_the_hidden_bias": 0.5,
    "relu_on_everything_between": 0.0,
    "bias_through_both_layers": 0.5,
    "weights_added": 0.0,
    "both_biases_through_the_second": 0.5,
    "second_bias_multiplied": 0.5,
    "second_bias_for_every_unit": 0.5,
    "bias_without_the_second_weights": 0.5,
    "sums_of_the_second_weights": 0.5,
    "product_transposed": 0.0,
    "first_weights_transposed": 0.0,
    "second_weights_transposed": 0.0,
    "both_transposed_in_place": 0.0,
    "bias_through_the_first_weights": 0.5,
    "everything_through_all_layers": 0.5,
    "biases_multiplied": 0.5,
    "first_bias_summed": 0.5,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["weights_in_the_order_of_the_slides", "first_bias_forgotten", "biases_added"]


def test_collapsing_means_equal_outputs_for_any_input():
    W1, c1, W2, c2 = exercise("collapse_linear").cases.declared(np.random.default_rng(1))[4].args
    W, c = exercise("collapse_linear").reference(W1, c1, W2, c2)
    X = np.random.default_rng(2).standard_normal((7, len(W1)))
    np.testing.assert_allclose((X @ W1 + c1) @ W2 + c2, X @ W + c, rtol=1e-12, atol=1e-12)
