"""`activation_patterns`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch

from fnnkit.expressivity import activation_patterns, folding_network

WORTH = 1.5
# What each mistake leaves, by hand, of 1.5: patterns of all layers together 0.75, one hidden layer 0.25,
# unusual input 0.25, inputs unchanged, no warning 0.25
COSTS = {
    "last_layer_only": 0.0,
    "first_layer_only": 0.0,
    "last_layer_left_out": 0.0,
    "sum_of_the_layers": 0.0,
    "product_of_the_layers": 0.0,
    "without_relus": 0.0,
    "without_biases": 0.0,
    "distinct_outputs": 0.0,
    "distinct_pre_activations": 0.0,
    "numbers_of_units_on": 0.0,
    "number_of_rows": 0.0,
    "most_units_on": 0.0,
    "changes_between_rows": 0.0,
    "codes_that_restart": 0.0,
    "numbers_of_units_on_in_each_layer": 0.0,
    "different_truth_values": 0.0,
    "patterns_of_the_units": 0.0,
    "patterns_that_could_be": 0.0,
    "inputs_in_the_pattern": 0.0,
    "what_goes_into_each_layer": 0.0,
    "biases_after_the_relus": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["sum_of_the_layers", "product_of_the_layers"]


@pytest.mark.parametrize("seed", range(3))
def test_pytorch_meets_as_many_patterns(seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(200, 3))
    weights, biases = [rng.normal(size=s) for s in ((3, 4), (4, 5))], [rng.normal(size=s) for s in (4, 5)]
    h, on = torch.tensor(X), []
    for W, c in zip(weights, biases, strict=True):
        z = torch.nn.functional.linear(h, torch.tensor(W.T), torch.tensor(c))
        h = torch.relu(z)
        on.append((z > 0).int())
    met = torch.unique(torch.cat(on, dim=1), dim=0)
    assert activation_patterns(X, weights, biases) == len(met)


def test_a_folded_square_has_four_to_the_depth_regions():
    side = (np.arange(64) + 0.5) / 64 + 1e-4
    X = np.array([(p, q) for p in side for q in side])
    for depth in (1, 2, 3):
        weights, biases = folding_network(2, 2, depth)
        assert activation_patterns(X, weights[:-1], biases[:-1]) == 4**depth
