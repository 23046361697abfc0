"""What a starting sandbox says of itself, read as it comes: by descriptors, and by /proc."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path


async def readiness(descriptor: int) -> None:
    """Wait until something can be read, or the other end is closed."""
    loop, come = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, come.set)
    try:
        await come.wait()
    finally:
        loop.remove_reader(descriptor)


async def readable(descriptor: int) -> bytes:
    """Read what there is, as soon as there is something; nothing once the other end is closed."""
    await readiness(descriptor)
    return os.read(descriptor, 4096)


async def process_one(info: int, seconds: float) -> int | None:
    """Process 1 of a sandbox, as seen from outside, from bubblewrap's report; closes the descriptor. None without a report."""
    said = b""
    try:
        while chunk := await asyncio.wait_for(readable(info), seconds):
            said += chunk
            if said.rstrip().endswith(b"}"):
                break
    finally:
        os.close(info)
    return int(json.loads(said)["child-pid"]) if said else None


async def first_child(pid: int, runs: Callable[[], bool], seconds: float) -> int | None:
    """The program that bubblewrap started, as seen from outside: the first child of its own process 1."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            # Before the launcher is executed the root is not the sandbox's yet.
            if children and os.path.exists(f"/proc/{children[0]}/root/launcher.py"):
                return int(children[0])
        if not runs():
            break
        await asyncio.sleep(0.002)
    return None
