"""Ctrl-C as a question that work asks itself where it can stop.

By itself it is an exception that may come anywhere: nbgrader takes it for a failure like any other, and in a finaliser
(SQLAlchemy has many) it is lost.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def held() -> Iterator[Callable[[], None]]:
    """Hold Ctrl-C back; give a function that ends the work if it was pressed. At the end of the block it is called too.

    Where somebody else listens to Ctrl-C, or this is not the main thread, it is left to them.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    came: list[int] = []

    def stop_if_asked() -> None:
        if came:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        yield stop_if_asked
        stop_if_asked()
    finally:
        signal.signal(signal.SIGINT, before)
