"""`maxout_grad`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 2.0
# What each mistake leaves, by hand, of 2: values 1, ties ½, unusual input ¼, calm ¼
COSTS = {
    "place_in_the_group_for_the_column": 0.0,
    "the_same_where_it_is_set": 0.0,
    "tie_shared_evenly": 1.5,
    "every_tied_piece": 1.5,
    "last_of_tied": 1.5,
    "every_member": 0.0,
    "split_over_the_group": 0.0,
    "winners_marked": 0.0,
    "winners_kept": 0.0,
    "gradient_every_kth": 0.0,
    "left_in_groups": 0.0,
    "winners_of_all_units": 0.0,
    "winners_times_upstream": 0.0,
    "upstream_of_other_units": 0.0,
    "served_the_smallest": 0.0,
    "gates_of_relus": 0.0,
    "losers_served": 0.0,
    "shared_by_a_softmax": 0.0,
    "place_in_the_group_after_the_unit": 0.0,
    "written_far_apart": 0.0,
    "winner_above_zero": 0.0,
    "one_winner_for_each_example": 0.0,
    "winner_of_the_row_so_far": 0.0,
    "winner_of_the_row_so_far_where_it_is_set": 0.0,
    "each_that_was_ahead": 0.0,
    "compared_with_other_units": 0.0,
    "winner_of_the_first_example": 0.0,
    "one_winner_for_all_examples": 0.0,
    "winners_of_every_example": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["tie_shared_evenly", "split_over_the_group", "every_member"]
