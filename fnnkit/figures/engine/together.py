"""All that the widgets of a figure are told in one step, as one message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Send = Callable[..., None]
REST = 0.25
"""Seconds after the last message from a control, until other pages that show it are told its value."""


class Together:
    """Holds back what widgets send while a step is made, and hands it over at its end.

    A step of the explorer sends five messages otherwise: picture, sentence, table, places of the handles, answer. Each of
    them costs server and kernel half a millisecond, and the browser a layout and a frame: 8.7 layouts a step, 2.8 with one.

    What ipywidgets answers to every value of a slider, that value, is for other pages that show the same slider; the page that
    sent it takes no notice. The last one is sent once the slider rests: a message less for each step.

    Parameters
    ----------
    send : callable
        Told the states by the ids of the widgets, something more about the step, and buffers.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._states: dict[str, dict[str, Any]] | None = None
        self._more: dict[str, Any] = {}
        self._buffers: list[bytes] = []
        self._held: set[str] = set()
        self._last: Any = None
        self._echoes: dict[str, tuple[dict[str, Any], Callable[[], None]]] = {}
        self._rest: asyncio.TimerHandle | None = None

    def hold(self, root: Any, last: Any = None) -> None:
        """Hold back, from now on, what a widget and all widgets inside it send in a step; one of them is told the last."""
        self._last = last or self._last
        for child in getattr(root, "children", ()):
            self.hold(child)
        if root.comm is None or root.model_id in self._held:
            return
        self._held.add(root.model_id)
        root.comm.send = self._instead(root.model_id, root.comm.send)

    def add(self, buffers: list[bytes], **more: Any) -> None:
        """Send something more with this step."""
        self._more |= more
        self._buffers += buffers

    @contextmanager
    def step(self) -> Iterator[None]:
        """Make one step; a step within a step is a part of it."""
        if self._states is not None or not self._held:
            yield
            return
        self._states = {}
        try:
            yield
        finally:
            states, self._states = self._states, None
            more, self._more, buffers, self._buffers = self._more, {}, self._buffers, []
            if states or more:
                told = sorted(states.items(), key=lambda state: state[0] == self._last.model_id)
                self._send({"states": told} | more, buffers)

    def _instead(self, model: str, send: Send) -> Send:
        def sent(data: Any = None, metadata: Any = None, buffers: Any = None) -> None:
            method, state = (data or {}).get("method"), (data or {}).get("state", {})
            if method == "echo_update" and self._later():
                self._echoes[model] = state, lambda: send(data=data, metadata=metadata, buffers=buffers)
                return
            if model in self._echoes and self._echoes[model][0].keys() & state.keys():
                del self._echoes[model]  # a newer value
            # Whatever refers to other widgets or has buffers goes its own way.
            if self._states is None or method != "update" or buffers:
                send(data=data, metadata=metadata, buffers=buffers)
            else:
                self._states.setdefault(model, {}).update(state)

        return sent

    def _later(self) -> bool:
        """Put off what can wait until nothing moves any more; False where nothing would come later."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a script or a test
            return False
        if self._rest is not None:
            self._rest.cancel()
        self._rest = loop.call_later(REST, self._rested)
        return True

    def _rested(self) -> None:
        echoes, self._echoes, self._rest = self._echoes, {}, None
        for _, send in echoes.values():
            send()
