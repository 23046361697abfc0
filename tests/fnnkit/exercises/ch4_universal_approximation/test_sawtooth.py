"""`sawtooth`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
from scipy.signal import sawtooth as saw

from fnnkit.expressivity import sawtooth

WORTH = 1.0
# What each mistake leaves, by hand, of 1: fold upon fold 0.5, unusual input 0.25, inputs unchanged, no
# warning 0.25
COSTS = {
    "one_fold_too_many": 0.0,
    "one_fold_too_few": 0.0,
    "as_many_folds_as_pieces": 0.0,
    "always_the_first_fold": 0.0,
    "returned_in_the_loop": 0.0,
    "depth_times_inside": 0.0,
    "one_tent_of_a_multiple": 0.0,
    "depth_times_outside": 0.0,
    "saw_without_a_way_back": 0.0,
    "shifted_by_half_a_tooth": 0.0,
    "a_tooth_a_fold": 0.0,
    "a_tooth_more_for_each_fold": 0.0,
    "two_teeth_a_fold": 0.0,
    "power_of_the_tent": 0.0,
    "folds_added_up": 0.0,
    "depth_squared_teeth": 0.0,
    "scaled_before_every_fold": 0.0,
    "tents_of_all_rounds": 0.0,
    "one_fold_too_many_but_for_none": 0.0,
    "one_fold_at_least": 0.0,
    "half_as_many_teeth": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["shifted_by_half_a_tooth", "saw_without_a_way_back"]


def test_scipy_makes_the_same_triangles():
    x = np.linspace(0.0, 1.0, 999)
    for depth in (1, 2, 5):
        expected = (saw(2 * np.pi * 2 ** (depth - 1) * x, width=0.5) + 1) / 2
        np.testing.assert_allclose(sawtooth(x, depth), expected, atol=1e-11)


def test_depth_is_additive():
    x = np.random.default_rng(0).random(20)
    np.testing.assert_allclose(sawtooth(sawtooth(x, 2), 3), sawtooth(x, 5), atol=1e-12)
