"""`clip_by_global_norm`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch

from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise

WORTH = 1.0
# What each mistake leaves, by hand, of 1: one norm over all arrays ¼, a short gradient stays, and so does zero ¼,
# unusual ¼, calm ¼
COSTS = {
    "each_array_alone": 0.0,
    "each_entry_alone": 0.0,
    "always_scaled": 0.75,
    "always_scaled_zero_too": 0.5,
    "divided_by_zero": 0.75,
    "squared_norm": 0.0,
    "norms_added": 0.0,
    "largest_of_the_norms": 0.0,
    "brought_to_length_one": 0.0,
    "long_gradients_dropped": 0.0,
    "list_for_dictionary": 0.0,
    "clipped_in_place": 0.75,
    "absolute_values_added": 0.0,
    "arrays_in_place": 0.5,
    "mean_of_the_squares": 0.0,
    "mean_of_the_norms": 0.0,
    "largest_entry_decides": 0.0,
    "the_last_array_decides": 0.0,
    "all_brought_to_length_one": 0.0,
    "square_compared": 0.75,
    "factor_turned_round": 0.0,
    "excess_subtracted": 0.0,
    "short_arrays_left_alone": 0.0,
    "shared_out_among_arrays": 0.0,
    "entries_added": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["each_array_alone", "each_entry_alone"]


def clip_by_torch(grads, max_norm):
    """PyTorch clips parameters in place; it adds 1e-6 to the norm."""
    parameters = []
    for g in grads.values():
        p = torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64))
        p.grad = torch.tensor(g.astype(float))
        parameters.append(p)
    torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    return dict(zip(grads, (p.grad.numpy() for p in parameters), strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_pytorch_s_function_is_a_right_answer(seed):
    verdict = judged("clip_by_global_norm", clip_by_torch, seed)
    assert verdict.solved, verdict


def test_where_only_both_arrays_together_are_too_long_neither_alone_is():
    for seed in range(6):
        made = exercise("clip_by_global_norm").cases(np.random.default_rng(seed))
        [(grads, limit)] = [case.args for case in made if case.why == "each array alone is short enough"]
        assert all(np.linalg.norm(g) < limit for g in grads.values())
        assert np.linalg.norm(np.concatenate([g.ravel() for g in grads.values()])) > limit
