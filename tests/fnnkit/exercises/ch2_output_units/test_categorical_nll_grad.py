"""`categorical_nll_grad`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 1.25
# What each mistake leaves, by hand, of 1¼: values ¾, stable ¼, calm ¼
COSTS = {
    "nll_grad_not_averaged": 0.0,
    "nll_grad_of_the_slides": 0.0,
    "nll_grad_of_the_label_only": 0.0,
    "nll_grad_averaged_over_entries": 0.0,
    "nll_grad_of_the_scores": 0.0,
    "nll_grad_of_every_label": 0.0,
    "nll_grad_labels_as_numbers": 0.0,
    "nll_grad_minus_labels": 0.0,
    "nll_grad_not_shifted": 1.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["nll_grad_not_shifted"]
