"""`maxout`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 1.5
# What each mistake leaves, by hand, of 1½: values 1, edges ¼, calm ¼
COSTS = {
    "every_kth_unit": 0.0,
    "k_groups": 0.0,
    "mean_of_group": 0.0,
    "least_of_group": 0.0,
    "number_of_the_winner": 0.0,
    "never_below_zero": 0.0,
    "examples_run_together": 0.0,
    "groups_that_overlap": 0.0,
    "every_window": 0.0,
    "maximum_over_the_examples": 0.0,
    "sum_of_group": 0.0,
    "maximum_of_the_whole_row": 0.0,
    "first_piece_of_each_group": 0.0,
    "largest_of_the_row": 0.0,
    "largest_size": 0.0,
    "largest_of_each_column": 0.0,
    "first_two_pieces": 0.0,
    "last_piece_left_out": 0.0,
    "last_piece_of_each_group": 0.0,
    "first_or_last_piece": 0.0,
    "one_column_too_late": 0.0,
    "largest_of_the_row_so_far": 0.0,
    "largest_over_examples_too": 0.0,
    "m_columns_apart": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["every_kth_unit", "k_groups"]
