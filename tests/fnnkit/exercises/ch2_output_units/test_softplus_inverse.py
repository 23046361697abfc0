"""`softplus_inverse`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 1¼: values ½, stable ½, calm ¼
COSTS = {
    "softplus_inverse_that_overflows": 0.75,
    "softplus_inverse_by_expm1": 0.75,
    "softplus_inverse_loses_tiny": 0.75,
    "softplus_once_more": 0.0,
    "softplus_inverse_as_reciprocal": 0.0,
    "softplus_inverse_one_forgotten": 0.0,
    "softplus_inverse_log_below_one": 0.0,
    "softplus_inverse_y_from_five_on": 0.0,
    "softplus_inverse_without_logarithm": 0.0,
    "softplus_inverse_y_forgotten": 0.0,
    "softplus_inverse_one_outside": 0.0,
    "softplus_inverse_negative": 0.0,
    "softplus_inverse_minus_the_logarithm": 0.0,
    "softplus_inverse_of_the_sigmoid": 0.0,
    "softplus_inverse_log_of_y_minus_one": 0.0,
    "softplus_inverse_clipped": 0.75,
    "softplus_inverse_y_from_ten_on": 0.75,
    "softplus_inverse_log_below_a_thousandth": 0.75,
    "softplus_inverse_with_both_signs_wrong": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["softplus_inverse_that_overflows"]
