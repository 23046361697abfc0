"""Chapter 6, Vanishing and exploding gradients: its exercises, in the order of the notebook."""

TITLE = "Vanishing and exploding gradients"
"""What the chapter is called on the map of the course."""

EXERCISES = (
    "rnn_forward",
    "rnn_hidden_delta",
    "bptt",
    "deltas_through_time",
    "power_by_eigen",
    "spectral_radius",
    "fate",
    "transient_peak",
    "layer_gradient_norms",
    "jacobian_bound",
    "init_scale",
    "orthogonal",
    "lstm_cell",
    "clip_by_global_norm",
)

MILESTONE = (
    "your own recurrent network latches over fifty steps",
    ("rnn_forward", "rnn_hidden_delta", "bptt", "clip_by_global_norm"),
)

"""What the functions do together, and which of them the milestone's cell runs."""

BUILDS_ON = {
    "rnn_forward": ("forward",),
    "rnn_hidden_delta": ("hidden_delta",),
    "bptt": ("hidden_gradients",),
    "layer_gradient_norms": ("propagate", "hidden_delta"),
    "lstm_cell": ("sigmoid",),
}
"""What comes back here of what was written in earlier chapters, by the exercise in which it does."""

AT_WORK = (
    "relu",
    "sigmoid",
    "categorical_nll_grad",
    "relu_grad",
    "sigmoid_grad",
    "tanh_grad",
    "numerical_gradient",
)
"""Functions of earlier chapters that its figures and experiments take, the student's own."""
