"""Messages cross a socket whole, in whatever pieces they arrive; nothing is kept for what is only promised."""

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnnkit.kernel.line import PACKET, Malformed, Reader, packets

messages = st.lists(st.lists(st.binary(max_size=300), max_size=5), max_size=5)


@given(messages, st.integers(1, 400))
def test_messages_arrive_as_they_were_sent(sent, size):
    stream = b"".join(bytes(packet) for parts in sent for packet in packets(parts))
    reader, received = Reader(10_000, 10), []
    for start in range(0, len(stream), size):
        reader.feed(stream[start : start + size])
        while (parts := reader.message()) is not None:
            received.append(parts)
    assert received == sent


@given(st.binary(max_size=200))
def test_any_bytes_are_messages_or_refused(stream):
    reader = Reader(1000, 10)
    reader.feed(stream)
    try:
        while (parts := reader.message()) is not None:
            assert len(parts) <= 10
            assert sum(map(len, parts)) <= 1000
    except Malformed:
        pass


@pytest.mark.parametrize(
    "head",
    [b"\xff" * 4, struct.pack("<I", 11), struct.pack("<IQ", 1, 1 << 62), struct.pack("<IQQ", 2, 600, 600)],
)
def test_a_message_that_promises_too_much_is_refused_before_any_of_it_comes(head):
    reader = Reader(1000, 10)
    reader.feed(head)
    with pytest.raises(Malformed):
        reader.message()


def test_a_long_message_goes_through_a_socket_that_keeps_packets_apart():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    parts, reader = [b"head", bytes(range(256)) * 2000], Reader(1 << 20, 10)
    with ours, theirs:
        for packet in packets(parts):
            assert len(packet) <= PACKET
            ours.send(packet)
            reader.feed(theirs.recv(PACKET))
    assert reader.message() == parts
