"""One kernel, talked to by somebody who trusts nothing that it says.

It is asked on one socket (`fnnkit.kernel.line`). Every byte is counted before it is kept, every message before it
is read, and nothing is waited for without a deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

from traitlets.config import Config

from fnnkit.kernel.asking import CellRun, KernelLost
from fnnkit.kernel.call import Answer, Raised
from fnnkit.kernel.line import Malformed, Reader, packets
from fnnkit.kernel.serve import cell, question
from fnnkit.kernel.wire import MAX_PARTS
from grader.marking import edition
from grader.marking.judging import Unread
from grader.marking.outputs import CUT, OutputBudget
from grader.sandbox.provisioner import SandboxProvisioner

LARGEST_MESSAGE = 80 << 20
FLOOD = 96 << 20
"""Bytes that a kernel may send for one request before it is ended."""
LARGEST_JSON = 2 << 20
MOST_JSON = 16 << 20
"""Bytes of JSON that are read: of one message, of all that answer one request. A byte of JSON takes up to 25 bytes of
memory, and the time that reading it takes is time that no other kernel is listened to."""
GRACE = 2.0
"""Seconds after which a cell that does not stop by itself takes its kernel with it."""
POLL = 0.05
CHUNK = 1 << 18
SHORT = 0.2
"""Seconds after which it is looked at whether a kernel had to wait for a processor."""
TURN = 0.005
"""Seconds for which messages of one kernel are read before others have their turn."""
FLOODED = "it sent far more output than a notebook can hold"


class Session:
    """A kernel in its sandbox; use it as an asynchronous context manager.

    Attributes
    ----------
    provisioner : SandboxProvisioner
        Who started it.
    lost, died : bool
        Whether the kernel was lost in an `ask`, and whether nobody here has ended it.
    waited : float
        Seconds for which, in the last `run` or `ask`, the kernel could have gone on and had no processor.
    """

    def __init__(self, folder: Path, config: Config | None = None, trust_submissions: bool = False) -> None:
        settings = Config()
        settings.SandboxProvisioner.edition = str(folder)
        settings.SandboxProvisioner.program = edition.PROGRAM
        if config is not None:
            settings.merge(config)
        if trust_submissions:
            settings.SandboxProvisioner.trust_submissions = True
        self.provisioner = SandboxProvisioner(config=settings)
        self.lost = self.died = False
        self.waited = 0.0
        self._line: socket.socket
        self._reader = Reader(LARGEST_MESSAGE, MAX_PARTS)
        self._cells = self._json_left = self._bytes_left = 0
        self._deadline = self._seconds = self._began = 0.0
        self._before = (0.0, 0.0)
        self._what = ""

    async def __aenter__(self) -> Session:
        try:
            await self.provisioner.open()
            assert self.provisioner.line is not None
            self._line = self.provisioner.line
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the kernel and everything that it started."""
        await self.provisioner.cleanup()

    async def run(self, source: str, seconds: float, keep: Sequence[str] = ()) -> CellRun:
        """Run a cell, and keep functions as it leaves them; it is stopped in time, or else the kernel is ended.

        Raises
        ------
        KernelLost
            If it does not finish in time, or the kernel dies of it.
        """
        self._allow(seconds, "the cell", GRACE)
        self._cells += 1
        name = str(self._cells)
        await self._write(cell(name, source, seconds, keep))
        budget, run = OutputBudget(), CellRun()
        async with contextlib.aclosing(self._messages()) as messages:
            while True:
                parts = await anext(messages)
                said = self._read(parts[0])
                if said.get("cell") == name:
                    budget.take(*self._read_output(said, parts))
                elif said.get("ran") == name:
                    break
        run.error_kind = str(said.get("kind", ""))[:80]
        if run.error_kind:
            run.error = f"{run.error_kind}: {str(said.get('error', ''))[:300]}"
        run.outputs = budget.outputs
        return run

    async def ask(self, name: str, cases: Sequence[tuple[Any, ...]], seconds: float) -> list[Answer | Unread]:
        """Call a function of the notebook with each of the cases; what comes back is not looked at here.

        A kernel that is lost on the way is an answer too: the case at which it happened carries the reason, those
        after it were not run. The session cannot be used after that; `lost` says so.
        """
        return await self.answers(name, question(name, cases), len(cases), seconds)

    async def answers(
        self, name: str, asked: Sequence[bytes], number: int, seconds: float
    ) -> list[Answer | Unread]:
        """What comes back when a function is asked for so many answers; as `ask`."""
        answers: dict[int, Answer | Unread] = {}
        failure: KernelLost | None = None
        try:
            self._allow(seconds, f"`{name}`")
            await self._write(asked)
            async with contextlib.aclosing(self._messages()) as messages:
                while not all(i in answers for i in range(number)):
                    parts = await anext(messages)
                    said = self._read(parts[0], *parts[1:2])
                    if said.get("exercise") != name:
                        continue
                    if "ended" in said:
                        break
                    index = said.get("index")
                    if type(index) is not int or not 0 <= index < number:
                        raise KernelLost("what came back cannot be read: an answer of an unknown form")
                    answers.setdefault(index, Unread(tuple(parts)))
        except KernelLost as lost:
            failure = lost
        self.lost, self.died = failure is not None, failure is not None and failure.died
        kind = "Timeout" if failure is not None and failure.hung else "KernelDied"
        missing = Answer(error=Raised((kind,), str(failure) if failure else "no answer came back"))
        return [answers.get(i, missing) for i in range(number)]

    async def _write(self, parts: Sequence[bytes]) -> None:
        """Write a message; whoever does not read it has no other time for that than for the answer."""
        loop, room = asyncio.get_running_loop(), asyncio.Event()
        for packet in packets(parts):
            while True:
                try:
                    self._line.send(packet)
                    break
                except BlockingIOError:
                    pass
                except OSError:
                    raise await self._gone() from None
                room.clear()
                loop.add_writer(self._line, room.set)
                try:
                    async with asyncio.timeout(self._deadline - time.monotonic()):
                        await room.wait()
                except TimeoutError:
                    raise self._too_late() from None
                finally:
                    loop.remove_writer(self._line)

    async def _gone(self) -> KernelLost:
        """Why nothing can be written or read any more; the end of a kernel is seen a moment after its last word."""
        for _ in range(100):
            if reason := await self._end_of_kernel():
                return KernelLost(reason, died=not self.provisioner.ended_because)
            await asyncio.sleep(0.01)
        return KernelLost("it closed its connection")

    async def _end_of_kernel(self) -> str:
        """Why the kernel has ended; empty while it runs."""
        if self.provisioner.ended_because or await self.provisioner.poll() is not None:
            return str(self.provisioner.ended_because or "the kernel died")
        return ""

    def _too_late(self) -> KernelLost:
        return KernelLost(
            f"stopped after {round(self._seconds, 1):g} s: {self._what} did not finish", hung=True
        )

    def _allow(self, seconds: float, what: str, grace: float = 0.0) -> None:
        """From now on the kernel has this time, and as many bytes as it may send, for what it is asked."""
        self._began, self.waited, self._before = time.monotonic(), 0.0, self.provisioner.processor()
        self._deadline, self._seconds, self._what = self._began + seconds + grace, seconds, what
        self._json_left, self._bytes_left = MOST_JSON, FLOOD

    async def _messages(self) -> AsyncGenerator[list[bytes], None]:
        """What comes, as it comes, until what is allowed is used up or the kernel is lost."""
        loop, come = asyncio.get_running_loop(), asyncio.Event()
        # Its number: asyncio looks for it among what it reads, and a socket that is not found is described first.
        line = self._line.fileno()
        turn = time.monotonic()
        loop.add_reader(line, come.set)
        try:
            while True:
                if (now := time.monotonic()) >= self._deadline and not self._give_back():
                    raise self._too_late()
                if now - turn > TURN:
                    await asyncio.sleep(0)
                    turn = time.monotonic()
                    self._deadline += turn - now
                come.clear()
                parts = await self._take()
                if parts is not None:
                    yield parts
                elif await self._something_comes(come):
                    turn = time.monotonic()
                elif reason := await self._end_of_kernel():
                    raise KernelLost(reason, died=not self.provisioner.ended_because)
        finally:
            loop.remove_reader(line)
            if time.monotonic() - self._began > SHORT:
                self._give_back()

    def _give_back(self) -> bool:
        """Give the kernel the time in which it waited for a processor that others used; whether there was any.

        Time in which its own threads and processes computed is no such time: nobody gains by making many.
        """
        (waited, used), (waited_before, used_before) = self.provisioner.processor(), self._before
        idle = time.monotonic() - self._began - (used - used_before)
        found = max(0.0, min(waited - waited_before, idle))
        more, self.waited = found - self.waited, max(found, self.waited)
        self._deadline += max(more, 0.0)
        return more > POLL

    async def _something_comes(self, come: asyncio.Event) -> bool:
        """Wait a little."""
        before = time.monotonic()
        try:
            async with asyncio.timeout(min(max(self._deadline - before, 0.0), POLL)):
                await come.wait()
        except TimeoutError:
            return False
        finally:
            # While other notebooks were judged nobody listened here: that is not this kernel's time.
            self._deadline += max(0.0, time.monotonic() - before - POLL)
        return True

    async def _take(self) -> list[bytes] | None:
        """The next message, if there is one."""
        try:
            parts = self._reader.message()
            if parts is None:  # one packet: a flood of small ones must not hide the deadline
                chunk = self._line.recv(CHUNK)
                if not chunk:
                    raise await self._gone()
                self._bytes_left -= len(chunk)
                if self._bytes_left < 0:
                    raise KernelLost(FLOODED)
                self._reader.feed(chunk)
                parts = self._reader.message()
        except BlockingIOError:
            return None
        except Malformed as problem:
            raise KernelLost(f"what came back cannot be read: {problem}") from None
        except OSError:
            raise await self._gone() from None
        return parts

    def _read(self, part: bytes, *more: bytes) -> dict[str, Any]:
        """What a part of a message says; more of its text counts as read."""
        size = len(part) + sum(map(len, more))
        self._json_left -= size
        try:
            if size > LARGEST_JSON or self._json_left < 0:
                raise ValueError("too long")
            said = json.loads(part.decode("utf-8", "replace"))
            if not isinstance(said, dict):
                raise TypeError("not a message")
        except Exception as error:
            raise KernelLost(f"it sent a malformed message ({type(error).__name__})") from None
        return said

    def _read_output(self, said: dict[str, Any], parts: list[bytes]) -> tuple[str, dict[str, Any]]:
        """Which kind of output a message is, and what it says."""
        size = sum(map(len, parts[1:]))
        if size > LARGEST_JSON or size > self._json_left:
            # Not read: what it would have said is far more than is stored of an output anyway.
            return "stream", {"name": "stdout", "text": CUT}
        return str(said.get("shows")), self._read(b"".join(parts[1:]))
