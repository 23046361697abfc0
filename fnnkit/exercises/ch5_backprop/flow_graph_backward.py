"""`flow_graph_backward`: reverse accumulation on any graph (chapter 5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import graph
from fnnkit.exercises.ch5_backprop.graphs import GRAPHS, local_derivatives, wide
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.by_name import agrees_on
from fnnkit.judge.criteria import UNUSUAL, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

PATHS, TWICE, BESIDE = (
    "paths that meet add up",
    "a parent that is used twice",
    "0 where the output does not depend on it",
)


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``flow_graph_backward(order, parents, local, output)``; in a chain every wrong answer would be right."""

    def call(order: list[Any], parents: dict[Any, list[Any]], output: Any) -> tuple[Any, ...]:
        return order, parents, local_derivatives(rng, parents), output

    diamond, ladder, two = (
        call(order, parents, "y")
        for order, parents in zip(
            (["x", "b", "a", "c", "y"], ["x", "a", "b", "y"], ["v", "u", "r", "s", "t", "y"]),
            GRAPHS,
            strict=True,
        )
    )
    many = wide(rng, 7)
    value = float(both_signs(rng, 1, low=0.5)[0])
    square = (["x", "y"], {"y": ["x", "x"]}, {"y": [value, value]}, "y")
    doubled = call(["a", "b", "c"], {"b": ["a", "a"], "c": ["b", "b"]}, "c")
    beside = call(
        ["x", "z", "a", "y", "after", "last"],
        {"a": ["x"], "y": ["a", "x"], "after": ["y", "z"], "last": ["after"]},
        "y",
    )
    unused = call(["x", "z", "q", "y"], {"q": ["z", "x"], "y": ["x"]}, "y")
    itself = call(["x", "a", "y"], {"a": ["x"], "y": ["a", "x"]}, "x")
    numbers = call([7, 3, 5, 1], {3: [7], 5: [3, 7], 1: [5, 3]}, 1)
    whole = (
        ["x", "a", "y"],
        {"a": ["x"], "y": ["a", "x"]},
        {"a": [int(rng.integers(2, 9))], "y": [int(rng.integers(2, 9)), -3]},
        "y",
    )
    return [
        Case(diamond, PATHS),
        Case(ladder, PATHS),
        Case(two, PATHS, "two inputs"),
        Case(call(["x", *list(many)], many, "y"), PATHS, "sixteen nodes, 128 paths"),
        Case(square, TWICE, "x · x"),
        Case(doubled, TWICE, "c from b and b, b from a and a"),
        Case(beside, BESIDE, "nodes that come after the output"),
        Case(unused, BESIDE, "a node that nobody uses"),
        Case(itself, BESIDE, "the output is the input"),
        Case(numbers, UNUSUAL, "nodes that are numbers"),
        Case(whole, UNUSUAL, "whole numbers"),
    ]


def overwritten(order, parents, local, output):
    """The last child wins."""
    grad = dict.fromkeys(order, 0.0)
    grad[output] = 1.0
    for node in reversed(order):
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            grad[parent] = slope * grad[node]
    return grad


def passed_on_too_early(order, parents, local, output):
    """Recursion: a node passes on its sum with every contribution."""
    grad = dict.fromkeys(order, 0.0)

    def push(node):
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            grad[parent] += slope * grad[node]
            push(parent)

    grad[output] = 1.0
    push(output)
    return grad


def forwards(order, parents, local, output):
    """The order is not reversed."""
    grad = dict.fromkeys(order, 0.0)
    grad[output] = 1.0
    for node in order:
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            grad[parent] += slope * grad[node]
    return grad


def wrong_end_of_the_edge(order, parents, local, output):
    """The slopes meet the parents from behind."""
    grad = dict.fromkeys(order, 0.0)
    grad[output] = 1.0
    for node in reversed(order):
        for parent, slope in zip(parents.get(node, []), reversed(local.get(node, [])), strict=True):
            grad[parent] += slope * grad[node]
    return grad


def slopes_by_name(order, parents, local, output):
    """A dictionary of parents: of two equal ones the last remains."""
    grad = dict.fromkeys(order, 0.0)
    grad[output] = 1.0
    for node in reversed(order):
        slopes = dict(zip(parents.get(node, []), local.get(node, []), strict=True))
        for parent in slopes:
            grad[parent] += slopes[parent] * grad[node]
    return grad


def slope_of_the_first_place(order, parents, local, output):
    """`index` finds the first of two equal parents."""
    grad = dict.fromkeys(order, 0.0)
    grad[output] = 1.0
    for node in reversed(order):
        for parent in parents.get(node, []):
            slope = local[node][parents[node].index(parent)]
            grad[parent] += slope * grad[node]
    return grad


def gradient_of_the_last_node(order, parents, local, output):
    """`output` is not used."""
    grad = dict.fromkeys(order, 0.0)
    grad[order[-1]] = 1.0
    for node in reversed(order):
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            grad[parent] += slope * grad[node]
    return grad


def unreached_nodes_missing(order, parents, local, output):
    """Only what has been reached is there."""
    grad = {output: 1.0}
    for node in reversed(order):
        if node in grad:
            for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
                grad[parent] = grad.get(parent, 0.0) + slope * grad[node]
    return grad


def inputs_missing(order, parents, local, output):
    """Only nodes with parents are there."""
    grad = dict.fromkeys(order, 0.0)
    grad[output] = 1.0
    for node in reversed(order):
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            grad[parent] += slope * grad[node]
    return {node: grad[node] for node in order if node in parents}


def local_slope_only(order, parents, local, output):
    """The node's own gradient is not passed on."""
    grad = dict.fromkeys(order, 0.0)
    grad[output] = 1.0
    for node in reversed(order):
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            grad[parent] += slope
    return grad


def added_along_the_path(order, parents, local, output):
    """Plus for times."""
    grad = dict.fromkeys(order, 0.0)
    grad[output] = 1.0
    for node in reversed(order):
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            grad[parent] += slope + grad[node]
    return grad


def ones_everywhere_at_the_start(order, parents, local, output):
    """Every node starts with 1."""
    grad = {node: 1.0 for node in order}  # noqa: C420
    for node in reversed(order):
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            grad[parent] += slope * grad[node]
    return grad


def multiplied_into_the_parent(order, parents, local, output):
    """`*=` where paths meet."""
    grad = {node: 1.0 for node in order}  # noqa: C420
    for node in reversed(order):
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            grad[parent] *= slope * grad[node]
    return grad


def inputs_looked_up_as_if_computed(order, parents, local, output):
    """`parents[node]` for an input is a KeyError."""
    grad = dict.fromkeys(order, 0.0)
    grad[output] = 1.0
    for node in reversed(order):
        for parent, slope in zip(parents[node], local[node], strict=True):
            grad[parent] += slope * grad[node]
    return grad


EXERCISE = Exercise(
    name="flow_graph_backward",
    chapter="ch5_backprop",
    reference=graph.flow_graph_backward,
    cases=cases,
    criteria=(
        Criterion(PATHS, 1.0, agrees_on()),
        Criterion(TWICE, 0.25, agrees_on()),
        Criterion(BESIDE, 0.25, agrees_on()),
        Criterion(UNUSUAL, 0.25, agrees_on()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            overwritten,
            "a later contribution replaces the one before. Where several paths arrive, they add up: `+=`.",
        ),
        Misconception(
            passed_on_too_early,
            "a node passes its sum on with every contribution that arrives, so what came first is passed on several times. "
            "In the reversed order all its children are done before it, and it passes on once.",
        ),
        Misconception(
            forwards,
            "the nodes were visited forwards: a node is asked before anything has arrived. The way back reverses "
            "the order.",
        ),
        Misconception(
            wrong_end_of_the_edge,
            "the derivatives meet the wrong parents: `local[node][i]` belongs to `parents[node][i]`.",
        ),
        Misconception(
            slopes_by_name,
            "of a parent that is listed twice only the last derivative was kept, as a dictionary does. Both count.",
        ),
        Misconception(
            slope_of_the_first_place,
            "`index` finds the first place of a parent only. When it is listed twice, its two derivatives may differ: go "
            "through both lists together, with `zip`.",
        ),
        Misconception(
            gradient_of_the_last_node,
            "the way back starts at the last node. It starts at `output`, which may stand anywhere in the order.",
        ),
        Misconception(
            unreached_nodes_missing,
            "nodes that the output does not depend on are not there. Their derivative is 0: start with 0 for "
            "every node.",
        ),
        Misconception(
            inputs_missing,
            "the inputs are not there, and theirs are the derivatives that one wants: return all of `order`.",
        ),
        Misconception(
            local_slope_only,
            "the derivatives on the edges were added up alone. Each is multiplied by what has arrived at the node that it "
            "leads back from.",
        ),
        Misconception(
            added_along_the_path, "along a path derivatives are *multiplied*; sums are for paths that meet."
        ),
        Misconception(
            ones_everywhere_at_the_start,
            "every node starts with 1. Only the output does: its derivative with respect to itself. All others "
            "wait for what arrives, at 0.",
        ),
        Misconception(
            multiplied_into_the_parent,
            "contributions of different paths were multiplied. Along one path derivatives are multiplied; where "
            "paths meet they add up.",
        ),
        Misconception(
            inputs_looked_up_as_if_computed,
            "inputs have no entry in `parents`: looking one up is a KeyError. `parents.get(node, [])` gives an "
            "empty list for them.",
        ),
    ),
    minutes=15,
    difficulty=3,
)
