"""A picture in dark: backgrounds, text and axes change, the colours that carry meaning stay."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.spines import Spine
from matplotlib.text import Text
from mpl_toolkits.mplot3d import Axes3D

INK, PAPER = "#000000", "#ffffff"
DARK_INK, DARK_PAPER, DARK_PANE = "#e6e6e6", "#111111", "#1e1e1e"
# Neutral colours by their dark twin; every other colour stays.
TWINS = {
    INK: DARK_INK, PAPER: DARK_PAPER, "#cccccc": "#4d4d4d", "#bbbbbb": "#4d4d4d", "#b0b0b0": "#4d4d4d", "#dddddd": "#3a3a3a",
    "#eeeeee": "#262626", "#444444": "#bbbbbb", "#6f6f6f": "#a8a8a8", "#262626": "#d9d9d9", "#0072b2": "#4da3dd",
    "#d55e00": "#f07f2e", "#009e73": "#2fc59a",
}  # fmt: skip
KEPT = "kept"
"""The gid of an artist whose colours stay as they are in either theme: what lies on a surface."""


Taken = list[tuple[Any, str, Any, Any]]
"""Artists, what of them was changed, and the colour and opacity that it had."""


def darken(figure: Figure) -> Taken:
    """Give all neutral colours of a figure their twin; give back what they were, for `lighten`."""
    taken: Taken = []
    over_surface = {id(a) for axes in figure.axes if _has_surface(axes) for a in axes.get_children()}
    for artist in figure.findobj():
        if artist.get_gid() == KEPT:
            continue
        if isinstance(artist, Text):
            # What stands within a coloured plane keeps its colour; titles and names of axes are outside.
            if id(artist) not in over_surface or artist in _titles(artist):
                _swap(artist, "color", taken)
        elif isinstance(artist, Spine):
            _swap(artist, "edgecolor", taken)
        elif id(artist) in over_surface:
            if artist is getattr(artist.axes, "patch", None):
                _swap(artist, "facecolor", taken)
        elif isinstance(artist, Line2D):
            _swap(artist, "color", taken)  # a white marker is seen on either page
        elif isinstance(artist, LineCollection):
            if artist.get_array() is None:  # else its colours are values
                _swap(artist, "edgecolor", taken)
        elif isinstance(artist, Legend):
            _swap(artist.get_frame(), "facecolor", taken)
        elif isinstance(artist, Patch):
            _swap(artist, "facecolor", taken)
            _swap(artist, "edgecolor", taken)
    for axes in figure.axes:
        for axis in (getattr(axes, f"{name}axis") for name in "xyz") if isinstance(axes, Axes3D) else ():
            taken.append((axis.pane, "facecolor", axis.pane.get_facecolor(), axis.pane.get_alpha()))
            axis.pane.set_facecolor(DARK_PANE)
    return taken


def lighten(taken: Taken) -> None:
    """Give back the colours of a light page."""
    for artist, what, colour, alpha in reversed(taken):
        getattr(artist, f"set_{what}")(colour)
        artist.set_alpha(alpha)


def _has_surface(axes: Axes) -> bool:
    return bool(axes.images) or any(type(child).__name__ == "Surface" for child in axes.get_children())


def _titles(artist: Text) -> list[Text]:
    axes = artist.axes
    return [] if axes is None else [axes.title, axes._left_title, axes._right_title]  # type: ignore[attr-defined]


def _swap(artist: Any, what: str, taken: Taken) -> None:
    try:
        colour = getattr(artist, f"get_{what}")()
        if isinstance(colour, str) and colour in ("none", "auto", "inherit"):
            return
        if isinstance(colour, np.ndarray):  # of a collection that has one colour
            [colour] = colour
        alpha = artist.get_alpha()
        found = TWINS.get(to_hex(colour))
    except (ValueError, AttributeError, TypeError):
        return
    if found is not None and not (isinstance(artist, Line2D) and found == DARK_PAPER):
        taken.append((artist, what, colour, alpha))
        getattr(artist, f"set_{what}")(found)
        artist.set_alpha(alpha)
