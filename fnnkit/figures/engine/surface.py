"""A function of two variables as coloured bands: four times as fast to draw as an image of matplotlib's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import contourpy
import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm
from numpy.typing import NDArray

from fnnkit.figures.engine.canvas import SURFACE, Canvas

Float = NDArray[np.float64]


class Surface(Artist):
    """Bands of colour for values on a grid, with lines where the values cross given levels.

    Parameters
    ----------
    figure : Canvas
        What draws it: a `LiveFigure` or `FramePlayer`.
    axes : Axes
        Where it is drawn; its limits become the ends of the grid.
    x, y : ndarray, shapes (n,) and (m,)
        The grid, ascending and evenly spaced.
    edges : ndarray, shape (k,)
        Where one band ends and the next begins, ascending and evenly spaced; values beyond go to two more bands.
    lines : tuple of float
        Levels at which a white line is drawn.
    scale : callable, optional
        What is done to values, and to the levels of lines, before they are sorted into bands: ``np.log2`` for values of
        many sizes. ``edges`` are given on this scale.

    Examples
    --------
    >>> from fnnkit.figures.engine.live import LiveFigure
    >>> figure, side = LiveFigure(), np.linspace(-1.0, 1.0, 41)
    >>> surface = Surface(figure, figure.figure.add_subplot(), side, side, np.linspace(0.0, 1.0, 11), lines=(0.5,))
    >>> surface.set_values(np.hypot(*np.meshgrid(side, side)))
    >>> surface.colour_bar(figure.figure.add_axes((0.9, 0.1, 0.02, 0.8))).ax.get_ylim()
    (np.float64(0.0), np.float64(1.0))
    """

    def __init__(
        self,
        figure: Canvas,
        axes: Any,
        x: Any,
        y: Any,
        edges: Any,
        lines: tuple[float, ...] = (),
        scale: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__()
        self.x, self.y, self.edges, self.lines = (np.asarray(v, float) for v in (x, y, edges, lines))
        self.scale = scale or (lambda v: v)
        self.lines = np.asarray(self.scale(self.lines), float)
        self.values: Float = np.zeros((len(self.y), len(self.x)))
        self._norm = BoundaryNorm(self.edges, 256, extend="both")
        middle = np.concatenate(
            [[self.edges[0] - 1.0], (self.edges[1:] + self.edges[:-1]) / 2, [self.edges[-1] + 1.0]]
        )
        self._colours = colormaps[SURFACE](self._norm(middle), bytes=True).view(np.uint32).ravel()
        self._places: dict[tuple[int, int], tuple[Any, Any]] = {}
        self._kept: tuple[Any, ...] | None = None
        self._mesh = np.meshgrid(self.x, self.y)
        axes.set(xlim=(self.x[0], self.x[-1]), ylim=(self.y[0], self.y[-1]))
        axes.add_artist(self)
        self.set_zorder(0)
        self._lines = LineCollection([], colors="white", linewidths=2, zorder=1)
        axes.add_collection(self._lines, autolim=False)
        figure.changing((self, self._lines))

    def set_values(self, values: Any) -> None:
        """Set the values.

        Parameters
        ----------
        values : ndarray, shape (m, n)
            Row i holds the values at ``y[i]``.
        """
        self.values = np.asarray(self.scale(np.asarray(values, float)), float).reshape(
            len(self.y), len(self.x)
        )
        if len(self.lines):
            contours: Any = contourpy.contour_generator(self._mesh[0], self._mesh[1], self.values)
            self._lines.set_segments([line for level in self.lines for line in contours.lines(level)])
        self.stale = True

    def colour_bar(self, axes: Any = None, at: dict[float, str] | None = None, **options: Any) -> Any:
        """Draw the colour bar, into axes of its own or beside the surface; lines are white there too.

        ``at`` names values, before any scale, and what stands beside them.
        """
        place = {"ax": self.axes} if axes is None else {"cax": axes}
        figure: Any = self.axes.figure if self.axes is not None else axes.figure
        bar = figure.colorbar(ScalarMappable(self._norm, SURFACE), **place, **options)
        bar.ax.minorticks_off()
        if at is not None:
            bar.set_ticks(list(self.scale(np.array(list(at)))), labels=list(at.values()))
        for level in self.lines:
            bar.ax.axhline(level, color="white", linewidth=2, gid="kept")
        return bar

    def draw(self, renderer: Any) -> None:
        """Draw it; called by matplotlib."""
        if not self.get_visible() or self.axes is None:
            return
        box = self.axes.bbox
        left, bottom = round(box.x0), round(box.y0)
        width, height = round(box.x1) - left, round(box.y1) - bottom
        (right, t), (above, u) = self._between(width, height)
        # Where each value lies among the bands, on the grid; between its points that is as straight as the values are.
        step = (self.edges[-1] - self.edges[0]) / (len(self.edges) - 1)
        places = ((self.values - (self.edges[0] - step)) / step).astype(np.float32)
        # Without a matrix product: its threads would wait for each other on a busy machine. Into memory that is there.
        rows = places.take(right - 1, axis=1) + np.diff(places, axis=1).take(right - 1, axis=1) * t
        now, more, band, picture = self._memory(width, height)
        np.diff(rows, axis=0).take(above - 1, axis=0, out=now, mode="clip")
        now *= u[:, np.newaxis]
        now += rows.take(above - 1, axis=0, out=more, mode="clip")
        np.clip(now, 0, len(self.edges), out=now)
        np.copyto(band, now, casting="unsafe")
        self._colours.take(band, out=picture, mode="clip")
        drawn = picture.view(np.uint8).reshape(height, width, 4)
        graphics = renderer.new_gc()
        graphics.set_clip_rectangle(box)
        renderer.draw_image(graphics, left, bottom, drawn)
        graphics.restore()
        self.stale = False

    def _memory(self, width: int, height: int) -> tuple[Any, ...]:
        """Where it is drawn: asked for anew at every step, it would have to be cleared by the system, page by page."""
        size = height, width
        if self._kept is None or self._kept[0].shape != size:
            self._kept = tuple(np.empty(size, kind) for kind in (np.float32, np.float32, np.uint8, np.uint32))
        return self._kept

    def _between(self, width: int, height: int) -> tuple[Any, Any]:
        """Where each pixel's middle lies between two points of the grid, along both sides."""
        if (width, height) not in self._places:
            self._places[width, height] = _places(len(self.x), width), _places(len(self.y), height)
        return self._places[width, height]


def _places(points: int, pixels: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The point of the grid after each pixel, and the share of the way to it."""
    at = (np.arange(pixels) + 0.5) / pixels * (points - 1)
    after = np.clip(np.ceil(at).astype(np.intp), 1, points - 1)
    return after, (at - (after - 1)).astype(np.float32)
