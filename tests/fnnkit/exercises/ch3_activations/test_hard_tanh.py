"""`hard_tanh`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 1: values ½, unusual input ¼, calm ¼
COSTS = {
    "soft_tanh": 0.0,
    "cut_at_zero": 0.0,
    "cut_above_only": 0.0,
    "bounds_swapped": 0.0,
    "sign_only": 0.0,
    "hard_tanh_of_one_number": 0.0,
    "bounds_swapped_to_one": 0.0,
    "scaled_to_fit": 0.0,
    "cut_below_only": 0.0,
    "zero_outside": 0.0,
    "sign_lost": 0.0,
    "slope_in_the_place_of_the_value": 0.0,
    "stretched_to_the_bounds": 0.0,
    "one_on_both_sides": 0.0,
    "threshold_unit_stretched": 0.0,
    "bounds_exchanged": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["soft_tanh"]
