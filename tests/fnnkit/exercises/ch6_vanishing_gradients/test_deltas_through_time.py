"""`deltas_through_time`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import torch

from fnnkit.dynamics import deltas_through_time
from fnnkit.exercises.ch6_vanishing_gradients.deltas_through_time import signal

WORTH = 0.0
# What each mistake leaves, by hand, of 1¼: norms of the error signal, the last step first ½, a long way back ¼,
# unusual ¼, calm ¼
COSTS = {
    "slope_forgotten": 0.0,
    "slope_of_the_step_left": 0.0,
    "slope_before_the_weights": 0.0,
    "measured_at_the_states": 0.0,
    "weights_not_transposed": 0.0,
    "first_step_first": 0.0,
    "forward_in_time": 0.0,
    "last_step_left_out": 0.0,
    "one_step_too_many": 0.0,
    "squares_of_the_norms": 0.0,
    "one_norm_an_example": 0.0,
    "spectral_norms": 0.0,
    "square_of_z": 0.0,
    "factors_collected": 0.0,
    "norms_multiplied": 0.0,
    "all_from_the_last": 0.0,
    "value_for_slope": 0.0,
    "tanh_not_squared": 0.0,
    "slope_at_the_last_step_too": 0.0,
    "sums_of_the_moduli": 0.0,
    "divided_by_the_examples": 0.0,
    "mean_of_the_examples_norms": 0.0,
    "added_to_the_signal": 0.0,
    "largest_entries": 0.0,
    "norms_of_the_examples_added": 0.0,
    "norms_of_the_units_added": 0.0,
    "largest_norm_of_an_example": 0.0,
    "roots_of_mean_squares": 0.0,
    "norm_of_the_first_example": 0.0,
    "largest_sum_of_a_unit": 0.0,
    "largest_sum_of_an_example": 0.0,
    "relative_to_the_last": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["slope_forgotten"]


def test_autograd_finds_the_same_norms_at_every_pre_activation():
    W, Z, delta = signal(np.random.default_rng(3), T=5, n=2, m=3)
    zs = [torch.tensor(z, requires_grad=True) for z in Z]
    # Pre-activations with the values of Z, each hanging on the one before.
    linked = [zs[0]]
    for t in range(1, 5):
        through = torch.tanh(linked[-1]) @ torch.tensor(W)
        linked.append(through - through.detach() + zs[t])
    (linked[-1] * torch.tensor(delta)).sum().backward()
    want = [np.linalg.norm(z.grad.numpy()) for z in reversed(zs)]
    np.testing.assert_allclose(deltas_through_time(W, Z, delta), want, rtol=1e-12)
