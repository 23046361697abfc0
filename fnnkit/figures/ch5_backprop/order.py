"""The way back through a graph, node by node; what was passed on too early is red (chapter 5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.patches import FancyArrowPatch

from fnnkit import graph as graphs
from fnnkit.figures.engine.guard import Undrawable
from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, dropdown, in_own_style, slider

START = "x→a x→b a→c b→c c→y x→y"
GRAPHS = {
    "diamond with a skip": START,
    "chain": "x→a a→b b→y",
    "ladder with skips": "x→a a→b b→y x→y a→y",
    "two diamonds": "x→a x→b a→c b→c c→d c→e d→y e→y",
}
EDGE = re.compile(r"\s*([A-Za-z]\w{0,3})\s*(?:→|->|>)\s*([A-Za-z]\w{0,3})\s*[,;]?")
RED = "#C62828"


def parsed(text: str) -> list[tuple[str, str]]:
    """Edges of a graph written as "x→a a→y"; ``>`` will do for the arrow."""
    edges = EDGE.findall(text)
    if EDGE.sub("", text).strip() or not edges:
        raise Undrawable(
            "The graph should be edges such as x>a a>y: two names and an arrow, with spaces between."
        )
    if len(edges) > 20:
        raise Undrawable("Twenty edges are as many as this picture holds.")
    return edges


def layout(edges: list[tuple[str, str]]) -> tuple[dict[str, list[str]], dict[str, tuple[float, float]]]:
    """Parents of every computed node, and a place for every node: columns by the longest way from an input."""
    parents: dict[str, list[str]] = {}
    for a, b in edges:
        parents.setdefault(b, []).append(a)
    nodes = list(dict.fromkeys(n for edge in edges for n in edge))
    column = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for a, b in edges:
            column[b] = min(max(column[b], column[a] + 1), len(nodes))
    places = {}
    for c in set(column.values()):
        members = [n for n in nodes if column[n] == c]
        for i, n in enumerate(members):
            places[n] = (float(c), (len(members) - 1) / 2 - i + 0.22 * (-1) ** c)
    return parents, places


def half(places: dict[str, tuple[float, float]]) -> float:
    """Half the height of the picture: an inch across is an inch upwards, if there is room for all nodes."""
    width = max(x for x, _ in places.values())
    return max(0.22 * (width + 1), max(abs(y) for _, y in places.values()) + 0.45)


def apart(axes: Any, ends: list[Any], bends: list[float], nodes: list[Any]) -> list[tuple[float, float]]:
    """A place on each bent edge for its number, as far as can be from nodes, other edges and other numbers."""
    t = np.linspace(0.0, 1.0, 41)[:, None]
    curves = []
    for (a, b), bend in zip(
        axes.transData.transform(np.reshape(ends, (-1, 2))).reshape(-1, 2, 2), bends, strict=True
    ):
        control = (a + b) / 2 + bend * np.array([b[1] - a[1], a[0] - b[0]])
        curves.append((1 - t) ** 2 * a + 2 * t * (1 - t) * control + t**2 * b)
    chosen: list[Any] = []
    for i, curve in enumerate(curves):
        near = np.concatenate([axes.transData.transform(nodes), *chosen, *curves[:i], *curves[i + 1 :]])
        inner = curve[10:31]  # its ends are near other edges anyway
        free = np.sqrt(((inner[:, None] - near) ** 2).sum(axis=2)).min(axis=1)
        middle = np.abs(np.arange(len(inner)) - 10)
        chosen.append(inner[[np.argmax(np.minimum(free, 30.0) - 0.4 * middle)]])
    return [tuple(place) for place in axes.transData.inverted().transform(np.concatenate(chosen))]


@in_own_style
def order(topological_order: Callable[..., Any], flow_graph_backward: Callable[..., Any]) -> Shown:
    """Reverse accumulation along the student's order.

    Parameters
    ----------
    topological_order : callable
        ``topological_order(parents)`` gives the order; its reverse is walked.
    flow_graph_backward : callable
        ``flow_graph_backward(order, parents, local, output)`` gives the derivatives that stand at the end.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Backpropagation in General Flow Graph".
    """
    figure = LiveFigure(9.0, 4.4, layout=None)
    axes = figure.figure.add_axes((0.01, 0.02, 0.98, 0.9), xticks=[], yticks=[])
    axes.set_title("each number: what has arrived at a node by now")
    drawn: list[Any] = []

    def update(
        topological_order: Any, flow_graph_backward: Any, step: int, graph: str, edges: str, picked: str
    ) -> tuple[str, str]:
        chosen = parsed(edges or GRAPHS[graph])
        parents, places = layout(chosen)
        found = topological_order({node: list(its) for node, its in parents.items()})
        if not isinstance(found, list | tuple) or not all(isinstance(n, str) for n in found):
            raise Undrawable(
                "Your topological_order cannot be drawn: it should return a list of names. Its check says more."
            )
        listed = [n for n in found if n in places]
        output = next((n for n in places if all(n != a for a, _ in chosen)), listed[-1] if listed else "")
        # A derivative for every edge, read off its place: 2, -1, 3, 1, 2, ...
        slopes = (2.0, -1.0, 3.0, 1.0)
        local: dict[str, list[float]] = {n: [] for n in parents}
        where: dict[tuple[str, int], float] = {}
        for i, (_, b) in enumerate(chosen):
            where[b, len(local[b])] = slopes[i % 4]
            local[b].append(slopes[i % 4])
        arrived = dict.fromkeys(places, 0.0)
        arrived[output] = 1.0
        passed: dict[str, float] = {}
        for node in listed[::-1][:step]:
            passed[node] = arrived[node]
            for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
                arrived[parent] += slope * arrived[node]
        stale = [n for n, value in passed.items() if abs(arrived[n] - value) > 1e-12]
        for artist in drawn:
            artist.remove()
        drawn.clear()
        width = max(x for x, _ in places.values())
        high = half(places)
        axes.set(xlim=(-0.5, width + 0.5), ylim=(-high, high))
        counts: dict[tuple[str, str], int] = {}
        bends = []
        for edge in chosen:
            counts[edge] = counts.get(edge, 0) + 1
            bends.append(0.18 * counts[edge])
        labels = apart(axes, [(places[a], places[b]) for a, b in chosen], bends, list(places.values()))
        index = dict.fromkeys(parents, 0)
        for (a, b), bend, at in zip(chosen, bends, labels, strict=True):
            used = b in passed
            arrow = FancyArrowPatch(
                places[a], places[b], connectionstyle=f"arc3,rad={bend}", arrowstyle="-|>", mutation_scale=14,
                shrinkA=17, shrinkB=17, color=(RED if b in stale else BLUE) if used else GREY, linewidth=2 if used else 1,
            )  # fmt: skip
            drawn.append(axes.add_patch(arrow))
            number = where[b, index[b]]
            index[b] += 1
            drawn.append(axes.text(*at, f"{number:g}", fontsize=9, ha="center", va="center",
                                   bbox={"boxstyle": "round,pad=.12", "facecolor": "white", "edgecolor": "none"}))  # fmt: skip
        for n, (x, y) in places.items():
            colour = RED if n in stale else BLUE if n in passed else "white"
            drawn.append(axes.scatter([x], [y], s=900, color=colour, edgecolors=ORANGE if n == picked else "black",
                                      linewidths=3 if n == picked else 1, zorder=3))  # fmt: skip
            ink = "white" if n in passed else "black"
            drawn.append(
                axes.text(
                    x, y, f"{n}\n{arrived[n]:g}", fontsize=9, ha="center", va="center", color=ink, zorder=4
                )
            )
        complete = step >= len(listed) and set(listed) == set(places)
        yours: dict[str, float] = {}
        if complete:
            given = flow_graph_backward(graphs.topological_order(parents), parents, local, output)
            if not isinstance(given, dict) or not all(n in given for n in places):
                raise Undrawable(
                    "Your flow_graph_backward cannot be drawn: it should return a dictionary with every node. Its check says "
                    "more."
                )
            yours = {n: float(given[n]) for n in places}
        figure.facts(stale=len(stale), nodes=len(places), edges=len(chosen), complete=complete)
        walked = ", ".join(listed[::-1][:step]) or "nobody yet"
        told = "; ".join(
            f"{n} had passed on {passed[n]:g}, and {arrived[n]:g} has arrived by now" for n in stale
        )
        said = f"Your order: {', '.join(listed)}. Visited from the end: {walked}." + (
            f" Too early: {told}." if told else ""
        )
        if complete:
            numbers = ", ".join(f"{n} {v:g}" for n, v in yours.items())
            said += f" Your flow_graph_backward says {numbers}." if yours else ""
        now = ", ".join(f"{n} {v:g}" for n, v in arrived.items())
        return (
            said,
            f"A graph with the edges {', '.join(f'{a} to {b}' for a, b in chosen)}. Arrived by now: {now}. {said}",
        )

    def where_is(x: float, y: float, v: dict[str, Any]) -> str:
        _, places = layout(parsed(v["edges"] or GRAPHS[v["graph"]]))
        return min(places, key=lambda n: (places[n][0] - x) ** 2 + (places[n][1] - y) ** 2)

    def press(x: float, y: float, v: dict[str, Any]) -> dict[str, Any]:
        """First click: a node. Second click: an edge from the first to it appears, or goes."""
        node = where_is(x, y, v)
        if not v["picked"]:
            return {"picked": node}
        text = v["edges"] or GRAPHS[v["graph"]]
        edges = parsed(text)
        pair = (v["picked"], node)
        if pair in edges:
            edges.remove(pair)
        elif pair[0] != pair[1]:
            edges.append(pair)
        return {"picked": "", "edges": " ".join(f"{a}→{b}" for a, b in edges) or text}

    def current(v: dict[str, Any]) -> tuple[float, float]:
        _, places = layout(parsed(v["edges"] or GRAPHS[v["graph"]]))
        return (max(x for x, _ in places.values()) + 0.35) * (1 - v["step"] / 12), -0.9 * half(places)

    def step_of(x: float, y: float, v: dict[str, Any]) -> dict[str, int]:
        return {"step": min(max(round(12 * (1 - x / current({**v, "step": 0})[0])), 0), 12)}

    figure.handle(
        "how far the way back has gone", axes, shape="diamond", place=current, values=step_of, free="x"
    )
    figure.press(axes, press)
    figure.predict(
        "The diamond: two ways from x to c, and a third past it to y. How often does c pass on its number on the way back?",
        ("once", "twice: it has two parents", "three times"),
        "once",
        "Everything that comes from y has arrived when its turn comes. It passes on once, to each of its parents.",
        step=2,
    )
    figure.goal("all the way back, nobody red", lambda s: s.complete and s.stale == 0 and s.step > 0, step=12)
    figure.goal("a graph of your own with seven nodes or more", lambda s: s.nodes >= 7,
                edges="x→a x→b a→c b→c c→d c→e d→y e→y")  # fmt: skip
    figure.mistakes("children_first", "by_distance_from_the_inputs", "overwritten")
    figure.play("step", rate=1)
    return figure.live(
        update, topological_order, flow_graph_backward, exercises=("topological_order", "flow_graph_backward"),
        help="Click on two nodes: an edge from the first to the second appears, or goes. New nodes: write edges, x>a a>y.",
        step=slider("step back", 0, 0, 12), graph=dropdown("graph", list(GRAPHS)),
        edges=widgets.Text(value="", description="edges", continuous_update=False, placeholder="or your own: x>a a>y"),
        picked=widgets.Text(value="", description="picked", layout={"display": "none"}),
    )  # fmt: skip
