"""Pictures that a student's code put out: PNG, of a size that can be shown, with nothing in them but the picture.

A few kilobytes can unpack to gigabytes in the browser of whoever reads the feedback, and what else a PNG may hold,
colour profiles, texts, animations, is unpacked by code that need not see a student's data.

References
----------
Portable Network Graphics (PNG) Specification, W3C, section 5: chunks, their order, their check sums.
"""

from __future__ import annotations

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"IDAT", b"IEND")
MOST_POINTS = 20_000_000
MOST_CHUNKS = 2_000
COLOURS = (0, 2, 3, 4, 6)


def picture(data: bytes) -> bytes:
    """The picture in a PNG file, rebuilt from the chunks that make it up; empty if it is none that can be shown."""
    if not data.startswith(SIGNATURE):
        return b""
    kept, at, seen = [SIGNATURE], len(SIGNATURE), 0
    while at + 12 <= len(data) and seen < MOST_CHUNKS:
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if len(body) != length or at + 12 + length > len(data):
            return b""
        if (kind == b"IHDR") != (seen == 0) or (seen == 0 and not _shows(body)):
            return b""
        if kind in KEPT:
            kept.append(struct.pack(">I", length) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))
        at, seen = at + 12 + length, seen + 1
        if kind == b"IEND":
            return b"".join(kept)
    return b""


def points(png: bytes) -> int:
    """Points of a picture that `picture` gave."""
    width, height = struct.unpack_from(">II", png, len(SIGNATURE) + 8)
    return int(width * height)


def _shows(header: bytes) -> bool:
    """Whether a header describes a picture of a size and form that every browser shows."""
    if len(header) != 13:
        return False
    width, height, depth, colour = struct.unpack_from(">IIBB", header)
    return (
        0 < width <= 1 << 15
        and 0 < height <= 1 << 15
        and width * height <= MOST_POINTS
        and depth in (1, 2, 4, 8, 16)
        and colour in COLOURS
        and header[10:12] == b"\0\0"
    )
