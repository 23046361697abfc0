"""Recording what takes long, with a bar of progress in the figure's place."""

from __future__ import annotations

import html
import sys
import time
from collections.abc import Iterable
from typing import Any, TypeVar

PATIENCE = 0.4
"""Seconds after which one sees how far it is."""

State = TypeVar("State")


def recorded(states: Iterable[State], title: str, count: int) -> list[State]:
    """Collect all states; in a notebook a bar of progress stands there while it takes.

    Parameters
    ----------
    states : iterable
        What is recorded, such as a generator that trains.
    title : str
        What it is, for the bar.
    count : int
        How many states there will be.
    """
    found: list[State] = []
    shown: Any = None
    last = time.monotonic() + PATIENCE - 0.1
    ipython: Any = sys.modules.get("IPython")
    quiet = ipython is None or ipython.get_ipython() is None
    display = None if quiet else ipython.display.display
    for state in states:
        found.append(state)
        if display is None or time.monotonic() - last < 0.1:
            continue
        last = time.monotonic()
        words = f"{title}: {len(found)} of {count}"
        bar = f'<progress max="{count}" value="{len(found)}"></progress>'
        bundle = {
            "text/html": f'<label style="line-height:1.45">{bar} {html.escape(words)}</label>',
            "text/plain": words,
        }
        if shown is None:
            shown = display(bundle, raw=True, display_id=True)
        else:
            shown.update(bundle, raw=True)
    if shown is not None:
        shown.update({"text/html": "", "text/plain": ""}, raw=True)
    return found
