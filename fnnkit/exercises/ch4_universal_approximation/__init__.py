"""Chapter 4, Width, depth and expressivity: what each exercise asks."""

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
