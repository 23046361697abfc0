"""A figure on a page without a kernel: its picture, and a film along its time or its only slider."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fnnkit.figures.engine import player
from fnnkit.figures.engine.controls import paragraph
from fnnkit.figures.engine.handles import on_grid

if TYPE_CHECKING:
    from fnnkit.figures.engine.shown import Shown

FILMS = "FNNKIT_FILMS"
"""Variable of the environment, set when a page is exported: figures of one slider then leave a film there."""
FRAMES, BUDGET = 31, 600_000
"""Pictures of such a film, and bytes that all of them may have; fewer pictures if they are larger."""


def static(shown: Shown) -> str:
    """The figure for a page without a kernel: its picture and what it says."""
    asked = shown.figure._prediction
    said = paragraph(shown.said) if shown.said else ""
    picture: str = shown.picture.value
    film = ""
    if os.environ.get(FILMS) and shown.said:
        film = _film(shown)
        picture = picture if film else _for_any_width(shown, picture)
    return (film or picture + said) + (asked.details() if asked else "")


def _for_any_width(shown: Shown, picture: str) -> str:
    """The picture, and its narrow twin for a narrow page."""
    shown.figure.narrow = True
    twin = player.twin(picture, shown.figure.draw(), shown.figure.size)
    shown.figure.narrow = False
    return twin


def _film(shown: Shown) -> str:
    """A film along the figure's time, or along its only slider; empty if it has neither."""
    numbers = [n for n, c in shown.controls.items() if hasattr(c, "step")]
    along = [name for name, *_ in shown.figure._plays] or (numbers if len(shown.controls) == 1 else [])
    if not along:
        return ""
    control, at, reached = shown.controls[along[0]], shown.values[along[0]], list(shown.goals.reached)
    count = min(FRAMES, round((control.max - control.min) / control.step) + 1)
    while True:
        places = [control.min + i * (control.max - control.min) / (count - 1) for i in range(count)]
        places = [on_grid(control, p) for p in places]
        frames, captions = _frames(shown, along[0], places)
        if not all(captions):  # it cannot be drawn everywhere: the picture says more
            shown.set(**{along[0]: at})
            return ""
        if sum(map(len, frames)) <= BUDGET or count <= 4:
            break
        count = max(4, int(count * BUDGET / sum(map(len, frames))))
    wide, shown.figure.narrow = shown.figure.size, True
    narrow, size = _frames(shown, along[0], places)[0], shown.figure.size
    shown.figure.narrow = False
    if sum(map(len, narrow)) > BUDGET:
        narrow = []
    shown.set(**{along[0]: at})
    shown.goals.reached = reached  # the film met them, and nobody else
    shown.goals_list.value = shown.goals.html()
    start = min(range(count), key=lambda i: abs(places[i] - at))
    label = control.description or along[0]
    name = shown.name.replace("_", " ")
    return player.page(frames, captions, name, label, 6.0, wide, start, narrow, size)


def _frames(shown: Shown, along: str, places: Sequence[Any]) -> tuple[list[bytes], list[str]]:
    """A picture for each value of a control, and what is said then."""
    frames, captions = [], []
    for place in places:
        shown.set(**{along: place})
        frames.append(player.small(shown.figure.draw()))
        captions.append(shown.said)
    return frames, captions
