"""Flow graphs for this chapter's cases: diamonds and skip connections, in which order and sums matter."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit.exercises.drawing import both_signs

DIAMOND_WITH_SKIP = {"a": ["x"], "b": ["x"], "c": ["a", "b"], "y": ["c", "x"]}
"""Two ways from x to c, and a third past it to y."""

LADDER = {"a": ["x"], "b": ["a"], "y": ["b", "x", "a"]}
"""A chain with two skip connections: a node's distance from x does not tell when it can be computed."""

TWO_INPUTS = {"s": ["u", "v"], "t": ["s", "v"], "r": ["u"], "y": ["t", "s", "r"]}
"""Two inputs, both used twice."""

TWICE = {
    "a": ["x"],
    "y": ["x", "s", "x"],
    "s": ["a", "a"],
    "z": ["w", "t", "w"],
    "b": ["w"],
    "t": ["b", "b"],
}
"""Parents that are listed twice, y after and z before what else can be taken: whoever takes them one parent early, first
come first or last come first, is too early at one of them."""

ONE_WAY = {
    "a chain": {"y": ["b", "v"], "b": ["a", "u"], "a": ["x"]},
    "a node that is written down before its child": {"b": ["x"], "y": ["b", "v"]},
    "a parent of two nodes": {"y": ["a"], "z": ["a"], "a": ["x"]},
}
"""Graphs in which from no node two ways lead back to another: they tell why whoever refuses a graph without a cycle does."""

GRAPHS: tuple[dict[str, list[str]], ...] = (DIAMOND_WITH_SKIP, LADDER, TWO_INPUTS)


def shuffled(rng: np.random.Generator, parents: dict[Any, list[Any]]) -> dict[Any, list[Any]]:
    """The same graph, its nodes written down in another order."""
    names = list(parents)
    return {names[i]: list(parents[names[i]]) for i in rng.permutation(len(names))}


def wide(rng: np.random.Generator, layers: int) -> dict[str, list[str]]:
    """Layers of two nodes each that see both nodes of the layer below: 2 ** layers paths."""
    parents: dict[str, list[str]] = {"l1": ["x"], "r1": ["x"]}
    for i in range(2, layers + 1):
        parents[f"l{i}"] = [f"l{i - 1}", f"r{i - 1}"]
        parents[f"r{i}"] = [f"r{i - 1}", f"l{i - 1}"]
    parents["y"] = [f"l{layers}", f"r{layers}"]
    return parents


def local_derivatives(rng: np.random.Generator, parents: dict[Any, list[Any]]) -> dict[Any, list[float]]:
    """One number a parent, none equal to another of the same node."""
    return {
        node: [
            float(v) for v in both_signs(rng, len(its_parents), low=0.5) + 0.01 * np.arange(len(its_parents))
        ]
        for node, its_parents in parents.items()
    }
