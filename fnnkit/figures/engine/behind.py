"""A picture drawn right behind the answer to the slider that asks for it, while that slider is dragged."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable

SOON = 0.001
"""Seconds until it is drawn: the thread that sends the answer has to get its turn before."""
QUICK = 0.015
"""Seconds; what took longer to draw is drawn before the answer, so that no old value waits behind it."""


class Behind:
    """Draws for a slider that is dragged: first "idle", which lets the page send the next value, then the picture.

    ipywidgets sends one value at a time: without this, the page does nothing while the kernel draws, and the kernel
    nothing while the page paints and the next value travels. Values that come before the picture is drawn share it.

    Attributes
    ----------
    held : bool
        Whether a slider of the figure is held on the page.
    """

    def __init__(self) -> None:
        self.held = False
        self._took = 2 * QUICK  # nobody knows yet
        self._due: asyncio.TimerHandle | None = None

    def draw(self, draw: Callable[[], None]) -> None:
        """Draw now, or in a moment; what was to be drawn in a moment is not any more."""
        self.cancel()
        if not self.held or self._took > QUICK:
            self._timed(draw)
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a script or a test
            self._timed(draw)
        else:
            self._due = loop.call_later(SOON, self._interruptible, draw)

    def cancel(self) -> None:
        """Forget what was to be drawn in a moment: something newer is."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _timed(self, draw: Callable[[], None]) -> None:
        begun = time.perf_counter()
        try:
            draw()
        finally:
            self._took = time.perf_counter() - begun

    def _interruptible(self, draw: Callable[[], None]) -> None:
        """As in a message: between two of them the kernel ignores that somebody interrupts it."""
        self._due = None
        if threading.current_thread() is not threading.main_thread():  # only there signals are heard
            self._timed(draw)
            return
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            self._timed(draw)
        except KeyboardInterrupt:  # it would end the kernel here
            pass
        finally:
            signal.signal(signal.SIGINT, before)
