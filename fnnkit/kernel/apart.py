"""A kernel in a process of its own, asked over its standard input and output; no sandbox, on every system.

For a student's own code on the student's own machine: it trusts that code not to be hostile, and keeps to the time
limits and packages of marking. Its questions and answers are those of `serve`.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fnnkit.kernel.asking import CellRun, KernelLost
from fnnkit.kernel.call import Answer, Raised
from fnnkit.kernel.line import Malformed, Reader, packets
from fnnkit.kernel.serve import cell, question, read_answer
from fnnkit.kernel.wire import MAX_PARTS, NotPlain

LARGEST = 80 << 20
GRACE = 2.0
"""Seconds after which a cell that does not stop by itself takes its kernel with it."""
START_SECONDS = 60.0


class Apart:
    """One kernel.

    Parameters
    ----------
    edition : Path
        The folder with the marking edition.
    program : str
        The module of it that is the kernel.
    there : sequence of str
        Top-level modules, besides Python's own, that it may import.
    """

    def __init__(self, edition: Path, program: str, there: Sequence[str]) -> None:
        starter = edition / "fnnkit" / "kernel" / "alone.py"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("JPY_", "PYTHONPATH"))}
        self.lost = False
        self.died, self.waited = (
            False,
            0.0,
        )  # on a student's own machine nothing is done twice, and no time given back
        self._process = subprocess.Popen(
            # Not the folder of the program: a module that is called as one of Python's own would hide it.
            [sys.executable, "-P", str(starter), program, *there],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=edition, bufsize=0,
            env=kept | {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        self._chunks: queue.Queue[bytes] = queue.Queue()
        self._reader = Reader(LARGEST, MAX_PARTS)
        self._cells = 0
        self._deadline = 0.0
        self._seconds = 0.0
        self._what = ""
        threading.Thread(target=self._listen, daemon=True, name="fnnkit-kernel").start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            while chunk := self._process.stdout.read(1 << 17):
                self._chunks.put(chunk)
        self._chunks.put(b"")

    def begin(self) -> None:
        """Wait until it has started.

        Raises
        ------
        RuntimeError
            If it cannot; the message is the last line of what Python said.
        """
        self._allow(START_SECONDS, 0.0, "the kernel")
        try:
            self._write(cell("begin", ""))
            self._ran("begin")
        except KernelLost as lost:
            self._process.kill()
            assert self._process.stderr is not None
            said = self._process.stderr.read().decode("utf-8", "replace").strip().splitlines()
            self.kill()
            raise RuntimeError(f"no kernel could be started: {said[-1] if said else lost}") from None

    async def close(self) -> None:
        """End the kernel."""
        self.kill()

    def kill(self) -> None:
        """End the kernel, from whatever thread."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    async def run(self, source: str, seconds: float, keep: Sequence[str] = ()) -> CellRun:
        """Run a cell.

        Raises
        ------
        KernelLost
            If it does not finish in time, or the kernel dies of it.
        """
        self._allow(seconds, GRACE, "the cell")
        self._cells += 1
        name = str(self._cells)
        self._write(cell(name, source, seconds, keep))
        return self._ran(name)

    def _ran(self, name: str) -> CellRun:
        while True:
            parts = self._message()
            said = json.loads(parts[0])
            if said.get("ran") == name:
                kind = str(said.get("kind", ""))[:80]
                return CellRun(
                    error_kind=kind, error=f"{kind}: {str(said.get('error', ''))[:300]}" if kind else ""
                )

    async def ask(self, name: str, cases: Sequence[tuple[Any, ...]], seconds: float) -> list[Answer]:
        """Call a function of the notebook with each of the cases; a kernel that is lost on the way is an answer too."""
        answers: dict[int, Answer] = {}
        failure: KernelLost | None = None
        try:
            self._allow(seconds, 0.0, f"`{name}`")
            self._write(question(name, cases))
            while not all(i in answers for i in range(len(cases))):
                parts = self._message()
                said = json.loads(parts[0])
                if said.get("exercise") != name:
                    continue
                if "ended" in said:
                    break
                index, answer = read_answer(said, parts[1:])
                answers.setdefault(index, answer)
        except KernelLost as lost:
            failure = lost
        except (NotPlain, ValueError) as strange:
            failure = KernelLost(f"what came back cannot be read: {strange}")
        self.lost = failure is not None
        kind = "Timeout" if failure is not None and failure.hung else "KernelDied"
        missing = Answer(error=Raised((kind,), str(failure) if failure else "no answer came back"))
        return [answers.get(i, missing) for i in range(len(cases))]

    def _allow(self, seconds: float, grace: float, what: str) -> None:
        """From now on the kernel has this time."""
        self._deadline = time.monotonic() + seconds + grace
        self._seconds, self._what = seconds, what

    def _write(self, parts: Sequence[bytes]) -> None:
        assert self._process.stdin is not None
        try:
            for packet in packets(parts):
                while packet:
                    packet = packet[self._process.stdin.write(packet) :]
        except (OSError, ValueError):
            raise KernelLost("the kernel died") from None

    def _message(self) -> list[bytes]:
        """The next message."""
        while True:
            try:
                parts = self._reader.message()
            except Malformed as problem:
                raise KernelLost(f"what came back cannot be read: {problem}") from None
            if parts is not None:
                return parts
            try:
                chunk = self._chunks.get(timeout=max(self._deadline - time.monotonic(), 0.0))
            except queue.Empty:
                raise KernelLost(
                    f"stopped after {self._seconds:g} s: {self._what} did not finish", hung=True
                ) from None
            if not chunk:
                raise KernelLost("the kernel died")
            self._reader.feed(chunk)
