"""`bernoulli_log_pmf`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 1½: values ¾, stable ½, calm ¼
COSTS = {
    "bernoulli_log_pmf_with_a_small_constant": 1.0,
    "bernoulli_log_pmf_never_below": 1.0,
    "bernoulli_log_pmf_as_printed": 1.0,
    "bernoulli_log_pmf_clipped": 1.0,
    "bernoulli_log_pmf_warns": 1.0,
    "bernoulli_log_of_the_pmf": 1.0,
    "bernoulli_log_pmf_nan_to_num": 1.0,
    "bernoulli_log_pmf_of_ones_only": 0.0,
    "bernoulli_pmf_without_log": 0.0,
    "bernoulli_log_pmf_of_the_other_outcome": 0.0,
    "bernoulli_nll_of_phi": 0.0,
    "bernoulli_log_pmf_zero_at_the_ends": 1.0,
    "bernoulli_log_pmf_endless_at_the_ends": 1.0,
    "bernoulli_log_pmf_always_of_one": 0.0,
    "bernoulli_log_pmf_summed": 0.0,
    "bernoulli_log_pmf_averaged": 0.0,
    "bernoulli_log_pmf_to_base_two": 0.0,
    "bernoulli_log_of_the_mistake": 0.0,
    "bernoulli_log_of_the_sum": 0.0,
    "bernoulli_pmf_times_log": 0.0,
    "bernoulli_log_pmf_minus_for_zeros": 0.0,
    "bernoulli_log_pmf_one_plus_phi": 0.0,
    "bernoulli_log_pmf_complement_of_the_logarithm": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["bernoulli_log_pmf_as_printed"]
