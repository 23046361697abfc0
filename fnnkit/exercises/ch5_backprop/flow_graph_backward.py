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


def sums_of_the_slopes(order, parents, local, output):
    """The parent gets each child's signal times the sum of its slopes."""
    signal = dict.fromkeys(order, 0.0)
    signal[output] = 1.0
    for node in reversed(order):
        for parent in parents.get(node, []):
            signal[parent] += signal[node] * sum(local[node])
    return signal


def each_parent_once(order, parents, local, output):
    """A set of parents."""
    signal = dict.fromkeys(order, 0.0)
    signal[output] = 1.0
    for node in reversed(order):
        seen = set()
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            if parent not in seen:
                signal[parent] += signal[node] * slope
                seen.add(parent)
    return signal


def zero_for_the_output(order, parents, local, output):
    """The output has 0, its parents have the slopes."""
    signal = dict.fromkeys(order, 0.0)
    signal[output] = 1.0
    for node in reversed(order):
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            signal[parent] += signal[node] * slope
    signal[output] = 0.0
    return signal


def averaged_over_the_children(order, parents, local, output):
    """The mean where paths meet."""
    signal, count = dict.fromkeys(order, 0.0), dict.fromkeys(order, 0)
    signal[output] = 1.0
    for node in reversed(order):
        if count[node]:
            signal[node] /= count[node]
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            signal[parent] += signal[node] * slope
            count[parent] += 1
    return signal


def only_the_inputs(order, parents, local, output):
    """Nodes between are not returned."""
    signal = dict.fromkeys(order, 0.0)
    signal[output] = 1.0
    for node in reversed(order):
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            signal[parent] += signal[node] * slope
    return {node: signal[node] for node in order if node not in parents}


def the_last_node_left_out(order, parents, local, output):
    """reversed(order[:-1])."""
    signal = dict.fromkeys(order, 0.0)
    signal[output] = 1.0
    for node in order[-2::-1]:
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            signal[parent] += signal[node] * slope
    return signal


def stops_at_the_output(order, parents, local, output):
    """break before the output has passed on."""
    signal = dict.fromkeys(order, 0.0)
    signal[output] = 1.0
    for node in reversed(order):
        if node == output:
            break
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            signal[parent] += signal[node] * slope
    return signal


def first_parent_alone(order, parents, local, output):
    """One parent a node."""
    signal = dict.fromkeys(order, 0.0)
    signal[output] = 1.0
    for node in reversed(order):
        for parent, slope in list(zip(parents.get(node, []), local.get(node, []), strict=True))[:1]:
            signal[parent] += signal[node] * slope
    return signal


def two_parents_at_most(order, parents, local, output):
    """Written for one and two."""
    signal = dict.fromkeys(order, 0.0)
    signal[output] = 1.0
    for node in reversed(order):
        for parent, slope in list(zip(parents.get(node, []), local.get(node, []), strict=True))[:2]:
            signal[parent] += signal[node] * slope
    return signal


def contributions_subtracted(order, parents, local, output):
    """The sign is turned."""
    signal = dict.fromkeys(order, 0.0)
    signal[output] = 1.0
    for node in reversed(order):
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            signal[parent] -= signal[node] * slope
    return signal


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
            "a later contribution replaces the one before. Where several paths arrive, their contributions add up.",
        ),
        Misconception(
            passed_on_too_early,
            "a node passes its sum on with every contribution that arrives, so what came first is passed on several times. "
            "In the reversed order all its children are done before it, and it passes on once.",
        ),
        Misconception(
            forwards,
            "only the direct parents of the output get something: it is not passed on from there, as when the nodes are "
            "visited forwards. The way back goes through them in reversed order, and each passes on what has arrived.",
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
            "of a parent that is listed twice the first derivative was taken both times, as `index` finds its first place "
            "both times. The two may differ: go through both lists together.",
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
            "a node was looked up where it has no entry: inputs have none in `parents` and `local`, and no node has one in a "
            "dictionary of your own before you put it there.",
        ),
        Misconception(
            sums_of_the_slopes,
            "each parent got the sum of all derivatives of the node. Each has one of its own, in the same place of both "
            "lists.",
        ),
        Misconception(
            each_parent_once,
            "a parent that is listed twice got one contribution. It acts in two places: both count.",
        ),
        Misconception(
            zero_for_the_output,
            "the output has 0. Its derivative with respect to itself is 1.",
        ),
        Misconception(
            averaged_over_the_children,
            "contributions were averaged where paths meet. They add up.",
        ),
        Misconception(
            only_the_inputs,
            "only the inputs are there. The derivative with respect to *every* node of `order` is asked for.",
        ),
        Misconception(
            the_last_node_left_out,
            "nothing gets to the parents of the output: the loop leaves out the node that the way back begins with. It is the "
            "first that passes on what has arrived at it.",
        ),
        Misconception(
            stops_at_the_output,
            "nothing gets to the parents of the output: the loop leaves out the node that the way back begins with. It is the "
            "first that passes on what has arrived at it.",
        ),
        Misconception(
            first_parent_alone,
            "only the first parent of each node gets something. All of them do.",
        ),
        Misconception(
            two_parents_at_most,
            "a node may have any number of parents: here only the first two get something.",
        ),
        Misconception(
            contributions_subtracted,
            "contributions were subtracted. They add up: the minus of a step comes later.",
        ),
    ),
    minutes=15,
    difficulty=3,
)
