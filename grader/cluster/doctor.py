"""What holds on each worker of a cluster: the same layers as here, tried there, and whether it would be used."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from grader.cluster import joining, work
from grader.cluster.address import Place
from grader.cluster.asking import BadAnswer, ask, workers
from grader.cluster.connecting import connected
from grader.cluster.messages import BadMessage, checks_of
from grader.cluster.pool import JOIN_SECONDS, WORKER_SECONDS
from grader.course import CourseError
from grader.marking.doctor import Check
from grader.marking.pool import Again

SECONDS = 600.0
"""In which a worker has to have tried all of its layers."""
START = "start it where the course is installed, from the same version and with the same packages"
Told = Callable[[str, list[Check]], None]


def examine(place: Place, chapters: Sequence[str], told: Told) -> dict[str, list[Check]]:
    """Try every worker that is there, all at the same time.

    Parameters
    ----------
    place : Place
        Where the cluster is.
    chapters : sequence of str
        Whose exercises have to be those of here.
    told : callable
        Told a worker's address and what came of it, as soon as that is known.

    Raises
    ------
    CourseError
        If there is no scheduler or no worker.
    """
    place.reach()
    return asyncio.run(_examine(place, chapters, told))


async def _examine(place: Place, chapters: Sequence[str], told: Told) -> dict[str, list[Check]]:
    found: dict[str, list[Check]] = {}
    async with connected(place) as client:
        end = asyncio.get_running_loop().time() + WORKER_SECONDS
        while not (there := await workers(client, place)):
            if asyncio.get_running_loop().time() > end:
                raise CourseError(
                    f"{place} had no worker for {WORKER_SECONDS:g} s: start some with `dask worker`"
                )
            await asyncio.sleep(0.5)

        async def one(address: str, threads: int) -> None:
            several = "one notebook" if threads == 1 else f"{threads} notebooks"
            first = Check("worker", "ok", f"marks {several} at a time")
            found[address] = [first, *[await _used(client, address, chapter) for chapter in chapters]]
            found[address] += await _layers(client, address, chapters[0])
            told(address, found[address])

        await asyncio.gather(*(one(address, threads) for address, threads in sorted(there.items())))
    return found


async def _used(client: object, address: str, chapter: str) -> Check:
    """Whether a worker would be used for a chapter."""
    try:
        async with asyncio.timeout(JOIN_SECONDS):
            said = await ask(client, address, asyncio.Event(), work.about, chapter.encode())
        # Its sandbox is tried below, and says more.
        why = joining.refusal(said, joining.here(chapter), trusted=True)
    except TimeoutError:
        why = f"it does not say what it is within {JOIN_SECONDS:g} s"
    except BadAnswer as problem:
        why = str(problem)
    except Again:
        why = "it is lost"
    if why:
        return Check(chapter, "failed", why, START)
    return Check(chapter, "ok", "Python, packages, exercises and judge are those of here")


async def _layers(client: object, address: str, chapter: str) -> list[Check]:
    """What a worker says of its own layers."""
    try:
        async with asyncio.timeout(SECONDS):
            return checks_of(await ask(client, address, asyncio.Event(), work.examined, chapter.encode()))
    except TimeoutError:
        why = f"not tried to the end within {SECONDS:g} s"
    except (BadMessage, BadAnswer) as problem:
        why = str(problem)
    except Again:
        why = "the worker was lost while they were tried"
    return [Check("layers", "failed", why, START)]
