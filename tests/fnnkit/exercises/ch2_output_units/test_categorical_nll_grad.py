"""`categorical_nll_grad`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 1.25
# What each mistake leaves, by hand, of 1¼: values ¾, stable ¼, calm ¼
COSTS = {
    "nll_grad_classes_from_the_labels": 0.0,
    "nll_grad_not_averaged": 0.0,
    "nll_grad_of_the_slides": 0.0,
    "nll_grad_of_the_label_only": 0.0,
    "nll_grad_averaged_over_entries": 0.0,
    "nll_grad_of_the_scores": 0.0,
    "nll_grad_of_every_label": 0.0,
    "nll_grad_labels_as_numbers": 0.0,
    "nll_grad_minus_labels": 0.0,
    "nll_grad_not_shifted": 1.0,
    "nll_grad_label_before_the_softmax": 0.0,
    "nll_grad_only_the_softmax_averaged": 0.0,
    "nll_grad_only_the_label_averaged": 0.0,
    "nll_grad_without_the_label": 0.0,
    "nll_grad_of_log_softmax": 0.0,
    "nll_grad_plus_the_label": 0.0,
    "nll_grad_of_the_others_only": 0.0,
    "nll_grad_added_up": 0.0,
    "nll_grad_divided_by_classes": 0.0,
    "nll_grad_through_a_sigmoid": 0.0,
    "nll_grad_of_hard_predictions": 0.0,
    "nll_grad_with_a_slope_too_many": 0.0,
    "nll_grad_one_everywhere": 0.0,
    "nll_grad_with_respect_to_p": 0.0,
    "nll_grad_not_normalised": 0.0,
    "nll_grad_down_the_columns": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["nll_grad_not_shifted"]
