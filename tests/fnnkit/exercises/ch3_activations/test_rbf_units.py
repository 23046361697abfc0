"""`rbf_units`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 0.0
# What each mistake leaves, by hand, of 1¾: values 1, edges ¼, stable ¼, calm ¼
COSTS = {
    "width_of_a_gaussian": 0.0,
    "centres_in_rows": 0.0,
    "distance_not_squared": 0.0,
    "width_not_squared": 0.0,
    "grows_with_distance": 0.0,
    "width_of_the_first": 0.0,
    "units_in_rows": 0.0,
    "square_multiplied_out": 1.5,
    "coordinates_added_up": 0.0,
    "square_of_the_sum": 0.0,
    "inner_product_for_the_distance": 0.0,
    "nothing_squared": 0.0,
    "mean_of_the_squares": 0.0,
    "bells_added": 0.0,
    "normalised_as_a_density": 0.0,
    "exponent_returned": 0.0,
    "width_squared_twice": 0.0,
    "rational_bell": 0.0,
    "largest_difference": 0.0,
    "square_of_the_added_sizes": 0.0,
    "width_doubled": 0.0,
    "twice_over_the_width": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["width_of_a_gaussian", "centres_in_rows"]
# Naive formulas: they lose the criterion "stable", and no other.
NAIVE = ["square_multiplied_out"]
