"""Chapter 2, Cost functions and output units: what each exercise asks."""

TITLE = "Cost functions and output units"
"""What the chapter is called on the map of the course."""

EXERCISES = (
    "gaussian_nll",
    "best_constant",
    "bernoulli_log_pmf",
    "threshold_unit",
    "sigmoid",
    "softplus",
    "logit",
    "softplus_inverse",
    "bernoulli_nll",
    "bernoulli_nll_grad",
    "sigmoid_mse_grad",
    "softmax",
    "log_softmax",
    "categorical_nll",
    "categorical_nll_grad",
    "softmax_mse_grad",
    "sample_multinoulli",
    "heteroscedastic_nll",
    "cholesky_from_raw",
    "mdn_split",
    "mdn_nll",
)
"""Names of the exercises, in the order of the notebook: each is a module of this package."""

BUILDS_ON = {
    "gaussian_nll": ("mse",),
    "sigmoid_mse_grad": ("mse",),
}
"""What comes back here of what was written in earlier chapters, by the exercise in which it does."""
