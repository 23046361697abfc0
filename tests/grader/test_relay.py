"""Between a kernel's sockets and libzmq: whatever bytes come, what is passed on is counted, and nothing fails in another way."""

from __future__ import annotations

import asyncio
import contextlib
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zmq
import zmq.asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.relay import Frames, Relay
from grader.session import FLOOD, LARGEST_MESSAGE

MB = 1 << 20
# ZMTP 3.1 (rfc.zeromq.org/spec/37): signature, version, mechanism, server, filler.
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
SOCKET_TYPE = b"\x05READY\x0bSocket-Type" + struct.pack(">I", 6) + b"ROUTER"
READY = b"\x04" + bytes([len(SOCKET_TYPE)]) + SOCKET_TYPE


def frame(body: bytes, *, more: bool = False, size: int | None = None) -> bytes:
    """A frame of a message; ``size`` is what it says of itself."""
    size = len(body) if size is None else size
    if size > 255:
        return bytes([2 | more]) + struct.pack(">Q", size) + body
    return bytes([more, size]) + body


async def through(
    pieces: list[bytes], most: int, *, forever: bytes = b"", read: Callable[[Any], Any] | None = None
) -> tuple[Relay, int, list[str]]:
    """Send bytes as a kernel; read on the grader's side. Give the relay, bytes that came, and what went wrong unseen."""
    trouble: list[str] = []
    tasks: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, about: trouble.append(str(about)))
    with tempfile.TemporaryDirectory() as folder:
        came = 0

        async def kernel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            tasks.append(asyncio.current_task())
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                if (
                    read is not None
                ):  # libzmq takes a message for nonsense before it has said that it is ready
                    writer.write(GREETING + READY)
                    await reader.readexactly(len(GREETING))
                    await reader.readexactly((await reader.readexactly(2))[1])
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                while forever and not writer.is_closing():
                    writer.write(forever)
                    await writer.drain()
            writer.close()

        server = await asyncio.start_unix_server(kernel, f"{folder}/k-1")
        relay = Relay(f"{folder}/k", most)
        ours = await relay.open([1])
        try:
            if read is not None:
                await read(f"ipc://{ours}-1")
            else:
                reader, writer = await asyncio.open_unix_connection(f"{ours}-1")
                writer.write_eof()  # so that the end of the kernel ends the connection
                with contextlib.suppress(OSError):
                    while chunk := await reader.read(1 << 16):
                        came += len(chunk)
                writer.close()
        finally:
            await relay.close()
            server.close()
            await asyncio.gather(*tasks)
    assert not Path(ours).parent.exists()
    return relay, came, trouble


frames = st.builds(
    frame,
    st.binary(max_size=400),
    more=st.booleans(),
    size=st.none()
    | st.integers(0, 300)
    | st.sampled_from([1 << 31, 1 << 40, (1 << 63) - 1, 1 << 63, (1 << 64) - 1]),
)
streams = st.lists(
    st.one_of(
        st.just(GREETING), st.just(READY), st.binary(max_size=300), frames, frames.map(lambda f: f * 50)
    ),
    max_size=12,
)
begun = st.one_of(streams, streams.map(lambda pieces: [GREETING, READY, *pieces]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(begun, st.integers(0, 3000))
def test_of_whatever_bytes_no_more_than_the_budget_is_passed_on(pieces, most):
    _, came, trouble = asyncio.run(through(pieces, most))
    whole = b"".join(pieces)
    assert came <= min(most, len(whole))
    assert trouble == []
    if len(whole) > most:
        assert came < len(whole)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=20), st.randoms())
def test_frames_are_counted_wherever_the_stream_is_cut(bodies, random):
    stream = GREETING + b"".join(frame(body, more=random.random() < 0.5) for body in bodies)
    counter, found = Frames(), 0
    while stream:
        n = random.randrange(1, 80)
        found += counter.count(stream[:n])
        stream = stream[n:]
    assert found == len(bodies)


@given(st.binary(min_size=11, max_size=80))
def test_what_does_not_begin_as_version_3_ends_the_connection(stream):
    if stream[:1] != b"\xff" or not stream[9] & 1 or stream[10] != 3:
        with pytest.raises(ConnectionError, match="not ZMTP 3"):
            Frames().count(stream)


@contextlib.contextmanager
def dealer():
    """A socket of libzmq as the grader sets it."""
    with zmq.asyncio.Context() as context, context.socket(zmq.DEALER) as socket:
        for option, value in (
            (zmq.RECONNECT_IVL, -1),
            (zmq.MAXMSGSIZE, LARGEST_MESSAGE),
            (zmq.LINGER, 0),
        ):
            socket.setsockopt(option, value)
        yield socket


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(streams)
def test_libzmq_behind_it_gives_messages_or_nothing(pieces):
    """Malformed multipart frames after an honest beginning: no exception, and no part longer than what was sent."""

    async def read(place: str) -> None:
        with dealer() as socket:
            socket.connect(place)
            while await socket.poll(30):
                parts.extend(await socket.recv_multipart())

    parts: list[bytes] = []
    _, _, trouble = asyncio.run(through(pieces, 1 << 20, read=read))
    assert trouble == []
    assert sum(map(len, parts)) <= sum(map(len, pieces))


def peak() -> int:
    """The most memory that this process has held at a time since `forget_peak`, in bytes."""
    about = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(about["VmHWM"].split()[0]) << 10


def forget_peak() -> int:
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


@pytest.mark.parametrize(
    "forever",
    [
        pytest.param(frame(b"", more=True) * (1 << 16), id="empty parts"),
        pytest.param(frame(b"x", more=True) * (1 << 16), id="parts of a byte"),
        pytest.param(frame(bytes(MB), more=True), id="long parts"),
        pytest.param(frame(b"", size=1 << 62), id="a length of nothing"),
    ],
)
def test_a_message_without_end_costs_no_more_memory_than_the_budget(forever):
    """libzmq keeps every part until the last has come, and an empty one takes two bytes on the way and 64 in memory."""

    async def read(place: str) -> None:
        with dealer() as socket:
            watch = socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
            socket.connect(place)
            # It ends: the relay, or libzmq, hangs up.
            assert await watch.poll(60_000)
            assert not await socket.poll(0)
            socket.disable_monitor()

    before = forget_peak()
    _, _, trouble = asyncio.run(through([], FLOOD, forever=forever, read=read))
    assert trouble == []
    assert peak() - before < 1.5 * FLOOD
