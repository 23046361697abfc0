"""Chapter 4, Width, depth and expressivity: what each exercise asks."""

TITLE = "Width, depth and expressivity"
"""What the chapter is called on the map of the course."""

EXERCISES = (
    "sup_error",
    "is_squashing",
    "bump",
    "staircase_network",
    "relu_interpolant",
    "convergence_rate",
    "tent",
    "sawtooth",
    "count_linear_pieces",
    "max_regions_shallow",
    "montufar_bound",
    "activation_patterns",
    "propagate",
    "trajectory_length",
    "principal_components",
    "length_map",
    "chi",
)
"""Names of the exercises, in the order of the notebook: each is a module of this package."""

BUILDS_ON = {
    "bump": ("sigmoid",),
    "relu_interpolant": ("relu", "xor_network"),
    "activation_patterns": ("affine", "relu"),
    "propagate": ("affine",),
}
"""What comes back here of what was written in earlier chapters, by the exercise in which it does."""

AT_WORK = ("relu", "sigmoid")
"""Functions of earlier chapters that its figures and experiments take, the student's own."""
