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
from fnnkit.exercises.serve import ENDED, MESSAGE, read_answer, request
from fnnkit.exercises.wire import NotPlain
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


@dataclass(frozen=True)
class Question:
    """A function of the notebook, the cases to call it with, and the wall clock that they may take together."""

    name: str
    cases: Sequence[tuple[Any, ...]]
    seconds: float


class QuietManager(AsyncKernelManager):  # type: ignore[misc]
    """A manager that does not connect to its kernel: libzmq would keep whatever came that way, uncounted."""

    def _connect_control_socket(self) -> None:
        """Do nothing; a kernel is ended by ending its processes."""


class Session:
    """A kernel in its sandbox; use it as an asynchronous context manager."""

    def __init__(self, edition: Path, config: Config | None = None, trust_submissions: bool = False) -> None:
        settings = Config()
        settings.SandboxProvisioner.edition = str(edition)
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
        content = {
            "code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
            "stop_on_error": False,
        }  # fmt: skip
        message_id = self._send("execute_request", content)
        budget = OutputBudget()
        run = CellRun()
        self._allow(seconds, "the cell")
        async with contextlib.aclosing(self._messages(message_id)) as messages:
            async for channel, message in messages:
                content = message["content"]
                if channel == "shell" and content.get("status") == "error":
                    run.error_kind = str(content.get("ename", ""))[:80]
                    run.error = f"{run.error_kind}: {str(content.get('evalue', ''))[:300]}"
                elif channel == "iopub":
                    budget.take(message["header"]["msg_type"], content)
        run.outputs = budget.outputs
        return run

    async def call(self, name: str, cases: list[tuple[Any, ...]], seconds: float) -> list[Answer]:
        """Call one function of the notebook with each of the cases; see `ask`."""
        async with contextlib.aclosing(self.ask([Question(name, cases, seconds)])) as given:
            return await anext(given)

    async def ask(self, questions: Sequence[Question]) -> AsyncGenerator[list[Answer], None]:
        """Call functions of the notebook, one after another, with their cases; give the answers of each in turn.

        They are asked for in one request, so the kernel goes on while the first answers are judged. Each has its own
        time and its own number of bytes. But a function that ends the process can cost answers of the one before it
        that were still to be sent: whoever cannot have that asks for one at a time.

        A kernel that is lost on the way is an answer too: the case at which it happened carries the reason, those
        after it were not run. The session cannot be used after that, `lost` says so, and no further question is
        answered.
        """
        names = ", ".join(repr(one.name) for one in questions)
        content = {
            "code": f"__import__('fnnkit.exercises.serve', fromlist=['serve']).serve({names})",
            "silent": True, "store_history": False, "user_expressions": {}, "allow_stdin": False, "stop_on_error": False,
        }  # fmt: skip
        message_id = self._send("execute_request", content, request(*(list(one.cases) for one in questions)))
        answers: dict[str, dict[int, Answer]] = {one.name: {} for one in questions}
        ended: set[str] = set()
        async with contextlib.aclosing(self._messages(message_id)) as messages:
            for one in questions:
                self._allow(one.seconds, f"`{one.name}`")
                failure: KernelLost | None = None
                mine, last = answers[one.name], one is questions[-1]
                try:
                    while last or not (one.name in ended or all(i in mine for i in range(len(one.cases)))):
                        channel, reply = await anext(messages)
                        kind, name = reply["header"]["msg_type"], reply["content"].get("exercise")
                        if channel != "iopub" or type(name) is not str or name not in answers:
                            continue
                        if kind == ENDED:
                            ended.add(name)
                        elif kind == MESSAGE:
                            index, answer = read_answer(reply["content"], reply["buffers"])
                            answers[name].setdefault(index, answer)
                except StopAsyncIteration:
                    pass
                except KernelLost as lost:
                    failure = lost
                except NotPlain as strange:
                    failure = KernelLost(f"what came back cannot be read: {strange}")
                self.lost = failure is not None
                kind = "Timeout" if failure is not None and failure.hung else "KernelDied"
                reason = str(failure) if failure else "no answer came back"
                missing = Answer(error=Raised((kind,), reason))
                yield [mine.get(i, missing) for i in range(len(one.cases))]
                if failure is not None:
                    return

    lost = False
    _json_left = _bytes_left = 0
    _deadline = _seconds = 0.0
    _what = ""

    async def _wait_until_ready(self) -> None:
        """The reply to a request, and its idle state, prove that both channels work.

        Asked again and again: what a kernel publishes before its subscriber is connected is lost.
        """
        deadline, patience = time.monotonic() + START_SECONDS, 1.0
        while True:
            message_id = self._send("kernel_info_request", {})
            try:
                self._allow(patience, "the start")
                async for _ in self._messages(message_id):
                    pass
            except KernelLost as lost:
                if not lost.hung or time.monotonic() > deadline:
                    raise
                patience *= 2
            else:
                return

    def _send(self, kind: str, content: dict[str, Any], buffers: Sequence[bytes] = ()) -> str:
        """Ask the kernel; give the id of the message."""
        session = self._client.session
        message = session.msg(kind, content)
        # If nobody is there to take it, then no answer comes: found by whoever waits for one.
        with contextlib.suppress(zmq.Again):
            session.send(self._client.shell_channel.socket, message, buffers=list(buffers))
        return str(message["header"]["msg_id"])

    def _allow(self, seconds: float, what: str) -> None:
        """From now on the kernel has this time, and as many bytes as it may send, for what it is asked."""
        assert self._relay is not None
        self._relay.start_counting()
        self._deadline, self._seconds, self._what = time.monotonic() + seconds, seconds, what
        self._json_left, self._bytes_left = MOST_JSON, FLOOD

    async def _messages(self, message_id: str) -> AsyncGenerator[tuple[str, dict[str, Any]], None]:
        """Messages that answer a request, until it is answered on both channels or what is allowed is used up."""
        assert self._relay is not None
        sockets = {
            self._client.shell_channel.socket: "shell",
            self._client.iopub_channel.socket: "iopub",
        }
        waiting, turn = {"shell", "iopub"}, time.monotonic()
        loop, come = asyncio.get_running_loop(), asyncio.Event()
        numbers = [one.fileno() for one in sockets]
        for number in numbers:
            loop.add_reader(number, come.set)
        try:
            while waiting:
                before = time.monotonic()
                if before >= self._deadline:
                    raise KernelLost(
                        f"stopped after {self._seconds:g} s: {self._what} did not finish", hung=True
                    )
                # libzmq reports what comes from now on, not what is there: so first this, and then a look.
                come.clear()
                found = False
                for one, channel in sockets.items():
                    # One message each: a flood on one channel must not hide the deadline.
                    parts = self._take(one)
                    if parts is None:
                        continue
                    found = True
                    message = self._read(parts)
                    if message["parent_header"].get("msg_id") != message_id:
                        continue
                    yield channel, message
                    if channel == "shell":
                        waiting.discard("shell")
                    elif (
                        message["header"]["msg_type"] == "status"
                        and message["content"].get("execution_state") == "idle"
                    ):
                        waiting.discard("iopub")
                if not found and not await self._something_comes(come):
                    if self._relay.flooded:
                        raise KernelLost(FLOODED)
                    if await self._manager.provisioner.poll() is not None:
                        raise KernelLost(self._manager.provisioner.ended_because or "the kernel died")
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
            header, parent, metadata, content = (json.loads(p.decode("utf-8", "replace")) for p in rest[1:5])
            if not all(isinstance(part, dict) for part in (header, parent, content)):
                raise TypeError("not a message")
            header["msg_type"], header["msg_id"]
        except Exception as error:
            raise KernelLost(f"it sent a malformed message ({type(error).__name__})") from None
        return {
            "header": header, "parent_header": parent, "metadata": metadata, "content": content, "buffers": rest[5:]
        }  # fmt: skip
