"""`permute_hidden`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand,
# of 1.25: the columns of W 0.25, the biases c 0.25, the output weights w 0.25, edges 0.25, calm 0.25
COSTS = {
    "rows_permuted": 0.0,
    "hidden_biases_stay": 0.75,
    "output_weights_stay": 0.75,
    "order_read_backwards": 0.0,
    "nothing_moved": 0.0,
    "permuted_in_place": 1.0,
    "overwritten_while_needed": 0.0,
    "exchanged_in_pairs": 0.0,
    "rows_and_columns_permuted": 0.0,
    "order_from_the_end": 0.0,
    "only_the_weights_permuted": 0.5,
    "units_reversed": 0.0,
    "permuted_twice": 0.0,
    "output_weights_read_backwards": 0.75,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["rows_permuted", "hidden_biases_stay"]
