"""Handles: places in a picture that a student takes hold of. Each is a second view of controls that are there already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fnnkit.figures.engine.canvas import BLUE

Values = dict[str, Any]
Place = Callable[[Values], tuple[float, float]]
Moved = Callable[[float, float, Values], Values]

SHAPES = ("circle", "square", "triangle", "diamond", "bar", "vertical")


@dataclass(frozen=True)
class Handle:
    """A place in axes, and the controls that it stands for.

    Attributes
    ----------
    label : str
        What screen readers call it.
    axes : Axes
        Where it lies.
    place : callable
        Told the values of all controls; gives the place in data coordinates.
    values : callable
        Told a place and the values; gives the controls that stand otherwise then, by name.
    free : str
        Directions in which it goes: "xy", "x" or "y".
    shape, colour : str
        How it looks.
    box : callable or None
        Told the values; gives (low x, high x, low y, high y), the places that it can reach; the axes' limits by default.
    step : tuple of float or None
        Step of an arrow key along x and y; a hundredth of the axes by default.
    """

    label: str
    axes: Any
    place: Place
    values: Moved
    free: str = "xy"
    shape: str = "circle"
    colour: str = BLUE
    box: Callable[[Values], tuple[float, float, float, float]] | None = None
    step: tuple[float, float] | None = None

    def stands(self, values: Values, figure: Any) -> tuple[float, float, list[float]]:
        """Where it is and what it can reach (left, right, top, bottom), as shares of the picture from its upper left corner."""
        x, y = sorted(self.axes.get_xlim()), sorted(self.axes.get_ylim())
        if self.box is not None:
            a, b, c, d = self.box(values)
            x, y = [max(a, x[0]), min(b, x[1])], [max(c, y[0]), min(d, y[1])]
        # At once: matplotlib's transforms take longer to be asked than to answer.
        places = self.axes.transData.transform([self.place(values), *zip(x, y, strict=True)])
        (p, q), *ends = (places / (figure.bbox.width, figure.bbox.height)).tolist()
        (left, bottom), (right, top) = ends
        return p, 1.0 - q, [*sorted((left, right)), *sorted((1.0 - bottom, 1.0 - top))]


def data(axes: Any, x: float, y: float, figure: Any) -> tuple[float, float]:
    """The place in data coordinates of shares of the picture."""
    found = axes.transData.inverted().transform((x * figure.bbox.width, (1.0 - y) * figure.bbox.height))
    return float(found[0]), float(found[1])


def on_grid(control: Any, value: Any) -> Any:
    """The value that a control can stand at, nearest to a value."""
    low, high, step = (getattr(control, name, None) for name in ("min", "max", "step"))
    if low is None or high is None:
        return value
    value = min(max(float(value), low), high)
    if step:
        value = min(low + round((value - low) / step) * step, high)
    return round(value) if isinstance(control.value, int) else float(f"{value:.12g}")


def made(
    controls: dict[str, Any],
    label: str,
    axes: Any,
    x: str | None,
    y: str | None,
    at: float | Callable[[Values], float],
    tail: tuple[float, float] | Callable[[Values], tuple[float, float]],
    line: tuple[str, str, str] | None,
    place: Place | None,
    values: Moved | None,
    **look: Any,
) -> Handle:
    """Make a handle from what `LiveFigure.handle` was told."""
    if line is not None:
        w1, w2, c = line

        def foot(v: Values) -> tuple[float, float]:
            size = v[w1] ** 2 + v[w2] ** 2 or 1.0
            return -v[c] * v[w1] / size, -v[c] * v[w2] / size

        look = {"shape": "diamond"} | look
        return Handle(label, axes, foot, lambda p, q, v: {c: -(v[w1] * p + v[w2] * q)}, **look)
    if place is not None and values is not None:
        return Handle(label, axes, place, values, **look)
    if x is None and y is None:
        raise TypeError(
            f"a handle has x and y, one of them, a line, or both place and values, but {label!r} has none"
        )

    def other(v: Values) -> float:
        return float(at(v)) if callable(at) else float(at)

    def origin(v: Values) -> tuple[float, float]:
        return tail(v) if callable(tail) else tail

    def where(v: Values) -> tuple[float, float]:
        a, b = origin(v)
        return (a + v[x] if x else other(v)), (b + v[y] if y else other(v))

    def moved(p: float, q: float, v: Values) -> Values:
        a, b = origin(v)
        return ({x: p - a} if x else {}) | ({y: q - b} if y else {})

    def box(v: Values) -> tuple[float, float, float, float]:
        a, b = origin(v)
        p = (a + controls[x].min, a + controls[x].max) if x else (other(v), other(v))
        q = (b + controls[y].min, b + controls[y].max) if y else (other(v), other(v))
        return *p, *q

    free = ("x" if x else "") + ("y" if y else "")
    shape = {"xy": "circle", "x": "vertical", "y": "bar"}[free]
    if tail != (0.0, 0.0):
        shape = "triangle"
    steps = tuple(float(controls[n].step) if n else 0.0 for n in (x, y))
    own: dict[str, Any] = {"free": free, "shape": shape, "box": box, "step": steps}
    return Handle(label, axes, where, moved, **(own | look))


def stepped(
    handle: Handle, dx: int, dy: int, values: Values, controls: dict[str, Any], figure: Any
) -> Values:
    """The controls after some steps by key; a step too small to move anything is made longer."""
    x, y = handle.place(values)
    if handle.step is not None:
        one = np.array(handle.step)
    else:
        across = [np.ptp(handle.axes.get_xlim()), np.ptp(handle.axes.get_ylim())]
        one = np.array(across) / 100.0
    for longer in (1, 2, 4, 8, 16, 32, 64):
        to = x + longer * dx * one[0], y + longer * dy * one[1]
        wanted = {n: on_grid(controls[n], v) for n, v in handle.values(*to, values).items()}
        if wanted != {n: on_grid(controls[n], values[n]) for n in wanted}:
            return wanted
    return {}
