"""`tanh_grad`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 1¼: values ½, stable ¼, unusual input ¼, calm ¼
COSTS = {
    "from_the_output_of_tanh": 0.0,
    "square_forgotten": 0.0,
    "slope_of_the_sigmoid": 0.0,
    "four_without_two": 0.0,
    "slope_as_a_quotient": 1.0,
    "hyperbolic_cosine_overflows": 1.0,
    "tanh_itself": 0.0,
    "inner_derivative_missing": 0.0,
    "outer_and_inner_missing": 0.0,
    "square_of_z": 0.0,
    "rule_of_the_sigmoid": 0.0,
    "square_of_the_difference": 0.0,
    "square_alone": 0.0,
    "one_over_cosh": 0.0,
    "tanh_of_tanh": 0.0,
    "slope_of_tanh_at_twice_z": 0.0,
    "twice_for_the_square": 0.0,
    "one_less_the_square_of_the_sigmoid": 0.0,
    "one_less_the_square_of_the_squeezed_sigmoid": 0.0,
    "twice_the_slope_of_the_sigmoid": 0.0,
    "one_and_the_square": 0.0,
    "square_less_one": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["from_the_output_of_tanh", "hyperbolic_cosine_overflows"]
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["slope_as_a_quotient", "hyperbolic_cosine_overflows"]
