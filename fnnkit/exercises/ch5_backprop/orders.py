"""What is wrong with the order of a graph's nodes, and why: the tests of `topological_order` (chapter 5).

A graph has many valid orders, so that a mistake gives other values to everybody who makes it. It is told by what all the
answers have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from fnnkit.judge.compare import show
from fnnkit.judge.criteria import raised_problem, refuses
from fnnkit.judge.exercise import Trial
from fnnkit.judge.verdict import Problem

Graph = dict[Any, list[Any]]

ENOUGH = 5
"""Fewer graphs may have something in common by chance."""

COUNTED_TWICE = (
    "only graphs in which a parent is listed twice stop with an error, and there is no cycle in them. Where parents are "
    "counted, such a parent has to count as often when it is taken off"
)
REACHED_AGAIN = (
    "a graph is refused where a node is reached a second time, by another way or from another start, and that is no cycle "
    "yet. Only a node that still waits for its own parents closes one: tell it from a node that is finished"
)
PARENT_OF_SEVERAL = (
    "only graphs in which a node is a parent of several are refused, and there is no cycle in them. Such a node counts for "
    "each of its children, and may be reached again from another one once it is finished"
)
BACK_TO_FRONT = (
    "the order is back to front: each node stands *before* its parents, as on the way back. Begin with the nodes that have "
    "no parents, or turn it round"
)
COMES_AGAIN = (
    "a node is put into the order again when another way leads to it, though it has been taken before. Remember which have "
    "been taken"
)
INPUTS_LEFT_OUT = (
    "only nodes with an entry of their own in `parents` were taken. The inputs have none, and belong into the order with "
    "all others"
)
ONE_PARENT_ENOUGH = (
    "each node comes after one of its parents, and does not wait for the others. It may be taken only when the last of them "
    "has been"
)
NOT_NOTICED = (
    "the nodes of a cycle were put into the order like others, though none of them can come after all its parents. A node "
    "that is reached while it still waits for its own parents closes a cycle: raise a ValueError there"
)
LEFT_OUT = (
    "nodes that can never be taken, those of a cycle and what needs them, are left out without a word. If nodes are left and "
    "none is ready, raise a ValueError"
)
ITSELF_ALONE = "only a node that is its own parent is refused. A cycle may lead through several nodes"
ITSELF_LET_IN = "a node that is its own parent is let through: that is a cycle too, of one node"
CYCLE_BESIDE = (
    "a cycle that no other node needs is not noticed: the search has not been there. Every node has to be looked at, wherever "
    "the search starts"
)


def in_order(trials: Sequence[Trial]) -> Problem | None:
    """Test that every node comes once, and after its parents; which of the valid orders it is does not matter."""
    for trial in trials:
        error = trial.given.error
        (parents,) = trial.case.args
        call = trial.written() if len(parents) < 30 else f"topological_order(…)  # {trial.case.why}"
        if error:
            problem = replace(raised_problem(trial, error), call=call)
            why = _why_refused(trials)
            return replace(problem, cause=why) if why else problem
        finding, step = fault(parents, trial.given.value)
        if finding:
            return Problem(
                "values",
                call=call,
                yours=show(trial.given.value),
                expected=f"such as {show(trial.expected.value)}",
                finding=finding,
                cause=_why_wrong(trials),
                step=step,
            )
    return None


def refused_cycles(trials: Sequence[Trial]) -> Problem | None:
    """Test that a graph with a cycle is a ValueError."""
    problem = refuses(
        "When nodes are left and none of them has all its parents, there is a cycle: `raise ValueError(…)`."
    )(trials)
    return replace(problem, cause=_why_let_in(trials)) if problem else None


def _refused(trial: Trial) -> bool:
    return trial.given.error is not None and trial.given.error.kind == "ValueError"


def _why_refused(trials: Sequence[Trial]) -> str:
    """Which graphs end in a ValueError, where all the others end in a right order; empty if they have nothing in common."""

    def only(where: Callable[[Graph], bool]) -> bool:
        return all(
            _refused(t)
            if where(t.case.args[0])
            else t.given.error is None and not fault(t.case.args[0], t.given.value)[0]
            for t in trials
        )

    if len(trials) < ENOUGH:
        return ""
    if only(_listed_twice):
        return COUNTED_TWICE
    if only(_reached_again) or only(_two_ways):
        return REACHED_AGAIN
    return PARENT_OF_SEVERAL if only(_parent_of_several) else ""


def _listed_twice(parents: Graph) -> bool:
    return any(len(set(its_parents)) < len(its_parents) for its_parents in parents.values())


def _parent_of_several(parents: Graph) -> bool:
    mentioned = [p for its_parents in parents.values() for p in its_parents]
    return len(set(mentioned)) < len(mentioned)


def _reached_again(parents: Graph) -> bool:
    """Whether a search from each node in turn, but those that it has seen, comes to a node that it has seen."""
    seen: set[Any] = set()
    return any(_meets(parents, start, seen) for start in parents if start not in seen)


def _two_ways(parents: Graph) -> bool:
    """Whether two ways lead from one node to another."""
    return any(_meets(parents, start, set()) for start in parents)


def _meets(parents: Graph, start: Any, seen: set[Any]) -> bool:
    """Whether the search from a node comes to one that has been seen; what it sees is added."""
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node in seen:
            return True
        seen.add(node)
        waiting += parents.get(node, [])
    return False


def _why_wrong(trials: Sequence[Trial]) -> str:
    """What the orders of all graphs have in common, and one of them has that is wrong; empty if it is nothing known."""
    orders = [(t.case.args[0], t.given.value) for t in trials]
    known = all(t.given.error is None and _names(t.given.value) for t in trials)
    if not known or len(trials) < ENOUGH:
        return ""
    repairs: tuple[tuple[str, Callable[[Graph, list[Any]], list[Any]]], ...] = (
        (BACK_TO_FRONT, lambda _, order: order[::-1]),
        (COMES_AGAIN, lambda _, order: list(dict.fromkeys(order))),
        (
            INPUTS_LEFT_OUT,
            lambda parents, order: [p for p in _nodes(parents) if p not in parents] + order,
        ),
    )
    for words, repair in repairs:
        if all(not fault(parents, repair(parents, list(order)))[0] for parents, order in orders):
            return words
    return ONE_PARENT_ENOUGH if all(_after_one_parent(*pair) for pair in orders) else ""


def _names(order: Any) -> bool:
    return isinstance(order, list | tuple) and all(isinstance(node, str | int) for node in order)


def _nodes(parents: Graph) -> list[Any]:
    return list(dict.fromkeys([*parents, *(p for its_parents in parents.values() for p in its_parents)]))


def _after_one_parent(parents: Graph, order: Sequence[Any]) -> bool:
    """Whether all nodes are there once, each after one parent at least."""
    place = {node: i for i, node in enumerate(order)}
    return sorted(order, key=str) == sorted(_nodes(parents), key=str) and all(
        any(place[p] < place[node] for p in its_parents)
        for node, its_parents in parents.items()
        if its_parents
    )


def _why_let_in(trials: Sequence[Trial]) -> str:
    """What the graphs with a cycle that are not refused have in common; empty if it is nothing known."""
    let_in = [t for t in trials if not _refused(t)]
    pairs = [(t.case.args[0], t.given.value) for t in let_in]
    if any(t.given.error for t in let_in) or not all(_names(order) for _, order in pairs):
        return ""
    itself = [any(node in its for node, its in t.case.args[0].items()) for t in trials]
    refused = [_refused(t) for t in trials]
    if refused == itself:
        return ITSELF_ALONE
    if [not r for r in refused] == itself:
        return ITSELF_LET_IN
    alone = [_without_way_out(t.case.args[0]) for t in trials]
    if [not r for r in refused] == alone and not any(_cycle_in(*pair) for pair in pairs):
        return CYCLE_BESIDE
    if any(refused):
        return ""
    if all(set(order) == set(_nodes(parents)) for parents, order in pairs):
        return NOT_NOTICED
    return LEFT_OUT if all(set(order) == _can_be_taken(parents) for parents, order in pairs) else ""


def _without_way_out(parents: Graph) -> bool:
    """Whether some nodes do not come before any node that nobody needs: those of a cycle beside the rest."""
    needed = {p for its_parents in parents.values() for p in its_parents}
    waiting = [node for node in parents if node not in needed]
    before = set(waiting)
    while waiting:
        found = set(parents.get(waiting.pop(), [])) - before
        before |= found
        waiting += found
    return len(before) < len(_nodes(parents))


def _cycle_in(parents: Graph, order: Sequence[Any]) -> bool:
    """Whether an order names a node that needs a cycle."""
    return not set(order) <= _can_be_taken(parents)


def _can_be_taken(parents: Graph) -> set[Any]:
    """The nodes that need no cycle."""
    taken = {node for node in _nodes(parents) if not parents.get(node)}
    while True:
        ready = {node for node in parents if node not in taken and taken.issuperset(parents[node])}
        if not ready:
            return taken
        taken |= ready


def fault(parents: Graph, order: Any) -> tuple[str, str]:
    """What is wrong with an order, and what to do; two empty texts if nothing is."""
    if order is None:
        return "nothing is returned", "End the function with a `return` line."
    if not isinstance(order, list | tuple):
        return f"the result is of type {type(order).__name__}", "Return a list of the nodes."
    nodes = {*parents, *(p for its_parents in parents.values() for p in its_parents)}
    place: dict[Any, int] = {}
    for node in order:
        if not isinstance(node, str | int) or node not in nodes:
            return f"{show(node)} is no node of the graph", "Take the names as they are."
        if node in place:
            return (
                f"{node!r} is there twice",
                "A node belongs into the order once: look whether it is there already.",
            )
        place[node] = len(place)
    missing = [node for node in nodes if node not in place]
    if missing:
        lost = sorted(missing, key=str)[0]
        inputs = lost not in parents
        return (
            f"{lost!r} is not there" + (": it has no parents, and occurs only as one" if inputs else ""),
            "All nodes belong into the order, the inputs first among them."
            if inputs
            else "Go on until every node has found its place.",
        )
    for node, its_parents in parents.items():
        for parent in its_parents:
            if place[parent] > place[node]:
                return (
                    f"{node!r} comes before its parent {parent!r}",
                    f"When `{node}` is taken, the value of `{parent}` is not there yet: take a node only when all its parents "
                    "have been taken.",
                )
    return "", ""
