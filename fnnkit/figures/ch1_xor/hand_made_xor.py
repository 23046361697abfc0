"""Nine weights of an XOR network, and the lines of its two hidden units (chapter 1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.transforms import Affine2D, ScaledTranslation

from fnnkit.figures.ch1_xor.xor_plane import line_of
from fnnkit.figures.engine.live import BLUE, ORANGE, LiveFigure, Shown, checked, in_own_style, slider
from fnnkit.figures.engine.surface import Surface

POINTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = np.array([0.0, 1.0, 1.0, 0.0])
SLIDES = {
    "W11": 1.0, "W12": 1.0, "W21": 1.0, "W22": 1.0, "c1": 0.0, "c2": -1.0, "w1": 1.0, "w2": -2.0, "b": 0.0,
}  # fmt: skip
BELOW = str.maketrans("12", "₁₂")
GROUPS = {
    "hidden weights W": ("W11", "W12", "W21", "W22"),
    "hidden biases c": ("c1", "c2"),
    "output weights w, bias b": ("w1", "w2", "b"),
}
SIDE = np.linspace(-0.5, 1.5, 161)
GRID = np.array([(p, q) for q in SIDE for p in SIDE])
# The targets 0 and 1 lie inside a band: an edge there would show the rounding errors of a plane that is exactly 0.
LEVELS = np.arange(-0.625, 1.7, 0.25)
REACH, FAR = (-1.0, 4.6), (-7.4, 8.8)
"""Ends of the right picture: the usual ones, and those that hold whatever the weights are."""
DASHES = ((0, (5, 2)), (0, (1, 1.5)))
"""Of the lines of the two hidden units."""
HOW = (
    "Drag a line or a slider, or reach it with the Tab key and use the arrow keys, or click a number and type another. The "
    "right line is the output's: it is moved by b."
)


@in_own_style
def hand_made_xor(xor_network: Callable[..., Any]) -> Shown:
    """Nine sliders for the weights of an XOR network; the plane of inputs and the learned space side by side.

    Parameters
    ----------
    xor_network : callable
        ``xor_network(X, W, c, w, b)`` gives ``(H, y)``; the figure is drawn by it.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "FNN for Learning XOR"; Goodfellow, Bengio, Courville (2016), figure 6.1.
    """
    figure = LiveFigure(9.6, 4.75, layout=None)
    inputs, hidden = _Inputs(figure), _Hidden(figure)

    def update(xor_network: Callable[..., Any], **v: float) -> tuple[str, str]:
        W = np.array([[v["W11"], v["W12"]], [v["W21"], v["W22"]]])
        c, w, b = np.array([v["c1"], v["c2"]]), np.array([v["w1"], v["w2"]]), v["b"]
        H, y = checked(xor_network, xor_network(POINTS, W, c, w, b), H=(4, 2), y=(4,))
        _, plane = checked(xor_network, xor_network(GRID, W, c, w, b), H=(len(GRID), 2), y=(len(GRID),))
        inputs.draw(plane.reshape(len(SIDE), len(SIDE)), y, W, c)
        hidden.draw(H, w, b)
        figure.facts(error=float(((y - TARGETS) ** 2).mean()), places=len(_places(H)))
        return _in_words(H, y)

    def foot(v: dict[str, float]) -> tuple[float, float]:
        """The point of the output's line nearest to the origin of the hidden space."""
        size = v["w1"] ** 2 + v["w2"] ** 2 or 1.0
        return (0.5 - v["b"]) * v["w1"] / size, (0.5 - v["b"]) * v["w2"] / size

    def read(xor_network: Any, x: float, y: float, **v: float) -> str:
        W, c = np.array([[v["W11"], v["W12"]], [v["W21"], v["W22"]]]), np.array([v["c1"], v["c2"]])
        H, out = xor_network(np.array([[x, y]]), W, c, np.array([v["w1"], v["w2"]]), v["b"])
        return (
            f"At ({x:.2f}, {y:.2f}): h = ({H[0][0] + 0.0:.3g}, {H[0][1] + 0.0:.3g}), y = {out[0] + 0.0:.3g}."
        )

    figure.handle("line of hidden unit 1, moved by c₁", inputs.axes, line=("W11", "W21", "c1"))
    figure.handle("line of hidden unit 2, moved by c₂", inputs.axes, line=("W12", "W22", "c2"), colour=ORANGE)
    figure.handle("line of the output, moved by b", hidden.axes, shape="diamond", place=foot,
                  values=lambda x, y, v: {"b": 0.5 - v["w1"] * x - v["w2"] * y})  # fmt: skip
    figure.read(inputs.axes, read)
    figure.predict(
        "The line of hidden unit 2 is pushed beyond all four points, so that the unit is off at each of them. How many points "
        "keep their right output?", ("one", "two", "three"), "three",
        "Unit 1 alone counts the ones: 0, 1, 1, 2. Unit 2 was there for (1,1) only, to take 2 away again.", c2=-2.0,
    )  # fmt: skip
    figure.goal("solve XOR with w₂ > 0", lambda s: s.error < 1e-12 and s.w2 > 0, W11=1.0, W12=-1.0, W21=-1.0, W22=1.0,
                c1=0.0, c2=0.0, w1=1.0, w2=1.0, b=0.0)  # fmt: skip
    figure.goal("solve XOR with b = 1", lambda s: s.error < 1e-12 and s.b == 1, W11=1.0, W12=-1.0, W21=1.0, W22=-1.0,
                c1=-1.0, c2=1.0, w1=-1.0, w2=-1.0, b=1.0)  # fmt: skip
    figure.goal(
        "four points in four places of the hidden space",
        lambda s: s.places == 4,
        W12=0.0,
        W21=0.0,
        c1=0.0,
        c2=0.0,
    )
    figure.mistakes(
        "relu_before_bias", "relu_on_the_output", "no_relu", "hidden_bias_forgotten", "output_bias_forgotten"
    )
    figure.preset("Slides' solution", **SLIDES)
    figure.preset("Only unit 1", **(SLIDES | {"w2": 0.0}))
    figure.preset("Both units equal", **(SLIDES | {"c2": 0.0}))
    figure.preset("All zero", **dict.fromkeys(SLIDES, 0.0))
    for title, names in GROUPS.items():
        figure.group(title, *names)
    sliders = {
        name: slider(name[0] + name[1:].translate(BELOW), value, -2.0, 2.0, 0.25)
        for name, value in SLIDES.items()
    }
    return figure.live(update, xor_network, exercises=("xor_network",), help=HOW, **sliders)


def _in_words(H: Any, y: Any) -> tuple[str, str]:
    error = float(((y - TARGETS) ** 2).mean())
    outputs = ", ".join(f"{v + 0.0:.3g}" for v in y)
    solved = " — XOR is solved" if error < 1e-12 else ""
    said = f"Outputs for (0,0), (0,1), (1,0), (1,1): {outputs}; mean squared error {error:.4g}{solved}."
    where = "; ".join(f"{' and '.join(names)} at ({p:g}, {q:g})" for (p, q), names in _places(H).items())
    return said, (
        "Left: the plane of the inputs coloured by the network's output, with the four points of XOR. "
        f"{said} Right: the same points in the space of the two hidden units: {where}."
    )


class _Inputs:
    """The plane of the inputs, coloured by the output."""

    def __init__(self, figure: LiveFigure) -> None:
        self.axes = axes = figure.figure.add_axes((0.06, 0.19, 0.36, 0.73))
        axes.set(
            title="inputs, coloured by the output y", xlabel="$x_1$", ylabel="$x_2$",
            xticks=[0, 0.5, 1], yticks=[0, 0.5, 1],
        )  # fmt: skip
        self.plane = Surface(figure, axes, SIDE, SIDE, LEVELS, lines=(0.5,))
        # The boundary of a ReLU unit is a line: it is drawn as one, seen on every colour.
        self.units = []
        for number, dashes in enumerate(DASHES):
            (under,) = axes.plot([], [], color="black", linewidth=3.5, zorder=2)
            (over,) = axes.plot([], [], color="white", linewidth=1.8, linestyle=dashes, zorder=2.1)
            self.units.append(figure.changing((under, over)))
            for line in (under, over):
                line.set_gid("kept")
            axes.plot(
                [],
                [],
                color="#6f6f6f",
                linewidth=2,
                linestyle=dashes,
                label=f"bend of hidden unit {number + 1}",
            )
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, fontsize=9, frameon=False)
        figure.changing(_points(axes, POINTS))
        self.bars = figure.changing(_bars(axes))
        self.labels = [figure.changing(_label(axes, point)) for point in POINTS]
        bar = self.plane.colour_bar(
            figure.figure.add_axes((0.43, 0.19, 0.016, 0.73)), ticks=[-0.5, 0, 0.5, 1, 1.5], format="%g"
        )
        bar.set_label("output y   (white line: y = ½)", labelpad=2)

    def draw(self, plane: Any, y: Any, W: Any, c: Any) -> None:
        self.plane.set_values(plane)
        for k, both in enumerate(self.units):
            for line in both:
                line.set_data(*line_of(W[0, k], W[1, k], c[k]))
        for label, value in zip(self.labels, y, strict=True):
            label.set_text(f"y = {value + 0.0:.3g}")
        self.bars.set_segments([_bar(label.get_text()) for label in self.labels])


class _Hidden:
    """The space of the two hidden units, with the line where the output is one half."""

    def __init__(self, figure: LiveFigure) -> None:
        self.axes = axes = figure.figure.add_axes((0.58, 0.19, 0.36, 0.73))
        axes.set(title="where the hidden layer puts them", xlabel="$h_1$", ylabel="$h_2$")
        axes.set(xlim=REACH, ylim=REACH)
        axes.grid(color="#dddddd", linewidth=0.6)
        (self.line,) = figure.changing(axes.plot([], [], color="black", linewidth=1.5, label="y = ½"))
        self.points = figure.changing(_points(axes, POINTS))
        self.bars = figure.changing(_bars(axes))
        self.labels = [figure.changing(_label(axes, point)) for point in POINTS]
        for label in self.labels:
            label.set_va("bottom")
        legend: Any = axes.legend(
            loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=3, fontsize=9, frameon=False, handlelength=1.2
        )  # fmt: skip
        for points in legend.legend_handles[1:]:
            points.set_gid("kept")  # as the points, which are lighter on a dark page otherwise

    def draw(self, H: Any, w: Any, b: float) -> None:
        limits = FAR if H.min() < REACH[0] or H.max() > REACH[1] - 0.6 else REACH
        if limits != self.axes.get_xlim():
            self.axes.set(xlim=limits, ylim=limits)
        self.line.set_data(*line_of(w[0], w[1], b - 0.5))
        for target, points in zip((0.0, 1.0), self.points, strict=True):
            points.set_data(*H[target == TARGETS].T)
        segments, offsets = [], []
        labels = iter(self.labels)
        for place, names in _places(H).items():
            for number, name in enumerate(names):  # those of one place stand one above another
                label = next(labels)
                label.set_position(place)
                label.set_text(name + "\n" * number)
                segments.append(_bar(name, number))
                offsets.append(place)
        self.bars.set_offsets(offsets)
        self.bars.set_segments(segments)


def _points(axes: Any, places: Any) -> list[Any]:
    """The four points, told apart by shape as well as by colour, and both seen where they fall together.

    Markers of a line: matplotlib measures those of a scatter plot at every drawing, which takes 1.3 ms of a step.
    """
    made = []
    for target, colour, marker, size in ((0.0, BLUE, "o", 240), (1.0, ORANGE, "s", 70)):
        made += axes.plot(
            *places[target == TARGETS].T, marker, color=colour, markersize=size**0.5, markeredgecolor="white",
            markeredgewidth=1.5, zorder=3, label=f"target {target:g}", gid="kept",
        )  # fmt: skip
    return made


def _label(axes: Any, point: Any) -> Any:
    beside = axes.transData + ScaledTranslation(9 / 72, 8 / 72, axes.figure.dpi_scale_trans)
    return axes.text(
        *point, "", transform=beside, fontsize=9, color="black", zorder=4, clip_on=True, gid="kept"
    )


def _bars(axes: Any) -> Any:
    """White bars behind labels, to be set; in one artist, as a box for each takes as long as all the rest."""
    bars = LineCollection(
        [_bar("")] * len(POINTS), colors="white", linewidths=13, alpha=0.8, capstyle="round", zorder=3.5,
        transform=Affine2D().scale(1 / 72) + axes.figure.dpi_scale_trans, offsets=POINTS, offset_transform=axes.transData,
    )  # fmt: skip
    bars.set_gid("kept")
    return axes.add_collection(bars, autolim=False)


def _bar(text: str, number: int = 0) -> list[tuple[float, float]]:
    """Ends of the bar behind a label, in points from its place; its round caps reach 6 points further."""
    widths = {" ": 2.9, "=": 7.5, ".": 2.9, "-": 3.3}
    height = 12.5 + 13.2 * number
    return [(13.0, height), (max(13.0, 5.0 + sum(widths.get(letter, 5.7) for letter in text)), height)]


def _places(H: Any) -> dict[tuple[float, float], list[str]]:
    """Names of the points at each place of the hidden space: several may fall together."""
    places: dict[tuple[float, float], list[str]] = {}
    for point, feature in zip(POINTS, H, strict=True):
        key = (round(float(feature[0]), 6) + 0.0, round(float(feature[1]), 6) + 0.0)
        places.setdefault(key, []).append(f"({point[0]:g},{point[1]:g})")
    return places
