"""`log_softmax`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 1.75
# What each mistake leaves, by hand, of 1¾: values ½, any leading shape ¼, stable ½, unusual input ¼, calm ¼
COSTS = {
    "log_of_the_softmax_with_a_small_constant": 1.25,
    "log_of_a_clipped_softmax": 1.25,
    "log_softmax_with_a_small_constant_in_the_sum": 1.25,
    "log_of_the_softmax": 1.25,
    "log_softmax_not_shifted": 1.25,
    "scores_below_their_maximum": 0.0,
    "log_softmax_of_the_whole_array": 0.0,
    "log_softmax_down_the_columns": 0.0,
    "log_softmax_without_the_inner_log": 0.0,
    "log_softmax_shift_not_undone": 0.0,
    "log_softmax_without_log": 0.0,
    "log_softmax_shifted_outside_only": 0.0,
    "log_softmax_with_a_minus": 0.0,
    "log_softmax_of_the_mean": 0.0,
    "log_softmax_with_one_more": 0.0,
    "log_softmax_as_a_quotient": 0.0,
    "log_sum_exp": 0.0,
    "log_softmax_by_sigmoids": 0.0,
    "log_softmax_of_sizes": 1.25,
    "log_softmax_sum_of_scores": 0.0,
    "log_softmax_plus_the_sum": 0.0,
    "log_softmax_shifted_by_the_global_maximum": 1.25,
    "log_softmax_shifted_without_the_inner_log": 0.0,
    "log_softmax_without_logarithm_and_exponential": 0.0,
    "log_softmax_plus_the_sum_not_shifted": 0.0,
    "log_softmax_sum_to_base_two": 0.0,
    "log_softmax_to_base_two": 0.0,
    "log_softmax_one_sum_of_shifted_rows": 0.0,
    "log_softmax_by_the_sums_of_other_rows": 1.5,
    "log_softmax_by_the_maxima_of_other_rows": 1.5,
    "log_softmax_of_the_first_axis": 1.5,
    "log_softmax_with_axes_by_name": 1.5,
    "log_softmax_with_a_new_axis_in_the_middle": 1.5,
    "log_softmax_in_one_matrix": 1.5,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["log_of_the_softmax"]
