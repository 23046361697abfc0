"""The pool of a cluster: marks wherever there are workers that mark as this machine would.

Dask carries bytes to one worker and back, and says who is there. Who gets what is decided here, as in `marking.pool`:
each worker has some notebooks at a time, and who is lost with his worker is given to another one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from traitlets.config import Config

from fnnkit.judge.marker import GaveWay
from grader.cluster import joining, work
from grader.cluster.address import Place
from grader.cluster.asking import BadAnswer, LostScheduler, LostWorker, ask, workers
from grader.cluster.connecting import connected
from grader.cluster.messages import BadMessage, Task, result_of, task_bytes
from grader.cluster.turns import Turns
from grader.course import CourseError
from grader.marking.marking import Job, Marking
from grader.marking.order import Order
from grader.marking.pool import AHEAD, Again, Mark
from grader.marking.submission import BadSubmission

T = TypeVar("T")

WORKER_SECONDS = 30.0
"""For so long a cluster may be without any worker that can be used."""
LOOK_SECONDS = 0.5
"""How often it is looked at who is there."""
JOIN_SECONDS = 180.0
"""In which a worker has to say what it is: it loads the chapter for that, and tries its sandbox."""
GO_ON = "what was graded so far is kept: run the same command again, or without --cluster, to go on"
KILLS = (
    "it was not marked: three workers were lost while they marked it, the last one with nothing else to do; "
    "run the same command without --cluster for this one, and watch the memory of that machine"
)
UNREADABLE = "it was not marked: what two workers made of it cannot be read ({})"


class NotMarked(Exception):
    """A worker could not mark it; the message is its own."""


@dataclass
class Worker:
    """A worker that is used.

    Attributes
    ----------
    address : str
        Where it is, by which Dask knows it.
    gone : asyncio.Event
        Set when it is no longer used.
    lost : bool
        Whether that is because it is no longer there.
    """

    address: str
    threads: int
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    lost: bool = False


class Cluster:
    """Marks on the workers of a cluster.

    Parameters
    ----------
    place : Place
        Where it is.
    chapter : str
        What is marked.
    trust_submissions : bool
        Run submissions without a sandbox.
    say : callable
        Told a line about the cluster.
    """

    def __init__(
        self,
        place: Place,
        chapter: str,
        trust_submissions: bool = False,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.place, self.chapter, self.trusted, self.say = place, chapter, trust_submissions, say

    def check(self) -> None:
        """Make sure that somebody listens there."""
        self.place.reach()

    async def run(self, order: Order[T], one: Callable[[T, Mark], Awaitable[None]], config: Config) -> None:
        """Mark all who wait.

        Raises
        ------
        CourseError
            If there is no scheduler or no worker, or not any more.
        """
        async with connected(self.place) as client:
            await Run(self, client, order, one, config).all()


class Run:
    """One class on a cluster."""

    def __init__(
        self,
        pool: Cluster,
        client: Any,
        order: Order[Any],
        one: Callable[[Any, Mark], Awaitable[None]],
        config: Config,
    ) -> None:
        self.pool, self.client, self.order, self.one = pool, client, order, one
        self.turns = Turns(order)
        self.here = joining.here(pool.chapter)
        self.sandbox = {k: v for k, v in dict(config.SandboxProvisioner).items() if _is_plain(v)}
        self.workers: dict[str, Worker] = {}
        self.joining: set[str] = set()
        self.refused: dict[str, str] = {}
        self.suspects: dict[int, str] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.there: dict[str, int] = {}
        self.finished = asyncio.Event()
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def all(self) -> None:
        """Mark all who wait."""
        self._begin(self._watch)
        done = asyncio.ensure_future(self.finished.wait())
        ends: list[asyncio.Future[Any]] = [done, self.failed]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if self.failed.done():
                self.failed.result()
        finally:
            for task in (*self.tasks, done):
                task.cancel()
            await asyncio.gather(*self.tasks, return_exceptions=True)
            if not self.failed.done():
                self.failed.cancel()

    def _begin(self, work: Callable[..., Awaitable[None]], *given: Any) -> None:
        """Do something meanwhile; if it fails, all of it does."""

        async def guarded() -> None:
            try:
                await work(*given)
            except asyncio.CancelledError:
                raise
            except Exception as problem:
                if not self.failed.done():
                    self.failed.set_exception(problem)

        task = asyncio.create_task(guarded())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _watch(self) -> None:
        """See who is there, who is new and who is lost, until all is done or nobody is left."""
        loop = asyncio.get_running_loop()
        since = loop.time()
        while True:
            there = self.there = await self._there()
            for address in [a for a in self.workers if a not in there]:
                self._part(address, lost=True)
            for address in [a for a in self.refused if a not in there]:
                del self.refused[address]
            for address, threads in there.items():
                if address not in self.workers and address not in self.refused | dict.fromkeys(self.joining):
                    self.joining.add(address)
                    self._begin(self._join, address, threads)
            if self.workers or (self.joining and loop.time() - since < JOIN_SECONDS + WORKER_SECONDS):
                since = loop.time() if self.workers else since
            elif loop.time() - since > WORKER_SECONDS:
                raise CourseError(self._nobody())
            await asyncio.sleep(LOOK_SECONDS)

    def _nobody(self) -> str:
        if self.refused:
            address, why = next(iter(self.refused.items()))
            return f"all {len(self.refused)} workers of {self.pool.place} are turned away, as {address}: {why}; {GO_ON}"
        return (
            f"{self.pool.place} had no worker for {WORKER_SECONDS:g} s: start some with "
            f"`dask worker {self.pool.place.address or 'ADDRESS'}` where the course is installed; {GO_ON}"
        )

    async def _there(self) -> dict[str, int]:
        try:
            return await workers(self.client, self.pool.place)
        except LostScheduler as problem:
            raise CourseError(f"{problem}: {GO_ON}") from None

    async def _join(self, address: str, threads: int) -> None:
        """Ask a worker what it is, and use it or turn it away."""
        worker = Worker(address, threads)
        try:
            async with asyncio.timeout(JOIN_SECONDS):
                said = await ask(self.client, address, worker.gone, work.about, self.pool.chapter.encode())
            why = joining.refusal(said, self.here, self.pool.trusted)
        except LostWorker:
            self.joining.discard(address)
            return
        except TimeoutError:
            if address not in self.there:
                self.joining.discard(address)
                return
            why = f"it does not say what it is within {JOIN_SECONDS:g} s"
        except BadAnswer as problem:
            why = str(problem)
        self.joining.discard(address)
        if why:
            self._refuse(address, why)
            return
        self.workers[address] = worker
        for _ in range(threads + AHEAD):
            self._begin(self._serve, worker)

    def _refuse(self, address: str, why: str) -> None:
        """Turn a worker away."""
        self.refused[address] = why
        self.pool.say(f"worker {address} is turned away: {why}")
        self._part(address)

    def _part(self, address: str, lost: bool = False) -> None:
        """Use a worker no more."""
        worker = self.workers.pop(address, None)
        if worker is not None:
            worker.lost = lost
            worker.gone.set()
            self._begin(self.turns.look)
            if lost:
                self.pool.say(f"worker {address} is lost; what it was marking is marked by others")

    async def _serve(self, worker: Worker) -> None:
        """Give one after the other to a worker."""
        while not worker.gone.is_set():
            who = await self.turns.next(worker.address, worker.gone)
            if who is None:
                if not worker.gone.is_set():
                    self.finished.set()
                return
            try:
                # Whoever is alone shall not be charged with a worker that was lost before: it is looked once more.
                if self.turns.is_alone(worker.address) and worker.address not in await self._there():
                    self._part(worker.address, lost=True)
                if worker.gone.is_set():
                    await self.turns.again(who)
                else:
                    await self._mark_at(worker, who)
            finally:
                await asyncio.shield(self.turns.done(worker.address))

    async def _mark_at(self, worker: Worker, who: Any) -> None:
        """Let a worker mark somebody; if it cannot, somebody else will."""

        async def mark(job: Job) -> Marking:
            return await self._marked(worker, job)

        try:
            await self.one(who, mark)
        except LostWorker:
            if await self.turns.lost(who, worker.address):
                await self.one(who, _not_marked(KILLS))
        except BadAnswer as problem:
            first = self.suspects.pop(id(who), "")
            if first:  # two have failed on the same notebook: it is not the workers
                self.refused.pop(first, None)
                await self.one(who, _not_marked(UNREADABLE.format(problem)))
            else:
                self.suspects[id(who)] = worker.address
                self._refuse(worker.address, f"what it sent is no result: {problem}")
                await self.turns.again(who)
        except Again:
            await self.turns.again(who)

    async def _marked(self, worker: Worker, job: Job) -> Marking:
        try:
            data = task_bytes(
                Task(job, self.here["version"], self.sandbox, self.pool.trusted, self.turns.patient)
            )
        except BadMessage as problem:
            raise NotMarked(f"it cannot be sent to a worker: {problem}") from None
        try:
            said = await ask(self.client, worker.address, worker.gone, work.mark, data)
        except Again:
            if worker.lost:
                raise LostWorker from None
            raise
        try:
            result = result_of(said, data, job)
        except BadMessage as problem:
            raise BadAnswer(str(problem)) from None
        if result.state == "gave way":
            raise GaveWay
        if result.state == "refused":
            self._refuse(worker.address, result.said)
            raise Again
        if result.marking is None:
            raise NotMarked(result.said)
        return result.marking


def _not_marked(line: str) -> Mark:
    """A way to mark that fails with a line."""

    async def mark(_job: Job) -> Marking:
        raise BadSubmission(line)

    return mark


def _is_plain(value: Any) -> bool:
    """Whether a setting can be said in JSON."""
    if isinstance(value, dict):
        return all(isinstance(name, str) and _is_plain(v) for name, v in value.items())
    return value is None or isinstance(value, bool | int | float | str)
