"""`bernoulli_nll`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 1.5
# What each mistake leaves, by hand, of 1½: values ¾, stable ½, calm ¼
COSTS = {
    "loss_of_a_clipped_logit": 1.0,
    "cross_entropy_with_a_small_constant": 1.0,
    "log_of_the_sigmoid": 1.0,
    "cross_entropy_of_the_sigmoid": 1.0,
    "clipped_cross_entropy": 1.0,
    "bernoulli_sign_flipped": 0.0,
    "bernoulli_target_ignored": 0.0,
    "bernoulli_mean_taken": 0.0,
    "bernoulli_log_likelihood": 0.0,
    "bernoulli_all_zeros": 0.0,
    "bernoulli_sign_outside": 0.0,
    "bernoulli_targets_of_plus_and_minus_one": 0.0,
    "bernoulli_squared_error": 0.0,
    "bernoulli_hinge": 0.0,
    "bernoulli_plus_for_minus": 0.0,
    "bernoulli_probability_of_the_other": 0.0,
    "bernoulli_probability": 0.0,
    "bernoulli_ones_only": 0.0,
    "bernoulli_zeros_only": 0.0,
    "bernoulli_minus_missing_for_ones": 0.0,
    "bernoulli_sum_taken": 0.0,
    "bernoulli_softplus_minus_y": 0.0,
    "bernoulli_of_both": 0.0,
    "bernoulli_difference_in_the_softplus": 0.0,
    "bernoulli_minus_missing_for_zeros": 0.0,
    "bernoulli_complement_of_the_loss_for_zeros": 0.0,
    "bernoulli_complement_of_the_loss_for_ones": 0.0,
    "bernoulli_minus_the_loss_for_zeros": 0.0,
    "bernoulli_of_the_likelier": 0.0,
    "bernoulli_of_a_probability": 0.0,
    "bernoulli_zeros_counted_always": 0.0,
    "bernoulli_ones_counted_always": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["log_of_the_sigmoid"]
