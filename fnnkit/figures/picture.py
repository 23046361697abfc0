"""A matplotlib figure shown as an image with a text alternative, redrawn in place."""

from __future__ import annotations

import base64
import html
import io
from typing import Any

import ipywidgets as widgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Okabe and Ito (2008), colours that colour-blind readers can tell apart.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6f6f6f"
SHARPNESS = 1.5
"""Pixels drawn for each pixel shown at 100 %, so that letters stay sharp when the page is zoomed."""


class Picture:
    """A figure of fixed size and the widget that shows it.

    The figure does not belong to pyplot, so nothing draws it twice and nothing keeps it alive.

    Parameters
    ----------
    width, height : float
        Size in inches, at 96 pixels an inch.
    layout : str or None
        Matplotlib's layout engine; None where the places of the axes are given.
    """

    def __init__(self, width: float, height: float, layout: Any = "constrained") -> None:
        self.figure = Figure(figsize=(width, height), dpi=96 * SHARPNESS, layout=layout, facecolor="white")
        FigureCanvasAgg(self.figure)
        self.widget: Any = widgets.HTML()

    @property
    def alt(self) -> str:
        """What the widget says in words now: the alternative text, or why there is no picture."""
        return self._alt

    _alt = ""

    def show(self, alt: str) -> None:
        """Draw the figure as it is now; ``alt`` says in words what it shows."""
        self._alt = alt
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png", dpi="figure", pil_kwargs={"compress_level": 1})
        data = base64.b64encode(buffer.getvalue()).decode()
        width = round(96 * self.figure.get_figwidth())
        self.widget.value = (
            f'<img alt="{html.escape(alt, quote=True)}" decoding="sync" width="{width}" '
            f'style="max-width:100%;height:auto" src="data:image/png;base64,{data}">'
        )

    def explain(self, text: str) -> None:
        """Say in words why there is no picture."""
        self._alt = text
        self.widget.value = (
            f'<p role="status" style="border-left:4px solid {ORANGE};padding:.3em .9em;max-width:45em;'
            f'line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere">{html.escape(text)}</p>'
        )
