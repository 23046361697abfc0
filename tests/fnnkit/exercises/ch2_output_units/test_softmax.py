"""`softmax`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 1.75
# What each mistake leaves, by hand, of 1¾: values ½, any leading shape ¼, stable ½, unusual input ¼, calm ¼
COSTS = {
    "softmax_with_a_small_constant": 1.25,
    "softmax_of_the_whole_array": 0.0,
    "softmax_down_the_columns": 0.0,
    "softmax_not_shifted": 1.25,
    "softmax_shifted_by_the_global_maximum": 1.25,
    "softmax_of_matrices_only": 1.5,
    "softmax_without_keepdims": 0.0,
    "softmax_denominator_as_printed": 0.0,
    "scores_over_their_sum": 0.0,
    "softmax_in_place": 1.5,
    "softmax_into_integers": 1.5,
    "softmax_as_sigmoids": 0.0,
    "softmax_without_the_sum": 0.0,
    "softmax_over_the_largest": 0.0,
    "softmax_with_a_logarithm": 0.0,
    "softmax_shifted_below_the_line_only": 0.0,
    "softmax_shifted_above_the_line_only": 0.0,
    "softmax_over_the_mean": 0.0,
    "softmax_hard": 0.0,
    "softmin": 0.0,
    "softmax_of_sizes": 0.0,
    "softmax_over_the_others": 0.0,
    "softmax_with_one_more": 0.0,
    "softmax_one_sum_of_shifted_rows": 0.0,
    "softmax_by_the_sums_of_other_rows": 1.5,
    "softmax_by_the_maxima_of_other_rows": 1.5,
    "softmax_of_the_first_axis": 1.5,
    "softmax_with_axes_by_name": 1.5,
    "softmax_with_a_new_axis_in_the_middle": 1.5,
    "softmax_in_one_matrix": 1.5,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["softmax_not_shifted"]
