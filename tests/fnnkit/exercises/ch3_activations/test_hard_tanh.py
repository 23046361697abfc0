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
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["soft_tanh"]
