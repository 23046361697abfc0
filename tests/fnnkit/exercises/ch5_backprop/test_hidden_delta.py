"""`hidden_delta`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch

from fnnkit.judge.attempt import judged
from grader.answers import right

WORTH = 1.5
# What each mistake leaves, by hand, of 1.5: g′(Z) ∘ (Δ Uᵀ) 0.75, stable: saturated units 0.25, unusual
# input 0.25, calm 0.25
COSTS = {
    "value_for_slope": 0.0,
    "slope_forgotten": 0.0,
    "square_forgotten": 0.0,
    "slope_written_with_z": 0.0,
    "slope_at_the_activation": 0.0,
    "weights_not_transposed": 0.0,
    "slides_order": 0.0,
    "columns_not_rows": 0.0,
    "weights_reshaped": 0.0,
    "product_reshaped": 0.0,
    "slope_before_the_sum": 0.0,
    "sigmoid_slope": 0.0,
    "rule_of_the_sigmoid": 0.0,
    "slope_with_the_wrong_sign": 0.0,
    "slope_by_cosh": 1.25,
    "tanh_of_two_exponentials": 1.25,
    "tanh_of_a_growing_exponential": 1.25,
    "tanh_of_a_falling_exponential": 1.25,
    "divided_by_n_again": 0.0,
    "slope_of_the_relu": 0.0,
    "brackets_forgotten": 0.0,
    "tanh_of_the_square": 0.0,
    "slope_squared": 0.0,
    "running_sum": 0.0,
    "paths_averaged": 0.0,
    "weights_left_out": 0.0,
    "cosh_not_squared": 0.0,
    "one_plus_the_square": 0.0,
    "slope_of_the_signal": 0.0,
    "slope_added": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["value_for_slope", "weights_not_transposed", "slope_at_the_activation"]


def hidden_delta_by_torch(Z, U, delta_o):
    z = torch.tensor(np.asarray(Z, dtype=float), requires_grad=True)
    scores = torch.tanh(z) @ torch.tensor(np.asarray(U, dtype=float))
    (scores * torch.tensor(np.asarray(delta_o, dtype=float))).sum().backward()
    return z.grad.numpy()


@pytest.mark.parametrize("seed", range(4))
def test_automatic_differentiation_is_a_right_answer(seed):
    assert judged("hidden_delta", hidden_delta_by_torch, seed).solved


@pytest.mark.parametrize("function", right("ch5_backprop", "hidden_delta"))
def test_every_listed_answer_agrees_with_pytorch(function):
    rng = np.random.default_rng(99)
    args = rng.normal(size=(6, 4)), rng.normal(size=(4, 3)), rng.normal(size=(6, 3))
    np.testing.assert_allclose(function(*args), hidden_delta_by_torch(*args), rtol=1e-12, atol=1e-15)


def test_an_untransposed_u_is_told_by_what_meets():
    problem = (
        judged("hidden_delta", lambda Z, U, delta_o: (1 - np.tanh(Z) ** 2) * (delta_o @ U)).results[0].problem
    )
    assert "labels" in problem.cause
    assert "hidden units" in problem.cause
