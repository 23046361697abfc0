"""`mdn_split`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 2: log_pi ½, mu ½, sigma ½, stable ¼, calm ¼
COSTS = {
    "mdn_split_weights_over_the_batch": 0.0,
    "mdn_split_probabilities": 0.0,
    "mdn_split_logits_as_they_are": 0.0,
    "mdn_split_means_by_dimension": 1.5,
    "mdn_split_means_flat": 1.25,
    "mdn_split_negative_scales": 1.25,
    "mdn_split_scales_by_exp": 1.25,
    "mdn_split_as_printed": 1.75,
    "mdn_split_weights_over_all_columns": 0.0,
    "mdn_split_means_first": 0.0,
    "mdn_split_scales_in_the_middle": 0.75,
    "mdn_split_component_by_component": 0.0,
    "mdn_split_means_through_softplus": 1.25,
    "mdn_split_scales_from_the_logits": 1.25,
    "mdn_split_log_scales": 1.25,
    "mdn_split_variances": 1.25,
    "mdn_split_deviations_of_variances": 1.25,
    "mdn_split_one_sum_for_all": 0.0,
    "mdn_split_minus_log_weights": 0.0,
    "mdn_split_scales_by_abs": 1.25,
    "mdn_split_logs_of_sigmoids": 0.0,
    "mdn_split_log_of_the_softmax": 1.75,
    "mdn_split_naive_softplus": 1.75,
    "mdn_split_means_in_the_other_order": 1.25,
    "mdn_split_scales_after_the_first_means": 1.25,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["mdn_split_as_printed"]
