"""Figures of chapter 1, drawn by the student's own functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm

from fnnkit.figures.kernel_and_network import kernel_and_network
from fnnkit.figures.linear_model import linear_model
from fnnkit.figures.picture import BLUE, ORANGE, Picture
from fnnkit.figures.starts import initialisation
from fnnkit.figures.symmetric_landscape import landscape

__all__ = ["hand_made_xor", "initialisation", "kernel_and_network", "landscape", "linear_model"]

POINTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = np.array([0.0, 1.0, 1.0, 0.0])
SLIDES = {
    "W11": 1.0,
    "W12": 1.0,
    "W21": 1.0,
    "W22": 1.0,
    "c1": 0.0,
    "c2": -1.0,
    "w1": 1.0,
    "w2": -2.0,
    "b": 0.0,
}
COLUMNS = (
    ("hidden weights W", ("W11", "W12", "W21", "W22")),
    ("hidden biases c", ("c1", "c2")),
    ("output weights w, bias b", ("w1", "w2", "b")),
)
SIDE = np.linspace(-0.5, 1.5, 41)
GRID = np.array([(p, q) for q in SIDE for p in SIDE])
# The targets 0 and 1 lie inside a band: an edge there would show the rounding errors of a plane that is exactly 0.
LEVELS = np.arange(-0.625, 1.7, 0.25)
HOW = (
    "Drag a slider, or reach it with the Tab key and use the arrow keys (in Notebook 7: Page Up and Page Down), "
    "or click its number and type another."
)


class Undrawable(ValueError):
    """What a student's function gave cannot be drawn; the message says so to the student."""


def hand_made_xor(xor_network: Callable[..., Any]) -> Any:
    """Nine sliders for the weights of an XOR network; the plane of inputs and the learned space side by side.

    Parameters
    ----------
    xor_network : callable
        ``xor_network(X, W, c, w, b)`` gives ``(H, y)``; the figure is drawn by it.

    Returns
    -------
    ipywidgets.Widget
        To be shown by a notebook.

    References
    ----------
    Slides "FNN for Learning XOR"; Goodfellow, Bengio, Courville (2016), figure 6.1.
    """
    sliders = {name: _slider(name, value) for name, value in SLIDES.items()}
    picture = Picture(9.6, 4.75, layout=None)
    status = widgets.HTML()

    def parameters() -> tuple[Any, Any, Any, float]:
        v = {name: slider.value for name, slider in sliders.items()}
        W = np.array([[v["W11"], v["W12"]], [v["W21"], v["W22"]]])
        return W, np.array([v["c1"], v["c2"]]), np.array([v["w1"], v["w2"]]), v["b"]

    def redraw(change: Any = None) -> None:
        try:
            said = draw_hand_made_xor(picture, xor_network, *parameters())
        except (
            Exception
        ) as error:  # the student's function: whatever it does, the figure says it and lives on
            picture.explain(in_words(error))
            status.value = ""
            return
        # Sliders of ipywidgets have no name that a screen reader could read: this line says which one was moved.
        moved = f"{change['owner'].description} = {change['new']:g}. " if change else ""
        status.value = f'<div role="status" aria-live="polite" style="line-height:1.45">{moved}{said}</div>'

    def preset(values: dict[str, float]) -> Callable[[object], None]:
        def press(_button: object) -> None:
            for slider in sliders.values():
                slider.unobserve(redraw, names="value")
            for name, value in values.items():
                sliders[name].value = value
            for slider in sliders.values():
                slider.observe(redraw, names="value")
            redraw()

        return press

    for slider in sliders.values():
        slider.observe(redraw, names="value")
    buttons = []
    for label, values in (("Slides' solution", SLIDES), ("All zero", dict.fromkeys(SLIDES, 0.0))):
        button = widgets.Button(description=label)
        button.on_click(preset(values))
        buttons.append(button)
    redraw()
    wrap = widgets.Layout(flex_flow="row wrap")
    columns = [
        widgets.VBox([widgets.HTML(f"<b>{title}</b>"), *(sliders[n] for n in names)])
        for title, names in COLUMNS
    ]
    how = widgets.HTML(f'<div style="line-height:1.45;max-width:60em">{HOW}</div>')
    return widgets.VBox(
        [picture.widget, status, widgets.HBox(buttons, layout=wrap), widgets.HBox(columns, layout=wrap), how]
    )


def draw_hand_made_xor(
    picture: Picture, xor_network: Callable[..., Any], W: Any, c: Any, w: Any, b: float
) -> str:
    """Draw both planes for one setting of the weights; give the outputs and the error in words.

    Raises
    ------
    Undrawable
        If the student's function gives anything but two arrays of finite numbers, of shapes ``(n, 2)`` and ``(n,)``.
    """
    H, y = _answer(xor_network, POINTS, W, c, w, b)
    _, plane = _answer(xor_network, GRID, W, c, w, b)

    left, _, right = picture.figure.axes or _frames(picture.figure)
    for axes in (left, right):
        for artist in (*axes.collections, *axes.lines, *axes.texts):
            artist.remove()
    _draw_inputs(left, plane.reshape(len(SIDE), len(SIDE)), y)
    _draw_hidden(right, H, w, b)

    error = float(((y - TARGETS) ** 2).mean())
    outputs = ", ".join(f"{v + 0.0:.3g}" for v in y)
    solved = " — XOR is solved" if error < 1e-12 else ""
    said = f"Outputs for (0,0), (0,1), (1,0), (1,1): {outputs}; mean squared error {error:.4g}{solved}."
    where = "; ".join(f"{' and '.join(names)} at ({p:g}, {q:g})" for (p, q), names in _places(H).items())
    picture.show(
        "Left: the plane of the inputs coloured by the network's output, with the four points of XOR. "
        f"{said} Right: the same points in the space of the two hidden units: {where}."
    )
    return said


def in_words(error: Exception) -> str:
    """Why there is no picture, and what to do."""
    again = "run this cell again"
    if isinstance(error, NotImplementedError):
        return f"Your xor_network has no code yet. The figure is drawn by it: write it, then {again}."
    what = str(error) if isinstance(error, Undrawable) else f"it stops with {type(error).__name__}: {error}"
    return f"Your xor_network cannot be drawn: {what[:500]}. Its check says more; repair it, then {again}."


def _frames(figure: Any) -> tuple[Any, Any, Any]:
    """Both planes and the colour bar: drawn anew at each step they would take as long as all the rest."""
    left = figure.add_axes((0.06, 0.19, 0.36, 0.73))
    left.set(
        title="inputs, coloured by the output y", xlabel="$x_1$", ylabel="$x_2$", xlim=(-0.5, 1.5),
        ylim=(-0.5, 1.5), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1],
    )  # fmt: skip
    bar = figure.add_axes((0.43, 0.19, 0.016, 0.73))
    colours = ScalarMappable(BoundaryNorm(LEVELS, 256, extend="both"), "cividis")
    figure.colorbar(colours, cax=bar, ticks=[-0.5, 0, 0.5, 1, 1.5], format="%g")
    bar.minorticks_off()
    bar.set_ylabel("output y   (white line: y = ½)", labelpad=2)
    bar.axhline(0.5, color="white", linewidth=2)
    right = figure.add_axes((0.58, 0.19, 0.36, 0.73))
    right.set(title="where the hidden layer puts them", xlabel="$h_1$", ylabel="$h_2$")
    right.grid(color="#dddddd", linewidth=0.6)
    return left, bar, right


def _draw_inputs(axes: Any, plane: Any, y: Any) -> None:
    axes.contourf(SIDE, SIDE, plane, levels=LEVELS, cmap="cividis", extend="both", zorder=0)
    if plane.min() < 0.5 < plane.max():
        axes.contour(SIDE, SIDE, plane, levels=[0.5], colors="white", linewidths=2, zorder=1)
    _scatter(axes, POINTS)
    for point, value in zip(POINTS, y, strict=True):
        _label(axes, point, f"y = {value + 0.0:.3g}")


def _draw_hidden(axes: Any, H: Any, w: Any, b: float) -> None:
    low, high = min(0.0, float(H.min())), max(2.0, float(H.max()))
    margin = 0.22 * (high - low)  # room for the names of the points
    low, high = low - margin, high + margin
    line = np.array([low, high])
    if abs(w[1]) > 1e-9:
        axes.plot(line, (0.5 - b - w[0] * line) / w[1], color="black", linewidth=1.5, label="y = ½")
    elif abs(w[0]) > 1e-9:
        axes.axvline((0.5 - b) / w[0], color="black", linewidth=1.5, label="y = ½")
    axes.set(xlim=(low, high), ylim=(low, high))
    axes.locator_params(nbins=5, min_n_ticks=3)
    _scatter(axes, H)
    for place, names in _places(H).items():
        _label(axes, place, "\n".join(names))
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=3, fontsize=9, frameon=False, handlelength=1.2
    )


def _scatter(axes: Any, places: Any) -> None:
    """The four points, told apart by shape as well as by colour, and both seen where they fall together."""
    for target, colour, marker, size in ((0.0, BLUE, "o", 240), (1.0, ORANGE, "s", 70)):
        axes.scatter(
            *places[target == TARGETS].T, c=colour, marker=marker, s=size, edgecolors="white", linewidths=1.5,
            zorder=3, label=f"target {target:g}",
        )  # fmt: skip


def _label(axes: Any, place: Any, text: str) -> None:
    axes.annotate(
        text, place, textcoords="offset points", xytext=(9, 8), fontsize=9, color="black", zorder=4,
        bbox={"boxstyle": "round,pad=.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
    )  # fmt: skip


def _answer(xor_network: Callable[..., Any], X: Any, W: Any, c: Any, w: Any, b: float) -> tuple[Any, Any]:
    given = xor_network(X.copy(), W.copy(), c.copy(), w.copy(), b)
    if given is None:
        raise Undrawable("it returns nothing. Is the line with return missing")
    if not isinstance(given, tuple | list) or len(given) != 2:
        kind = f"{len(given)} things" if isinstance(given, tuple | list) else f"one {type(given).__name__}"
        raise Undrawable(f"it returns {kind} where two arrays are asked for: return H, y")
    found = []
    for name, value, shape in (("H", given[0], (len(X), 2)), ("y", given[1], (len(X),))):
        try:
            array = np.asarray(value)
            array = array.astype(float, casting="same_kind" if array.dtype.kind in "fc" else "unsafe")
        except (TypeError, ValueError):
            raise Undrawable(f"{name} is not an array of numbers") from None
        if array.shape != shape:
            raise Undrawable(
                f"for {len(X)} examples {name} should have shape {shape}, and it has {array.shape}"
            )
        if not np.isfinite(array).all():
            raise Undrawable(f"some values of {name} are NaN or infinite")
        found.append(array)
    return found[0], found[1]


def _places(H: Any) -> dict[tuple[float, float], list[str]]:
    """Names of the points at each place of the hidden space: several may fall together."""
    places: dict[tuple[float, float], list[str]] = {}
    for point, feature in zip(POINTS, H, strict=True):
        key = (round(float(feature[0]), 6) + 0.0, round(float(feature[1]), 6) + 0.0)
        places.setdefault(key, []).append(f"({point[0]:g},{point[1]:g})")
    return places


def _slider(name: str, value: float) -> Any:
    letter, index = name[0], name[1:]
    return widgets.FloatSlider(
        value=value, min=-3.0, max=3.0, step=0.25, description=f"{letter} {index}".strip(), continuous_update=True,
        readout_format=".2f", layout=widgets.Layout(width="260px"), style={"description_width": "40px"},
    )  # fmt: skip
