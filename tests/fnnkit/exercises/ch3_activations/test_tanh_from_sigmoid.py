"""`tanh_from_sigmoid`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 1¼: values ½, stable ¼, unusual input ¼, calm ¼
COSTS = {
    "sigmoid_unscaled": 0.0,
    "only_squeezed": 0.0,
    "not_stretched": 0.0,
    "not_shifted": 0.0,
    "upside_down": 0.0,
    "tanh_as_a_quotient": 1.0,
    "tanh_as_a_short_quotient": 1.0,
    "tanh_that_warns": 1.0,
    "stretched_sideways": 0.0,
    "shifted_before_stretched": 0.0,
    "shift_inside": 0.0,
    "shifted_by_a_half": 0.0,
    "both_factors_in_front": 0.0,
    "squeezed_twice": 0.0,
    "sigmoid_squared": 0.0,
    "squeezed_and_squared": 0.0,
    "raised": 0.0,
    "tanh_of_a_clipped_z": 1.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["sigmoid_unscaled"]
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["tanh_as_a_quotient", "tanh_as_a_short_quotient", "tanh_that_warns"]
