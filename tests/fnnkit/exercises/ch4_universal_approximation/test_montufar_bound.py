"""`montufar_bound`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.expressivity import max_regions_shallow, montufar_bound
from fnnkit.judge.attempt import judged

WORTH = 0.0
# What each mistake leaves, by hand, of 1.5: the product and the sum 0.75, one hidden layer 0.25, large
# numbers, to the last digit 0.25, inputs unchanged, no warning 0.25
COSTS = {
    "folds_of_the_last_layer_too": 0.0,
    "folds_alone": 0.0,
    "exponent_missing": 0.0,
    "nothing_rounded_down": 0.0,
    "width_before_in_the_place_of_n_in": 0.0,
    "regions_of_every_layer": 0.0,
    "first_layer_cuts": 0.0,
    "in_floats": 1.25,
    "last_width_popped": 1.25,
    "rounded_down_after_the_power": 0.0,
    "rounded_up": 0.0,
    "folds_added_up": 0.0,
    "folds_of_one_layer": 0.0,
    "base_and_exponent_exchanged": 0.0,
    "all_units_in_one_layer": 0.0,
    "one_term_short": 0.0,
    "first_layer_left_out": 0.0,
    "all_patterns_of_the_last_layer": 0.0,
    "last_term_alone": 0.0,
    "times_n_in": 0.0,
    "divided_by_the_power": 0.0,
    "power_of_the_width_divided": 0.0,
    "layers_as_the_exponent": 0.0,
    "inputs_cut_by_units_exchanged": 0.0,
    "exponent_one_too_low": 0.0,
    "width_before_as_the_inputs_of_the_cut": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["in_floats", "folds_of_the_last_layer_too"]


def test_numbers_by_hand():
    assert montufar_bound(2, [4, 4, 4]) == (2 * 2) * (2 * 2) * 11 == 176
    assert montufar_bound(2, [2, 2, 2]) == 4 < max_regions_shallow(2, 6) == 22
    assert montufar_bound(1, [2] * 7) == 2**6 * 3
    assert montufar_bound(3, [7, 5]) == 2**3 * (1 + 5 + 10 + 10)


def test_an_overflow_of_numpy_is_called_by_its_name():
    def in_64_bits(n_in, widths):
        folds = (np.array(widths[:-1], dtype=np.int64) // n_in) ** n_in
        return int(np.prod(folds)) * max_regions_shallow(n_in, widths[-1])

    for seed in range(10):
        verdict = judged("montufar_bound", in_64_bits, seed)
        assert verdict.points == 1.25
        assert "64 bits" in verdict.problem.cause
