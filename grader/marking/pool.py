"""Who marks a class: this process, several notebooks at a time, or others elsewhere; a batch cannot tell them apart."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from traitlets.config import Config

from grader.marking.marking import Job, Marking, mark
from grader.marking.order import Order
from grader.sandbox import modes

T = TypeVar("T")
Mark = Callable[[Job], Awaitable[Marking]]

AHEAD = 2
"""Notebooks whose kernels may start or end while those of others work."""


class Again(Exception):
    """Whoever was marking a notebook is lost, and nothing of it is marked: the pool gives it to another one."""


class Pool(Protocol):
    """Marks those who wait."""

    def check(self) -> None:
        """Refuse to begin, in one line, where nothing can be marked; raises CourseError or SandboxUnavailable."""

    async def run(self, order: Order[T], one: Callable[[T, Mark], Awaitable[None]], config: Config) -> None:
        """Give out all who wait, each with something that marks its job.

        Parameters
        ----------
        order : Order
            Who is next.
        one : callable
            Told who is next and how to mark it; lets `Again` through.
        config : Config
            Settings of `SandboxProvisioner`.
        """


class Here:
    """Marks in this process.

    Parameters
    ----------
    jobs : int, optional
        Notebooks at the same time. By default one more than there are processors: while one is judged, the others go on.
    trust_submissions : bool
        Run them without a sandbox.
    """

    def __init__(self, jobs: int | None = None, trust_submissions: bool = False) -> None:
        self.jobs, self.trusted = jobs or len(os.sched_getaffinity(0)) + 1, trust_submissions

    def check(self) -> None:
        """Make sure that there is a sandbox, where one is needed."""
        if not self.trusted:
            modes.mode()

    async def run(self, order: Order[T], one: Callable[[T, Mark], Awaitable[None]], config: Config) -> None:
        """Mark all who wait."""
        turn = asyncio.Semaphore(self.jobs)

        async def here(job: Job) -> Marking:
            return await mark(
                job, trust_submissions=self.trusted, config=config, turn=turn, gives_way=order.gives_way
            )

        async def work() -> None:
            while (found := order.next()) is not None:
                await one(found, here)

        async with asyncio.TaskGroup() as group:
            # Others start their kernels, or end them, while some are at work.
            for _ in range(min(self.jobs + AHEAD, order.first)):
                group.create_task(work())
