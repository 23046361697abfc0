"""`cholesky_from_raw`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 1½: values 1, positive ¼, calm ¼
COSTS = {
    "cholesky_diagonal_unconstrained": 0.0,
    "cholesky_softplus_everywhere": 0.0,
    "cholesky_upper": 0.0,
    "cholesky_filled_by_columns": 0.0,
    "cholesky_diagonal_by_exp": 0.0,
    "cholesky_diagonal_by_abs": 0.0,
    "covariance_from_raw": 0.0,
    "cholesky_with_naive_softplus": 1.25,
    "cholesky_every_second_is_diagonal": 0.0,
    "cholesky_diagonal_first": 0.0,
    "cholesky_diagonal_last": 0.0,
    "cholesky_diagonal_of_ones": 0.0,
    "cholesky_diagonal_forgotten": 0.0,
    "cholesky_diagonal_by_relu": 0.0,
    "cholesky_diagonal_squared": 0.0,
    "cholesky_diagonal_by_sigmoid": 0.0,
    "cholesky_symmetric": 0.0,
    "cholesky_with_a_small_constant": 0.0,
    "cholesky_softplus_below_the_diagonal": 0.0,
    "cholesky_softplus_on_the_zeros": 0.0,
    "cholesky_first_entry_only": 0.0,
    "cholesky_softplus_added": 0.0,
    "cholesky_upper_filled_by_rows": 0.0,
    "cholesky_softplus_of_the_first_numbers": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["cholesky_with_naive_softplus"]
