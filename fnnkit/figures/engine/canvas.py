"""A matplotlib figure that is kept alive and draws only what changes."""

from __future__ import annotations

import base64
import html
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray

from fnnkit.figures.engine.letters import Drawn, remember
from fnnkit.figures.engine.narrow import Narrow
from fnnkit.figures.engine.style import own_style
from fnnkit.figures.engine.theme import Taken, darken, lighten

# Okabe and Ito (2008), colours that colour-blind readers can tell apart. Lines differ by their style as well.
BLUE, ORANGE, GREEN, SKY, YELLOW, PINK, GREY = (
    "#0072B2", "#D55E00", "#009E73", "#56B4E9", "#E69F00", "#CC79A7", "#6f6f6f",
)  # fmt: skip
SURFACE = "cividis"
"""Colour map for surfaces: it rises in brightness and looks the same to colour-blind readers."""
PIXELS = 96
"""Pixels an inch on the page, at 100 %."""
SHARPNESS = 1.25
"""Pixels drawn for each pixel shown at 100 %, so that letters stay sharp when the page is zoomed."""

Changing = TypeVar("Changing")


class Canvas:
    """A figure of fixed size that is drawn once, and then again where it changes.

    The figure does not belong to pyplot, so nothing draws it twice and nothing keeps it alive.

    Artists named by `changing` are drawn on top of a stored picture of all the rest, which takes a millisecond where
    drawing everything takes forty. If anything else changes (the limits of the axes, a title, a tick), matplotlib
    knows that the figure is stale, and all of it is drawn anew: there is nothing to say and nothing to forget.

    Parameters
    ----------
    width, height : float
        Size in inches, at 96 pixels an inch. A notebook's column shows up to about 9.6 inches.
    layout : str or None
        Matplotlib's layout engine; None where the places of the axes are given.
    """

    def __init__(self, width: float = 6.4, height: float = 3.8, layout: Any = "constrained") -> None:
        with own_style():
            self.figure = Figure(
                figsize=(width, height), dpi=PIXELS * SHARPNESS, layout=layout, facecolor="white"
            )
            self._canvas: Any = Drawn(self.figure)
        self._changing: list[Artist] = []
        self._backgrounds: dict[float, Any] = {}  # by pixels an inch
        self._dark = self._settled = False
        self._taken: Taken = []
        self._narrow: Narrow | None = None

    def changing(self, artists: Changing) -> Changing:
        """Mark artists that change from picture to picture; give them back.

        Parameters
        ----------
        artists : Artist or iterable of Artist
            What a method of the axes returned: a line, a list of lines, the bars of a chart, an image, a text.

        Returns
        -------
        Artist or iterable of Artist
            The argument.

        Notes
        -----
        Changing artists lie above everything else in the picture. Change their data; do not remove and make them.
        """
        for artist in _flat(artists):
            artist.set_animated(True)
            artist.set_in_layout(False)  # where it lies moves no panel
            if isinstance(artist, Text):
                remember(artist)
            self._changing.append(artist)
        return artists

    def draw(self, sharpness: float = SHARPNESS) -> NDArray[np.uint8]:
        """Draw the figure as it is now.

        The layout is solved at the first drawing and stays: no panel moves later.

        Parameters
        ----------
        sharpness : float
            Pixels drawn for each pixel shown.

        Returns
        -------
        ndarray of uint8, shape (height, width, 4)
            Red, green, blue and opacity of each pixel; it is overwritten when the figure is drawn again.
        """
        self._changing = [a for a in self._changing if a.get_figure() is not None]  # others were removed
        with own_style():
            if self.figure.stale:
                self._backgrounds.clear()
            dots = PIXELS * sharpness
            if self.figure.dpi != dots:
                self.figure.set_dpi(dots)
            renderer = self._canvas.get_renderer()
            if dots in self._backgrounds:
                self._canvas.restore_region(self._backgrounds[dots])
                self.figure.stale = False
            else:
                self._canvas.draw()
                if not self._settled:
                    self.figure.set_layout_engine("none")
                    self._settled = True
                self._backgrounds[dots] = self._canvas.copy_from_bbox(self.figure.bbox)
            for artist in sorted(self._changing, key=lambda a: a.get_zorder()):
                artist.draw(renderer)
            return np.asarray(self._canvas.buffer_rgba())

    @property
    def dark(self) -> bool:
        """Whether it is drawn for a dark page."""
        return self._dark

    @dark.setter
    def dark(self, on: bool) -> None:
        if on != self._dark:
            self._dark = on
            if on:
                self._taken = darken(self.figure)
            else:
                lighten(self._taken)
            self._backgrounds.clear()
            self.figure.stale = True

    @property
    def narrow(self) -> bool:
        """Whether it is drawn for a narrow page, its panels one below the other."""
        return self._narrow is not None

    @narrow.setter
    def narrow(self, on: bool) -> None:
        if on == self.narrow:
            return
        if not self._settled:
            self.draw()
        dark, self.dark = self.dark, False
        with own_style():
            if self._narrow is None:
                self._narrow = Narrow(self.figure)
                self._narrow.narrow()
            else:
                self._narrow.wide()
                self._narrow = None
        self.dark = dark  # of a legend that is new, too
        self._backgrounds.clear()
        self.figure.stale = True

    def image(self, alt: str, sharpness: float = SHARPNESS) -> str:
        """Draw the figure as it is now; give it as an HTML image.

        Parameters
        ----------
        alt : str
            What the picture shows, in words.
        sharpness : float
            Pixels drawn for each pixel shown.
        """
        return image(png(self.draw(sharpness)), alt, *self.size)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the page at 100 %."""
        width, height = self.figure.get_size_inches()
        return round(PIXELS * width), round(PIXELS * height)


def image(data: bytes, alt: str, width: int, height: int, kind: str = "png") -> str:
    """Write an HTML image that carries its own data."""
    return (
        f'<img alt="{html.escape(alt, quote=True)}" width="{width}" height="{height}" decoding="sync" '
        f'style="display:block;max-width:100%;height:auto" src="data:image/{kind};base64,{base64.b64encode(data).decode()}">'
    )


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Write an opaque picture as PNG, fast rather than small.

    Pillow chooses a filter for each row; charts are mostly flat and compress well without one, in half the time.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3 or 4)
        Red, green, blue; a fourth channel is left out.

    References
    ----------
    W3C (2003), Portable Network Graphics, sections 5 and 9.
    """
    height, width = pixels.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each row starts with 0: no filter
    places = np.lib.stride_tricks.as_strided(rows[:, 1:], (height, width, 3), (rows.strides[0], 3, 1))
    for channel in range(3):  # one at a time: ten times as fast as copying pixels of three bytes
        places[:, :, channel] = pixels[:, :, channel]

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows.data, 1))
        + chunk(b"IEND", b"")
    )


def _flat(artists: Any) -> Iterator[Artist]:
    if isinstance(artists, Artist):
        yield artists
    elif isinstance(artists, Iterable):
        for artist in artists:
            yield from _flat(artist)
    elif artists is not None:
        raise TypeError(
            f"only artists of matplotlib can be drawn anew, and this is of type {type(artists).__name__}"
        )


def explanation(text: str, size: tuple[int, int] | None = None) -> str:
    """Write in HTML why there is no picture; in a box of the picture's size, so that nothing below it moves."""
    said = (
        f'<p role="status" style="border-left:4px solid {ORANGE};padding:.3em .9em;max-width:45em;margin:1em;'
        f'line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere">{html.escape(text)}</p>'
    )
    if size is None:
        return said
    width, height = size
    return (
        f'<div style="width:{width}px;max-width:100%;aspect-ratio:{width}/{height};display:flex;overflow:auto;'
        f'align-items:center;justify-content:center;box-sizing:border-box;border:1px solid #8888">{said}</div>'
    )
