"""`sparsity`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 1: values ½, edges ¼, calm ¼
COSTS = {
    "mean_activation": 0.0,
    "sparsity_of_each_example": 0.0,
    "share_of_active": 0.0,
    "share_not_positive": 0.0,
    "number_of_zeros": 0.0,
    "zeros_per_row": 0.0,
    "in_per_cent": 0.0,
    "share_of_almost_zero": 0.0,
    "sparsity_of_each_unit": 0.0,
    "share_of_dead_units": 0.0,
    "zeros_against_the_others": 0.0,
    "share_of_positive": 0.0,
    "mean_size": 0.0,
    "zeros_per_column": 0.0,
    "one_less_the_mean": 0.0,
    "share_of_negative": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["mean_activation", "sparsity_of_each_example"]
