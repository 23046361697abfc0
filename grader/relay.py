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


class Relay:
    """Sockets of our own, in a folder of our own, for one connection each to the sockets of a kernel.

    Parameters
    ----------
    theirs : str
        Path of the kernel's sockets without ``-`` and number.
    most : int
        Bytes that a kernel may send on all of them together, from one `start_counting` to the next.
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
        while chunk := await reader.read(CHUNK):
            if counted:
                self._left -= len(chunk)
                if self._left < 0:
                    self.flooded = True
                    raise ConnectionError("flooded")
            writer.write(chunk)
            await writer.drain()
