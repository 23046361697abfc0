"""Figures of chapter 1, drawn by the student's own functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np

from fnnkit.figures.picture import BLUE, ORANGE, Picture

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
LEVELS = np.linspace(-1.0, 2.0, 13)


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
    picture = Picture(9.6, 4.2)
    status = widgets.HTML()

    def parameters() -> tuple[Any, Any, Any, float]:
        v = {name: slider.value for name, slider in sliders.items()}
        W = np.array([[v["W11"], v["W12"]], [v["W21"], v["W22"]]])
        return W, np.array([v["c1"], v["c2"]]), np.array([v["w1"], v["w2"]]), v["b"]

    def redraw(_change: object = None) -> None:
        try:
            said = draw_hand_made_xor(picture, xor_network, *parameters())
        except (
            Exception
        ) as error:  # the student's function: whatever it does, the figure says it and lives on
            name = type(error).__name__
            picture.explain(
                "Your xor_network has no code yet: the figure appears once it has."
                if name == "NotImplementedError"
                else f"Your xor_network cannot be drawn: {name}: {error}. Run its check to see what is wrong."
            )
            status.value = ""
            return
        status.value = f'<div role="status" aria-live="polite">{said}</div>'

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
    columns = [
        widgets.VBox([widgets.HTML(f"<b>{title}</b>"), *(sliders[n] for n in names)])
        for title, names in (
            ("hidden weights W", ("W11", "W12", "W21", "W22")),
            ("hidden biases c", ("c1", "c2")),
            ("output w, b", ("w1", "w2", "b")),
        )
    ]
    return widgets.VBox([picture.widget, status, widgets.HBox(buttons), widgets.HBox(columns)])


def draw_hand_made_xor(
    picture: Picture, xor_network: Callable[..., Any], W: Any, c: Any, w: Any, b: float
) -> str:
    """Draw both planes for one setting of the weights; give the outputs and the error in words.

    Raises
    ------
    ValueError
        If the student's function gives other shapes than ``(n, 2)`` and ``(n,)``, or numbers that are not finite.
    """
    H, y = _answer(xor_network, POINTS, W, c, w, b)
    side = np.linspace(-0.5, 1.5, 41)
    grid = np.array([(p, q) for q in side for p in side])
    _, plane = _answer(xor_network, grid, W, c, w, b)

    picture.figure.clear()
    left, right = picture.figure.subplots(1, 2)
    filled = left.contourf(
        side, side, plane.reshape(41, 41), levels=LEVELS, cmap="cividis", extend="both", zorder=0
    )
    left.contour(side, side, plane.reshape(41, 41), levels=[0.5], colors="white", linewidths=2, zorder=1)
    left.set(
        title="inputs", xlabel="$x_1$", ylabel="$x_2$", xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), aspect="equal"
    )
    picture.figure.colorbar(filled, ax=left, label="output y (white line: y = ½)", ticks=[-1, 0, 0.5, 1, 2])

    low, high = min(-0.5, float(H.min()) - 0.5), max(2.5, float(H.max()) + 0.5)
    line = np.array([low, high])
    if abs(w[1]) > 1e-9:
        right.plot(line, (0.5 - b - w[0] * line) / w[1], color="black", linewidth=1.5, label="y = ½")
    elif abs(w[0]) > 1e-9:
        right.axvline((0.5 - b) / w[0], color="black", linewidth=1.5, label="y = ½")
    right.set(
        title="hidden features",
        xlabel="$h_1$",
        ylabel="$h_2$",
        xlim=(low, high),
        ylim=(low, high),
        aspect="equal",
    )
    for target, colour, marker in ((0.0, BLUE, "o"), (1.0, ORANGE, "s")):
        mine = target == TARGETS
        style = {
            "c": colour,
            "marker": marker,
            "s": 110,
            "edgecolors": "white",
            "linewidths": 1.5,
            "zorder": 3,
        }
        left.scatter(*POINTS[mine].T, **style)
        right.scatter(*H[mine].T, label=f"target {target:g}", **style)
    for place, names in _places(H).items():
        right.annotate(
            " ".join(names),
            place,
            textcoords="offset points",
            xytext=(9, 7),
            fontsize=9,
            color="#333333",
            zorder=4,
        )
    right.legend(loc="upper right", fontsize=9, framealpha=0.9)
    right.grid(color="#dddddd", linewidth=0.6)

    error = float(((y - TARGETS) ** 2).mean())
    outputs = ", ".join(f"{v + 0.0:.3g}" for v in y)
    solved = " — XOR is solved" if error < 1e-12 else ""
    said = f"outputs for (0,0), (0,1), (1,0), (1,1): {outputs}; mean squared error {error:.4g}{solved}"
    picture.show(
        "Left: the input plane coloured by the network's output, with the four XOR points. "
        f"Right: the same points in the space of the two hidden units. Now: {said}."
    )
    return said


def _answer(xor_network: Callable[..., Any], X: Any, W: Any, c: Any, w: Any, b: float) -> tuple[Any, Any]:
    H, y = xor_network(X.copy(), W.copy(), c.copy(), w.copy(), b)
    H, y = np.asarray(H, dtype=float), np.asarray(y, dtype=float)
    if H.shape != (len(X), 2) or y.shape != (len(X),):
        raise ValueError(
            f"for {len(X)} examples H should have shape ({len(X)}, 2) and y ({len(X)},), "
            f"but they have {H.shape} and {y.shape}"
        )
    if not (np.isfinite(H).all() and np.isfinite(y).all()):
        raise ValueError("some values are NaN or infinite")
    return H, y


def _places(H: Any) -> dict[tuple[float, float], list[str]]:
    """Names of the points at each place of the hidden space: several may fall together."""
    places: dict[tuple[float, float], list[str]] = {}
    for point, feature in zip(POINTS, H, strict=True):
        key = (round(float(feature[0]), 6), round(float(feature[1]), 6))
        places.setdefault(key, []).append(f"({point[0]:g},{point[1]:g})")
    return places


def _slider(name: str, value: float) -> Any:
    letter, index = name[0], name[1:]
    return widgets.FloatSlider(
        value=value, min=-3.0, max=3.0, step=0.25, description=f"{letter} {index}".strip(), continuous_update=True,
        readout_format=".2f", layout=widgets.Layout(width="260px"), style={"description_width": "40px"},
    )  # fmt: skip
