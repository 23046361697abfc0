"""Networks with one hidden layer, built for a target: stairs of sigmoids or straight pieces of ReLUs (chapter 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.collections import LineCollection

from fnnkit.arguments import Float
from fnnkit.figures.ch4_universal_approximation.targets import TARGETS, units, value
from fnnkit.figures.engine.live import (
    BLUE,
    GREY,
    ORANGE,
    LiveFigure,
    Shown,
    checked,
    dropdown,
    in_own_style,
    slider,
)

BY_HAND, STAIRS, STRAIGHT = "ReLUs through my knots", "stairs of sigmoids", "ReLUs through equal knots"
OWN = "my own drawing"
POINTS = 1201
X = np.linspace(0.0, 1.0, POINTS)
MOST = 80
KNOTS = "0 0, 0.2 0.6, 0.4 0.6, 0.6 -0.6, 0.8 -0.6, 1 0"
HEIGHTS = 41
PLACES = np.linspace(0.0, 1.0, HEIGHTS)
DRAWN = " ".join(
    f"{h:.2f}"
    for h in np.interp(PLACES, np.linspace(0, 1, 9), (0.2, 0.9, -0.3, -0.8, -0.2, 0.4, 1, 0.5, -0.6))
)
HOW = (
    "Drag the knots, or type their places. For a target of your own choose “my own drawing”, and draw it with the pointer in "
    "the upper picture; by keys, the pen goes left and right, and draws up and down where it stands. The thin lines below are "
    "what single hidden units add; the bar shows where the largest error sits."
)


@in_own_style
def build_a_function(
    staircase_network: Callable[..., Any], relu_interpolant: Callable[..., Any], sup_error: Callable[..., Any]
) -> Shown:
    """A network built by your own functions for a target on [0, 1], its single units, and its sup error.

    Parameters
    ----------
    staircase_network, relu_interpolant, sup_error : callable
        As in the exercises of these names.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Universal Approximation Theorem"; Hornik, Stinchcombe, White (1989).
    """
    figure = LiveFigure(9.4, 5.6)
    relu, sigmoid = figure.mine("relu", "sigmoid")
    above, below = figure.figure.subplots(2, 1, sharex=True, height_ratios=[2, 1])
    above.set(xlim=(-0.02, 1.02), ylim=(-1.4, 1.7), ylabel="y")
    below.set(xlabel="x", ylabel="single units", ylim=(-2.4, 2.4))
    for axes in (above, below):
        axes.grid(color="#dddddd", linewidth=0.6)
    (target,) = figure.changing(
        above.plot([], [], color="black", linewidth=1.2, linestyle="--", label="target")
    )
    (curve,) = figure.changing(above.plot([], [], color=BLUE, linewidth=2.2, label="network"))
    (gap,) = figure.changing(
        above.plot([], [], color=ORANGE, linewidth=3, marker="_", markersize=12, label="sup error")
    )
    single = LineCollection([], colors=GREY, linewidths=0.8)
    figure.changing(below.add_collection(single, autolim=False))
    above.legend(loc="upper right", ncols=3, fontsize=9)

    def update(
        staircase_network: Any, relu_interpolant: Any, sup_error: Any, target_is: str, kind: str, m: int,
        sharpness: float, knots: str, drawn: str, pen: int,
    ) -> tuple[str, str]:  # fmt: skip
        f = _target(target_is, drawn)
        if kind == STAIRS:
            places, values = (np.arange(m) + 1) / (m + 1), f((np.arange(m + 1) + 0.5) / (m + 1))
            found, phi = staircase_network(places, values, 10.0**sharpness), sigmoid
            parameters = checked(staircase_network, found, **SHAPES)
        else:
            x, y = np.transpose(_pairs(knots)) if kind == BY_HAND else _equal(f, m)
            parameters, phi = checked(relu_interpolant, relu_interpolant(x, y), **SHAPES), relu

        def network(x: Float) -> Float:
            return value(phi, x, *parameters)

        y, g = f(X), network(X)
        error = float(checked(sup_error, sup_error(f, network, 0.0, 1.0, POINTS), error=()))
        at = int(np.argmax(np.abs(y - g)))
        target.set_data(X, y)
        curve.set_data(X, g)
        gap.set_data([X[at]] * 2, [y[at], g[at]])
        each = units(phi, X[::4], *parameters[:3])
        single.set_segments([np.column_stack([X[::4], column]) for column in each.T])
        figure.facts(error=error, units=int(np.size(parameters[2])))
        said = f"{np.size(parameters[2])} hidden units, {kind}: sup error {error:.4f}, at x = {X[at]:.3f}."
        return said, f"The target {target_is} on [0, 1] and a network that follows it. {said}"

    def moved(i: int) -> Callable[[float, float, dict[str, Any]], dict[str, Any]]:
        def values(x: float, y: float, v: dict[str, Any]) -> dict[str, Any]:
            pairs = _pairs(v["knots"])
            others = [p for j, (p, _) in enumerate(pairs) if j != i]
            x = round(min(max(x, 0.0), 1.0), 2) if 0 < i < len(pairs) - 1 else pairs[i][0]
            if x not in others:
                pairs[i] = (x, round(y, 2))
            return {"knots": ", ".join(f"{p:g} {q:g}" for p, q in pairs)}

        return values

    def place_of_knot(i: int) -> Callable[[dict[str, Any]], tuple[float, float]]:
        def place(v: dict[str, Any]) -> tuple[float, float]:
            if v["kind"] != BY_HAND:
                raise LookupError("no knots by hand")
            return _pairs(v["knots"])[i]

        return place

    def place_of_pen(v: dict[str, Any]) -> tuple[float, float]:
        if v["target_is"] != OWN:
            raise LookupError("no drawing")
        return float(PLACES[v["pen"]]), _heights(v["drawn"])[v["pen"]]

    def drawn_by_hand(points: list[tuple[float, float]], v: dict[str, Any]) -> dict[str, Any]:
        """The drawing after a line through some points went over it."""
        if v["target_is"] != OWN:
            return {}
        heights = _heights(v["drawn"])
        at = [round(min(max(x, 0.0), 1.0) * (HEIGHTS - 1)) for x, _ in points]
        ups = [min(max(y, -1.3), 1.3) for _, y in points]
        for i, j, y, z in zip(at, [*at[1:], at[-1]], ups, [*ups[1:], ups[-1]], strict=True):
            for k in range(min(i, j), max(i, j) + 1):
                heights[k] = y if i == j else y + (z - y) * (k - i) / (j - i)
        return {"drawn": " ".join(f"{h:.2f}" for h in heights), "pen": at[-1]}

    def pen_moved(x: float, y: float, v: dict[str, Any]) -> dict[str, Any]:
        """It draws, unless it goes straight to one side: by keys it is lifted then."""
        p, q = place_of_pen(v)
        if abs(y - q) < 1e-9:
            return {"pen": round(min(max(x, 0.0), 1.0) * (HEIGHTS - 1))}
        return drawn_by_hand([(p, q), (x, y)] if abs(x - p) > 0.5 / HEIGHTS else [(x, y)], v)

    for i in range(len(_pairs(KNOTS))):
        figure.handle(f"knot {i + 1}", above, place=place_of_knot(i), values=moved(i), step=(0.01, 0.05))
    figure.handle(
        "pen", above, place=place_of_pen, values=pen_moved, shape="square", colour="black",
        step=(1.0 / (HEIGHTS - 1), 0.05),
    )  # fmt: skip
    figure.freehand(above, drawn_by_hand)
    figure.predict(
        "The target jumps at ⅓. With 80 ReLUs through equal knots the sup error is …",
        ("below 0.05", "about 0.2", "above ½"), "above ½",
        "A network is continuous: left and right of the jump it has nearly the same value, and cannot be nearer than ½ to both 0 "
        "and 1. More units only make the place narrower where it is wrong.",
        target_is="jump at ⅓", kind=STRAIGHT, m=80,
    )  # fmt: skip
    figure.goal(
        "the sine to within 0.1, with your own six knots", lambda s: s.kind == BY_HAND and s.error < 0.1,
        kind=BY_HAND, target_is="sin 2πx", knots="0 0, 0.18 0.95, 0.32 0.95, 0.68 -0.95, 0.82 -0.95, 1 0",
    )  # fmt: skip
    figure.goal(
        "√x to within 0.1 with stairs", lambda s: s.target_is == "√x" and s.kind == STAIRS and s.error < 0.1,
        target_is="√x", kind=STAIRS, m=60, sharpness=2.5,
    )  # fmt: skip
    figure.mistakes(
        "absolute_heights",
        "biases_without_sharpness",
        "slopes_as_weights",
        "heights_as_weights",
        "signed_difference",
    )
    return figure.live(
        update,
        staircase_network,
        relu_interpolant,
        sup_error,
        exercises=("staircase_network", "relu_interpolant", "sup_error"),
        help=HOW,
        target_is=dropdown("target", [*TARGETS, OWN]),
        kind=dropdown("network", [BY_HAND, STAIRS, STRAIGHT]),
        m=slider("hidden units", 8, 1, MOST),
        sharpness=slider("log₁₀ of sharpness", 2.0, 0.0, 3.0, 0.1),
        knots=_text("my knots, x y", KNOTS),
        drawn=_text("my drawing, heights", DRAWN),
        pen=_hidden(slider("pen", HEIGHTS // 2, 0, HEIGHTS - 1)),
    )


SHAPES: dict[str, Any] = {"W": (1, None), "c": (None,), "w": (None,), "b": ()}


def _text(label: str, value: str) -> Any:
    layout, style = widgets.Layout(width="520px", max_width="100%"), {"description_width": "initial"}
    return widgets.Text(value=value, description=label, continuous_update=False, layout=layout, style=style)


def _hidden(control: Any) -> Any:
    control.layout.display = "none"
    return control


def _pairs(text: str) -> list[tuple[float, float]]:
    """Knots from a text such as "0 0, 0.5 1"."""
    pairs = [tuple(float(part) for part in knot.split()) for knot in text.split(",")]
    if any(len(pair) != 2 for pair in pairs) or len({p for p, *_ in pairs}) != len(pairs):
        raise ValueError(
            "my knots should be pairs of numbers, x and y, at different x, such as 0 0, 0.5 1, 1 0"
        )
    return [(pair[0], pair[1]) for pair in pairs]


def _heights(text: str) -> list[float]:
    """Heights of the drawing, at equal distances."""
    heights = [float(part) for part in text.split()]
    if len(heights) != HEIGHTS:
        raise ValueError(f"my drawing should be {HEIGHTS} heights, but there are {len(heights)}")
    return heights


def _target(name: str, drawn: str) -> Callable[[Float], Float]:
    if name != OWN:
        return TARGETS[name]
    heights = _heights(drawn)
    return lambda x: np.interp(x, PLACES, heights)


def _equal(f: Callable[[Float], Float], m: int) -> tuple[Float, Float]:
    knots = np.linspace(0.0, 1.0, m + 1)
    return knots, f(knots)
