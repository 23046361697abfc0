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
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["silent_examples"]
