"""`path_sum`: the chain rule over all paths, without walking them all (chapter 5)."""

from __future__ import annotations

import numpy as np

from fnnkit import graph
from fnnkit.exercises.ch5_backprop.graphs import GRAPHS, local_derivatives
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

PATHS, SPECIAL, MANY = "products along paths, summed", "parallel edges, no path, no way to go", "2⁶⁰ paths"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``path_sum(edges, source, target)``; the edges come in an order of chance."""

    def edges_of(parents: dict[str, list[str]]) -> list[tuple[str, str, float]]:
        local = local_derivatives(rng, parents)
        edges = [(p, node, s) for node, ps in parents.items() for p, s in zip(ps, local[node], strict=True)]
        return [edges[i] for i in rng.permutation(len(edges))]

    diamond, ladder, two = (edges_of(parents) for parents in GRAPHS)
    a, b, c, e = (float(v) for v in both_signs(rng, 4, low=0.5) + np.array([0.0, 0.01, 0.02, 0.03]))
    parallel = [("x", "s", a), ("s", "y", b), ("x", "s", c), ("x", "y", e)]
    diamonds: list[tuple[str, str, float]] = []
    for i in range(60):
        up = float(np.round(rng.uniform(0.3, 0.7), 2))
        sign = float(rng.choice([-1.0, 1.0]))
        for name, slope in (
            ("l", sign * up),
            ("r", sign * round(int(rng.integers(96, 105)) / 100 - up, 2)),
        ):
            diamonds += [(f"n{i}", f"{name}{i}", slope), (f"{name}{i}", f"n{i + 1}", 1.0)]
    mixed = [diamonds[i] for i in rng.permutation(len(diamonds))]
    side = [*diamond, ("y", "z", e)]
    return [
        Case((diamond, "x", "y"), PATHS),
        Case((ladder, "x", "y"), PATHS),
        Case((two, "u", "y"), PATHS),
        Case((two, "v", "y"), PATHS),
        Case((side, "x", "c"), PATHS, "the target is not the last node"),
        Case((edges_of({"a": ["x"], "b": ["a"], "y": ["b"]}), "x", "y"), PATHS, "a single path"),
        Case((parallel, "x", "y"), SPECIAL, "two edges from x to s"),
        Case((two, "r", "t"), SPECIAL, "no path leads there"),
        Case((two, "y", "u"), SPECIAL, "against the direction of the edges"),
        Case((diamond, "a", "a"), SPECIAL, "source and target are one: the empty path"),
        Case(([("x", "a", 0.0), ("a", "y", b), ("x", "y", c)], "x", "y"), SPECIAL, "a derivative is 0"),
        Case((mixed, "n0", "n60"), MANY, "sixty diamonds in a row"),
    ]


def each_node_once(edges, source, target):
    """A set of visited nodes: the second way to a node is not taken."""
    total, seen = {source: 1.0}, {source}
    waiting = [source]
    while waiting:
        node = waiting.pop(0)
        for start, end, slope in edges:
            if start == node and end not in seen:
                seen.add(end)
                total[end] = total[node] * slope
                waiting.append(end)
    return total.get(target, 0.0)


def sums_along_the_path(edges, source, target):
    """Derivatives are added along a path."""
    total = {source: 0.0}
    for _ in range(200):
        new = {source: 0.0}
        for start, end, slope in edges:
            if start in total and end != source:
                new[end] = new.get(end, 0.0) + total[start] + slope
        if new == total:
            break
        total = new
    return total.get(target, 0.0)


def number_of_paths(edges, source, target):
    """Derivatives are not used."""
    count = {source: 1}
    for _ in range(200):
        new = {source: 1}
        for start, end, _slope in edges:
            if end != source:
                new[end] = new.get(end, 0) + count.get(start, 0)
        if new == count:
            break
        count = new
    return float(count.get(target, 0))


def products_where_paths_meet(edges, source, target):
    """Times for plus."""
    known = {target: 1.0}

    def visit(node):
        if node not in known:
            leaving = [slope * visit(end) for start, end, slope in edges if start == node]
            known[node] = float(np.prod(leaving)) if leaving else 0.0
        return known[node]

    return visit(source)


def one_edge_between_two_nodes(edges, source, target):
    """A dictionary of pairs: a parallel edge replaces the one before."""
    slope = {(start, end): s for start, end, s in edges}
    total = {source: 1.0}
    for _ in range(200):
        new = {source: 1.0}
        for (start, end), s in slope.items():
            if end != source:
                new[end] = new.get(end, 0.0) + total.get(start, 0.0) * s
        if new == total:
            break
        total = new
    return total.get(target, 0.0)


def edges_as_they_come(edges, source, target):
    """One pass in the order of the list."""
    total = {source: 1.0}
    for start, end, slope in edges:
        if start in total:
            total[end] = total.get(end, 0.0) + total[start] * slope
    return total.get(target, 0.0)


def nothing_for_the_empty_path(edges, source, target):
    """source = target gives 0."""
    if source == target:
        return 0.0
    total = {source: 1.0}
    for _ in range(200):
        new = {source: 1.0}
        for start, end, slope in edges:
            if end != source:
                new[end] = new.get(end, 0.0) + total.get(start, 0.0) * slope
        if new == total:
            break
        total = new
    return total.get(target, 0.0)


def product_of_all_edges(edges, source, target):
    """Everything is multiplied."""
    product = 1.0
    for _start, _end, slope in edges:
        product *= slope
    return product


def largest_path(edges, source, target):
    """The best of the paths."""
    best = {source: 1.0}
    for _ in range(130):
        new = {source: 1.0}
        for start, end, slope in edges:
            if start in best and end != source:
                new[end] = max(new.get(end, -np.inf), best[start] * slope)
        if new == best:
            break
        best = new
    return float(best.get(target, 0.0))


def first_path_only(edges, source, target):
    """Follows the first edge at each node."""
    out = {}
    for start, end, slope in edges:
        out.setdefault(start, []).append((end, slope))
    node, product = source, 1.0
    while node != target:
        if node not in out:
            return 0.0
        node, slope = out[node][0]
        product *= slope
    return product


def edges_once_from_the_end(edges, source, target):
    """One pass in the order of the list, backwards."""
    total = {source: 1.0}
    for start, end, slope in edges[::-1]:
        if start in total:
            total[end] = total.get(end, 0.0) + total[start] * slope
    return total.get(target, 0.0)


def paths_of_two_edges_at_most(edges, source, target):
    """The direct edge, and over one node."""
    direct = {}
    for start, end, slope in edges:
        direct[start, end] = direct.get((start, end), 0.0) + slope
    if source == target:
        return 1.0
    total = direct.get((source, target), 0.0)
    for (start, end), slope in direct.items():
        if start == source:
            total += slope * direct.get((end, target), 0.0)
    return total


def direct_edges_alone(edges, source, target):
    """Only the edges from source to target."""
    if source == target:
        return 1.0
    return float(sum(slope for start, end, slope in edges if (start, end) == (source, target)))


def one_for_no_path(edges, source, target):
    """1 in the place of 0."""
    total = {source: 1.0}
    for _ in range(200):
        new = {source: 1.0}
        for start, end, slope in edges:
            if end != source:
                new[end] = new.get(end, 0.0) + total.get(start, 0.0) * slope
        if new == total:
            break
        total = new
    reached, waiting = {source}, [source]
    while waiting:
        node = waiting.pop()
        for start, end, _slope in edges:
            if start == node and end not in reached:
                reached.add(end)
                waiting.append(end)
    return total.get(target, 0.0) if target in reached else 1.0


def both_directions(edges, source, target):
    """Edges are used backwards if need be."""

    def forward(a, b):
        total = {a: 1.0}
        for _ in range(200):
            new = {a: 1.0}
            for start, end, slope in edges:
                if end != a:
                    new[end] = new.get(end, 0.0) + total.get(start, 0.0) * slope
            if new == total:
                break
            total = new
        return total.get(b, 0.0)

    return forward(source, target) or forward(target, source)


def mean_of_the_paths(edges, source, target):
    """Divided by the number of paths."""
    total, count = {source: 1.0}, {source: 1}
    for _ in range(200):
        new, many = {source: 1.0}, {source: 1}
        for start, end, slope in edges:
            if end != source:
                new[end] = new.get(end, 0.0) + total.get(start, 0.0) * slope
                many[end] = many.get(end, 0) + count.get(start, 0)
        if (new, many) == (total, count):
            break
        total, count = new, many
    return total.get(target, 0.0) / max(count.get(target, 0), 1)


EXERCISE = Exercise(
    name="path_sum",
    chapter="ch5_backprop",
    reference=graph.path_sum,
    cases=cases,
    criteria=(
        Criterion(PATHS, 0.75, agrees()),
        Criterion(SPECIAL, 0.25, agrees()),
        Criterion(MANY, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            each_node_once,
            "each node was taken once, by the first way that led there. The other ways count too: contributions "
            "add up.",
        ),
        Misconception(
            sums_along_the_path, "along a path the derivatives are *multiplied*; the sum is over the paths."
        ),
        Misconception(
            number_of_paths, "this is the number of paths: the derivatives on the edges are not used."
        ),
        Misconception(
            products_where_paths_meet,
            "the paths that leave a node were multiplied with each other. Along one path derivatives are multiplied; "
            "different paths add up.",
        ),
        Misconception(
            one_edge_between_two_nodes,
            "of two edges between the same nodes only the last was kept, as a dictionary does. They are two "
            "paths: add them.",
        ),
        Misconception(
            edges_as_they_come,
            "the edges were used in the order of the list. A node may pass on its sum only when all edges into "
            "it have arrived.",
        ),
        Misconception(
            nothing_for_the_empty_path,
            "from a node to itself leads the empty path, whose product is 1: a node's derivative with respect to "
            "itself.",
        ),
        Misconception(
            product_of_all_edges,
            "all derivatives were multiplied. Only those along one path belong together.",
        ),
        Misconception(largest_path, "this is the largest of the products. The chain rule adds them."),
        Misconception(
            first_path_only,
            "only one path was followed, along the first edge at each node. Every path counts: their products "
            "add up.",
        ),
        Misconception(
            edges_once_from_the_end,
            "the edges were used in the order of the list, from its end. A node may pass on its sum only when all edges "
            "into it have arrived.",
        ),
        Misconception(
            paths_of_two_edges_at_most,
            "only paths of one or two edges were added. A path may be of any length.",
        ),
        Misconception(
            direct_edges_alone,
            "only edges that lead directly from `source` to `target` were added. Paths over other nodes count too.",
        ),
        Misconception(
            one_for_no_path,
            "where no path leads there is nothing to add: the sum is 0, and not the 1 of an empty product.",
        ),
        Misconception(
            both_directions,
            "edges were used against their direction. They lead one way only: against it there is no path.",
        ),
        Misconception(
            mean_of_the_paths,
            "the paths were averaged. The chain rule adds them.",
        ),
    ),
    minutes=12,
    difficulty=3,
    core=False,
)
