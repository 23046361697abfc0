"""Chapter 1, Learning XOR: what each exercise asks."""

TITLE = "Learning XOR"
"""What the chapter is called on the map of the course."""

EXERCISES = (
    "affine",
    "mse",
    "fit_linear",
    "collapse_linear",
    "relu",
    "xor_network",
    "my_xor_weights",
    "count_xor_solutions",
    "rbf_kernel",
    "fit_kernel",
    "gradient_descent",
    "permute_hidden",
    "classify_critical_point",
)
"""Names of the exercises, in the order of the notebook: each is a module of this package."""

MILESTONE = ("XOR, 1969", ("fit_linear", "mse", "xor_network", "my_xor_weights", "gradient_descent"))

"""What the functions do together, and which of them the milestone's cell runs."""
