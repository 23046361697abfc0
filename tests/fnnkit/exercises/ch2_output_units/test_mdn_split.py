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
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["mdn_split_as_printed"]
