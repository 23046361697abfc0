"""Chapter 3, Hidden units: what each exercise asks."""

TITLE = "Hidden units"
"""What the chapter is called on the map of the course."""

EXERCISES = (
    "numerical_derivative",
    "relu_grad",
    "generalized_relu",
    "prelu_grads",
    "maxout",
    "maxout_grad",
    "tangent_maxout",
    "softplus_grad",
    "sigmoid_grad",
    "tanh_from_sigmoid",
    "tanh_grad",
    "sparsity",
    "dead_units",
    "rbf_units",
    "hard_tanh",
    "hard_tanh_grad",
)
"""Names of the exercises, in the order of the notebook: each is a module of this package."""

MILESTONE = ("three depths of digits", ("relu_grad", "sigmoid_grad", "softplus_grad"))

"""What the functions do together, and which of them the milestone's cell runs."""

BUILDS_ON = {
    "relu_grad": ("relu",),
    "generalized_relu": ("relu",),
    "softplus_grad": ("sigmoid", "softplus"),
    "rbf_units": ("rbf_kernel",),
    "hard_tanh": ("threshold_unit",),
}
"""What comes back here of what was written in earlier chapters, by the exercise in which it does."""

AT_WORK = ("relu", "sigmoid", "softmax")
"""Functions of earlier chapters that its figures and experiments take, the student's own."""
