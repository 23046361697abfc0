"""`rnn_hidden_delta`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import torch

from fnnkit.exercises.ch6_vanishing_gradients.rnn_hidden_delta import signals
from fnnkit.rnn import rnn_hidden_delta

WORTH = 1.5
# What each mistake leaves, by hand, of 1½: the last step: from the outputs alone ½, an earlier step: the next step
# as well ½, unusual ¼, calm ¼
COSTS = {
    "the_slides_g": 0.0,
    "slope_forgotten": 0.0,
    "square_of_z": 0.0,
    "square_forgotten": 0.0,
    "slope_at_the_state": 0.0,
    "next_step_alone": 0.0,
    "outputs_alone": 0.75,
    "recurrent_weights_not_transposed": 0.75,
    "output_weights_not_transposed": 0.0,
    "slope_on_the_outputs_only": 0.75,
    "slope_on_the_next_step_only": 0.0,
    "slope_before_the_weights": 0.75,
    "slope_of_the_sigmoid": 0.0,
    "one_plus_the_square": 0.0,
    "signals_subtracted": 0.75,
    "cosh_not_squared": 0.0,
    "slope_twice": 0.75,
    "slope_squared": 0.0,
    "tanh_of_the_square": 0.0,
    "ways_multiplied": 0.0,
    "mean_of_both_ways": 0.0,
    "divided_by_the_examples": 0.0,
    "next_signal_without_weights": 0.75,
    "slope_of_the_relu": 0.0,
    "slope_added": 0.0,
    "slope_of_the_next_signal": 0.0,
    "rule_of_the_sigmoid": 0.0,
    "twice_for_the_square": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["the_slides_g", "next_step_alone"]


def test_autograd_sends_the_same_signal_back():
    for seed in range(6):
        Z, V, W, delta_y, delta_next = signals(np.random.default_rng(seed), 3, 2, 4)
        z = torch.tensor(Z, requires_grad=True)
        h = torch.tanh(z)
        # y and the next pre-activation are linear in h: their signals, taken as constants, make one number.
        loss = (h @ torch.tensor(V) * torch.tensor(delta_y)).sum()
        (loss + (h @ torch.tensor(W) * torch.tensor(delta_next)).sum()).backward()
        np.testing.assert_allclose(rnn_hidden_delta(Z, V, W, delta_y, delta_next), z.grad.numpy(), rtol=1e-12)
