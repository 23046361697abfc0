"""Time in a figure: play, pause, one step, back to the start, and how fast."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

SPEEDS = {"¼ ×": 0.25, "½ ×": 0.5, "1 ×": 1.0, "2 ×": 2.0, "4 ×": 4.0}
_task: set[asyncio.Task[None]] = set()  # a task that nobody holds may vanish


class Clock:
    """Something that goes on step by step, and the buttons for it.

    Parameters
    ----------
    label, pause, on : str
        What the first button says: at rest, while it runs, and after a pause.
    step : callable
        Makes one step; False at the end, or when there is no more to do.
    begin : callable
        Called when it is started from rest.
    back : callable
        Brings back the start.
    seconds : float
        From one step to the next at speed 1.
    """

    def __init__(
        self,
        label: str,
        step: Callable[[], bool],
        begin: Callable[[], None],
        back: Callable[[], None],
        seconds: float,
    ) -> None:
        self.label, self._step, self._begin, self._back, self._seconds = label, step, begin, back, seconds
        self.running = self.begun = False
        self._turn = 0
        self.main = _button(label, self.press)
        self.one = _button("One step", self.one_step)
        self.start = _button("Back to start", self.back)
        self.speed = widgets.Dropdown(
            options=list(SPEEDS.items()), value=1.0, description="speed", style={"description_width": "45px"},
            layout=widgets.Layout(width="130px"),
        )  # fmt: skip

    @property
    def row(self) -> list[Any]:
        """Its buttons."""
        return [self.main, self.one, self.start, self.speed]

    def press(self) -> None:
        """Start, pause, or go on."""
        if self.running:
            self._rest()
            return
        self._start()
        self.running = True
        self.main.description = "Pause"
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a script or a test: nobody could press Pause
            while self.running and self._step():
                pass
            self.stop()
        else:
            self._turn += 1
            task = loop.create_task(self._go_on(self._turn))
            _task.add(task)
            task.add_done_callback(_task.discard)

    def one_step(self) -> None:
        """Make one step."""
        self._rest()
        self._start()
        if not self._step():
            self.stop()

    def back(self) -> None:
        """Go back to the start."""
        self.stop()
        self._back()

    def stop(self) -> None:
        """End what runs; the next start is a new one."""
        self.begun = self.running = False
        self.main.description = self.label

    def _rest(self) -> None:
        self.running = False
        self.main.description = "Go on" if self.begun else self.label

    def _start(self) -> None:
        if not self.begun:
            self._begin()
            self.begun = True

    async def _go_on(self, turn: int) -> None:
        try:
            while self.running and turn == self._turn:
                begun = time.monotonic()
                if not self._step():
                    self.stop()
                    return
                rest = self._seconds / self.speed.value - (time.monotonic() - begun)
                await asyncio.sleep(max(0.001, rest))  # the kernel answers: moved sliders, Pause
        except BaseException:
            self.stop()
            raise


def _button(label: str, press: Callable[[], None]) -> Any:
    button = widgets.Button(description=label, layout=widgets.Layout(width="auto"))
    button.on_click(lambda _: press())
    return button
