"""`forward`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch

from fnnkit.judge.attempt import judged

WORTH = 1.0
# What each mistake leaves, by hand, of 1: the hidden layer, Z and H 0.25, the scores Y 0.25, unusual input
# 0.25, calm 0.25
COSTS = {
    "hidden_bias_forgotten": 0.0,
    "output_bias_forgotten": 0.5,
    "tanh_on_the_scores": 0.5,
    "softmax_on_the_scores": 0.5,
    "activations_in_the_place_of_z": 0.0,
    "no_activation": 0.0,
    "scores_from_z": 0.5,
    "another_activation": 0.0,
    "bias_inside_the_product": 0.0,
    "bias_for_every_input": 0.0,
    "both_biases_for_every_term": 0.0,
    "output_bias_for_every_unit": 0.5,
    "sigmoid_units": 0.0,
    "biases_subtracted": 0.0,
    "tanh_twice": 0.5,
    "label_in_the_place_of_scores": 0.5,
    "slope_for_h": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["hidden_bias_forgotten", "tanh_on_the_scores"]


def forward_by_torch(X, params):
    p = {name: torch.tensor(np.asarray(a, dtype=float)) for name, a in params.items()}
    Z = torch.nn.functional.linear(torch.tensor(np.asarray(X, dtype=float)), p["W"].T, p["b"])
    Y = torch.nn.functional.linear(torch.tanh(Z), p["U"].T, p["d"])
    return {"Z": Z.numpy(), "H": torch.tanh(Z).numpy(), "Y": Y.numpy()}


@pytest.mark.parametrize("seed", range(4))
def test_pytorch_is_a_right_answer(seed):
    assert judged("forward", forward_by_torch, seed).solved


def test_a_transposed_matrix_is_told_by_what_its_axes_count():
    def transposed(X, params):
        Z = (X @ params["W"] + params["b"]).T
        return {"Z": Z, "H": np.tanh(Z), "Y": np.tanh(Z).T @ params["U"] + params["d"]}

    problem = judged("forward", transposed).results[0].problem
    assert "transposed" in problem.cause
    assert "rows are examples" in problem.cause
