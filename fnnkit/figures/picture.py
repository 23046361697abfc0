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


class Picture:
    """A figure of fixed size and the widget that shows it.

    The figure does not belong to pyplot, so nothing draws it twice and nothing keeps it alive.
    """

    def __init__(self, width: float, height: float, dpi: int = 96) -> None:
        self.figure = Figure(figsize=(width, height), dpi=dpi, layout="constrained", facecolor="white")
        FigureCanvasAgg(self.figure)
        self.widget: Any = widgets.HTML()

    def show(self, alt: str) -> None:
        """Draw the figure as it is now; ``alt`` says in words what it shows."""
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png", pil_kwargs={"compress_level": 1})
        data = base64.b64encode(buffer.getvalue()).decode()
        self.widget.value = (
            f'<img alt="{html.escape(alt, quote=True)}" decoding="sync" style="max-width:100%" '
            f'src="data:image/png;base64,{data}">'
        )

    def explain(self, text: str) -> None:
        """Say in words why there is no picture."""
        self.widget.value = (
            f'<p role="status" style="border-left:4px solid {ORANGE};padding:.3em .9em;max-width:45em">'
            f"{html.escape(text)}</p>"
        )
