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
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["log_of_the_sigmoid"]
