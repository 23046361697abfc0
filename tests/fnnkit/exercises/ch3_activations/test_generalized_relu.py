"""`generalized_relu`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 1.25
# What each mistake leaves, by hand, of 1¼: values ½, any slope ¼, units ¼, calm ¼
COSTS = {
    "slope_on_the_right": 0.0,
    "larger_of_both": 1.0,
    "negative_part_subtracted": 0.0,
    "alpha_itself_on_the_left": 0.0,
    "slope_left_out": 0.0,
    "slope_times_everything": 0.0,
    "slope_for_each_example": 1.0,
    "one_slope_only": 1.0,
    "rectifier_of_one_number": 0.0,
    "scaled_in_place": 1.0,
    "slopes_in_other_columns": 1.0,
    "negative_part_alone": 0.0,
    "slope_inside_the_maximum": 0.0,
    "slope_inside_the_minimum": 0.75,
    "exponential_on_the_left": 0.0,
    "slope_in_the_place_of_the_value": 0.0,
    "alpha_as_a_floor": 0.0,
    "slope_on_both_sides": 0.0,
    "negative_part_twice": 0.0,
    "slope_added_on_the_left": 0.0,
    "slope_in_neither_part": 0.0,
    "steeper_relu": 0.0,
    "alpha_itself_below_zero": 0.0,
    "product_of_the_parts": 0.0,
    "slopes_in_turn_for_what_is_negative": 1.0,
    "alpha_inside_the_minimum": 0.0,
    "slope_one_less_alpha": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["slope_on_the_right", "larger_of_both"]
