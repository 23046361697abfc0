"""Malformed notebooks, made from real ones: structure, types, ids, nesting, encodings. The same seed makes the same one."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 1e308, "", "x", "\ud800", "\x00", "\u202e", "='1'", "../../etc", "{0}", "{{ x }}",
    "<script>",
    [], {}, [[]], {"": ""}, [None], "9" * 5000, ["a", 1, None], {"nbgrader": {"grade_id": "mse", "solution": True}},
)  # fmt: skip
KEYS = (
    "cells", "metadata", "nbformat", "nbformat_minor", "cell_type", "source", "outputs", "id", "nbgrader", "grade_id", "solution",
    "grade", "locked", "points", "schema_version", "cell_checksum", "tags", "execution_count", "attachments", "kernelspec",
    "name",
    "data", "output_type", "text", "x", "__class__", "\ud800", "", "a.b", "fnnkit", "notes",
)  # fmt: skip


def nodes(tree: Any) -> list[tuple[Any, Any]]:
    """All places in a tree, as (what holds it, key or index)."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        for key in list(one) if isinstance(one, dict) else range(len(one)):
            found.append((one, key))
            if isinstance(one[key], dict | list):
                waiting.append(one[key])
    return found


def replaced(tree: Any, random: Random) -> None:
    """Something else stands in a place."""
    holder, key = random.choice(nodes(tree))
    holder[key] = copy.deepcopy(random.choice(ODD))


def removed(tree: Any, random: Random) -> None:
    """A place is gone."""
    holder, key = random.choice(nodes(tree))
    del holder[key]


def renamed(tree: Any, random: Random) -> None:
    """A key has another name."""
    holder, key = random.choice([n for n in nodes(tree) if isinstance(n[0], dict)])
    holder[random.choice(KEYS)] = holder.pop(key)


def added(tree: Any, random: Random) -> None:
    """A key that does not belong there."""
    holder, _ = random.choice([n for n in nodes(tree) if isinstance(n[0], dict)])
    holder[random.choice(KEYS)] = copy.deepcopy(random.choice(ODD))


def swapped(tree: Any, random: Random) -> None:
    """Two places change their contents."""
    (a, i), (b, j) = random.choice(nodes(tree)), random.choice(nodes(tree))
    a[i], b[j] = copy.deepcopy(b[j]), copy.deepcopy(a[i])


def wrapped(tree: Any, random: Random) -> None:
    """A place is nested."""
    holder, key = random.choice(nodes(tree))
    for _ in range(random.choice((1, 2, 20, 400))):
        holder[key] = random.choice(([holder[key]], {"x": holder[key]}))


def cells(tree: Any, random: Random) -> None:
    """Cells are doubled, shuffled, dropped, or exchange their ids and metadata."""
    found = tree.get("cells")
    if not isinstance(found, list) or not found:
        return
    one, two = random.choice(found), random.choice(found)
    kind = random.randrange(6)
    if kind == 0:
        found.append(copy.deepcopy(one))
    elif kind == 1:
        random.shuffle(found)
    elif kind == 2:
        del found[: random.randrange(len(found))]
    elif isinstance(one, dict) and isinstance(two, dict):
        name = ("id", "metadata", "source")[kind - 3]
        one[name], two[name] = copy.deepcopy(two.get(name)), copy.deepcopy(one.get(name))


def grown(tree: Any, random: Random) -> None:
    """A text is long, or holds what texts seldom hold."""
    texts = [(h, k) for h, k in nodes(tree) if isinstance(h[k], str)]
    if texts:
        holder, key = random.choice(texts)
        holder[key] += random.choice(
            (
                "x" * 300_000,
                "\x00\x01\x1b[31m",
                "\u2028\u202e\ufeff",
                "\udfff",
                "<div>" * 500,
                "$" * 5000,
                "\r\n\r",
            )
        )


TREE = (replaced, removed, renamed, added, swapped, wrapped, cells, grown)


def bytes_of(text: str, random: Random) -> bytes:
    """The file, sometimes in an encoding or a state that it should not be in."""
    raw = text.encode("utf-8", "surrogatepass")
    kind = random.randrange(24)
    at = random.randrange(len(raw) + 1)
    damage = {
        0: lambda: raw[:at],
        1: lambda: raw[:at] + bytes(random.randrange(256) for _ in range(random.randrange(1, 8))) + raw[at:],
        2: lambda: raw[:at] + raw[at + random.randrange(1, 50) :],
        3: lambda: b"\xef\xbb\xbf" + raw,
        4: lambda: text.encode("utf-16", "surrogatepass"),
        5: lambda: text.encode("latin-1", "replace"),
        6: lambda: raw.replace(b"\n", b"\r\n"),
        7: lambda: raw + random.choice((b"\x00", b"{}", b"]", b"   \n", b"\xff")),
        8: lambda: raw.replace(b"null", random.choice((b"NaN", b"Infinity", b"-0", b"1e999", b"nul")), 3),
        9: lambda: raw[:at] + b"[" * 50_000 + raw[at:],
        10: lambda: raw.replace(b'"cells"', b'"cells": [], "cells"', 1),
        11: lambda: bytes(b ^ (1 << random.randrange(8)) if random.random() < 1e-3 else b for b in raw),
    }
    return damage[kind]() if kind in damage else raw


def mutated(notebook: dict[str, Any], seed: int) -> bytes:
    """A malformed notebook."""
    random = Random(seed)
    tree = copy.deepcopy(notebook)
    for _ in range(random.choice((1, 1, 2, 3, 8))):
        if not isinstance(tree, dict) or not nodes(tree):
            break
        try:
            random.choice(TREE)(tree, random)
        except (IndexError, KeyError, TypeError, AttributeError, ValueError, RecursionError):
            continue  # an earlier change took away what this one needs
    try:
        text = json.dumps(tree)
    except (ValueError, RecursionError):  # it holds itself
        text = json.dumps(notebook)[: random.randrange(1, 5000)]
    return bytes_of(text, random)
