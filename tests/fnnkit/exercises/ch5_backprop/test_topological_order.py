"""`topological_order`: what its mistakes cost, and witnesses of what it asks."""

import graphlib

import numpy as np
import pytest

from fnnkit.exercises.ch5_backprop.orders import fault
from fnnkit.judge.attempt import judged
from grader.answers import right

WORTH = 0.0
# What each mistake leaves, by hand, of 2: every node after its parents 0.75, a cycle is refused 0.5, a
# chain of 4000 nodes 0.25, unusual input 0.25, calm 0.25
COSTS = {
    "children_first": 0.0,
    "as_written_down": 0.0,
    "keys_only": 0.0,
    "by_distance_from_the_inputs": 0.0,
    "a_node_for_every_visit": 0.0,
    "cycles_not_noticed": 1.25,
    "parents_counted_once": 0.0,
    "counted_once_and_told_twice": 0.0,
    "by_recursion": 1.75,
    "by_the_number_of_parents": 0.0,
    "by_name": 0.0,
    "parents_before_each_key": 0.0,
    "cycles_left_out": 1.5,
    "written_down_turned_round": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["by_recursion", "as_written_down"]


def by_the_standard_library(parents):
    try:
        return list(graphlib.TopologicalSorter(parents).static_order())
    except graphlib.CycleError as problem:
        raise ValueError(str(problem)) from None


@pytest.mark.parametrize("seed", range(4))
def test_the_standard_library_is_a_right_answer(seed):
    assert judged("topological_order", by_the_standard_library, seed).solved


@pytest.mark.parametrize("seed", range(5))
def test_every_listed_answer_orders_random_graphs(seed):
    rng = np.random.default_rng(seed)
    names = [int(i) for i in rng.permutation(30)]
    parents = {
        names[i]: [names[int(j)] for j in rng.integers(0, i, rng.integers(0, 4))] for i in range(1, 30)
    }
    for function in [*right("ch5_backprop", "topological_order"), by_the_standard_library]:
        assert fault(parents, function(parents)) == ("", "")


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (None, "nothing is returned"),
        ("xay", "type str"),
        (["x", "a", "x", "y"], "'x' is there twice"),
        (["x", "y", "a"], "'y' comes before its parent 'a'"),
        (["a", "y"], "'x' is not there: it has no parents"),
        (["x", "a", "y", "z"], "'z' is no node"),
        (["x", "a", ["y"]], "is no node"),
    ],
)
def test_a_wrong_order_is_told_with_the_node_that_is_wrong(order, words):
    assert words in fault({"y": ["a", "x"], "a": ["x"]}, order)[0]


def test_a_parent_that_is_counted_twice_and_taken_off_once_is_told_by_which_graphs_stop():
    def counted_twice(parents):
        waiting, children = {}, {}
        for node, its_parents in parents.items():
            waiting[node] = len(its_parents)
            for parent in its_parents:
                children.setdefault(parent, set()).add(node)
        ready = [node for node in {*waiting, *children} if not waiting.get(node)]
        for node in ready:
            for child in children.get(node, ()):
                waiting[child] -= 1
                if not waiting[child]:
                    ready.append(child)
        if len(ready) < len({*waiting, *children}):
            raise ValueError("it goes round and round")
        return ready

    def nothing_at_all(parents):
        raise ValueError("it goes round and round")

    assert (
        "only graphs in which a parent is listed twice"
        in judged("topological_order", counted_twice).problem.cause
    )
    assert "listed twice" not in judged("topological_order", nothing_at_all).problem.cause
