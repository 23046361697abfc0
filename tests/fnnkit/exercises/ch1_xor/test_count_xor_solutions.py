"""`count_xor_solutions`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest

from fnnkit.judge.attempt import judged

WORTH = 0.0
# What each mistake leaves, by hand,
# of 2: the number of solutions 1.25, other values 0.5, calm 0.25
COSTS = {
    "swapped_units_counted_once": 0.0,
    "tolerance_too_wide": 0.0,
    "right_side_of_one_half": 0.0,
    "without_output_bias": 0.0,
    "errors_that_cancel": 0.0,
    "linear_units": 0.0,
    "corner_one_one_not_asked": 0.0,
    "corner_zero_zero_not_asked": 0.0,
    "relu_on_the_output": 0.0,
    "output_bias_not_used": 0.0,
    "one_bias_for_both_units": 0.0,
    "one_weight_for_both_inputs": 0.0,
    "share_of_all_networks": 0.0,
    "hidden_biases_not_used": 0.0,
    "the_other_targets": 0.0,
    "inclusive_or": 0.0,
    "whether_there_is_one": 0.0,
    "without_hidden_biases": 0.0,
    "one_hidden_bias_zero": 0.0,
    "no_bias_at_all": 0.0,
    "output_bias_and_a_hidden_one_zero": 0.0,
    "output_bias_subtracted": 0.0,
    "one_mixed_corner_not_asked": 0.0,
    "steps_in_the_place_of_relus": 0.0,
    "hidden_biases_subtracted": 0.0,
    "one_corner_wrong_allowed": 0.0,
    "corners_counted": 0.0,
    "units_of_equal_additions_once": 0.0,
    "multiplicity_of_one_unit": 0.0,
    "multiplicities_added": 0.0,
    "only_the_last_corner": 0.0,
    "one_output_weight": 0.0,
    "hidden_biases_after_the_relu": 0.0,
    "one_right_corner_enough": 0.0,
    "size_of_the_output": 0.0,
    "one_bias_used_twice": 0.0,
    "one_output_weight_used_twice": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["swapped_units_counted_once", "tolerance_too_wide"]


def every_network(values):
    """All nine numbers at once: what a student writes first."""
    w11, w21, w12, w22, c1, c2, w1, w2, b = np.array(np.meshgrid(*[values] * 9)).reshape(9, -1)
    right = np.ones(w11.size, dtype=bool)
    for x1, x2, target in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        h1, h2 = np.maximum(0, x1 * w11 + x2 * w21 + c1), np.maximum(0, x1 * w12 + x2 * w22 + c2)
        right &= w1 * h1 + w2 * h2 + b == target
    return int(right.sum())


def test_trying_every_network_is_a_right_answer():
    assert judged("count_xor_solutions", every_network).solved
    assert every_network([-2, -1, 0, 1, 2]) == 198


@pytest.mark.parametrize(
    ("biases", "words"),
    [
        ("b", "the output bias is 0"),
        ("c1", "one of the two hidden biases is 0"),
        ("c2", "one of the two hidden biases is 0"),
        ("c1 c2", "both hidden biases are 0"),
        ("c1 b", "the output bias and one of the hidden biases are 0"),
        ("c1 c2 b", "all three biases are 0"),
    ],
)
def test_it_says_which_bias_is_missing(biases, words):
    def without(values):
        c1, c2, b = ([0] if name in biases.split() else values for name in ("c1", "c2", "b"))
        w11, w21, w12, w22, w1, w2, c1, c2, b = (a.ravel() for a in np.meshgrid(*[values] * 6, c1, c2, b))
        right = np.ones(b.size, dtype=bool)
        for x1, x2, target in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
            h1, h2 = np.maximum(0, x1 * w11 + x2 * w21 + c1), np.maximum(0, x1 * w12 + x2 * w22 + c2)
            right &= w1 * h1 + w2 * h2 + b == target
        return int(right.sum())

    for seed in range(10):
        assert judged("count_xor_solutions", without, seed).hint.startswith(words)


def test_a_right_number_that_is_not_an_integer_is_told_so():
    verdict = judged("count_xor_solutions", lambda values: float(every_network(values)))
    assert verdict.points == 0.0
    assert verdict.problem.kind == "dtype"
