"""`hard_tanh_grad`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 1: values ½, corners ¼, calm ¼
COSTS = {
    "one_everywhere": 0.0,
    "one_at_both_corners": 0.75,
    "one_at_the_right_corner": 0.75,
    "one_at_the_left_corner": 0.75,
    "one_side_only": 0.0,
    "slope_of_soft_tanh": 0.0,
    "hard_tanh_itself": 0.0,
    "inside_or_not": 0.0,
    "slope_by_the_rule_of_tanh": 0.0,
    "half_at_the_corners": 0.75,
    "one_outside": 0.0,
    "slope_of_a_relu": 0.0,
    "slope_of_the_threshold_unit": 0.0,
    "value_inside": 0.0,
    "a_hat": 0.0,
    "other_side_only": 0.0,
    "minus_one_on_the_left": 0.0,
    "minus_one_below": 0.0,
    "value_outside": 0.0,
    "value_outside_alone": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["one_everywhere"]
