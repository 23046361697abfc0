"""Which worker gets whom next, and what becomes of those whose worker is lost on the way."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import Generic, TypeVar

from grader.marking.order import Order

T = TypeVar("T")

TRIES_BESIDE_OTHERS = 2
"""Workers that somebody may lose while others are marked there too; after that one more, that does nothing else."""


class Turns(Generic[T]):
    """Gives out those who wait to workers.

    Who has lost two workers is the next one's only guest: so it is seen whether it was his doing.

    Parameters
    ----------
    order : Order
        Those who wait.
    """

    def __init__(self, order: Order[T]) -> None:
        self._order = order
        self._again, self._alone = deque[T](), deque[T]()
        self._at: Counter[str] = Counter()
        self._alone_at: set[str] = set()
        self._lost: Counter[int] = Counter()
        self._changed = asyncio.Condition()

    async def next(self, worker: str, gone: asyncio.Event | None = None) -> T | None:
        """Who is next at a worker, as soon as there is somebody; None once everybody is done, or the worker is gone."""
        async with self._changed:
            while gone is None or not gone.is_set():
                found = self._take(worker)
                if found is not None:
                    self._at[worker] += 1
                    return found
                if not self._at.total() and not self._alone:
                    self._changed.notify_all()
                    return None
                await self._changed.wait()
        return None

    async def look(self) -> None:
        """Let everybody who waits see what has changed."""
        async with self._changed:
            self._changed.notify_all()

    def is_alone(self, worker: str) -> bool:
        """Whether who is at a worker is there alone, to see whether it is lost again."""
        return worker in self._alone_at

    def _take(self, worker: str) -> T | None:
        if worker in self._alone_at:
            return None
        found = self._again.popleft() if self._again else self._order.next()
        if found is None and self._alone and not self._at[worker]:
            found = self._alone.popleft()
            self._alone_at.add(worker)
        return found

    async def done(self, worker: str) -> None:
        """Somebody is no longer at a worker."""
        async with self._changed:
            self._at[worker] -= 1
            self._alone_at.discard(worker)
            self._changed.notify_all()

    async def again(self, who: T) -> None:
        """Somebody was not marked, and that was not his doing."""
        async with self._changed:
            (self._again if self._lost[id(who)] < TRIES_BESIDE_OTHERS else self._alone).append(who)
            self._changed.notify_all()

    async def lost(self, who: T, worker: str) -> bool:
        """Somebody's worker is lost; whether it was the last that he gets."""
        self._lost[id(who)] += 1
        if self.is_alone(worker):
            return True
        await self.again(who)
        return False

    @property
    def patient(self) -> bool:
        """Whether nobody waits who has not had a turn: then a slow one need not give way."""
        return not self._order.first
