"""`count_linear_pieces`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch

from fnnkit.expressivity import count_linear_pieces, folding_network

WORTH = 0.0
# What each mistake leaves, by hand, of 2.5: one hidden layer 0.5, several hidden layers 0.75, what is no
# kink 0.5, narrow pieces 0.25, unusual input 0.25, inputs unchanged, no warning 0.25
COSTS = {
    "one_more_than_units": 0.0,
    "every_breakpoint": 1.25,
    "first_layer_only": 1.25,
    "relu_on_the_last_layer": 0.0,
    "on_the_whole_line": 0.0,
    "distinct_slopes": 1.75,
    "kinks_without_the_first_piece": 0.0,
    "on_a_grid": 2.25,
    "slopes_compared_exactly": 1.25,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["every_breakpoint", "on_a_grid"]


def by_autograd(weights, biases, a, b, n=400_001):
    """Slopes by PyTorch on a fine grid; enough where pieces are wide."""
    x = torch.linspace(a, b, n, dtype=torch.float64).reshape(-1, 1).requires_grad_()
    h = x
    for i, (W, c) in enumerate(zip(weights, biases, strict=True)):
        h = h @ torch.tensor(W) + torch.tensor(c)
        h = torch.relu(h) if i < len(weights) - 1 else h
    h.sum().backward()
    slopes = x.grad.ravel().numpy()
    return 1 + int((np.abs(np.diff(slopes)) > 1e-9).sum())


@pytest.mark.parametrize("seed", range(4))
def test_slopes_by_autograd_change_as_often(seed):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=s) for s in ((1, 5), (5, 4), (4, 1))]
    biases = [rng.normal(size=s) for s in (5, 4, 1)]
    assert count_linear_pieces(weights, biases, -3.0, 3.0) == by_autograd(weights, biases, -3.0, 3.0)


def test_folds_double_the_pieces():
    assert [count_linear_pieces(*folding_network(1, 2, depth), 0, 1) for depth in (1, 4, 7)] == [2, 16, 128]
