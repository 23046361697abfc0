"""`sigmoid_mse_grad`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 1.25
# What each mistake leaves, by hand, of 1¼: values ¾, stable ¼, calm ¼
COSTS = {
    "mse_grad_with_overflow": 1.0,
    "mse_grad_with_quotient": 1.0,
    "mse_grad_chain_rule_forgotten": 0.0,
    "mse_grad_without_the_two": 0.0,
    "mse_grad_with_plus_sign": 0.0,
    "mse_grad_is_the_nll_grad": 0.0,
    "mse_grad_divided_by_n": 0.0,
    "mse_grad_slope_of_tanh": 0.0,
    "mse_grad_sigmoid_twice": 0.0,
    "mse_grad_one_factor_missing": 0.0,
    "mse_grad_other_factor_missing": 0.0,
    "mse_grad_difference_of_the_logit": 0.0,
    "mse_grad_is_the_loss": 0.0,
    "mse_grad_square_kept": 0.0,
    "mse_grad_averaged": 0.0,
    "mse_grad_slope_of_the_logit": 0.0,
    "mse_grad_plus_in_the_slope": 0.0,
    "mse_grad_slope_squared": 0.0,
    "mse_grad_slope_alone": 0.0,
    "mse_grad_slope_at_the_target": 0.0,
    "mse_grad_brackets_missing": 0.0,
    "mse_grad_slope_of_the_error": 0.0,
    "mse_grad_of_the_softplus": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["mse_grad_with_overflow"]
