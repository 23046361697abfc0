"""`relu_grad`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 1.0
# What each mistake leaves, by hand, of 1: values ½, kink ¼, calm ¼
COSTS = {
    "relu_over_a_little_more": 0.75,
    "one_at_zero": 0.75,
    "half_at_zero": 0.75,
    "relu_over_z": 0.75,
    "relu_itself": 0.0,
    "sign_of_z": 0.0,
    "truth_values": 0.0,
    "one_number_only": 0.0,
    "slope_into_z": 0.75,
    "clipped_at_one": 0.0,
    "slope_of_a_leaky_relu": 0.0,
    "one_on_the_left": 0.0,
    "one_above_one": 0.0,
    "one_on_both_sides": 0.0,
    "one_above_a_tolerance": 0.75,
    "left_side_as_it_was": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["one_at_zero", "relu_itself"]
