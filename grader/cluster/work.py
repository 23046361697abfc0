"""What runs in a worker: Dask calls `about` once, `mark` for each task and `examined` for who asks, with bytes, and gets bytes.

A worker needs the course's packages and a sandbox; no course folder, no gradebook, no secret. It keeps nothing.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import sysconfig
import threading
from typing import Any

from traitlets.config import Config

from fnnkit.judge.marker import GaveWay
from fnnkit.judge.packages import PACKAGES, closure
from fnnkit.judge.registry import chapter_ids
from grader.cluster.messages import BadMessage, Result, Task, about_bytes, checks_bytes, result_bytes, task_of
from grader.marking import doctor, judging, marking, order
from grader.marking.text import visible
from grader.sandbox import modes, warm

IDLE_SECONDS = 60.0
"""After so long without a task a worker ends its judge and the process that forks kernels; the next task starts them anew."""
_making = threading.Lock()
_bench: Bench | None = None


def about(asked: bytes) -> bytes:
    """What this worker is, for somebody who wants a chapter (its id in UTF-8) to be marked."""
    return about_bytes(described(asked.decode()))


def examined(asked: bytes) -> bytes:
    """What holds here of all that a mark or this machine depends on (`marking.doctor`), with the edition of a chapter."""
    return checks_bytes(doctor.examine(asked.decode()))


def described(chapter: str) -> dict[str, Any]:
    """What a mark depends on here: Python, packages, exercises and judge, and which sandbox there is."""
    mode = no_sandbox = ""
    try:
        mode = modes.mode()
    except modes.SandboxUnavailable as problem:
        no_sandbox = visible(" ".join(str(problem).split()))
    return {
        "python": sys.version,
        "platform": sysconfig.get_platform(),
        "packages": {str(d.metadata["Name"]): d.version for d in closure(PACKAGES)},
        "version": marking.exercise_version(chapter) if chapter in chapter_ids() else "",
        "mode": mode,
        "no_sandbox": no_sandbox,
    }


def mark(task: bytes) -> bytes:
    """The result of a task."""
    # It only waits: others may begin, as many at a time as the bench says.
    distributed: Any = importlib.import_module("distributed")
    distributed.secede()
    return bench(distributed.get_worker().state.nthreads).mark(task)


def bench(jobs: int) -> Bench:
    """Where this process marks; made when it is first asked for."""
    global _bench
    with _making:
        if _bench is None:
            _bench = Bench(jobs)
        return _bench


class Bench:
    """A thread that marks, several notebooks at a time.

    It is one thread for as long as the worker lives: sandboxes end with the thread that made them.

    Parameters
    ----------
    jobs : int
        Notebooks whose code runs at the same time.
    """

    def __init__(self, jobs: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._turn = asyncio.Semaphore(jobs)
        self._at_work = 0
        self._idle: asyncio.TimerHandle | None = None
        threading.Thread(target=self._loop.run_forever, name="marking", daemon=True).start()

    def mark(self, data: bytes) -> bytes:
        """The result of a task; the thread that asks waits for it."""
        return asyncio.run_coroutine_threadsafe(self._answer(data), self._loop).result()

    async def _answer(self, data: bytes) -> bytes:
        self._at_work += 1
        if self._idle is not None:
            self._idle.cancel()
        try:
            result = await self._result(data)
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._idle = self._loop.call_later(IDLE_SECONDS, self._rest)
        try:
            return result_bytes(result, data)
        except BadMessage as problem:
            return result_bytes(Result("failed", said=f"what came of it is too large ({problem})"), data)

    async def _result(self, data: bytes) -> Result:
        try:
            task = task_of(data)
            if task.version != marking.exercise_version(task.job.chapter):
                return Result("refused", said="it has other exercises, another judge or other packages")
            return Result("marked", await self._marked(task))
        except BadMessage as problem:
            return Result("refused", said=f"it cannot read the task: {problem}")
        except modes.SandboxUnavailable as problem:
            return Result("refused", said=f"it has no sandbox: {visible(' '.join(str(problem).split()))}")
        except GaveWay:
            return Result("gave way")
        except Exception as problem:
            return Result("failed", said=f"{type(problem).__name__}: {visible(str(problem)[:200])}")

    async def _marked(self, task: Task) -> marking.Marking:
        config = Config()
        config.SandboxProvisioner.update(task.sandbox)
        return await marking.mark(
            task.job, trust_submissions=task.trusted, config=config, turn=self._turn,
            gives_way=lambda seconds: not task.patient and seconds > order.SHORT_SECONDS,
        )  # fmt: skip

    def _rest(self) -> None:
        if not self._at_work:
            judging.close()
            warm.close()
