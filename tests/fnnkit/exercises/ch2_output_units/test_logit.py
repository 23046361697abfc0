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
}
