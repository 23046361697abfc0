"""Asking one worker something, with bytes, and seeing who is there."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Callable
from typing import Any

from grader.cluster.address import Place
from grader.course import CourseError
from grader.marking.pool import Again
from grader.marking.text import visible

ANSWER_SECONDS = 10.0
"""In which a scheduler has to say who is there."""
JOB_SECONDS = 1800.0
"""In which a worker has to answer: a notebook has three minutes, and waits for a few others that the worker has."""
LOST = ("KilledWorker", "CancelledError", "FutureCancelledError", "CommClosedError")
"""What Dask raises, by name, where a worker or a scheduler is lost."""
MOMENT = 1.0
"""After that who watches has seen which."""


class LostWorker(Again):
    """The worker is no longer there."""


class BadAnswer(Again):
    """The worker has sent what is no result."""


class LostScheduler(CourseError):
    """The scheduler does not answer any more."""


async def workers(client: Any, place: Place) -> dict[str, int]:
    """Addresses of all workers, and how many notebooks each marks at a time.

    Raises
    ------
    LostScheduler
        If the scheduler does not say.
    """
    try:
        if client.status != "running":
            raise OSError("the connection has ended")
        async with asyncio.timeout(ANSWER_SECONDS):
            said = await client.scheduler.identity()
        return {str(address): int(about["nthreads"]) for address, about in said["workers"].items()}
    except (OSError, TimeoutError, KeyError, TypeError, ValueError, AttributeError) as problem:
        why = visible(" ".join(str(problem).split())[:200]) or type(problem).__name__
        raise LostScheduler(f"the scheduler at {place} is lost ({why})") from None


async def ask(
    client: Any, address: str, gone: asyncio.Event, function: Callable[[bytes], bytes], data: bytes
) -> object:
    """What a worker answers, as it came.

    Parameters
    ----------
    client : Client
        Of Dask.
    address : str
        The worker's.
    gone : asyncio.Event
        Set when nobody waits for this worker any more.
    function : callable
        One of `grader.cluster.work`; Dask names it to the worker.
    data : bytes
        What it is called with.

    Raises
    ------
    Again
        If `gone` is set.
    LostWorker
        If it is lost.
    BadAnswer
        If the function stops with an error, which it never does by itself.
    """
    future = client.submit(
        function, data, key=f"fnnkit-{uuid.uuid4().hex}", workers=[address], allow_other_workers=False,
        pure=False, retries=0,
    )  # fmt: skip
    answer, left = asyncio.ensure_future(_came(future)), asyncio.ensure_future(gone.wait())
    try:
        await asyncio.wait([answer, left], timeout=JOB_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if left.done() and not answer.done():
            raise Again
        if not answer.done():
            raise BadAnswer(f"it did not answer within {JOB_SECONDS:g} s")
        return answer.result()
    finally:
        for waiting in (answer, left):
            waiting.cancel()
        with contextlib.suppress(Exception):
            future.release()


async def _came(future: Any) -> object:
    """What became of a call, whatever Dask makes of it."""
    try:
        return await future
    except asyncio.CancelledError:
        raise
    except Exception as problem:
        name = type(problem).__name__
        if name in LOST:
            await asyncio.sleep(MOMENT)
            raise LostWorker from None
        said = visible(" ".join(str(problem).split())[:200])
        if isinstance(problem, ImportError):
            raise BadAnswer(f"the course is not installed there ({said})") from None
        raise BadAnswer(f"it stopped with {name}: {said}") from None
