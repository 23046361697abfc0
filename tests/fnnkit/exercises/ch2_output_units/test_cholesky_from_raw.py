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
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["cholesky_with_naive_softplus"]
