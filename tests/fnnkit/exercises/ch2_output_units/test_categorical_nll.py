"""`categorical_nll`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 1.25
# What each mistake leaves, by hand, of 1¼: values ¾, stable ¼, calm ¼
COSTS = {
    "categorical_with_a_small_constant": 1.0,
    "categorical_of_a_clipped_softmax": 1.0,
    "categorical_never_below": 1.0,
    "categorical_sum": 0.0,
    "categorical_of_all_classes": 0.0,
    "categorical_every_label_for_every_row": 0.0,
    "categorical_of_the_next_label": 0.0,
    "categorical_rows_picked": 0.0,
    "categorical_averaged_over_classes_too": 0.0,
    "categorical_without_log": 0.0,
    "categorical_not_normalised": 0.0,
    "categorical_log_of_softmax": 1.0,
    "categorical_not_shifted": 1.0,
    "categorical_softmax_twice": 0.0,
    "categorical_of_the_likeliest": 0.0,
    "categorical_log_of_the_mean": 0.0,
    "categorical_log_likelihood": 0.0,
    "categorical_one_number_an_example": 0.0,
    "categorical_divided_by_classes": 0.0,
    "categorical_to_base_two": 0.0,
    "categorical_squared_error": 0.0,
    "categorical_softmax_of_the_batch": 0.0,
    "categorical_all_others": 0.0,
    "categorical_as_bernoullis": 0.0,
    "categorical_through_exp": 0.0,
    "categorical_labels_as_numbers": 0.0,
    "categorical_share_of_mistakes": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["categorical_log_of_softmax"]
