"""The grader's own files: what was not written by the grader, in whatever way, is not there."""

from __future__ import annotations

import json
import os

import pytest

from grader.disk import read_json, read_plain, seal, unseal, write_atomically

SECRET = b"s" * 32
CONTENT = {"verdicts": {"mse": {"points": 0.25, "name": "Zoë\ud800"}}, "cells": [], "sandboxed": True}
DEEP = "[" * 100_000


def test_what_was_sealed_comes_back():
    assert unseal(SECRET, "key", seal(SECRET, "key", CONTENT)) == CONTENT


def changed(**more):
    return json.dumps(json.loads(seal(SECRET, "key", CONTENT)) | more)


@pytest.mark.parametrize(
    "text",
    [
        "", "\0" * 100, "null", "[]", "5", "{}", '"text"', DEEP, '{"a":' * 90_000, b"\xff\xfe", "{" * 9, "NaN",
        json.dumps(CONTENT), changed(verdicts={}), changed(verdicts=[]), changed(more=1), changed(schema=1), changed(schema="2"),
        changed(mac=""), changed(mac=5), changed(mac=None), changed(mac="é"), seal(b"t" * 32, "key", CONTENT),
        seal(SECRET, "another", CONTENT), seal(SECRET, "key", CONTENT)[:-1], "1" * 5000,
    ],
    ids=range(26),
)  # fmt: skip
def test_anything_else_is_nothing(text):
    assert unseal(SECRET, "key", text) is None


def test_json_is_read_or_is_none(tmp_path):
    assert read_json('{"a": [1, null]}') == {"a": [1, None]}
    for text in (DEEP, '{"a":' * 90_000, "", b"\xff"):
        with pytest.raises(ValueError):
            read_json(text)


def test_only_ordinary_files_are_read(tmp_path):
    place = tmp_path / "file"
    place.write_bytes(b"12345")
    assert read_plain(place) == read_plain(place, 5) == b"12345"
    (tmp_path / "link").symlink_to(place)
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "", "missing"):
        with pytest.raises(OSError):
            read_plain(tmp_path / name)
    with pytest.raises(OSError, match="more than"):
        read_plain(place, 4)


def test_a_file_takes_the_place_of_whatever_has_its_name_and_leaves_no_part(tmp_path):
    place = tmp_path / "a" / "b.json"
    write_atomically(place, "one")
    assert place.read_text() == "one"
    place.unlink()
    (place / "folder").mkdir(parents=True)
    write_atomically(place, "two")
    assert place.read_text() == "two"
    place.unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    place.symlink_to(elsewhere)
    write_atomically(place, "three")
    assert (place.read_text(), elsewhere.read_text()) == ("three", "mine")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(place, "\ud800")
    assert [p.name for p in place.parent.iterdir()] == ["b.json"]
