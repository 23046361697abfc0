"""`minibatches`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.attempt import judged

WORTH = 1.0
# What each mistake leaves, by hand, of 1: pieces of the given order 0.25, the last one may be shorter 0.25,
# unusual input 0.25, calm 0.25
COSTS = {
    "order_ignored": 0.0,
    "rest_dropped": 0.5,
    "last_one_filled_up": 0.5,
    "overlapping_by_one": 0.0,
    "one_too_few_in_each": 0.0,
    "ends_at_size": 0.0,
    "size_taken_for_the_number": 0.0,
    "evenly_split": 0.5,
    "every_kth": 0.0,
    "steps_of_one": 0.0,
    "one_array": 0.5,
    "equal_parts_alone": 0.5,
    "one_empty_at_the_end": 0.0,
    "last_one_from_the_end": 0.5,
    "short_one_first": 0.5,
    "rest_joined_to_the_last": 0.5,
    "sorted_pieces": 0.0,
    "first_only": 0.0,
    "places_in_order": 0.0,
    "lists": 0.0,
    "lists_as_they_come": 0.75,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["rest_dropped", "overlapping_by_one"]


def test_arrays_that_hold_the_same_numbers_in_another_list_are_refused():
    def in_pairs(n, size, order):
        return [list(order[i : i + size]) for i in range(0, n, size)]

    assert judged("minibatches", in_pairs).points == 0.0


def test_numpy_s_own_split_at_the_right_places_is_right_but_for_no_example():
    assert (
        judged("minibatches", lambda n, size, order: np.split(np.asarray(order), range(size, n, size))).points
        == 0.75
    )


def test_too_few_minibatches_are_shown_beside_those_that_are_meant():
    problem = judged(
        "minibatches", lambda n, size, order: [order[i : i + size] for i in range(0, n - size + 1, size)]
    ).problem
    assert "number of minibatches is 2, expected 3" in problem.finding
    assert problem.expected.startswith("[[")
    assert "each example once" in problem.step
