"""The part of a figure that runs in the browser: `hands.js`, and what it and the kernel say to each other.

The browser sends one question at a time: ``{do, view, seq, …}``, where ``do`` is "move" or "step" (a handle, by pointer or
key), "look" (what is the function worth here?), "press" (a click on the picture) or "draw" (a line by hand). The kernel
answers each with ``answer``, which names the question and says where all handles are. Four things are told and not
answered: "here" (the script runs), "theme", "narrow" (the page is, so panels are stacked) and "whole" (a view does not know the
picture that a step changes). Places are shares of the picture, from its upper left corner.

Once the script has said that it is there, all that the widgets of the figure are told in a step comes as one message,
``{states, steps}``, with the pixels that change as its buffers: see `together`, `screen` and `frames`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets


class Hands(anywidget.AnyWidget):  # type: ignore[misc]
    """It shows nothing itself: its script finds the figure around it."""

    _esm = (Path(__file__).parent / "hands.js").read_text(encoding="utf-8")
    spec = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)


def hidden(widget: Any) -> Any:
    """A box that nobody sees, with a widget in it: where its script is not found, its words of error are not seen either."""
    return widgets.Box([widget], layout=widgets.Layout(display="none"))
