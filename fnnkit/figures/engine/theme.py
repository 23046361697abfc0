"""A picture in dark: backgrounds, text and axes change, the colours that carry meaning stay."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.spines import Spine
from matplotlib.text import Text

INK, PAPER = "#000000", "#ffffff"
DARK_INK, DARK_PAPER = "#e6e6e6", "#111111"
# Neutral colours by their dark twin; every other colour stays.
TWINS = {
    INK: DARK_INK, PAPER: DARK_PAPER, "#cccccc": "#4d4d4d", "#b0b0b0": "#4d4d4d", "#dddddd": "#3a3a3a",
    "#eeeeee": "#262626", "#444444": "#bbbbbb", "#6f6f6f": "#a8a8a8", "#262626": "#d9d9d9", "#0072b2": "#4da3dd",
    "#d55e00": "#f07f2e", "#009e73": "#2fc59a",
}  # fmt: skip
BACK = {dark: light for light, dark in TWINS.items()}
KEPT = "kept"
"""The gid of an artist whose colours stay as they are in either theme: what lies on a surface."""


def recolour(figure: Figure, dark: bool) -> None:
    """Give all neutral colours of a figure their twin."""
    twins = TWINS if dark else BACK
    over_surface = {id(a) for axes in figure.axes if _has_surface(axes) for a in axes.get_children()}
    for artist in figure.findobj():
        if artist.get_gid() == KEPT:
            continue
        if isinstance(artist, Text):
            # What stands within a coloured plane keeps its colour; titles and names of axes are outside.
            if id(artist) not in over_surface or artist in _titles(artist):
                _swap(artist, "color", twins)
        elif isinstance(artist, Spine):
            _swap(artist, "edgecolor", twins)
        elif id(artist) in over_surface:
            if isinstance(artist, Axes) or artist is getattr(artist.axes, "patch", None):
                _swap(artist, "facecolor", twins)
        elif isinstance(artist, Line2D):
            _swap(artist, "color", twins)
            _swap(artist, "markerfacecolor", twins)
        elif isinstance(artist, Legend):
            _swap(artist.get_frame(), "facecolor", twins)
        elif isinstance(artist, Patch):
            _swap(artist, "facecolor", twins)


def _has_surface(axes: Axes) -> bool:
    return bool(axes.images) or any(type(child).__name__ == "Surface" for child in axes.get_children())


def _titles(artist: Text) -> list[Text]:
    axes = artist.axes
    return [] if axes is None else [axes.title, axes._left_title, axes._right_title]  # type: ignore[attr-defined]


def _swap(artist: Any, what: str, twins: dict[str, str]) -> None:
    try:
        colour = getattr(artist, f"get_{what}")()
        if isinstance(colour, str) and colour in ("none", "auto", "inherit"):
            return
        alpha = artist.get_alpha()
        found = twins.get(to_hex(colour))
    except (ValueError, AttributeError, TypeError):
        return
    if found is not None:
        getattr(artist, f"set_{what}")(found)
        artist.set_alpha(alpha)
