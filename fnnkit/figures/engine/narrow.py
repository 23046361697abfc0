"""A picture for a narrow page: panels that stood side by side stand one below the other, letters keep their size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text

WIDTH = 4.6
"""Inches, at 96 pixels an inch: shown as it is on a page of 440 pixels."""
PAD = 0.06
"""Inches between a panel and the edge, and between one panel and the next."""
MANY = 3
"""Panels in a row that are stacked; more than these are small, and stay beside each other."""

Box = tuple[float, float, float, float]


@dataclass
class Panel:
    """Axes that stay together (a panel and its colour bar), and the box around them with all their labels; inches."""

    axes: list[Axes]
    left: float
    right: float
    bottom: float
    top: float
    inner: Box  # without labels: left, right, bottom, top

    def join(self, other: Panel) -> None:
        """Take the axes of another panel in."""
        self.axes += other.axes
        self.left, self.right = min(self.left, other.left), max(self.right, other.right)
        self.bottom, self.top = min(self.bottom, other.bottom), max(self.top, other.top)
        (a, b, c, d), (e, f, g, h) = self.inner, other.inner
        self.inner = min(a, e), max(b, f), min(c, g), max(d, h)


class Line:
    """What stands in a line of the narrow picture."""

    def __init__(self, panels: list[Panel]) -> None:
        self.panels = panels
        self.top, self.bottom = max(p.top for p in panels), min(p.bottom for p in panels)
        self.before = panels[0].inner[0] - panels[0].left
        self.begin, end = panels[0].inner[0], panels[-1].inner[1]
        self.ceiling = max(p.inner[3] for p in panels)
        room = WIDTH - 2 * PAD - self.before - (panels[-1].right - end)
        self.scale = room / (end - self.begin)
        # A square grows to both sides, or to none.
        square = any(axes.get_aspect() != "auto" for panel in panels for axes in panel.axes)
        self.grown = max(1.0, self.scale) if square else 1.0
        self.height = self.top - self.bottom
        self.height += (self.grown - 1.0) * (self.ceiling - min(p.inner[2] for p in panels))

    def box(self, box: Box, edge: float, tall: float) -> Box:
        """The new place of axes, as shares of a picture so tall, in a line that begins so far from its upper edge."""
        x, y, w, h = box
        left = PAD + self.before + (x - self.begin) * self.scale
        lower = tall - edge - (self.top - self.ceiling) - (self.ceiling - y) * self.grown
        return left / WIDTH, lower / tall, w * self.scale / WIDTH, h * self.grown / tall


class Narrow:
    """The arrangement of a figure for a narrow page, and the way back.

    Parameters
    ----------
    figure : Figure
        It was drawn once, so its layout is solved.
    """

    def __init__(self, figure: Figure) -> None:
        self._figure = figure
        self._size = figure.get_size_inches().copy()
        self._boxes: dict[Axes, Box] = {a: a.get_position(original=True).bounds for a in figure.axes}
        self._letters: list[tuple[Text, float]] = []
        self._legends: list[tuple[Legend, Legend]] = []

    def narrow(self) -> None:
        """Stack the panels."""
        figure, (wide, high) = self._figure, self._size
        for axes in figure.axes:
            self._smaller([axes.title], axes.title, 0.84)
            legend = axes.get_legend()
            if legend is not None:
                self._smaller(legend.get_texts(), legend, 0.72)
        title = figure._suptitle  # type: ignore[attr-defined]
        if title is not None:
            self._smaller([title], title, 0.84)
        grown = sum(self._fitted(legend) for legend in list(figure.legends))
        rows = _rows(figure)
        lines: list[tuple[Line, float]] = []  # and how far from the upper edge they begin
        down, last = high - max(p.top for p in rows[0]), 0.0
        for row in rows:
            made = [Line(row)] if len(row) > MANY else [Line([panel]) for panel in row]
            down += max(0.0, last - max(line.top for line in made)) if lines else 0.0
            for line in made:
                lines.append((line, down))
                down += line.height + PAD
            down, last = down - PAD, min(line.bottom for line in made)
        tall = down + last + grown
        now = {a: a.get_position().bounds for a in figure.axes}
        figure.set_size_inches(WIDTH, tall)
        for line, edge in lines:
            for axes in (a for panel in line.panels for a in panel.axes):
                x, y, w, h = now[axes]
                axes.set_position(line.box((x * wide, y * high, w * wide, h * high), edge, tall))

    def wide(self) -> None:
        """Go back."""
        for axes, box in self._boxes.items():
            axes.set_position(box)
        for text, size in reversed(self._letters):
            text.set_fontsize(size)
        for old, new in self._legends:
            new.remove()
            old.set_visible(True)
        self._figure.set_size_inches(*self._size)

    def _smaller(self, texts: Sequence[Text], whole: Text | Legend, room: float) -> None:
        """Make letters so small that a title, or a legend of a panel, takes no more than a share of the width."""
        share = room * WIDTH * self._figure.dpi / max(whole.get_window_extent().width, 1.0)
        for text in texts if share < 1.0 else ():
            size = float(text.get_fontsize())
            self._letters.append((text, size))
            text.set_fontsize(size * share)

    def _fitted(self, legend: Legend) -> float:
        """Put a legend of as many columns as fit in the place of one; give by how many inches it is higher."""
        figure, (before, new) = self._figure, (legend.get_window_extent().height, legend)
        known = [h for h in legend.legend_handles if h is not None]
        words = [text.get_text() for text in legend.get_texts()]
        for columns in range(legend._ncols, 0, -1):  # type: ignore[attr-defined]
            new = figure.legend(
                known, words, loc="lower center", ncols=columns,
                fontsize=legend.get_texts()[0].get_fontsize(), frameon=legend.get_frame_on(), borderaxespad=0.2,
            )  # fmt: skip
            figure.draw_without_rendering()
            if new.get_window_extent().width <= (WIDTH - 2 * PAD) * figure.dpi:
                break
            if columns > 1:
                new.remove()
        legend.set_visible(False)
        self._legends.append((legend, new))
        return float(new.get_window_extent().height - before) / figure.dpi


def _rows(figure: Figure) -> list[list[Panel]]:
    """Panels, row by row from above, each from the left."""
    panels = []
    wide, high = figure.get_size_inches()
    for axes in figure.axes:
        box, tight = axes.get_position(), axes.get_tightbbox()
        extents = (tight.x0, tight.x1, tight.y0, tight.y1) if tight else (0.0,) * 4
        left, right, bottom, top = (float(v) / figure.dpi for v in extents)
        inner = box.x0 * wide, box.x1 * wide, box.y0 * high, box.y1 * high
        panels.append(Panel([axes], left, right, bottom, top, inner))
    bars = [p for p in panels if hasattr(p.axes[0], "_colorbar")]
    plain = [p for p in panels if p not in bars]
    for bar in bars:  # it belongs to the panel on its left
        owner = max((p for p in plain if p.inner[0] < bar.inner[0]), key=lambda p: p.inner[1])
        owner.join(bar)
    rows: list[list[Panel]] = []
    for panel in sorted(plain, key=lambda p: -p.top):
        middle = (panel.top + panel.bottom) / 2
        row = next((r for r in rows if min(p.bottom for p in r) < middle < max(p.top for p in r)), None)
        if row is None:
            rows.append([panel])
        else:
            row.append(panel)
    return [sorted(row, key=lambda p: p.left) for row in rows]
