"""`path_sum`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest

from fnnkit.judge.attempt import judged
from grader.answers import right

WORTH = 0.0
# What each mistake leaves, by hand, of 1.5: products along paths, summed 0.75, parallel edges, no path, no
# way to go 0.25, 2⁶⁰ paths 0.25, calm 0.25
COSTS = {
    "each_node_once": 0.0,
    "sums_along_the_path": 0.0,
    "number_of_paths": 0.0,
    "products_where_paths_meet": 0.0,
    "one_edge_between_two_nodes": 1.25,
    "edges_as_they_come": 0.0,
    "nothing_for_the_empty_path": 1.25,
    "product_of_all_edges": 0.0,
    "largest_path": 0.0,
    "first_path_only": 0.0,
    "edges_once_from_the_end": 0.0,
    "paths_of_two_edges_at_most": 0.0,
    "direct_edges_alone": 0.0,
    "one_for_no_path": 1.25,
    "both_directions": 1.25,
    "mean_of_the_paths": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["each_node_once", "number_of_paths"]


def over_all_paths(edges, source, target):
    """The definition, walked path by path."""
    if source == target:
        return 1.0
    return sum(slope * over_all_paths(edges, end, target) for start, end, slope in edges if start == source)


@pytest.mark.parametrize("seed", range(5))
def test_every_listed_answer_is_the_sum_over_all_paths(seed):
    rng = np.random.default_rng(seed)
    edges = []
    for end in range(1, 8):
        edges += [(int(rng.integers(0, end)), end, float(rng.normal())) for _ in range(3)]
    edges = [edges[i] for i in rng.permutation(len(edges))]
    for function in right("ch5_backprop", "path_sum"):
        assert abs(function(edges, 0, 7) - over_all_paths(edges, 0, 7)) < 1e-9


def test_walking_every_path_does_not_come_to_an_end_on_sixty_diamonds():
    def impatient(edges, source, target):
        if len(edges) > 100:
            raise TimeoutError
        return over_all_paths(edges, source, target)

    assert judged("path_sum", impatient).points == 1.25
