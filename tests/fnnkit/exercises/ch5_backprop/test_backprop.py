"""`backprop`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch

from fnnkit import backprop
from fnnkit.judge.attempt import judged
from grader.answers import right

WORTH = 2.0
# What each mistake leaves, by hand, of 2: gradients of U and d 0.5, gradients of W and b 0.5, the loss
# 0.25, stable: scores of a million 0.25, unusual input 0.25, calm 0.25
COSTS = {
    "loss_summed": 1.25,
    "gradients_summed": 0.0,
    "gradients_divided_again": 0.0,
    "loss_with_the_sign_of_the_slides": 1.25,
    "gradients_with_the_sign_of_the_slides": 0.0,
    "logarithm_of_the_softmax": 1.75,
    "small_constant_in_the_logarithm": 1.75,
    "exp_of_the_scores": 1.75,
    "one_maximum_for_all_rows": 1.75,
    "label_score_not_shifted": 1.25,
    "sum_not_shifted": 1.25,
    "maximum_taken_off_again": 1.25,
    "names_of_weights_exchanged": 0.0,
    "keys_with_a_d": 0.0,
    "hidden_slope_forgotten": 1.0,
    "activations_given_as_z": 1.0,
    "scores_in_the_place_of_h": 0.0,
    "h_in_the_place_of_x": 1.0,
    "updates_the_parameters": 1.75,
    "only_the_gradients": 0.0,
    "gradients_first": 0.0,
    "scores_of_all_pairs": 1.25,
    "mean_over_all_entries": 1.25,
    "all_labels_in_the_loss": 1.25,
    "squared_error_for_the_loss": 1.25,
    "loss_of_the_likeliest": 1.25,
    "mean_of_the_scores_of_the_labels": 1.25,
    "one_minus_the_probability": 1.25,
    "one_subtracted_before_the_logarithm": 1.0,
    "probability_in_the_loss": 1.25,
    "losses_cut_off": 1.25,
    "loss_of_the_last": 1.25,
    "loss_of_the_last_divided": 1.25,
    "loss_of_the_first": 1.25,
    "divided_by_the_labels": 1.25,
    "logarithm_to_base_two": 1.25,
    "softmax_down_the_columns": 1.25,
    "softmax_over_all_entries": 1.25,
    "entropy_of_the_softmax": 1.25,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["loss_summed", "hidden_slope_forgotten", "gradients_with_the_sign_of_the_slides"]


def backprop_by_torch(X, g, params):
    leaves = {n: torch.tensor(np.asarray(a, dtype=float), requires_grad=True) for n, a in params.items()}
    hidden = torch.tanh(torch.tensor(np.asarray(X, dtype=float)) @ leaves["W"] + leaves["b"])
    loss = torch.nn.functional.cross_entropy(hidden @ leaves["U"] + leaves["d"], torch.tensor(g))
    loss.backward()
    return loss.item(), {name: leaf.grad.numpy() for name, leaf in leaves.items()}


@pytest.mark.parametrize("seed", range(4))
def test_automatic_differentiation_is_a_right_answer(seed):
    assert judged("backprop", backprop_by_torch, seed).solved


@pytest.mark.parametrize("function", right("ch5_backprop", "backprop"))
def test_every_listed_answer_agrees_with_pytorch(function):
    rng = np.random.default_rng(99)
    params = {
        "W": rng.normal(size=(5, 4)),
        "b": rng.normal(size=4),
        "U": rng.normal(size=(4, 3)),
        "d": rng.normal(size=3),
    }
    X, g = rng.normal(size=(7, 5)), rng.integers(0, 3, 7)
    loss, grads = function(X, g, params)
    their_loss, theirs = backprop_by_torch(X, g, params)
    assert abs(loss - their_loss) < 1e-12
    for name in params:
        np.testing.assert_allclose(grads[name], theirs[name], rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("seed", range(6))
def test_a_label_that_does_not_occur_has_a_column_at_every_drawing(seed):
    def from_the_largest(X, g, params):
        loss, grads = backprop.backprop(X, g, params)
        if g.max() + 1 < params["U"].shape[1]:
            raise ValueError("operands could not be broadcast together")
        return loss, grads

    assert judged("backprop", from_the_largest, seed).points == 0.0


def test_losses_in_an_array_of_whole_numbers_are_told_from_what_is_cut_off():
    def cut_off(X, g, params):
        grads = backprop_by_torch(X, g, params)[1]
        H = np.tanh(X @ params["W"] + params["b"])
        Y = H @ params["U"] + params["d"]
        losses = np.zeros_like(g)
        for i, row in enumerate(Y):
            losses[i] = np.log(np.exp(row - row.max()).sum()) + row.max() - row[g[i]]
        return losses.mean(), grads

    assert "whole numbers" in judged("backprop", cut_off).hint
