"""`output_delta`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch

from fnnkit.judge.attempt import judged
from grader.answers import right

WORTH = 1.5
# What each mistake leaves, by hand, of 1.5: (softmax − one-hot) / n 0.75, stable: scores of a thousand
# 0.25, unusual input 0.25, calm 0.25
COSTS = {
    "labels_counted_by_the_largest": 0.0,
    "sign_of_the_slides": 0.0,
    "not_divided_by_n": 0.0,
    "divided_by_all_entries": 0.0,
    "softmax_over_the_batch": 0.0,
    "softmax_over_everything": 0.0,
    "no_shift_by_the_maximum": 1.25,
    "shift_by_the_maximum_of_all": 1.25,
    "column_of_the_label_only": 0.0,
    "one_subtracted_from_all": 0.0,
    "scores_in_the_place_of_probabilities": 0.0,
    "labels_not_subtracted": 0.0,
    "ones_in_the_columns_of_all_labels": 0.0,
    "labels_as_numbers": 0.0,
    "divided_by_the_number_of_labels": 0.0,
    "slope_of_the_softmax_once_more": 0.0,
    "scores_clipped": 1.25,
    "shift_by_the_mean": 1.25,
    "only_one_hot_divided": 0.0,
    "only_probabilities_divided": 0.0,
    "softmax_without_exp": 0.0,
    "exp_of_the_sum": 0.0,
    "hard_maximum": 0.0,
    "minus_the_highest": 0.0,
    "sigmoids": 0.0,
    "logarithm_of_the_softmax": 0.0,
    "twice_the_difference": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["sign_of_the_slides", "not_divided_by_n"]


def output_delta_by_torch(Y, g):
    scores = torch.tensor(np.asarray(Y, dtype=float), requires_grad=True)
    torch.nn.functional.cross_entropy(scores, torch.tensor(g)).backward()
    return scores.grad.numpy()


@pytest.mark.parametrize("seed", range(4))
def test_automatic_differentiation_is_a_right_answer(seed):
    assert judged("output_delta", output_delta_by_torch, seed).solved


@pytest.mark.parametrize("function", right("ch5_backprop", "output_delta"))
def test_every_listed_answer_agrees_with_pytorch(function):
    rng = np.random.default_rng(99)
    Y, g = 3 * rng.normal(size=(7, 5)), rng.integers(0, 5, 7)
    np.testing.assert_allclose(function(Y, g), output_delta_by_torch(Y, g), rtol=1e-9, atol=1e-14)
