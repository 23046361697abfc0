"""Where the picture of a figure stands on the page: as a whole, and as steps painted over it while something moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from fnnkit.figures.engine.canvas import Canvas, explanation, image, png
from fnnkit.figures.engine.frames import Frames
from fnnkit.figures.engine.together import Together

REST = 0.25
"""Seconds after the last step, until the picture is whole again: an image that can be saved, with the page too."""


class Screen:
    """The picture of a figure on the page.

    Without a browser, or without our script in it, every picture is whole: an image in an HTML widget. Where the script runs, a
    step is what differs from the picture before, painted on a canvas over that image, pixel by pixel the same; as soon as
    nothing moves any more, the image follows, and the canvas goes.

    Parameters
    ----------
    canvas : Canvas
        What draws.
    together : Together
        What sends.
    rested : callable
        Called when nothing moves any more: it should call `settle`.

    Attributes
    ----------
    picture : HTML
        The widget that holds the image, or words in its place.
    """

    def __init__(self, canvas: Canvas, together: Together, rested: Callable[[], None]) -> None:
        self.canvas, self._together, self._rested = canvas, together, rested
        self.picture = widgets.HTML()
        self.picture.add_class("fnnkit-picture")
        self._frames, self._whole, self._heard = Frames(), 0, False
        self._alt = ""  # of the picture; empty while words stand in its place
        self._rest: asyncio.TimerHandle | None = None

    @property
    def whole(self) -> int:
        """Number of the picture that the image is, for the browser's script; 0 if it cannot be painted over."""
        return self._whole

    def heard(self) -> None:
        """Note that our script runs in a browser, and can paint steps."""
        self._heard = True
        if self._alt:
            self.paint()

    def show(self, alt: str) -> None:
        """Draw the figure as it is now."""
        pixels, self._alt = self.canvas.draw(), alt
        loop = _loop() if self._heard else None
        # Told apart from a whole picture by what is known of the one before, which is nothing after words.
        runs = self._frames.step(pixels) if loop is not None else None
        if loop is None or runs is None:
            self._image(pixels)
            return
        number = self._frames.number
        self._together.add([runs], steps=[{"base": number - 1, "number": number, "alt": alt}])
        self._cancel()
        self._rest = loop.call_later(REST, self._rested)

    def paint(self) -> None:
        """Draw the same artists once more, as a whole, without calling anybody's function."""
        if self._alt:
            self._image(self.canvas.draw())

    def settle(self) -> None:
        """Have the image follow what was painted over it."""
        if self._rest is not None:
            self.paint()

    def words(self, text: str) -> None:
        """Say why there is no picture, in its place."""
        self._cancel()
        self._alt, self._whole = "", 0
        self._frames.lost()
        self.picture.value = explanation(text, self.canvas.size)

    def _image(self, pixels: Any) -> None:
        self._cancel()
        self.picture.value = image(png(pixels), self._alt, *self.canvas.size)
        self._whole = self._frames.whole(pixels) if self._heard else 0

    def _cancel(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None


def _loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:  # a script or a test: nothing would come after the step
        return None
