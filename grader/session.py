"""One kernel, talked to by somebody who trusts nothing that it says.

Every byte is counted before libzmq sees it, every message before it is read, every exception of the message layer
means that the kernel is lost, and nothing is waited for without a deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import os
import socket
import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client import AsyncKernelManager, BlockingKernelClient
from traitlets.config import Config

from fnnkit.exercises.call import Answer, Raised
from fnnkit.exercises.line import Malformed, Reader, packets
from fnnkit.exercises.serve import MARK, cell, question, read_answer
from fnnkit.exercises.wire import MAX_PARTS, NotPlain
from grader import scratch
from grader.outputs import CUT, OutputBudget
from grader.provisioner import SandboxProvisioner
from grader.relay import Relay

KERNEL = "fnnkit-sandbox"
LARGEST_MESSAGE = 80 << 20
FLOOD = 96 << 20
"""Bytes that a kernel may send for one request before it is ended."""
LARGEST_JSON = 2 << 20
MOST_JSON = 16 << 20
"""Bytes of JSON that are read: of one message, of all that answer one request. A byte of JSON takes up to 25 bytes of
memory, and the time that reading it takes is time that no other kernel is listened to."""
LONGEST_HEADER = 64 << 10
POLL = 0.05
CHUNK = 1 << 18
TURN = 0.005
"""Seconds for which messages of one kernel are read before others have their turn."""
START_SECONDS = 60.0
FLOODED = "it sent far more output than a notebook can hold"


class KernelLost(Exception):
    """The kernel is dead, hung or not to be talked to any more; the message says why."""

    def __init__(self, message: str, hung: bool = False) -> None:
        super().__init__(message)
        self.hung = hung


@dataclass
class CellRun:
    """What running a cell gave: outputs fit to be stored, and the error that ended it, if any."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""
    error_kind: str = ""


class QuietManager(AsyncKernelManager):  # type: ignore[misc]
    """A manager that does not connect to its kernel: libzmq would keep whatever came that way, uncounted."""

    def _connect_control_socket(self) -> None:
        """Do nothing; a kernel is ended by ending its processes."""


class Session:
    """A kernel in its sandbox; use it as an asynchronous context manager."""

    def __init__(self, edition: Path, config: Config | None = None, trust_submissions: bool = False) -> None:
        settings = Config()
        settings.SandboxProvisioner.edition = str(edition)
        settings.SandboxProvisioner.keep_line = True
        if config is not None:
            settings.merge(config)
        if trust_submissions:
            settings.SandboxProvisioner.trust_submissions = True
        # Not asyncio's: a future and a callback for each message would cost more than the message.
        self._context = zmq.Context()
        # Never connect twice: a student could put a link to another socket where the kernel's was.
        self._context.setsockopt(zmq.RECONNECT_IVL, -1)
        self._context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        self._context.setsockopt(zmq.LINGER, 0)
        # Never wait in a call: who does not read what it is asked will not answer in time either.
        self._context.setsockopt(zmq.SNDTIMEO, 0)
        self._manager = QuietManager(
            kernel_name=KERNEL,
            config=settings,
            context=zmq.asyncio.Context.shadow(self._context.underlying),
            connection_file=os.path.join(scratch.place(), f"{uuid.uuid4()}.json"),
        )
        self._client: Any = None
        self._line: socket.socket | None = None
        self._reader = Reader(LARGEST_MESSAGE, MAX_PARTS)
        self._relay: Relay | None = None

    async def __aenter__(self) -> Session:
        try:
            await self._manager.start_kernel()
            if not isinstance(self._manager.provisioner, SandboxProvisioner):
                raise RuntimeError("refusing to run a submission outside the sandbox")
            self._client = BlockingKernelClient(
                **self._manager.get_connection_info(session=True), context=self._context, parent=self._manager
            )
            self._relay = Relay(self._manager.ip, FLOOD)
            self._client.ip = await self._relay.open([self._client.shell_port, self._client.iopub_port])
            self._client.start_channels(stdin=False, hb=False, control=False)
            await self._wait_until_ready()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the kernel and everything that it started."""
        try:
            if self._client is not None:
                self._client.stop_channels()
            provisioner = self._manager.provisioner
            if provisioner is not None:
                await provisioner.kill()
            if self._manager.has_kernel:
                await self._manager.shutdown_kernel(now=True)
            elif provisioner is not None:
                await provisioner.cleanup()
            self._manager.cleanup_connection_file()
        finally:
            self._context.destroy(linger=0)
            if self._relay is not None:
                await self._relay.close()

    async def run(self, source: str, seconds: float) -> CellRun:
        """Run a cell.

        Raises
        ------
        KernelLost
            If it does not finish in time, or the kernel dies of it.
        """
        self._allow(seconds, "the cell")
        self._cells += 1
        name = f"{self._serving}-{self._cells}"
        await self._write(cell(name, source))
        budget, run = OutputBudget(), CellRun()
        ran = marked = False
        async with contextlib.aclosing(self._events()) as events:
            while not (ran and marked):
                channel, parts = await anext(events)
                if channel == "line":
                    said = self._read_line(parts)
                    if said.get("ran") == name:
                        ran, marked = True, marked or not said.get("spoke")
                        run.error_kind = str(said.get("kind", ""))[:80]
                        if run.error_kind:
                            run.error = f"{run.error_kind}: {str(said.get('error', ''))[:300]}"
                elif channel == "iopub":
                    message = self._read(parts)
                    if message["parent_header"].get("msg_id") == name:
                        kind = message["header"]["msg_type"]
                        marked = marked or kind == MARK
                        budget.take(kind, message["content"])
        run.outputs = budget.outputs
        return run

    async def call(self, name: str, cases: Sequence[tuple[Any, ...]], seconds: float) -> list[Answer]:
        """Call a function of the notebook with each of the cases.

        A kernel that is lost on the way is an answer too: the case at which it happened carries the reason, those
        after it were not run. The session cannot be used after that; `lost` says so.
        """
        answers: dict[int, Answer] = {}
        failure: KernelLost | None = None
        try:
            self._allow(seconds, f"`{name}`")
            await self._write(question(name, cases))
            async with contextlib.aclosing(self._events()) as events:
                while not all(i in answers for i in range(len(cases))):
                    channel, parts = await anext(events)
                    # What it prints is counted, and not read.
                    if channel != "line":
                        continue
                    said = self._read_line(parts)
                    if said.get("exercise") != name:
                        continue
                    if "ended" in said:
                        break
                    index, answer = read_answer(said, parts[1:])
                    answers.setdefault(index, answer)
        except KernelLost as lost:
            failure = lost
        except NotPlain as strange:
            failure = KernelLost(f"what came back cannot be read: {strange}")
        self.lost = failure is not None
        kind = "Timeout" if failure is not None and failure.hung else "KernelDied"
        missing = Answer(error=Raised((kind,), str(failure) if failure else "no answer came back"))
        return [answers.get(i, missing) for i in range(len(cases))]

    lost = False
    _json_left = _bytes_left = 0
    _deadline = _seconds = 0.0
    _what = ""
    _serving = ""
    _cells = 0

    async def _wait_until_ready(self) -> None:
        """The reply to a request, and its idle state, prove that both channels work.

        Asked again and again: what a kernel publishes before its subscriber is connected is lost.
        """
        deadline, patience = time.monotonic() + START_SECONDS, 1.0
        while True:
            try:
                self._allow(patience, "the start")
                await self._answered(self._send("kernel_info_request", {}))
            except KernelLost as lost:
                if not lost.hung or time.monotonic() > deadline:
                    raise
                patience *= 2
            else:
                break
        self._line = self._manager.provisioner.line
        code = "await __import__('fnnkit.exercises.serve', fromlist=['serve']).serve()"
        self._serving = self._send(
            "execute_request",
            {
                "code": code, "silent": True, "store_history": False, "user_expressions": {}, "allow_stdin": False,
                "stop_on_error": False,
            },
        )  # fmt: skip

    async def _answered(self, message_id: str) -> None:
        """Wait until a request is answered on both channels."""
        waiting = {"shell", "iopub"}
        async with contextlib.aclosing(self._events()) as events:
            while waiting:
                channel, parts = await anext(events)
                message = self._read(parts)
                if message["parent_header"].get("msg_id") != message_id:
                    continue
                if channel == "shell" or (
                    message["header"]["msg_type"] == "status"
                    and message["content"].get("execution_state") == "idle"
                ):
                    waiting.discard(channel)

    def _send(self, kind: str, content: dict[str, Any]) -> str:
        """Ask the kernel; give the id of the message."""
        session = self._client.session
        message = session.msg(kind, content)
        # If nobody is there to take it, then no answer comes: found by whoever waits for one.
        with contextlib.suppress(zmq.Again):
            session.send(self._client.shell_channel.socket, message)
        return str(message["header"]["msg_id"])

    async def _write(self, parts: Sequence[bytes]) -> None:
        """Write a message on the line; whoever does not read it has no other time for that than for the answer."""
        assert self._line is not None
        loop, room = asyncio.get_running_loop(), asyncio.Event()
        for packet in packets(parts):
            while True:
                try:
                    self._line.send(packet)
                    break
                except BlockingIOError:
                    pass
                except OSError:
                    raise KernelLost(await self._why()) from None
                room.clear()
                loop.add_writer(self._line, room.set)
                try:
                    async with asyncio.timeout(self._deadline - time.monotonic()):
                        await room.wait()
                except TimeoutError:
                    raise self._too_late() from None
                finally:
                    loop.remove_writer(self._line)

    async def _why(self) -> str:
        """Why nothing can be written or read any more; the end of a kernel is seen a moment after its last word."""
        for _ in range(100):
            if reason := await self._end_of_kernel():
                return reason
            await asyncio.sleep(0.01)
        return "it closed its connection"

    async def _end_of_kernel(self) -> str:
        """Why the kernel has ended; empty while it runs."""
        provisioner = self._manager.provisioner
        if provisioner.ended_because or await provisioner.poll() is not None:
            return str(provisioner.ended_because or "the kernel died")
        return ""

    def _too_late(self) -> KernelLost:
        return KernelLost(f"stopped after {self._seconds:g} s: {self._what} did not finish", hung=True)

    def _allow(self, seconds: float, what: str) -> None:
        """From now on the kernel has this time, and as many bytes as it may send, for what it is asked."""
        assert self._relay is not None
        self._relay.start_counting()
        self._deadline, self._seconds, self._what = time.monotonic() + seconds, seconds, what
        self._json_left, self._bytes_left = MOST_JSON, FLOOD

    async def _events(self) -> AsyncGenerator[tuple[str, list[bytes]], None]:
        """What comes on any channel, as it comes, until what is allowed is used up or the kernel is lost."""
        assert self._relay is not None
        sockets = {
            self._client.shell_channel.socket: "shell",
            self._client.iopub_channel.socket: "iopub",
        }
        turn = time.monotonic()
        loop, come = asyncio.get_running_loop(), asyncio.Event()
        numbers = [one.fileno() for one in sockets]
        if self._line is not None:
            numbers.append(self._line.fileno())
        for number in numbers:
            loop.add_reader(number, come.set)
        ended = False
        try:
            while True:
                if time.monotonic() >= self._deadline:
                    raise self._too_late()
                # libzmq reports what comes from now on, not what is there: so first this, and then a look.
                come.clear()
                found = False
                for one, channel in sockets.items():
                    # One message each: a flood on one channel must not hide the deadline.
                    parts = self._take(one)
                    if parts is None:
                        continue
                    found = True
                    yield channel, parts
                    if channel == "shell" and self._serving:
                        ended = ended or self._read(parts)["parent_header"].get("msg_id") == self._serving
                parts = await self._take_from_line()
                if parts is not None:
                    found = True
                    yield "line", parts
                elif ended:  # and what it had written before that is read
                    raise KernelLost("it stopped answering")
                if not found and not await self._something_comes(come):
                    if self._relay.flooded:
                        raise KernelLost(FLOODED)
                    if reason := await self._end_of_kernel():
                        raise KernelLost(reason)
                elif found and (now := time.monotonic()) - turn > TURN:
                    await asyncio.sleep(0)
                    turn = time.monotonic()
                    self._deadline += turn - now
        finally:
            for number in numbers:
                loop.remove_reader(number)

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

    def _take(self, channel: Any) -> list[bytes] | None:
        """The next message of a channel, if there is one."""
        try:
            parts: list[bytes] = channel.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return None
        self._bytes_left -= sum(map(len, parts))
        if self._bytes_left < 0:
            raise KernelLost(FLOODED)
        return parts

    async def _take_from_line(self) -> list[bytes] | None:
        """The next message of the line, if there is one."""
        if self._line is None:
            return None
        try:
            parts = self._reader.message()
            if parts is None:
                chunk = self._line.recv(CHUNK)
                if not chunk:
                    raise KernelLost(await self._why())
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
            raise KernelLost(await self._why()) from None
        return parts

    def _read_line(self, parts: list[bytes]) -> dict[str, Any]:
        """What the first part of a message of the line says."""
        size = sum(map(len, parts[:2]))  # of text; what follows are arrays
        self._json_left -= size
        try:
            if size > LARGEST_JSON or self._json_left < 0:
                raise ValueError("too long")
            said = json.loads(parts[0].decode("utf-8", "replace"))
            if not isinstance(said, dict):
                raise TypeError("not a message")
        except Exception as error:
            raise KernelLost(f"it sent a malformed message ({type(error).__name__})") from None
        return said

    def _read(self, parts: list[bytes]) -> dict[str, Any]:
        """Read one message; whatever goes wrong means that the kernel does not speak the protocol any more."""
        try:
            _, rest = self._client.session.feed_identities(parts)
            if max(map(len, rest[:4])) > LONGEST_HEADER:
                raise ValueError("too long")
            size = len(rest[4])
            if size > LARGEST_JSON or (size > LONGEST_HEADER and size > self._json_left):
                # Not read: what it would have said is far more than is stored of an output anyway.
                rest[4] = json.dumps({"name": "stdout", "text": CUT}).encode()
                rest[0] = self._client.session.sign(rest[1:5])
            else:
                self._json_left -= size
            if not hmac.compare_digest(rest[0], self._client.session.sign(rest[1:5])):
                raise ValueError("not signed")
            # Not `deserialize`: it turns whatever looks like a date into one, which costs more than all the rest.
            header, parent, _, content = (json.loads(p.decode("utf-8", "replace")) for p in rest[1:5])
            if not all(isinstance(part, dict) for part in (header, parent, content)):
                raise TypeError("not a message")
            header["msg_type"], header["msg_id"]
        except Exception as error:
            raise KernelLost(f"it sent a malformed message ({type(error).__name__})") from None
        return {"header": header, "parent_header": parent, "content": content}
