"""Pictures of students, put out or pasted: PNG or JPEG, of a size that can be shown, and nothing but the picture.

A few kilobytes can unpack to gigabytes in the browser of whoever reads the feedback, and what else a PNG may hold,
colour profiles, texts, animations, is unpacked by code that need not see a student's data.

References
----------
Portable Network Graphics (PNG) Specification, W3C, section 5: chunks, their order, their check sums.
ITU-T T.81 (JPEG), annex B: markers and segments. JEITA CP-3451 (Exif): orientation.
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


JPEG = b"\xff\xd8"
TABLES = (0xC4, 0xDB, 0xDD)
FRAMES = (0xC0, 0xC1, 0xC2)
MOST_SCANS = 64
LABEL = {"exif": b"Exif\0\0", "adobe": b"Adobe"}


def photograph(data: bytes) -> bytes:
    """The picture in a JPEG file, rebuilt from what makes it up and how it is held; empty if it cannot be shown.

    Places, names, previews and profiles, which cameras write into it, are left out.
    """
    if not data.startswith(JPEG):
        return b""
    kept, at, framed, scans = [JPEG], 2, False, 0
    while at + 4 <= len(data) and len(kept) < MOST_CHUNKS and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xFF:  # filling between segments
            at += 1
            continue
        if kind == 0xD9:
            break
        (length,) = struct.unpack_from(">H", data, at + 2)
        body = data[at + 4 : at + 2 + length]
        if length < 2 or len(body) != length - 2:
            return b""
        at += 2 + length
        if kind in FRAMES:
            if framed or not _fits(body):
                return b""
            framed = True
        elif kind == 0xDA:
            scans += 1
            if not framed or scans > MOST_SCANS:
                return b""
            end = _end_of_scan(data, at)
            kept.append(_segment(kind, body) + data[at:end])
            at = end
            continue
        else:
            body = _about(kind, body)
        if kind in FRAMES or body:
            kept.append(_segment(kind, body))
    return b"".join([*kept, b"\xff\xd9"]) if scans else b""


def _segment(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(body) + 2) + body


def _about(kind: int, body: bytes) -> bytes:
    """What is kept of a segment: tables as they are, how the camera was held, how colours are meant; nothing of others."""
    if kind in TABLES:
        return body
    if kind == 0xEE and body.startswith(LABEL["adobe"]):
        return body[:12]
    if kind == 0xE1 and body.startswith(LABEL["exif"]) and (held := _held(body[6:])):
        one = struct.pack(">HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, held, 0, 0)
        return LABEL["exif"] + b"MM" + one
    return b""


def _held(tiff: bytes) -> int:
    """How the camera was held, 1 to 8; 0 where nothing is said."""
    order = {b"MM": ">", b"II": "<"}.get(tiff[:2])
    try:
        if order is None:
            return 0
        (at,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, at)
        for i in range(min(count, 200)):
            tag, kind, number, value = struct.unpack_from(order + "HHIH", tiff, at + 2 + 12 * i)
            if (tag, kind, number) == (0x0112, 3, 1) and 1 <= value <= 8:
                return int(value)
    except struct.error:
        pass
    return 0


def _fits(frame: bytes) -> bool:
    """Whether a frame is of a size and form that every browser shows."""
    if len(frame) < 6:
        return False
    depth, height, width, parts = struct.unpack_from(">BHHB", frame)
    return (
        depth == 8
        and 0 < width * height <= MOST_POINTS
        and parts in (1, 3, 4)
        and len(frame) == 6 + 3 * parts
    )


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the coded points of a scan end: at the next marker that is none of theirs."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
    return len(data)


def points_of_photograph(jpeg: bytes) -> int:
    """Points of a picture that `photograph` gave."""
    at = 2
    while jpeg[at + 1] not in FRAMES:
        at += 2 + int(struct.unpack_from(">H", jpeg, at + 2)[0])
    height, width = struct.unpack_from(">HH", jpeg, at + 5)
    return int(width * height)
