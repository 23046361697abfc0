"""One kernel, talked to by somebody who trusts nothing that it says.

Every byte is counted before libzmq sees it, every message before it is read, every exception of the message layer
means that the kernel is lost, and nothing is waited for without a deadline.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client import AsyncKernelManager
from traitlets.config import Config

from fnnkit.exercises.call import Answer, Raised
from fnnkit.exercises.serve import MESSAGE, read_answer, request
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
        if config is not None:
            settings.merge(config)
        if trust_submissions:
            settings.SandboxProvisioner.trust_submissions = True
        self._context = zmq.asyncio.Context()
        # Never connect twice: a student could put a link to another socket where the kernel's was.
        self._context.setsockopt(zmq.RECONNECT_IVL, -1)
        self._context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        self._context.setsockopt(zmq.LINGER, 0)
        self._manager = QuietManager(
            kernel_name=KERNEL,
            config=settings,
            context=self._context,
            connection_file=os.path.join(scratch.place(), f"{uuid.uuid4()}.json"),
        )
        self._client: Any = None
        self._relay: Relay | None = None

    async def __aenter__(self) -> Session:
        try:
            await self._manager.start_kernel()
            if not isinstance(self._manager.provisioner, SandboxProvisioner):
                raise RuntimeError("refusing to run a submission outside the sandbox")
            self._client = self._manager.client()
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
        message_id = self._client.execute(source, store_history=True, allow_stdin=False, stop_on_error=False)
        budget = OutputBudget()
        run = CellRun()
        async for channel, message in self._messages(message_id, seconds, "the cell"):
            content = message["content"]
            if channel == "shell" and content.get("status") == "error":
                run.error_kind = str(content.get("ename", ""))[:80]
                run.error = f"{run.error_kind}: {str(content.get('evalue', ''))[:300]}"
            elif channel == "iopub":
                budget.take(message["header"]["msg_type"], content)
        run.outputs = budget.outputs
        return run

    async def call(self, name: str, cases: list[tuple[Any, ...]], seconds: float) -> list[Answer]:
        """Call a function of the notebook with each of the cases.

        A kernel that is lost on the way is an answer too: the case at which it happened carries the reason, those
        after it were not run. The session cannot be used after that; `lost` says so.
        """
        answers: dict[int, Answer] = {}
        failure: KernelLost | None = None
        content = {
            "code": f"__import__('fnnkit.exercises.serve', fromlist=['serve']).serve({name!r})",
            "silent": True, "store_history": False, "user_expressions": {}, "allow_stdin": False, "stop_on_error": False,
        }  # fmt: skip
        session = self._client.session
        message = session.msg("execute_request", content)
        session.send(self._client.shell_channel.socket, message, buffers=request(cases))
        try:
            async for channel, reply in self._messages(message["header"]["msg_id"], seconds, f"`{name}`"):
                if channel == "iopub" and reply["header"]["msg_type"] == MESSAGE:
                    index, answer = read_answer(reply["content"], reply["buffers"])
                    answers.setdefault(index, answer)
        except KernelLost as lost:
            failure = lost
        except NotPlain as strange:
            failure = KernelLost(f"what came back cannot be read: {strange}")
        self.lost = failure is not None
        kind = "Timeout" if failure is not None and failure.hung else "KernelDied"
        reason = str(failure) if failure else "no answer came back"
        missing = Answer(error=Raised((kind,), reason))
        return [answers.get(i, missing) for i in range(len(cases))]

    lost = False
    _json_left = MOST_JSON

    async def _wait_until_ready(self) -> None:
        """The reply to a request, and its idle state, prove that both channels work.

        Asked again and again: what a kernel publishes before its subscriber is connected is lost.
        """
        deadline, patience = time.monotonic() + START_SECONDS, 1.0
        while True:
            message_id = self._client.kernel_info()
            try:
                async for _ in self._messages(message_id, patience, "the start"):
                    pass
            except KernelLost as lost:
                if not lost.hung or time.monotonic() > deadline:
                    raise
                patience *= 2
            else:
                return

    async def _messages(self, message_id: str, seconds: float, what: str) -> Any:
        """Messages that answer a request, until it is answered on both channels."""
        assert self._relay is not None
        self._relay.start_counting()
        deadline = time.monotonic() + seconds
        sockets = {
            self._client.shell_channel.socket: "shell",
            self._client.iopub_channel.socket: "iopub",
        }
        poller = zmq.asyncio.Poller()
        for one in sockets:
            poller.register(one, zmq.POLLIN)
        waiting, received = {"shell", "iopub"}, 0
        self._json_left = MOST_JSON
        while waiting:
            before = time.monotonic()
            if before >= deadline:
                raise KernelLost(f"stopped after {seconds:g} s: {what} did not finish", hung=True)
            ready = await poller.poll(1000 * min(deadline - before, POLL))
            # While other notebooks were judged nobody listened here: that is not this kernel's time.
            deadline += max(0.0, time.monotonic() - before - POLL)
            for one, _ in ready:
                # One message each: a flood on one channel must not hide the deadline.
                parts = await one.recv_multipart()
                received += sum(map(len, parts))
                if received > FLOOD:
                    raise KernelLost(FLOODED)
                message = self._read(parts)
                if message["parent_header"].get("msg_id") != message_id:
                    continue
                channel = sockets[one]
                yield channel, message
                if channel == "shell":
                    waiting.discard("shell")
                elif (
                    message["header"]["msg_type"] == "status"
                    and message["content"].get("execution_state") == "idle"
                ):
                    waiting.discard("iopub")
            if not ready and self._relay.flooded:
                raise KernelLost(FLOODED)
            if not ready and await self._manager.provisioner.poll() is not None:
                raise KernelLost(self._manager.provisioner.ended_because or "the kernel died")
            if not ready:
                await asyncio.sleep(0)

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
            message = self._client.session.deserialize(rest)
            if not all(isinstance(message[k], dict) for k in ("header", "parent_header", "content")):
                raise TypeError("not a message")
            message["header"]["msg_type"]
        except Exception as error:
            raise KernelLost(f"it sent a malformed message ({type(error).__name__})") from None
        return dict(message)
