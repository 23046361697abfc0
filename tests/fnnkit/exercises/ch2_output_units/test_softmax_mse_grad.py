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
    "softmax_mse_grad_sum_not_weighted": 0.0,
    "softmax_mse_grad_sum_over_the_examples": 0.0,
    "softmax_mse_grad_sum_of_everything": 0.0,
    "softmax_mse_grad_sum_without_p": 0.0,
    "softmax_mse_grad_with_the_other_sign": 0.0,
    "softmax_mse_grad_not_averaged": 0.0,
    "softmax_mse_grad_averaged_over_classes": 0.0,
    "softmax_mse_grad_p_missing": 0.0,
    "softmax_mse_grad_coupling_only": 0.0,
    "softmax_mse_grad_mean_of_the_products": 0.0,
    "softmax_mse_grad_through_a_sigmoid": 0.0,
    "softmax_mse_grad_roles_exchanged": 0.0,
    "softmax_mse_grad_error_of_the_label_only": 0.0,
}
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["softmax_mse_grad_not_shifted"]
