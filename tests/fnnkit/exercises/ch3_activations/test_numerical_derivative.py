"""`numerical_derivative`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 1.25
# What each mistake leaves, by hand, of 1¼: values ½, any shape ¼, unusual input ¼, calm ¼
COSTS = {
    "forward_difference": 0.0,
    "backward_difference": 0.0,
    "divided_by_eps": 0.0,
    "two_without_brackets": 0.0,
    "half_steps": 0.0,
    "left_minus_right": 0.0,
    "differences_along_the_array": 0.0,
    "whole_numbers_stay_whole": 1.0,
    "steps_in_place": 0.75,
    "second_derivative": 0.0,
    "not_divided": 0.0,
    "divided_by_two_only": 0.0,
    "two_steps_to_the_right": 0.0,
    "one_sided_slopes_that_cancel": 0.0,
    "step_that_grows_with_z": 0.0,
    "relative_step": 0.0,
    "moved_among_whole_numbers": 1.0,
    "function_of_the_difference": 0.0,
    "one_side_over_both": 0.0,
    "left_side_over_both": 0.0,
    "values_added": 0.0,
    "moved_where_decimal": 1.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["forward_difference", "backward_difference", "divided_by_eps"]
