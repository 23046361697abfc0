"""Whose turn it is in a class: everybody for a short time, then those who need longer, as long as the class has time for them."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")

SHORT_SECONDS = 15.0
"""A notebook that has used up more gives way to those who have not had their turn; it is marked from its beginning later.
An ordinary one takes a fifth of a second."""
SLOW_SECONDS, SLOW_SECONDS_EACH = 1800.0, 20.0
"""Wall clock for all that gave way: this, or so much for each notebook of the class if that is more."""


class Order(Generic[T]):
    """Gives out those who wait, one after the other.

    Parameters
    ----------
    waiting : iterable
        Everybody, in the order in which they have their first turn.
    clock : callable
        Says what time it is.
    """

    def __init__(self, waiting: Iterable[T], clock: Callable[[], float] = time.monotonic) -> None:
        self._first, self._slow = deque(waiting), deque[T]()
        self._seconds = max(SLOW_SECONDS, SLOW_SECONDS_EACH * len(self._first))
        self._clock, self._end = clock, 0.0

    def next(self) -> T | None:
        """Who is next; None if nobody waits, or the time for the slow is used up (see `left`)."""
        if self._first:
            return self._first.popleft()
        if not self._slow:
            return None
        self._end = self._end or self._clock() + self._seconds
        return self._slow.popleft() if self._clock() < self._end else None

    @property
    def first(self) -> int:
        """How many have not had a turn."""
        return len(self._first)

    def gives_way(self, seconds: float) -> bool:
        """Whether somebody who has used so much time has to let others go first."""
        return seconds > SHORT_SECONDS and bool(self._first)

    def behind(self, slow: T) -> None:
        """Put somebody behind all others."""
        self._slow.append(slow)

    def left(self) -> list[T]:
        """Those for whom there was no time, once nobody is next."""
        return list(self._slow)
