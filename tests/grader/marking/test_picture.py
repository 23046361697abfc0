"""Pictures are rebuilt from what makes them up; what would unpack to gigabytes is no picture."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.attacks.on_grader import picture_bomb
from grader.marking.picture import SIGNATURE, picture


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width=2, height=2, depth=8, colour=2, rest=b"\0\0\0"):
    return chunk(b"IHDR", struct.pack(">IIBB", width, height, depth, colour) + rest)


def drawn():
    figure, axes = plt.subplots()
    axes.plot([0, 1], [1, 0])
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Author": "eve", "Comment": "<script>"})
    plt.close(figure)
    return file.getvalue()


ROWS = chunk(b"IDAT", zlib.compress(b"\0\1\2\3\4\5\6" * 2))


def test_a_figure_looks_the_same_and_carries_no_text():
    data = drawn()
    shown = picture(data)
    assert b"tEXt" in data
    assert b"tEXt" not in shown
    assert b"script" not in shown
    assert np.array_equal(plt.imread(io.BytesIO(data)), plt.imread(io.BytesIO(shown)))


def test_a_rebuilt_picture_stays_as_it_is():
    assert picture(picture(drawn())) == picture(drawn())


def test_a_bomb_is_no_picture():
    bomb = base64.b64decode(picture_bomb())
    assert len(bomb) < 2000
    assert picture(bomb) == b""


@pytest.mark.parametrize(
    "data",
    [
        b"", b"GIF89a", SIGNATURE, SIGNATURE + ROWS, SIGNATURE + header() + ROWS,
        SIGNATURE + header() + header() + chunk(b"IEND"),
        SIGNATURE + header(0, 1) + chunk(b"IEND"), SIGNATURE + header(1 << 31, 1) + chunk(b"IEND"),
        SIGNATURE + header(20_000, 20_000) + chunk(b"IEND"),
        SIGNATURE + header(depth=3) + chunk(b"IEND"), SIGNATURE + header(colour=1) + chunk(b"IEND"),
        SIGNATURE + header(rest=b"\1\0\0") + chunk(b"IEND"),
        SIGNATURE + b"\xff\xff\xff\xffIHDR", SIGNATURE + header() + b"\x7f\xff\xff\xffIDATxx" + chunk(b"IEND"),
        SIGNATURE + header() + chunk(b"tEXt") * 5000 + chunk(b"IEND"), SIGNATURE + chunk(b"IHDR", b"short") + chunk(b"IEND"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_nothing(data):
    assert picture(data) == b""


def test_profiles_animations_and_texts_are_left_out():
    extra = [b"iCCP", b"acTL", b"fcTL", b"fdAT", b"zTXt", b"iTXt", b"eXIf", b"sPLT"]
    data = (
        SIGNATURE
        + header()
        + b"".join(chunk(kind, b"x" * 50) for kind in extra)
        + ROWS
        + chunk(b"IEND")
        + b"after"
    )
    assert picture(data) == SIGNATURE + header() + ROWS + chunk(b"IEND")


@given(st.binary(max_size=200))
def test_any_bytes_after_the_signature_are_a_picture_or_nothing(data):
    shown = picture(SIGNATURE + header() + data)
    assert shown == b"" or (shown.startswith(SIGNATURE) and shown.endswith(chunk(b"IEND")))
