"""Byte strings, several at a time, over a socket: how many, how long each is, and then the bytes themselves.

A message is written before the call returns that writes it: it arrives even if the process ends at once after that.
This file also runs inside the marking sandbox, so it imports nothing of fnnkit.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

PACKET = 1 << 16
"""Bytes that are written at a time."""
COUNT, LENGTH = struct.Struct("<I"), struct.Struct("<Q")


class Malformed(ValueError):
    """What came is no message, or a larger one than allowed."""


def packets(parts: Sequence[bytes]) -> Iterator[memoryview]:
    """A message, cut into what is written at a time."""
    head = COUNT.pack(len(parts)) + b"".join(LENGTH.pack(len(part)) for part in parts)
    whole = memoryview(b"".join((head, *parts)))
    for start in range(0, len(whole), PACKET):
        yield whole[start : start + PACKET]


class Reader:
    """Puts messages together again, trusting nothing: lengths are compared before anything is kept for them.

    Parameters
    ----------
    most_bytes, most_parts : int
        What one message may hold.
    """

    def __init__(self, most_bytes: int, most_parts: int) -> None:
        self.most_bytes, self.most_parts = most_bytes, most_parts
        self._kept = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes that came."""
        self._kept += chunk

    def message(self) -> list[bytes] | None:
        """The next message, or None as long as it is not complete.

        Raises
        ------
        Malformed
            If it has more parts or bytes than allowed.
        """
        kept = self._kept
        if len(kept) < COUNT.size:
            return None
        (count,) = COUNT.unpack_from(kept)
        if count > self.most_parts:
            raise Malformed(f"a message of more than {self.most_parts} parts")
        at = COUNT.size + count * LENGTH.size
        if len(kept) < at:
            return None
        lengths = [length for (length,) in LENGTH.iter_unpack(kept[COUNT.size : at])]
        end = at + sum(lengths)
        if end > self.most_bytes:
            raise Malformed(f"a message of more than {self.most_bytes >> 20} MB")
        if len(kept) < end:
            return None
        parts = []
        for length in lengths:
            parts.append(bytes(kept[at : at + length]))
            at += length
        del kept[:end]
        return parts
