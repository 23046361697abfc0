"""`propagate`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import torch

from fnnkit.expressivity import propagate

WORTH = 1.0
# What each mistake leaves, by hand, of 1: every layer, the input first 0.5, unusual input 0.25, inputs
# unchanged, no warning 0.25
COSTS = {
    "pre_activations_returned": 0.0,
    "last_layer_affine": 0.0,
    "first_layer_affine": 0.0,
    "input_missing": 0.0,
    "last_layer_alone": 0.0,
    "biases_forgotten": 0.0,
    "bias_after_the_activation": 0.0,
    "transposed_weights": 0.0,
    "activation_on_the_input": 0.0,
    "no_activation": 0.0,
    "input_in_the_place_of_the_first_layer": 0.0,
    "activation_before_the_map": 0.0,
    "activation_before_and_after": 0.0,
    "output_first": 0.0,
    "activation_twice": 0.0,
    "pre_activations_carried_on": 0.0,
    "biases_subtracted": 0.0,
    "relu_whatever_phi_is": 0.0,
    "tanh_whatever_phi_is": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["input_missing", "last_layer_affine"]


def test_pytorch_has_the_same_activations():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(5, 3))
    weights, biases = [rng.normal(size=s) for s in ((3, 4), (4, 2))], [rng.normal(size=s) for s in (4, 2)]
    h = torch.tensor(X)
    H = propagate(X, weights, biases, np.tanh)
    np.testing.assert_array_equal(H[0], X)
    for layer, (W, c) in enumerate(zip(weights, biases, strict=True), 1):
        h = torch.tanh(torch.nn.functional.linear(h, torch.tensor(W.T), torch.tensor(c)))
        np.testing.assert_allclose(H[layer], h.numpy(), atol=1e-14)
