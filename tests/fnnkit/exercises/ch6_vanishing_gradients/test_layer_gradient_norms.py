"""`layer_gradient_norms`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import torch

from fnnkit.dynamics import layer_gradient_norms
from fnnkit.exercises.ch6_vanishing_gradients.layer_gradient_norms import network

WORTH = 1.5
# What each mistake leaves, by hand, of 1½: the norm of each layer's gradient ¾, one layer, many layers ¼, unusual
# ¼, calm ¼
COSTS = {
    "error_signals_measured": 0.0,
    "spectral_norms": 0.0,
    "slope_at_the_activation": 0.0,
    "slope_forgotten": 0.0,
    "slope_at_the_last_layer": 0.0,
    "slope_of_the_layer_above": 0.0,
    "pre_activations_for_activations": 0.0,
    "activation_after_the_layer": 0.0,
    "last_layer_first": 0.0,
    "mean_of_the_moduli": 0.0,
    "divided_by_the_examples": 0.0,
    "squares_of_the_norms": 0.0,
    "slope_one_layer_too_high": 0.0,
    "last_layer_left_out": 0.0,
    "weights_measured": 0.0,
    "norms_of_the_examples_added": 0.0,
    "norms_of_the_factors_multiplied": 0.0,
    "value_for_slope": 0.0,
    "no_activation_forward": 0.0,
    "first_layer_left_out": 0.0,
    "moduli_added": 0.0,
    "largest_entries": 0.0,
    "roots_of_mean_squares": 0.0,
    "inputs_for_every_layer": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["error_signals_measured"]


def test_autograd_finds_the_same_gradients():
    X, weights, phi, dphi, delta = network(np.random.default_rng(4), 3, (2, 4, 3, 5))
    Ws = [torch.tensor(W, requires_grad=True) for W in weights]
    H = torch.tensor(X)
    for W in Ws[:-1]:
        H = torch.tanh(H @ W)
    (H @ Ws[-1] * torch.tensor(delta)).sum().backward()
    want = [float(torch.linalg.norm(W.grad)) for W in Ws]
    np.testing.assert_allclose(
        layer_gradient_norms(X, weights, phi.function(), dphi.function(), delta), want, rtol=1e-12
    )
