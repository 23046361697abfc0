"""`bptt`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch

from fnnkit.exercises.ch6_vanishing_gradients.bptt import at_every_step
from fnnkit.judge.attempt import judged
from grader.answers import right

WORTH = 2.5
# What each mistake leaves, by hand, of 2½: one step ¾, several steps, a loss after the last ½, a loss at every
# step ¾, unusual ¼, calm ¼
COSTS = {
    "last_step_only": 1.0,
    "sums_overwritten": 1.0,
    "signal_stops_at_each_step": 1.0,
    "mean_over_the_steps": 1.0,
    "mean_over_the_examples": 0.0,
    "state_of_the_same_step": 0.0,
    "share_of_the_start_left_out": 0.0,
    "start_of_zeros": 0.0,
    "the_last_state_before_the_first": 0.0,
    "forward_in_time": 1.0,
    "output_weights_from_z": 0.0,
    "bias_for_each_example": 0.0,
    "the_slides_g": 0.0,
    "slope_forgotten": 0.0,
    "recurrent_weights_not_transposed": 1.0,
    "bias_averaged": 0.0,
    "first_step_left_out": 0.0,
    "recurrent_weights_twice": 1.0,
    "steps_without_a_loss_skipped": 2.0,
    "signals_added_up": 1.0,
    "output_weights_from_the_state_before": 0.0,
    "output_weights_of_the_last_step": 1.5,
    "recurrent_weights_from_z": 1.0,
    "last_step_left_out": 0.0,
    "recurrent_weights_one_step_late": 0.0,
    "signals_back_to_front": 1.0,
    "output_signals_back_to_front_on_the_way": 1.0,
    "slope_of_the_step_before": 1.0,
    "recurrent_weights_from_the_first_signal": 1.0,
    "output_signals_back_to_front": 1.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["last_step_only", "bias_for_each_example"]


def bptt_by_autograd(X, h0, params, delta_y):
    """Gradients by PyTorch, which differentiates by itself."""
    p = {name: torch.tensor(np.asarray(a, dtype=float), requires_grad=True) for name, a in params.items()}
    h, loss = torch.tensor(np.asarray(h0, dtype=float)), 0.0
    for x, dy in zip(np.asarray(X, dtype=float), np.asarray(delta_y, dtype=float), strict=True):
        h = torch.tanh(torch.tensor(x) @ p["A"] + h @ p["W"] + p["b"])
        loss = loss + (h @ p["V"] * torch.tensor(dy)).sum()
    loss.backward()
    return {name: a.grad.numpy() for name, a in p.items()}


@pytest.mark.parametrize("seed", range(6))
def test_automatic_differentiation_is_a_right_answer(seed):
    verdict = judged("bptt", bptt_by_autograd, seed)
    assert verdict.solved, verdict


@pytest.mark.parametrize("answer", range(4))
def test_every_listed_answer_agrees_with_pytorch_on_a_network_of_its_own(answer):
    args = at_every_step(np.random.default_rng(99), T=6, n=4, d=3, m=5, p=2)
    want, have = bptt_by_autograd(*args), right("ch6_vanishing_gradients", "bptt")[answer](*args)
    for name in want:
        np.testing.assert_allclose(have[name], want[name], rtol=1e-9, atol=1e-12)
