"""`output_gradients`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch

from fnnkit.judge.attempt import judged
from grader.answers import right

WORTH = 1.0
# What each mistake leaves, by hand, of 1: the weights, dU 0.25, the biases, dd 0.25, unusual input 0.25,
# calm 0.25
COSTS = {
    "mean_once_more": 0.0,
    "weights_divided_again": 0.0,
    "biases_averaged": 0.5,
    "transposed": 0.0,
    "activations_reshaped": 0.0,
    "product_reshaped": 0.0,
    "signal_reshaped": 0.0,
    "biases_over_the_labels": 0.5,
    "biases_keep_an_axis": 0.5,
    "biases_not_summed": 0.5,
    "biases_in_one_number": 0.5,
    "biases_first": 0.0,
    "outer_product_of_the_sums": 0.0,
    "last_example_only": 0.0,
    "weights_alone": 0.0,
    "activations_summed_for_the_biases": 0.5,
    "ones_first_taken_last": 0.0,
    "activations_averaged": 0.0,
    "sign_of_the_step": 0.0,
    "times_n": 0.0,
    "first_example_only": 0.0,
    "slope_multiplied": 0.0,
    "biases_of_the_last_example": 0.5,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["transposed", "mean_once_more"]


@pytest.mark.parametrize("function", right("ch5_backprop", "output_gradients"))
def test_every_listed_answer_is_the_gradient_that_pytorch_finds(function):
    rng = np.random.default_rng(99)
    H, delta = rng.normal(size=(6, 4)), rng.normal(size=(6, 3))
    layer = torch.nn.Linear(4, 3, dtype=torch.float64)
    (layer(torch.tensor(H)) * torch.tensor(delta)).sum().backward()
    dU, dd = function(H, delta)
    np.testing.assert_allclose(dU, layer.weight.grad.numpy().T, rtol=1e-12)
    np.testing.assert_allclose(dd, layer.bias.grad.numpy(), rtol=1e-12)


def test_a_missing_sum_over_the_examples_is_told_by_its_axis():
    problem = (
        judged("output_gradients", lambda H, delta_o: (H.T @ delta_o, delta_o.sum(axis=1))).results[1].problem
    )
    assert "entries are labels" in problem.cause
    assert "examples there" in problem.cause
