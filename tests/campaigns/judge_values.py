"""Values that nobody returns by accident, given to the judge: it says a verdict on each, and nobody waits.

    python tests/campaigns/judge_values.py [--values 10000] [--seed 1]

Each is the bytes that a kernel could send as an answer: nested, huge, recursive as far as bytes can be, of lying shapes and
types, test functions with parameters of others, exceptions and claims of odd forms. It is printed how many there were, how long
the slowest verdict and the longest wait of the grader's own event loop were, and what earned anything.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from typing import Any

import numpy as np

from fnnkit.judge.registry import exercises
from fnnkit.kernel.named import FUNCTIONS
from grader.marking import judging
from grader.marking.judging import Unread, question, verdict

TYPES = [
    f"{order}{kind}{size}"
    for order in "<>|="
    for kind in "biufcOSUVmM"
    for size in (0, 1, 2, 4, 8, 10, 16, 32, 99)
]


def value(rng: random.Random, buffers: list[bytes], depth: int = 0) -> Any:
    """The tree of a value, as `wire.encode` could have written it, or nearly."""
    kind = rng.randrange(13 if depth < 9 else 8)
    if kind == 0:
        return rng.choice(
            [
                None,
                True,
                False,
                "",
                "x" * 10 ** rng.randrange(6),
                "\ud800",
                "\x1b]0;x\x07\u202e",
                5,
                1.5,
                [],
                {},
            ]
        )
    if kind == 1:
        return {
            "float": rng.choice(
                [(1e308).hex(), "nan", "inf", "-inf", "0x1p-1074", "", "0x" + "f" * 5000, 5, None]
            )
        }
    if kind == 2:
        return {"int": rng.choice(["1", "9" * 4000, "-" + "9" * 3999, "9" * 5000, "", "0x1", "1_0", "٣", 7])}
    if kind == 3:
        return {"complex": rng.choice([["0x1p0", "nan"], [], ["inf"], "ab", [1, 2]])}
    if kind == 4:
        return {"opaque": rng.choice(["Thing", "\ud800" * 200, 5, [], None])}
    if kind == 5:
        name = rng.choice([*FUNCTIONS, "exec", "__class__"])
        parameters = rng.choice(
            [
                {"dict": []},
                {"dict": [["A", None]]},
                {"dict": [["self", 1], ["name", 2]]},
                [],
                None,
                value(rng, buffers, 9),
            ]
        )
        return {"named": name, "parameters": parameters}
    if kind in (6, 7):
        return array(rng, buffers)
    if kind in (8, 9):
        parts = [value(rng, buffers, depth + 1) for _ in range(rng.choice([0, 1, 2, 3, 13]))]
        return {rng.choice(["tuple", "list"]): parts * (rng.choice([1, 1, 1, 50]) if depth > 6 else 1)}
    if kind == 10:
        pairs = [
            [value(rng, buffers, 9), value(rng, buffers, depth + 1)] for _ in range(rng.choice([0, 1, 4, 30]))
        ]
        return {"dict": rng.choice([pairs, pairs, pairs, [[1]], "x", [pairs]])}
    if kind == 11:
        deep: Any = None
        for _ in range(rng.choice([5, 11, 12, 13, 23, 24, 25, 400])):
            deep = {rng.choice(["tuple", "list"]): [deep]}
        return deep
    return {str(rng.random()): value(rng, buffers, depth + 1), "tuple": rng.choice([None, "x", {}])}


def array(rng: random.Random, buffers: list[bytes]) -> Any:
    """An array, most of them what they claim to be."""
    if rng.random() < 0.6:
        code = rng.choice(
            ["<f8", "<f4", "<f2", "<f16", "<c16", "<c32", "<i8", "|i1", "|u1", "|b1", ">f8", ">i2"]
        )
        shape = rng.choice(
            [
                [],
                [1],
                [2],
                [3, 2],
                [0],
                [5, 0],
                [24],
                [25],
                [1] * 8,
                [1000, 10],
                [1] * 9,
                [10**9, 0],
                [200_000],
            ]
        )
        size = (
            int(np.dtype(code).itemsize * np.prod(shape, dtype=float))
            if len(shape)
            else np.dtype(code).itemsize
        )
        buffers.append(rng.choice([bytes, rng.randbytes])(size))
    else:
        code, shape = (
            rng.choice(TYPES),
            rng.choice([[-1], [2**63], ["1"], "x", [1.5], [True], [10**9, 10**9], None]),
        )
        buffers.append(rng.randbytes(rng.randrange(64)))
    tree = {"dtype": code, "shape": shape, "buffer": len(buffers) - 1 - (rng.random() < 0.02)}
    return tree | {"scalar": rng.choice([True, 1, "yes"])} if rng.random() < 0.3 else tree


def answer(rng: random.Random, index: int) -> Unread:
    """All that a kernel sends for one call."""
    buffers: list[bytes] = []
    tree = json.dumps(value(rng, buffers))
    error = rng.choice(
        [None] * 8
        + [[["ValueError"], "x", ""], [[], "", ""], ["x"], 5, [["A" * 9999] * 99, "\ud800" * 999, ""]]
    )
    said = {"exercise": "x", "index": index, "error": error, "warnings": rng.choice([[], [], ["x" * 9999] * 99, 5]),
            "changed": rng.choice([[], [], [0, -1, 10**30], "x"])}  # fmt: skip
    text = rng.choice([tree.encode()] * 30 + [b"[" * 100_000, b"", b"\xff", tree.encode()[:-1]])
    return Unread((json.dumps(said).encode(), text, *buffers))


async def campaign(values: int, seed: int) -> dict[str, Any]:
    """Have many values judged, each as every answer to an exercise; what came of it."""
    rng = random.Random(seed)
    asked = [e for chapter in ("ch1_xor", "ch3_activations") for e in exercises(chapter)]
    found: dict[str, Any] = {"values": 0, "slowest": 0.0, "longest wait": 0.0, "not judged": 0, "earned": []}

    async def listen() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            found["longest wait"] = max(found["longest wait"], time.monotonic() - before - 0.01)

    async def timed(exercise: Any, made: list[bytes]) -> Any:
        listening = asyncio.create_task(listen())
        try:
            return await verdict(exercise, made)
        finally:
            listening.cancel()

    for chapter in ("ch1_xor", "ch3_activations"):  # begun before anything is timed
        await verdict(exercises(chapter)[0], [])
    while found["values"] < values:
        exercise = rng.choice(asked)
        number = len(exercise.cases(np.random.default_rng(seed)))
        made = question(exercise, seed, [answer(rng, i) for i in range(number)])
        before = time.monotonic()
        said, judged = await timed(exercise, made)
        found["slowest"] = max(found["slowest"], time.monotonic() - before)
        found["values"] += number
        found["not judged"] += not judged
        str(said), said._repr_html_()
        if said.points:
            found["earned"].append((exercise.name, said.points))
    judging.close()
    return found


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--values", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for name, what in asyncio.run(campaign(asked.values, asked.seed)).items():
        print(f"{name:14} {what if not isinstance(what, float) else round(what, 3)}")


if __name__ == "__main__":
    main()
