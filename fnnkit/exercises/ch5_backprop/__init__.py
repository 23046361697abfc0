"""Chapter 5, Back-propagation and gradient methods: what each exercise asks."""

TITLE = "Back-propagation and gradient methods"
"""What the chapter is called on the map of the course."""

EXERCISES = (
    "forward",
    "one_hot",
    "output_delta",
    "output_gradients",
    "hidden_delta",
    "numerical_gradient",
    "hidden_gradients",
    "backprop",
    "minibatches",
    "standard_error",
    "sgd_step",
    "linear_decay",
    "robbins_monro",
    "adagrad_step",
    "rmsprop_step",
    "topological_order",
    "path_sum",
    "flow_graph_forward",
    "flow_graph_backward",
)
"""Names of the exercises, in the order of the notebook: each is a module of this package."""

MILESTONE = (
    "your own network learns",
    (
        "forward",
        "output_delta",
        "output_gradients",
        "hidden_delta",
        "hidden_gradients",
        "backprop",
        "minibatches",
        "sgd_step",
    ),
)

"""What the functions do together, and which of them the milestone's cell runs."""

BUILDS_ON = {
    "forward": ("affine",),
    "output_delta": ("softmax", "categorical_nll_grad"),
    "hidden_delta": ("tanh_grad",),
    "numerical_gradient": ("numerical_derivative",),
    "backprop": ("log_softmax", "categorical_nll"),
    "sgd_step": ("gradient_descent",),
}
"""What comes back here of what was written in earlier chapters, by the exercise in which it does."""

AT_WORK = ("softmax", "categorical_nll")
"""Functions of earlier chapters that its figures and experiments take, the student's own."""
