"""`affine`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 1: X @ W + c 0.25, one example, other widths 0.25, unusual input 0.25, calm 0.25
COSTS = {
    "affine_without_bias": 0.0,
    "affine_with_transposed_weights": 0.0,
    "bias_before_the_weights": 0.0,
    "bias_subtracted": 0.0,
    "bias_for_every_feature": 0.0,
    "affine_with_relu": 0.0,
    "biases_added_up": 0.0,
    "bias_into_the_weights": 0.0,
    "units_counted_by_inputs": 0.5,
    "result_as_wide_as_the_inputs": 0.5,
    "units_as_rows": 0.0,
    "bias_in_one_row": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = []
