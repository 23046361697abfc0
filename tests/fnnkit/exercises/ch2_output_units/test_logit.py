"""`logit`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 1: values ¾, calm ¼
COSTS = {
    "logit_of_a_clipped_probability": 0.0,
    "logit_with_a_small_constant": 0.0,
    "logit_swapped": 0.0,
    "odds_without_log": 0.0,
    "log_probability": 0.0,
    "logit_with_plus": 0.0,
    "logit_to_base_ten": 0.0,
    "logit_quotient_of_logarithms": 0.0,
    "logit_only_p_in_the_logarithm": 0.0,
    "logit_denominator_with_plus": 0.0,
    "logit_as_reciprocal": 0.0,
    "sigmoid_once_more": 0.0,
    "logit_as_artanh": 0.0,
    "logit_to_base_two": 0.0,
    "logit_of_the_other_only": 0.0,
    "logit_without_the_numerator": 0.0,
    "logit_derivative": 0.0,
    "logit_halved": 0.0,
    "logit_log_of_p_minus_the_other": 0.0,
    "logit_of_one_number": 0.0,
    "logit_logarithm_of_the_sigmoid": 0.0,
}
