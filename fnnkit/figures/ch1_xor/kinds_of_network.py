"""A chain of layers, and what one connection back makes of it (chapter 1)."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib.collections import LineCollection

from fnnkit.arguments import Float
from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, in_own_style, slider, toggle

INPUTS = np.array([1.0, -0.5])
MOST_LAYERS, MOST_UNITS, STEPS = 5, 5, 12
BACK = -2.5
"""Weight of the connection back to the unit itself: strong enough that its value never comes to rest."""
TURN = np.linspace(-0.35 * np.pi, 1.27 * np.pi, 60)
LOOP = 0.28 * np.cos(TURN), 0.4 + 0.3 * np.sin(TURN)
"""The connection back, drawn from the middle of its unit."""


def sizes(depth: int, width: int) -> list[int]:
    """Numbers of inputs, of units of each hidden layer, and of outputs."""
    return [len(INPUTS), *[width] * (depth - 1), 1]


def weights(depth: int, width: int) -> list[Float]:
    """Random weights, the same at each call."""
    rng = np.random.default_rng(2)
    drawn: list[Float] = [rng.normal(0.0, 1.5 / np.sqrt(a), (a, b)) for a, b in pairwise(sizes(depth, width))]
    return drawn


def through_time(depth: int, width: int, feedback: bool) -> list[list[Float]]:
    """Values of all layers after each step, in which every unit computes from the values that it sees before.

    The connection back goes from the first unit of the first layer to itself.
    """
    layers = [INPUTS, *(np.zeros(n) for n in sizes(depth, width)[1:])]
    each, states = weights(depth, width), [layers]
    for _ in range(STEPS):
        sums = [H @ W for H, W in zip(layers, each, strict=False)]
        if feedback:
            sums[0] = sums[0] + BACK * np.eye(len(sums[0]))[0] * layers[1]
        layers = [INPUTS, *map(np.tanh, sums)]
        states.append(layers)
    return states


def last_change(states: list[list[Float]]) -> int:
    """The last step at which a unit's value changes."""
    moved = [
        any(not np.allclose(a, b, atol=1e-9) for a, b in zip(*pair, strict=True)) for pair in pairwise(states)
    ]
    return max((k + 1 for k, any_moved in enumerate(moved) if any_moved), default=0)


@in_own_style
def kinds_of_network() -> Shown:
    """A network of layers, its depth and width, and one connection that goes back.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Neural Network: Types" and "Feedforward Neural Networks"; Goodfellow, Bengio, Courville (2016), chapter 6.
    """
    figure = LiveFigure(9.6, 3.9)
    graph, time = figure.figure.subplots(1, 2, width_ratios=(1.35, 1.0))
    graph.set(xlim=(-0.5, MOST_LAYERS + 0.6), ylim=(-2.9, 2.9), xticks=[], yticks=[])
    graph.set_title("who computes from whom", fontsize=11)
    for side in graph.spines.values():
        side.set_visible(False)
    lines = figure.changing(graph.add_collection(LineCollection([], colors=GREY, linewidths=0.9, zorder=1)))
    units = figure.changing(
        graph.scatter(
            [], [], s=260, c=[], cmap="coolwarm", vmin=-1, vmax=1, edgecolors="black", linewidths=1, zorder=3
        )
    )
    names = figure.changing(
        [graph.text(x, -2.75, "", ha="center", fontsize=9) for x in range(MOST_LAYERS + 1)]
    )
    (loop,) = figure.changing(graph.plot([], [], color=ORANGE, linewidth=2.2, linestyle="--", zorder=2))
    (head,) = figure.changing(graph.plot([], [], color=ORANGE, marker=(3, 0, 235), markersize=11, zorder=4))
    time.set(
        xlim=(-0.4, STEPS + 0.4),
        ylim=(-1.08, 1.08),
        xlabel="step",
        ylabel="output",
        xticks=range(0, STEPS + 1, 2),
    )
    time.set_title("the output, step by step", fontsize=11)
    time.grid(color="#dddddd", linewidth=0.6)
    (curve,) = figure.changing(time.plot([], [], "o-", color=BLUE, markersize=5, clip_on=False))
    (at,) = figure.changing(time.plot([], [], color=GREY, linewidth=1, linestyle=":"))

    def update(depth: int, width: int, feedback: bool, step: int) -> str:
        states = through_time(depth, width, feedback)
        apart = MOST_LAYERS / depth
        places = [
            [(apart * x, y) for y in 0.95 * ((n - 1) / 2 - np.arange(n))]
            for x, n in enumerate(sizes(depth, width))
        ]
        lines.set_segments([(a, b) for one, two in pairwise(places) for a in one for b in two])
        units.set_offsets([place for column in places for place in column])
        units.set_array(np.concatenate(states[step]))
        said = ["inputs", *(f"hidden {layer}" for layer in range(1, depth)), "output"]
        for layer, text in enumerate(names):
            text.set_text(said[layer] if layer <= depth else "")
            text.set_x(apart * layer)
        x, y = places[1][0]
        loop.set_data(*([x + LOOP[0], y + LOOP[1]] if feedback else [[], []]))
        head.set_data(*([x + LOOP[0][-1:], y + LOOP[1][-1:]] if feedback else [[], []]))
        outputs = [float(layers[-1][0]) for layers in states]
        curve.set_data(range(STEPS + 1), outputs)
        at.set_data([step, step], [-1.0, 1.0])
        rest = last_change(states)
        figure.facts(hidden=(depth - 1) * width, rests=rest < STEPS)
        return _in_words(depth, width, feedback, step, rest, outputs[step])

    figure.handle("step that is shown", time, x="step", at=-0.9)
    figure.press(time, lambda x, y, v: {"step": x})
    figure.predict(
        "The first hidden unit gets one more input: its own value of the step before. After how many steps do all units have "
        "their last values?", ("after 3, as before", "after 4", "never"), "never",
        "Its value changes its value: the graph has a cycle, and there is no order in which every unit is computed once. Here "
        "it swings for ever; with a weaker connection it would settle, but in no fixed number of steps.",
        feedback=True, step=STEPS,
    )  # fmt: skip
    figure.goal("a chain of five functions", lambda s: s.depth == MOST_LAYERS, depth=MOST_LAYERS)
    figure.goal("20 hidden units", lambda s: s.hidden == 20, depth=5, width=5)
    figure.goal("values that never come to rest", lambda s: not s.rests, feedback=True)
    figure.play("step", rate=3.0)
    return figure.live(
        update, depth=slider("depth", 3, 1, MOST_LAYERS), width=slider("width", 4, 1, MOST_UNITS),
        feedback=toggle("a connection back"), step=slider("step", 3, 0, STEPS),
        help="Colours are values from −1, blue, to 1, red. In each step every unit computes from what it sees.",
    )  # fmt: skip


def _in_words(depth: int, width: int, feedback: bool, step: int, rest: int, output: float) -> str:
    inner = "x"
    for layer in range(1, depth + 1):
        inner = f"f{str(layer).translate(str.maketrans('12345', '¹²³⁴⁵'))}({inner})"
    hidden = (
        "no hidden layer"
        if depth == 1
        else f"1 hidden layer of {width}"
        if depth == 2
        else f"{depth - 1} hidden layers of {width}"
    )
    if not feedback:
        ends = f"No connection goes back: each unit is computed once, and after {depth} step{'s' * (depth > 1)} nothing changes."
        return f"y = {inner}: depth {depth}, {hidden}. {ends} Output after step {step}: {output:.2f}."
    ends = "it goes on changing" if rest == STEPS else f"it changes until step {rest}"
    return (
        f"Depth {depth}, {hidden}, and a unit that sees its own last value: a cycle. The network has a state, and {ends}. "
        f"Output after step {step}: {output:.2f}."
    )
