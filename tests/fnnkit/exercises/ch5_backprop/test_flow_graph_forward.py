"""`flow_graph_forward`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest

from grader.answers import right

WORTH = 0.0
# What each mistake leaves, by hand, of 1: the value of every node 0.5, a parent twice, three parents, a
# constant 0.25, calm 0.25
COSTS = {
    "arguments_in_the_order_of_computation": 0.0,
    "arguments_turned_round": 0.0,
    "a_parent_only_once": 0.75,
    "one_argument_for_all": 0.0,
    "one_generator_for_all": 0.0,
    "names_for_values": 0.0,
    "inputs_left_out": 0.0,
    "two_parents_at_most": 0.75,
    "one_unless_there_are_two": 0.75,
    "only_the_last_value": 0.0,
    "inputs_extended": 0.75,
    "an_input_of_zero_is_none": 0.0,
    "all_values_so_far": 0.0,
    "nodes_just_before": 0.0,
    "nodes_without_parents_are_zero": 0.75,
    "nodes_without_parents_left_out": 0.75,
    "sorted_arguments": 0.0,
    "arguments_from_the_inputs_alone": 0.0,
    "a_list_of_values": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["arguments_turned_round", "arguments_in_the_order_of_computation"]


@pytest.mark.parametrize("function", right("ch5_backprop", "flow_graph_forward"))
def test_a_formula_written_as_a_graph(function):
    order, parents = ["x", "s", "t", "y"], {"s": ["x"], "t": ["s", "x"], "y": ["t", "s"]}
    ops = {"s": np.sin, "t": lambda a, b: a - b, "y": lambda a, b: a / b}
    x = 0.7
    assert function(order, parents, ops, {"x": x})["y"] == (np.sin(x) - x) / np.sin(x)
