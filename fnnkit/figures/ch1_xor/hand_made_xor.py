"""Nine sliders for the weights of an XOR network (chapter 1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.transforms import Affine2D, ScaledTranslation

from fnnkit.figures.engine.live import BLUE, ORANGE, LiveFigure, Shown, checked, slider
from fnnkit.figures.engine.surface import Surface

POINTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = np.array([0.0, 1.0, 1.0, 0.0])
SLIDES = {
    "W11": 1.0, "W12": 1.0, "W21": 1.0, "W22": 1.0, "c1": 0.0, "c2": -1.0, "w1": 1.0, "w2": -2.0, "b": 0.0,
}  # fmt: skip
GROUPS = {
    "hidden weights W": ("W11", "W12", "W21", "W22"),
    "hidden biases c": ("c1", "c2"),
    "output weights w, bias b": ("w1", "w2", "b"),
}
SIDE = np.linspace(-0.5, 1.5, 41)
GRID = np.array([(p, q) for q in SIDE for p in SIDE])
# The targets 0 and 1 lie inside a band: an edge there would show the rounding errors of a plane that is exactly 0.
LEVELS = np.arange(-0.625, 1.7, 0.25)
# Ends of the right picture: few, because another end costs drawing all of the figure.
ENDS = np.array([2.0, 4.0, 6.0, 10.0])
HOW = "Drag a slider, or reach it with the Tab key and use the arrow keys, or click its number and type another."


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
        inputs.draw(plane.reshape(len(SIDE), len(SIDE)), y)
        hidden.draw(H, w, b)
        return _in_words(H, y)

    figure.preset("Slides' solution", **SLIDES)
    figure.preset("All zero", **dict.fromkeys(SLIDES, 0.0))
    for title, names in GROUPS.items():
        figure.group(title, *names)
    sliders = {
        name: slider(f"{name[0]} {name[1:]}".strip(), value, -3.0, 3.0, 0.25)
        for name, value in SLIDES.items()
    }
    return figure.live(update, xor_network, help=HOW, **sliders)


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
        axes = figure.figure.add_axes((0.06, 0.19, 0.36, 0.73))
        axes.set(
            title="inputs, coloured by the output y", xlabel="$x_1$", ylabel="$x_2$",
            xticks=[0, 0.5, 1], yticks=[0, 0.5, 1],
        )  # fmt: skip
        self.plane = Surface(figure, axes, SIDE, SIDE, LEVELS, lines=(0.5,))
        figure.changing(_points(axes, POINTS))
        # One white bar behind each label, all in one artist: a box of its own for each takes as long as all the rest.
        points = Affine2D().scale(1 / 72) + figure.figure.dpi_scale_trans
        self.bars = LineCollection(
            [_bar("")] * len(POINTS), colors="white", linewidths=13, alpha=0.8, capstyle="round", zorder=3.5,
            transform=points, offsets=POINTS, offset_transform=axes.transData,
        )  # fmt: skip
        figure.changing(axes.add_collection(self.bars, autolim=False))
        self.labels = [figure.changing(_label(axes, point)) for point in POINTS]
        bar = self.plane.colour_bar(
            figure.figure.add_axes((0.43, 0.19, 0.016, 0.73)), ticks=[-0.5, 0, 0.5, 1, 1.5], format="%g"
        )
        bar.set_label("output y   (white line: y = ½)", labelpad=2)

    def draw(self, plane: Any, y: Any) -> None:
        self.plane.set_values(plane)
        for label, value in zip(self.labels, y, strict=True):
            label.set_text(f"y = {value + 0.0:.3g}")
        self.bars.set_segments([_bar(label.get_text()) for label in self.labels])


class _Hidden:
    """The space of the two hidden units, with the line where the output is one half."""

    def __init__(self, figure: LiveFigure) -> None:
        self.axes = axes = figure.figure.add_axes((0.58, 0.19, 0.36, 0.73))
        axes.set(title="where the hidden layer puts them", xlabel="$h_1$", ylabel="$h_2$")
        axes.locator_params(nbins=5, min_n_ticks=3)
        axes.grid(color="#dddddd", linewidth=0.6)
        (self.line,) = figure.changing(axes.plot([], [], color="black", linewidth=1.5, label="y = ½"))
        self.points = figure.changing(_points(axes, POINTS))
        self.labels = [figure.changing(_label(axes, point)) for point in POINTS]
        axes.legend(
            loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=3, fontsize=9, frameon=False, handlelength=1.2
        )  # fmt: skip

    def draw(self, H: Any, w: Any, b: float) -> None:
        low, high = float(H.min()), float(H.max())
        low, high = (0.0 if low >= 0 else -_end(-low)), _end(high)
        margin = 0.22 * (high - low)  # room for the names of the points
        limits = (low - margin, high + margin)
        if limits != self.axes.get_xlim():
            self.axes.set(xlim=limits, ylim=limits)
        long = 4.0 * (limits[1] - limits[0])
        size = float(np.hypot(*w))
        if size > 1e-9:
            nearest, along = w * (0.5 - b) / size**2, np.array([-w[1], w[0]]) / size
            ends = [
                nearest - along * (long + abs(nearest).sum()),
                nearest + along * (long + abs(nearest).sum()),
            ]
            self.line.set_data(*np.transpose(ends))
        else:
            self.line.set_data([], [])
        for target, points in zip((0.0, 1.0), self.points, strict=True):
            points.set_offsets(H[target == TARGETS])
        for label in self.labels:
            label.set_text("")
        for label, (place, names) in zip(self.labels, _places(H).items(), strict=False):
            label.set_position(place)
            label.set_text("\n".join(names))


def _end(value: float) -> float:
    """The first of the ends that holds a value; beyond them, a round number."""
    if value <= ENDS[-1]:
        return float(ENDS[np.searchsorted(ENDS, value)])
    step = 10.0 ** np.floor(np.log10(value))
    return float(np.ceil(value / step) * step)


def _points(axes: Any, places: Any) -> list[Any]:
    """The four points, told apart by shape as well as by colour, and both seen where they fall together."""
    return [
        axes.scatter(
            *places[target == TARGETS].T, c=colour, marker=marker, s=size, edgecolors="white", linewidths=1.5,
            zorder=3, label=f"target {target:g}",
        )
        for target, colour, marker, size in ((0.0, BLUE, "o", 240), (1.0, ORANGE, "s", 70))
    ]  # fmt: skip


def _label(axes: Any, point: Any) -> Any:
    beside = axes.transData + ScaledTranslation(9 / 72, 8 / 72, axes.figure.dpi_scale_trans)
    return axes.text(*point, "", transform=beside, fontsize=9, color="black", zorder=4, clip_on=True)


def _bar(text: str) -> list[tuple[float, float]]:
    """Ends of the bar behind a label, in points from its place; its round caps reach 6 points further."""
    widths = {" ": 2.9, "=": 7.5, ".": 2.9, "-": 3.3}
    return [(13.0, 11.0), (max(13.0, 5.0 + sum(widths.get(letter, 5.7) for letter in text)), 11.0)]


def _places(H: Any) -> dict[tuple[float, float], list[str]]:
    """Names of the points at each place of the hidden space: several may fall together."""
    places: dict[tuple[float, float], list[str]] = {}
    for point, feature in zip(POINTS, H, strict=True):
        key = (round(float(feature[0]), 6) + 0.0, round(float(feature[1]), 6) + 0.0)
        places.setdefault(key, []).append(f"({point[0]:g},{point[1]:g})")
    return places
