"""`sgd_step`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import torch

from fnnkit.judge.attempt import judged

WORTH = 1.0
# What each mistake leaves, by hand, of 1: θ − η · gradient, name by name 0.5, unusual input 0.25, calm 0.25
COSTS = {
    "uphill": 0.0,
    "overwrites_the_parameters": 0.5,
    "rate_forgotten": 0.0,
    "only_the_change": 0.0,
    "a_list_without_names": 0.0,
    "in_the_order_of_the_dictionaries": 0.0,
    "four_names_only": 0.0,
    "returns_in_the_loop": 0.0,
    "divided_by_the_norm": 0.0,
    "nothing_kept": 0.0,
    "rate_divided": 0.0,
    "rate_on_the_parameters": 0.0,
    "sign_of_the_gradient": 0.0,
    "mean_of_the_gradient": 0.0,
    "divided_by_the_rows": 0.0,
    "gradient_multiplied": 0.0,
    "gradients_returned": 0.0,
    "step_twice_as_long": 0.0,
    "last_name_only": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["overwrites_the_parameters", "uphill"]


def test_pytorch_s_optimiser_is_a_right_answer():
    def by_torch(params, grads, lr):
        leaves = {name: torch.tensor(np.asarray(value, dtype=float)) for name, value in params.items()}
        for name, leaf in leaves.items():
            leaf.grad = torch.tensor(np.asarray(grads[name], dtype=float))
        torch.optim.SGD(leaves.values(), lr=lr).step()
        return {name: leaf.numpy() for name, leaf in leaves.items()}

    assert judged("sgd_step", by_torch).solved


def test_a_copied_dictionary_holds_the_same_arrays():
    def shallow(params, grads, lr):
        new = dict(params)
        for name in new:
            new[name] -= lr * grads[name]
        return new

    verdict = judged("sgd_step", shallow)
    assert (verdict.points, verdict.misconception) == (0.5, "overwrites_the_parameters")
