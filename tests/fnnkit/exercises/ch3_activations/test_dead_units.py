"""`dead_units`: what its mistakes cost, and witnesses of what it asks."""

WORTH = 1.0
# What each mistake leaves, by hand, of 1: values ½, edges ¼, calm ¼
COSTS = {
    "marked_by_truth_values": 0.0,
    "silent_examples": 0.0,
    "zero_at_least_once": 0.0,
    "zero_on_average": 0.0,
    "never_positive": 0.0,
    "almost_dead": 0.0,
    "living_units": 0.0,
    "number_of_dead_units": 0.0,
    "left_in_a_tuple": 0.0,
    "decimals_when_empty": 0.75,
    "largest_is_zero": 0.0,
    "smallest_is_zero": 0.0,
    "zeros_of_each_unit": 0.0,
    "silent_on_the_first_example": 0.0,
    "counted_from_one": 0.0,
    "share_of_dead_units": 0.0,
    "columns_themselves": 0.0,
    "places_of_all_zeros": 0.0,
    "places_in_a_column": 0.0,
    "silent_on_the_last_example": 0.0,
    "silent_on_most_examples": 0.0,
    "first_dead_unit_alone": 0.0,
    "almost_zero_on_average": 0.0,
    "most_often_silent": 0.75,
    "always_the_same": 0.75,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["silent_examples"]
