"""What the orders of several graphs have in common: why one is wrong, or why a graph is refused."""

import numpy as np
import pytest

from fnnkit import graph
from fnnkit.exercises.ch5_backprop.orders import fault
from fnnkit.judge.attempt import judged


def first_cause(function, seed=0):
    return next(r.problem.cause for r in judged("topological_order", function, seed).results if r.problem)


def nodes(parents):
    return list(dict.fromkeys([p for its in parents.values() for p in its] + list(parents)))


def counted_the_other_way(parents):
    waiting = dict.fromkeys(nodes(parents), 0)
    for its_parents in parents.values():
        for parent in its_parents:
            waiting[parent] += 1
    ready = [node for node in waiting if not waiting[node]]
    order = []
    while ready:
        order.append(ready.pop())
        for parent in parents.get(order[-1], []):
            waiting[parent] -= 1
            if not waiting[parent]:
                ready.append(parent)
    if len(order) < len(waiting):
        raise ValueError("round and round")
    return order


def seen_is_a_cycle(parents):
    order, seen = [], set()

    def visit(node):
        if node in seen:
            raise ValueError("been here")
        seen.add(node)
        for parent in parents.get(node, []):
            visit(parent)
        order.append(node)

    for node in parents:
        if node not in seen:
            visit(node)
    return order


def seen_from_this_start_is_a_cycle(parents):
    order = []

    def visit(node, seen):
        if node in seen:
            raise ValueError("been here")
        seen.add(node)
        for parent in parents.get(node, []):
            visit(parent, seen)
        if node not in order:
            order.append(node)

    for node in parents:
        visit(node, set())
    return order


def last_child_alone(parents):
    waiting = {node: len(parents.get(node, [])) for node in nodes(parents)}
    child_of = {parent: node for node, its_parents in parents.items() for parent in its_parents}
    ready = [node for node in waiting if not waiting[node]]
    for node in ready:
        if node in child_of:
            waiting[child_of[node]] -= 1
            if not waiting[child_of[node]]:
                ready.append(child_of[node])
    if len(ready) < len(waiting):
        raise ValueError("round and round")
    return ready


def again_and_again(parents):
    order = []

    def visit(node):
        for parent in reversed(parents.get(node, [])):
            visit(parent)
        order.append(node)

    graph.topological_order(parents)
    for node in reversed(parents):
        visit(node)
    return order


def no_inputs(parents):
    return [node for node in sorted_by_depth(parents) if node in parents]


def sorted_by_depth(parents):
    graph.topological_order(parents)
    return sorted(nodes(parents), key=lambda node: (depth(parents, node, max), str(node)))


def depth(parents, node, which):
    return 1 + which(depth(parents, p, which) for p in parents[node]) if parents.get(node) else 0


def by_the_nearest_input(parents):
    graph.topological_order(parents)
    return sorted(nodes(parents), key=lambda node: (depth(parents, node, min), str(node)))


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (counted_the_other_way, "back to front"),
        (seen_is_a_cycle, "still waits for its own parents"),
        (seen_from_this_start_is_a_cycle, "still waits for its own parents"),
        (last_child_alone, "a parent of several"),
        (again_and_again, "when another way leads to it"),
        (no_inputs, "The inputs have none"),
        (by_the_nearest_input, "does not wait for the others"),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_why_an_order_is_wrong_is_told_from_all_of_them(function, words, seed):
    assert words in first_cause(function, seed)


def test_nothing_is_said_where_the_orders_have_nothing_in_common():
    shuffled = np.random.default_rng(5).permuted

    def at_random(parents):
        names = nodes(parents)
        return [names[i] for i in shuffled(np.arange(len(names)))]

    assert first_cause(at_random) == ""
    assert fault({"y": ["x"]}, ["x", "y"]) == ("", "")


def searched(parents, starts, refuses):
    """Depth first, in the order of the nodes turned round; ``refuses(node, state)`` says where it stops."""
    order, state = [], {}
    for start in starts:
        stack = [(start, False)]
        while stack:
            node, done = stack.pop()
            if done:
                state[node] = "done"
                order.append(node)
            elif node not in state:
                state[node] = "open"
                its_parents = parents.get(node, [])
                if refuses(node, its_parents, state):
                    raise ValueError("round and round")
                stack += [(node, True), *((p, False) for p in its_parents)]
    return order


def nothing_noticed(parents):
    return searched(parents, reversed(parents), lambda *_: False)


def itself_alone(parents):
    return searched(parents, reversed(parents), lambda node, its, _: node in its)


def itself_let_in(parents):
    return graph.topological_order({node: [p for p in its if p != node] for node, its in parents.items()})


def what_is_needed(parents):
    wanted = {p for its_parents in parents.values() for p in its_parents}
    found = searched(parents, [n for n in parents if n not in wanted], lambda *_: False)
    graph.topological_order({node: parents[node] for node in found if node in parents})
    return found


def what_can_be_taken(parents):
    if len(parents) > 100:
        return graph.topological_order(parents)
    taken = []
    while True:
        ready = [n for n in nodes(parents) if n not in taken and set(parents.get(n, [])) <= set(taken)]
        if not ready:
            return taken
        taken += ready[::-1]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (nothing_noticed, "put into the order like others"),
        (itself_alone, "lead through several"),
        (itself_let_in, "a cycle too, of one node"),
        (what_is_needed, "that no other node needs"),
        (what_can_be_taken, "left out without a word"),
    ],
)
def test_which_cycles_are_let_in_is_told(function, words):
    problem = next(
        r.problem
        for r in judged("topological_order", function).results
        if r.criterion == "a cycle is refused"
    )
    assert words in problem.cause
