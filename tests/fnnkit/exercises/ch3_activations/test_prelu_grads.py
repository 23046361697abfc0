"""`prelu_grads`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 2.0
# What each mistake leaves, by hand, of 2: dz ¾, dalpha ½, kink ¼, unusual input ¼, calm ¼
COSTS = {
    "dz_of_the_type_of_upstream": 1.75,
    "dalpha_for_each_example": 1.0,
    "dalpha_over_units": 1.0,
    "dalpha_averaged": 1.0,
    "dalpha_summed_over_everything": 1.0,
    "dz_without_upstream": 0.0,
    "upstream_forgotten": 0.0,
    "dalpha_without_upstream": 1.0,
    "dalpha_from_all_of_z": 1.0,
    "dalpha_times_alpha": 1.0,
    "dz_of_a_relu": 0.0,
    "dz_slopes_swapped": 0.0,
    "dz_one_at_zero": 1.75,
    "gradients_swapped": 0.0,
    "upstream_overwritten": 1.5,
    "larger_branch": 0.0,
    "last_negative_example_counts": 1.0,
    "value_in_the_place_of_dz": 0.0,
    "dalpha_without_z": 1.0,
    "dalpha_from_the_positive_part": 1.0,
    "dalpha_upside_down": 1.0,
    "dz_summed_too": 0.0,
    "alpha_on_both_sides": 0.0,
    "dalpha_as_a_row": 1.0,
    "dz_nothing_at_zero": 1.75,
    "last_example_counts": 1.0,
    "dz_times_z_on_the_left": 0.0,
    "first_example_counts": 1.0,
    "sums_before_the_product": 1.0,
    "dz_one_and_alpha_on_the_left": 0.0,
    "dalpha_from_the_output": 1.0,
    "dz_one_and_alpha_on_the_right": 0.0,
    "dalpha_of_the_type_of_alpha": 1.75,
    "dalpha_as_a_product_of_matrices": 1.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["dalpha_for_each_example", "dz_without_upstream", "upstream_forgotten"]
