"""`flow_graph_backward`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch

from fnnkit.judge.attempt import judged
from grader.answers import right

WORTH = 2.0
# What each mistake leaves, by hand, of 2: paths that meet add up 1, a parent that is used twice 0.25, 0
# where the output does not depend on it 0.25, unusual input 0.25, calm 0.25
COSTS = {
    "overwritten": 0.0,
    "passed_on_too_early": 0.0,
    "forwards": 0.0,
    "wrong_end_of_the_edge": 0.0,
    "slopes_by_name": 1.75,
    "slope_of_the_first_place": 1.75,
    "gradient_of_the_last_node": 1.75,
    "unreached_nodes_missing": 1.75,
    "inputs_missing": 0.0,
    "local_slope_only": 0.0,
    "added_along_the_path": 0.0,
    "ones_everywhere_at_the_start": 0.0,
    "multiplied_into_the_parent": 0.0,
    "inputs_looked_up_as_if_computed": 0.0,
    "sums_of_the_slopes": 0.0,
    "each_parent_once": 1.75,
    "zero_for_the_output": 0.0,
    "averaged_over_the_children": 0.0,
    "only_the_inputs": 0.0,
    "the_last_node_left_out": 0.0,
    "stops_at_the_output": 0.0,
    "first_parent_alone": 0.0,
    "two_parents_at_most": 0.0,
    "contributions_subtracted": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["overwritten", "passed_on_too_early"]


@pytest.mark.parametrize("function", right("ch5_backprop", "flow_graph_backward"))
def test_pytorch_finds_the_same_derivatives(function):
    order = ["x", "z", "a", "b", "c", "y"]
    parents = {"a": ["x", "z"], "b": ["a"], "c": ["b", "a"], "y": ["c", "x", "c"]}
    x, z = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (0.7, -1.3))
    a = x * z
    b = torch.tanh(a)
    c = b - a
    y = c * x * c
    for node in (a, b, c):
        node.retain_grad()
    y.backward()
    values = {n: v.item() for n, v in zip("xzabc", (x, z, a, b, c), strict=True)}
    local = {
        "a": [values["z"], values["x"]],
        "b": [1 - values["b"] ** 2],
        "c": [1.0, -1.0],
        "y": [values["x"] * values["c"], values["c"] ** 2, values["x"] * values["c"]],
    }
    found = function(order, parents, local, "y")
    for name, leaf in zip("xzabc", (x, z, a, b, c), strict=True):
        assert abs(found[name] - leaf.grad.item()) < 1e-12
    assert found["y"] == 1.0


def test_called_twice_it_says_the_same():
    kept = {}

    def remembers(order, parents, local, output):
        for node in order:
            kept.setdefault(node, 0.0)
        kept[output] = 1.0
        for node in reversed(order):
            for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
                kept[parent] += slope * kept[node]
        return {node: kept[node] for node in order}

    assert judged("flow_graph_backward", remembers).points == 0.0
    assert np.isfinite(kept["x"])
