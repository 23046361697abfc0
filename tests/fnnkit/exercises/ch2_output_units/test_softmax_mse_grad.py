"""`softmax_mse_grad`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 1½: values 1, stable ¼, calm ¼
COSTS = {
    "softmax_mse_grad_diagonal": 0.0,
    "softmax_mse_grad_no_jacobian": 0.0,
    "softmax_mse_grad_without_the_two": 0.0,
    "softmax_mse_grad_averaged_over_examples": 0.0,
    "softmax_mse_grad_of_the_nll": 0.0,
    "softmax_mse_grad_sign_of_coupling": 0.0,
    "softmax_mse_grad_not_shifted": 1.25,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["softmax_mse_grad_not_shifted"]
