"""`topological_order`: each node after all its parents (chapter 5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import graph
from fnnkit.exercises.ch5_backprop.graphs import (
    DIAMOND_WITH_SKIP,
    GRAPHS,
    LADDER,
    ONE_WAY,
    TWICE,
    shuffled,
    wide,
)
from fnnkit.exercises.ch5_backprop.orders import in_order, refused_cycles
from fnnkit.judge.criteria import UNUSUAL, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALID, CYCLES, CHAIN = "every node after its parents", "a cycle is refused", "a chain of 4000 nodes"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``topological_order(parents)``; no graph is written down in an order that would do."""

    def awkward(parents: dict[Any, list[Any]]) -> dict[Any, list[Any]]:
        """Some order in which a node stands before one of its parents."""
        while True:
            found = shuffled(rng, parents)
            seen: set[Any] = set()
            for node, its_parents in found.items():
                if any(p in parents and p not in seen for p in its_parents):
                    return found
                seen.add(node)

    parts = {**{k + "1": [p + "1" for p in v] for k, v in LADDER.items()}, **DIAMOND_WITH_SKIP}
    names = [f"n{i}" for i in rng.permutation(4001)]
    chain = {names[i]: [names[i - 1]] for i in range(4000, 0, -1)}
    numbers = awkward({3: [1], 4: [1, 3], 2: [4, 3, 1]})
    long_cycle = awkward({"b": ["a", "x"], "c": ["b"], "a": ["c"], "y": ["c"]})
    beside = {**awkward(LADDER), "p": ["q"], "q": ["p"]}
    return [
        *(Case((awkward(parents),), VALID) for parents in GRAPHS),
        Case((awkward(parts),), VALID, "two graphs side by side"),
        Case(
            (awkward({"a": ["x"], "s": ["a", "a"], "y": ["x", "s", "x"]}),),
            VALID,
            "parents that are listed twice",
        ),
        Case((dict(TWICE),), VALID, "parents that are listed twice, in another order"),
        Case((awkward(wide(rng, 8)),), VALID, "eighteen nodes"),
        *(Case((dict(parents),), VALID, why) for why, parents in ONE_WAY.items()),
        Case((long_cycle,), CYCLES, "a needs c, c needs b, b needs a"),
        Case((awkward({"a": ["a", "x"], "y": ["a", "b"], "b": ["x"]}),), CYCLES, "a needs itself"),
        Case((beside,), CYCLES, "p and q need each other; the rest is in order"),
        Case((chain,), CHAIN, "written down from its end"),
        Case(({},), UNUSUAL, "no node"),
        Case((numbers,), UNUSUAL, "nodes that are numbers"),
        Case(({"x": [], **awkward(LADDER)},), UNUSUAL, "an input with an empty list of parents"),
    ]


def children_first(parents):
    """The order of the way back."""
    order, state = [], {}

    def visit(node):
        if state.get(node) == 1:
            raise ValueError("cycle")
        if node not in state:
            state[node] = 1
            for parent in parents.get(node, []):
                visit(parent)
            state[node] = 2
            order.append(node)

    for node in parents:
        visit(node)
    return order[::-1]


def as_written_down(parents):
    """Inputs, then the keys as they come."""
    inputs = []
    for its_parents in parents.values():
        for parent in its_parents:
            if parent not in parents and parent not in inputs:
                inputs.append(parent)
    return inputs + list(parents)


def keys_only(parents):
    """Nodes without an entry are forgotten."""
    order, state = [], {}

    def visit(node):
        if state.get(node) == 1:
            raise ValueError("cycle")
        if node in parents and node not in state:
            state[node] = 1
            for parent in parents[node]:
                visit(parent)
            state[node] = 2
            order.append(node)

    for node in parents:
        visit(node)
    return order


def by_distance_from_the_inputs(parents):
    """Breadth first: a node is taken when one of its parents is."""
    children = {}
    for node, its_parents in parents.items():
        for parent in its_parents:
            children.setdefault(parent, []).append(node)
    order = [node for node in [*children, *parents] if not parents.get(node)]
    order = list(dict.fromkeys(order))
    taken = set(order)
    for node in order:
        for child in children.get(node, []):
            if child not in taken:
                taken.add(child)
                order.append(child)
    return order


def a_node_for_every_visit(parents):
    """Depth first, without remembering what has been taken."""
    order = []

    def visit(node, above):
        if node in above:
            raise ValueError("cycle")
        for parent in parents.get(node, []):
            visit(parent, above | {node})
        order.append(node)

    for node in parents:
        visit(node, frozenset())
    return order


def cycles_not_noticed(parents):
    """Depth first: in a cycle it turns back without a word."""
    order, taken = [], set()

    def visit(node):
        if node not in taken:
            taken.add(node)
            for parent in parents.get(node, []):
                visit(parent)
            order.append(node)

    for node in parents:
        visit(node)
    return order


def parents_counted_once(parents):
    """In-degrees of sets: a parent listed twice is subtracted twice."""
    waiting, children = {}, {}
    for node, its_parents in parents.items():
        waiting[node] = len(set(its_parents))
        for parent in its_parents:
            waiting.setdefault(parent, 0)
            children.setdefault(parent, []).append(node)
    ready = [node for node in waiting if waiting[node] == 0 and not parents.get(node)]
    order = []
    while ready:
        node = ready.pop(0)
        order.append(node)
        for child in children.get(node, []):
            waiting[child] -= 1
            if waiting[child] == 0:
                ready.append(child)
    if len(order) < len(waiting):
        raise ValueError("cycle")
    return order


def counted_once_and_told_twice(parents):
    """In-degrees of sets, but every child in the list of each mention: the last node is ready too early."""
    waiting, children = {}, {}
    for node, its_parents in parents.items():
        waiting[node] = len(set(its_parents))
        for parent in its_parents:
            children.setdefault(parent, []).append(node)
    for parent in children:
        waiting.setdefault(parent, 0)
    ready = [node for node in waiting if waiting[node] == 0]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for child in children.get(node, []):
            waiting[child] -= 1
            if waiting[child] == 0:
                ready.append(child)
    if len(order) < len(waiting):
        raise ValueError("cycle")
    return order


def by_recursion(parents):
    """Depth first by recursion: right, until the chain is long."""
    order, state = [], {}

    def visit(node):
        if state.get(node) == 1:
            raise ValueError("cycle")
        if node not in state:
            state[node] = 1
            for parent in parents.get(node, []):
                visit(parent)
            state[node] = 2
            order.append(node)

    for node in parents:
        visit(node)
    return order


def by_the_number_of_parents(parents):
    """Fewest parents first."""
    nodes = list(dict.fromkeys([p for ps in parents.values() for p in ps] + list(parents)))
    return sorted(nodes, key=lambda node: len(parents.get(node, [])))


def by_name(parents):
    """Sorted by name."""
    nodes = {*parents, *(p for ps in parents.values() for p in ps)}
    return sorted(nodes, key=str)


def parents_before_each_key(parents):
    """For each key its parents, then itself: only one generation is looked at."""
    order = []
    for node in parents:
        for name in [*parents[node], node]:
            if name not in order:
                order.append(name)
    return order


def cycles_left_out(parents):
    """What cannot be taken is left out."""
    nodes = list(dict.fromkeys([p for ps in parents.values() for p in ps] + list(parents)))
    waiting = {node: len(parents.get(node, [])) for node in nodes}
    children = {}
    for node, ps in parents.items():
        for parent in ps:
            children.setdefault(parent, []).append(node)
    ready = [node for node in nodes if not waiting[node]]
    for node in ready:
        for child in children.get(node, []):
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    return ready


def written_down_turned_round(parents):
    """Written down, turned round."""
    nodes = [*parents, *(p for ps in parents.values() for p in ps)]
    return list(dict.fromkeys(nodes))[::-1]


EXERCISE = Exercise(
    name="topological_order",
    chapter="ch5_backprop",
    reference=graph.topological_order,
    cases=cases,
    criteria=(
        Criterion(VALID, 0.75, in_order),
        Criterion(CYCLES, 0.5, refused_cycles),
        Criterion(CHAIN, 0.25, in_order),
        Criterion(UNUSUAL, 0.25, in_order),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            children_first,
            "this is the order of the way back: each node stands *before* its parents. Turn it round.",
        ),
        Misconception(
            as_written_down,
            "the nodes come as they are written down. The dictionary may name a node before its parents.",
        ),
        Misconception(
            keys_only,
            "nodes that occur only as parents, the inputs, are not there. They have no entry of their own, and a value like "
            "all others.",
        ),
        Misconception(
            by_distance_from_the_inputs,
            "a node is taken as soon as *one* of its parents has been. A skip connection then brings it too early: wait for "
            "the last parent.",
        ),
        Misconception(
            a_node_for_every_visit,
            "a node comes once for every way that leads to it. Remember which have been taken.",
        ),
        Misconception(
            cycles_not_noticed,
            "a cycle is not noticed: the search turns back where it has been, whether that node is finished or still waits for "
            "its parents. Tell the two apart, and raise a ValueError for the second.",
        ),
        Misconception(
            parents_counted_once,
            "a parent that is listed twice was counted once and subtracted twice. Count it in the same way both "
            "times.",
        ),
        Misconception(
            counted_once_and_told_twice,
            "a parent that is listed twice is counted once, and tells its child twice, so that the child is taken too early. "
            "Count it in the same way both times.",
        ),
        Misconception(
            by_recursion,
            "the function calls itself once a node, and Python stops it after 1000 levels. A list of nodes that are ready needs "
            "no recursion.",
        ),
        Misconception(
            by_the_number_of_parents,
            "the nodes were sorted by the number of their parents. A node with one parent may come after one "
            "with two: what matters is which have been taken.",
        ),
        Misconception(
            by_name,
            "the nodes were sorted by their names, which say nothing about what is computed from what.",
        ),
        Misconception(
            parents_before_each_key,
            "each node was put after its parents as they were found, and theirs were not looked at: a parent may itself "
            "wait for another. A node is taken when all its parents have been.",
        ),
        Misconception(
            cycles_left_out,
            "nodes of a cycle are left out without a word. When nodes are left and none is ready, raise a ValueError.",
        ),
        Misconception(
            written_down_turned_round,
            "the nodes come in the order in which they are written down, turned round. The dictionary has no order that "
            "could be relied on.",
        ),
    ),
    searched=False,
    minutes=15,
    difficulty=3,
    core=False,
)
