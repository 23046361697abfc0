"""Interactive figures that run on the student's own functions; one module a chapter, or a figure.

Importing this package loads nothing; importing a chapter's figures loads matplotlib and ipywidgets.

How to write one, with worked examples:

- `fnnkit.figures.engine.live`: `LiveFigure`, a picture that follows sliders, drawn by the kernel. The usual case; it also
  runs something long, such as a training, with a bar of progress, and shows it live.
- `fnnkit.figures.engine.player`: `FramePlayer`, pictures drawn ahead and played in the browser. For trainings that were
  recorded, and where a static export should move too.

Both draw with the student's function through `fnnkit.figures.engine.guard`, so that whatever it does becomes words in the
picture's place. Both take ``figure.changing(artists)`` for what changes from picture to picture.

Rules that every figure keeps: colours of `fnnkit.figures.engine.canvas` and line styles or markers besides; axes are named;
text no smaller than 9 points; the sentence that an update returns says with numbers what the picture shows now; what
is drawn comes from the student's function wherever that is possible; nothing is printed; no warning.
"""

from __future__ import annotations

import importlib
from typing import Any


def __getattr__(name: str) -> Any:
    if name == "activation_explorer":
        return importlib.import_module(
            "fnnkit.figures.ch3_activations.activation_explorer"
        ).activation_explorer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
