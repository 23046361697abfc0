"""What stands between a kernel's sockets and libzmq: it passes bytes on, and counts them.

libzmq keeps the parts of a message until its last one has come, however many there are and whatever they add up to.
A student's code can reach the kernel's end of a connection, so somebody has to count before libzmq does.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil

from grader import scratch

CHUNK = 1 << 18
FRAME_COST = 256
"""Bytes that a frame costs beside its own: an empty one takes two on the way, and far more in libzmq and as an object."""
GREETING = 64


class Frames:
    """Counts the frames of a stream that speaks ZMTP 3 (rfc.zeromq.org/spec/23), without keeping any of it."""

    def __init__(self) -> None:
        self._greeting, self._head, self._skip = GREETING, b"", 0

    def count(self, chunk: bytes) -> int:
        """How many frames begin in the next bytes of the stream.

        Raises
        ------
        ConnectionError
            If it does not begin as version 3 does: frames of older ones have another form.
        """
        found, at = 0, 0
        while at < len(chunk):
            if self._greeting:
                self._head += chunk[at : at + self._greeting]
                at += self._greeting
                self._greeting = GREETING - len(self._head)
                if len(self._head) > 10 and not (
                    self._head[0] == 0xFF and self._head[9] & 1 and self._head[10] == 3
                ):
                    raise ConnectionError("not ZMTP 3")
                if not self._greeting:
                    self._head = b""
            elif self._skip:
                taken = min(self._skip, len(chunk) - at)
                self._skip -= taken
                at += taken
            else:
                self._head += chunk[at : at + 1]
                at += 1
                # A byte of flags, then the length in one byte or in eight.
                if len(self._head) == (9 if self._head[0] & 2 else 2):
                    found += 1
                    self._skip, self._head = int.from_bytes(self._head[1:], "big"), b""
        return found


class Relay:
    """Sockets of our own, in a folder of our own, for one connection each to the sockets of a kernel.

    Parameters
    ----------
    theirs : str
        Path of the kernel's sockets without ``-`` and number.
    most : int
        Bytes that a kernel may send on all of them together, from one `start_counting` to the next; each frame of a
        message counts for some more than it holds.
    """

    def __init__(self, theirs: str, most: int) -> None:
        self.theirs, self.most = theirs, most
        self.flooded = False
        self._left = most
        self._folder = scratch.folder()
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._used: set[int] = set()

    async def open(self, numbers: list[int]) -> str:
        """Listen; give what to connect to, in the form of ``theirs``."""
        ours = f"{self._folder}/k"
        for number in numbers:

            def connected(
                reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int = number
            ) -> None:
                task = asyncio.get_running_loop().create_task(self._join(number, reader, writer))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

            self._servers.append(await asyncio.start_unix_server(connected, f"{ours}-{number}", limit=CHUNK))
        return ours

    def start_counting(self) -> None:
        """Count from nothing again."""
        self._left = self.most

    async def close(self) -> None:
        """End all connections and remove the folder."""
        for server in self._servers:
            server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _join(
        self, number: int, our_reader: asyncio.StreamReader, our_writer: asyncio.StreamWriter
    ) -> None:
        if (
            number in self._used
        ):  # never twice: what is at that path may by now be another socket than the kernel's
            our_writer.close()
            return
        self._used.add(number)
        writers = [our_writer]
        try:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_unix_connection(f"{self.theirs}-{number}", limit=CHUNK)
                writers.append(writer)
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._pass_on(our_reader, writer, counted=False))
                    group.create_task(self._pass_on(reader, our_writer, counted=True))
        except* OSError:
            pass  # the kernel has gone
        finally:
            for one in writers:
                one.transport.abort()

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        frames = Frames()
        while chunk := await reader.read(CHUNK):
            if counted:
                self._left -= len(chunk) + FRAME_COST * frames.count(chunk)
                if self._left < 0:
                    self.flooded = True
                    raise ConnectionError("flooded")
            writer.write(chunk)
            await writer.drain()
