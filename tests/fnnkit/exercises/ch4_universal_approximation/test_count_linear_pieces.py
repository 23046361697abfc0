"""`count_linear_pieces`: what its mistakes cost, and witnesses of what it asks."""

from fractions import Fraction

import numpy as np
import pytest
import torch

from fnnkit.exercises.ch4_universal_approximation.layers import faint, pieces_roughly
from fnnkit.expressivity import count_linear_pieces, folding_network
from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise
from grader import answers

CHAPTER, NAME = "ch4_universal_approximation", "count_linear_pieces"

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
    "changes_of_sign": 0.0,
    "kinks_without_the_first_piece": 0.0,
    "on_a_grid": 2.25,
    "slopes_compared_exactly": 1.25,
    "slopes_at_the_left_ends": 0.0,
    "old_breakpoints_lost": 1.75,
    "slopes_of_idle_units": 0.0,
    "number_of_units": 0.0,
    "product_of_the_layers": 0.0,
    "patterns_of_all_units": 0.0,
    "zeros_of_the_output": 0.0,
    "value_not_rectified": 1.75,
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


def test_where_kinks_of_the_check_meet_they_meet_exactly():
    """Else it would be open whether two that a rounding error parts are one; the card says that it does not matter."""
    met = 0
    for seed in range(20):
        for case in exercise(NAME).cases(np.random.default_rng(seed)):
            weights, biases = case.args[:2]
            if case.criterion != "what is no kink":
                continue
            W, c = (np.asarray(array, dtype=float).ravel() for array in (weights[0], biases[0]))
            places = [
                -Fraction(shift) / Fraction(slope)
                for shift, slope in zip(c.tolist(), W.tolist(), strict=True)
            ]
            assert all(64 % place.denominator == 0 for place in places)
            met += len(places) - len(set(places))
    assert met >= 20 * 3


def test_nothing_cancels_by_chance_in_a_deep_network_of_the_check():
    """Numbers of two decimals once cancelled: 0.20 · 0.04 + 0.49 · 0.44 = 0.52 · 0.43, and fractions of floats saw a kink."""
    weights = [np.array([[1.0]]), np.array([[0.2, 0.49, -0.52]]), np.array([[0.04], [0.44], [0.43]])]
    by_chance = weights, [np.zeros(1), np.array([3.0, 3.0, 3.0]), np.zeros(1)], -1.0, 1.0
    assert count_linear_pieces(*by_chance) == 1
    assert faint(*by_chance)
    assert not faint(*folding_network(1, 2, 3), 0.0, 1.0)
    [of_fractions] = [f for f in answers.right(CHAPTER, NAME) if f.__name__.endswith("of_fractions")]
    # The 14th set of inputs had such a network; an independent count in exact arithmetic agrees on all of them now.
    for seed in range(20):
        assert judged(NAME, of_fractions, seed).solved


def test_two_networks_with_narrow_pieces_never_have_as_many():
    for seed in range(50):
        counts = [
            count_linear_pieces(*case.args)
            for case in exercise(NAME).cases(np.random.default_rng(seed))
            if case.criterion == "narrow pieces"
        ]
        assert len(set(counts)) == len(counts) == 2


def test_drawn_networks_have_as_many_pieces_as_are_counted_roughly():
    for seed in range(5):
        for case in exercise(NAME).cases(np.random.default_rng(seed)):
            if case.criterion == "several hidden layers" and not case.why:
                assert pieces_roughly(*case.args) == count_linear_pieces(*case.args)
