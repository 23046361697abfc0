"""`fate`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest

from fnnkit.dynamics import fate
from fnnkit.judge.registry import exercise

WORTH = 0.0
# What each mistake leaves, by hand, of 1½: a radius other than 1 ½, radius 1 ½, unusual ¼, calm ¼
COSTS = {
    "norm_decides": 0.0,
    "real_part_decides": 0.0,
    "determinant_decides": 0.0,
    "all_have_to_grow": 0.0,
    "jordan_blocks_overlooked": 0.75,
    "one_explodes": 0.75,
    "no_tolerance": 0.75,
    "eigenvectors_without_tolerance": 1.0,
    "seven_digits_without_tolerance": 0.75,
    "tolerance_above_alone": 1.0,
    "tolerance_below_alone": 1.0,
    "any_defect_explodes": 1.0,
    "eigenvalues_of_seven_digits": 1.25,
    "any_repetition_explodes": 0.75,
    "vanishing_and_exploding_exchanged": 0.0,
    "smallest_modulus_decides": 0.0,
    "only_normal_stays": 0.75,
    "only_orthogonal_stays": 0.75,
    "opposite_ones_are_a_repetition": 0.75,
    "all_on_the_circle_to_stay": 1.0,
    "defect_decides_first": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["norm_decides", "real_part_decides"]


@pytest.mark.parametrize("seed", range(6))
def test_the_norms_of_high_powers_meet_the_fate_that_is_told(seed):
    for case in exercise("fate").cases(np.random.default_rng(seed)):
        W = np.asarray(case.args[0], dtype=float)
        power = W
        for _ in range(11):  # W to the power 2^11
            power = power @ power
            if np.abs(power).max() > 1e30:
                break
        size, later = np.abs(power).max(), np.abs(power @ power).max()
        seen = "vanishes" if size < 1e-6 else "explodes" if later > 1.5 * size else "stays"
        assert fate(W) == seen, W


def test_all_three_fates_occur_and_their_order_is_drawn():
    orders = set()
    for seed in range(6):
        fates = [fate(case.args[0]) for case in exercise("fate").cases(np.random.default_rng(seed))]
        assert set(fates) == {"vanishes", "explodes", "stays"}
        orders.add(tuple(fates))
    assert len(orders) > 3
