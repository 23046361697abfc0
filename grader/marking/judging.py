"""Asking the judge, a process of its own (`judge`), for verdicts: with a deadline, and never more than one answer lost.

The grader itself never looks at a value of a student. It sends the name of an exercise, the seed of its cases and the
bytes that the kernel has sent, and reads a verdict, which it checks: its criteria and points are those of the exercise.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fnnkit.judge import registry
from fnnkit.judge.causes.finding import Finding
from fnnkit.judge.exercise import Exercise, withdrawn
from fnnkit.judge.verdict import Problem, Result, Verdict
from fnnkit.kernel.call import Answer
from fnnkit.kernel.line import Malformed, Reader, packets
from grader.marking.drawn import OtherCalls
from grader.marking.places import hidden
from grader.marking.text import visible
from grader.sandbox import seccomp, surroundings

SECONDS = 10.0
"""Wall clock for one exercise; what is sent is bounded, so a thousandth of it is usual."""
START_SECONDS = 60.0
MEMORY = 3 << 30
"""Bytes of address space of a worker."""
CAUSE_SECONDS = 20.0
"""Wall clock for the cause of one wrong answer, its kernel's included."""
LARGEST_VERDICT = 4 << 20
LARGEST_ASKED, MOST_PARTS = 64 << 20, 20_000
"""Bytes and parts of what the judge asks a kernel for at a time."""
LONGEST_CAUSE = 4000
"""Characters of a text of a cause."""
LONGEST = 20_000
"""Characters of one text of a verdict."""
START = (
    "import json, socket, sys; line = socket.socket(fileno=int(sys.argv[1])); setup = json.loads(line.recv(1 << 20)); "
    "sys.path[:] = setup['path']; from grader.marking.judge import main; main(line, setup)"
)
OTHER = "the judge draws other calls of {} than those that were answered: was a package replaced meanwhile?"
NOT_JUDGED = "what it returned could not be judged: {}"


Exchange = Callable[[list[bytes]], Awaitable[list[bytes]]]


class Lost(Exception):
    """A worker has died, or did not answer in time; the message says which."""


@dataclass(frozen=True)
class Unread:
    """What a kernel has sent as the answer to one call, as it came."""

    parts: tuple[bytes, ...]


def question(
    exercise: Exercise,
    seed: int,
    answers: Sequence[Answer | Unread],
    wrong_earlier: Sequence[str] = (),
    drawn: str = "",
) -> list[bytes]:
    """The parts of a message that asks for a verdict.

    Parameters
    ----------
    exercise : Exercise
        What was asked for.
    seed : int
        Of its cases.
    answers : sequence
        One a case, in the order of the exercise's cases; an `Answer` where none came, which holds no value.
    wrong_earlier : sequence of str
        Exercises already found wrong.
    drawn : str
        Digest of the calls that were answered (see `drawn.digest`); the judge compares it with its own.
    """
    about, parts = _described(answers)
    asked = {
        "chapter": exercise.chapter, "exercise": exercise.name, "seed": str(seed), "answers": about,
        "wrong": list(wrong_earlier), "drawn": drawn,
    }  # fmt: skip
    return [json.dumps(asked).encode(), *parts]


def _described(answers: Sequence[Answer | Unread]) -> tuple[list[dict[str, Any]], list[bytes]]:
    about: list[dict[str, Any]] = []
    parts: list[bytes] = []
    for answer in answers:
        if isinstance(answer, Unread):
            about.append({"parts": len(answer.parts)})
            parts += answer.parts
        else:
            assert answer.error is not None
            about.append({"lost": [answer.error.kind, answer.error.message]})
    return about, parts


async def verdict(exercise: Exercise, asked: Sequence[bytes]) -> tuple[Verdict, bool]:
    """The verdict on a question, and whether the judge came to one.

    A worker that is lost is asked once more, by another one: it may have been ended by somebody else. If that is lost
    too, the answer counts as one that cannot be judged.

    Raises
    ------
    OtherCalls
        If the judge draws other calls than those that were answered: nothing can be said of the answer then.
    """
    reason = ""
    for _ in range(2):
        try:
            worker = await _worker(exercise.chapter)
        except Lost as lost:
            reason = str(lost)
            continue
        try:
            said = await worker.ask(asked)
            if "verdict" in said:
                found = checked(exercise, said["verdict"])
                _idle.setdefault(exercise.chapter, []).append(worker)
                return found, True
            worker.end()
            if said.get("other_calls"):
                raise OtherCalls(OTHER.format(exercise.name))
            reason = str(said.get("failed", ""))[:200]
            break
        except Lost as lost:
            reason = str(lost)
            worker.end()
        except BaseException:
            worker.end()
            raise
    return not_judged(exercise, reason), False


async def cause(exercise: Exercise, text: str, exchange: Exchange) -> tuple[Verdict, Finding | None] | None:
    """The verdict of an answer on the inputs of its check, and the cause that is found there; None if there is no telling.

    Parameters
    ----------
    exercise : Exercise
        What was asked for.
    text : str
        The cell that defines its function.
    exchange : callable
        Told a question to the kernel in which that function is (`fnnkit.kernel.trying`); gives what came back, in the form
        of `passed_on`. May raise Lost.
    """
    asked = {"chapter": exercise.chapter, "exercise": exercise.name, "text": text}
    worker = None
    try:
        worker = await _worker(exercise.chapter)
        async with asyncio.timeout(CAUSE_SECONDS):
            said = await worker.ask([json.dumps(asked).encode()], exchange)
        if not isinstance(said.get("verdict"), dict):
            raise Lost("no cause can be said")
        found = checked(exercise, said["verdict"]), _finding(said.get("finding"))
    except (Lost, TimeoutError):
        if worker is not None:
            worker.end()
        return None
    except BaseException:
        if worker is not None:
            worker.end()
        raise
    _idle.setdefault(exercise.chapter, []).append(worker)
    return found


def _finding(said: Any) -> Finding | None:
    """A cause as the judge has said it: it quotes the student's code, and numbers that the student's kernel claims.

    Raises
    ------
    Lost
        If it is none.
    """
    if said is None:
        return None
    try:
        return Finding(**{k: text_of_student(v[:LONGEST_CAUSE]) for k, v in said.items()})
    except (TypeError, KeyError, AttributeError) as problem:
        raise Lost(f"the judge said what is no cause ({type(problem).__name__})") from None


def passed_on(answers: Sequence[Answer | Unread]) -> list[bytes]:
    """Answers of a kernel in the form in which the judge reads them."""
    about, parts = _described(answers)
    return [json.dumps(about).encode(), *parts]


def not_judged(exercise: Exercise, reason: str) -> Verdict:
    """The verdict on answers that the judge could not look at."""
    gate = next((c for c in exercise.criteria if not c.withdrawn), None)
    problem = Problem(
        "stopped",
        finding=NOT_JUDGED.format(reason),
        step="Return plain numbers and arrays, of the size that is asked for.",
    )
    results = [
        withdrawn(c)
        if c.withdrawn or gate is None
        else Result(
            c.name, c.points, 0.0, problem if c is gate else None, "" if c is gate else gate.name, c.claim
        )
        for c in exercise.criteria
    ]
    return Verdict(exercise.name, tuple(results), core=exercise.core)


def checked(exercise: Exercise, data: Any) -> Verdict:
    """A verdict as the judge has sent it, if it is one on this exercise.

    Raises
    ------
    Lost
        If it is not.
    """
    try:
        found = Verdict.from_json(data)
        belongs(found, exercise)
        hints = {"": ""} | {m.name: m.hint for m in exercise.misconceptions}
        results = [replace(r, problem=r.problem and _shown(r.problem)) for r in found.results]
        return replace(
            found, results=tuple(results), misconception=found.misconception, hint=hints[found.misconception],
            follows_from=str(found.follows_from), cause="", witness="",
            notes=tuple(text_of_student(note) for note in found.notes),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Lost(f"the judge said what is no verdict ({type(problem).__name__})") from None


def belongs(found: Verdict, exercise: Exercise) -> None:
    """Refuse a verdict that is not one on an exercise.

    Raises
    ------
    ValueError
        If its criteria are others, or earn other points than they are worth.
    """
    due = [(c.name, c.worth, c.claim, c.withdrawn) for c in exercise.criteria]
    if (found.exercise, found.core) != (exercise.name, exercise.core) or due != [
        (r.criterion, r.points, r.claim, r.withdrawn) for r in found.results
    ]:
        raise ValueError("another exercise's")
    for r in found.results:
        if r.earned != (r.points if r.problem is None and not r.waits_for else 0.0):
            raise ValueError("other points than its criteria earn")


def _shown(problem: Problem) -> Problem:
    return Problem(
        str(problem.kind), **{k: text_of_student(v) for k, v in vars(problem).items() if k != "kind"}
    )


def text_of_student(text: Any) -> str:
    """A text of a verdict as a student may read it."""
    return visible(hidden(str(text)[:LONGEST]), kept="\n\t")


class Worker:
    """A process that judges; the next question waits until the one before it was answered."""

    def __init__(self, line: socket.socket, pid: int, held: int | None) -> None:
        self.line, self.pid, self._held = line, pid, held

    async def ask(self, parts: Sequence[bytes], exchange: Exchange | None = None) -> dict[str, Any]:
        """What it says to a question.

        Parameters
        ----------
        parts : sequence of bytes
            The question.
        exchange : callable, optional
            Told what it asks back; gives the answer to that.

        Raises
        ------
        Lost
            If it says nothing that can be read, or not in time.
        """
        most = MOST_PARTS if exchange is not None else 1
        reader = Reader(LARGEST_VERDICT if exchange is None else LARGEST_ASKED, most)
        try:
            while True:
                async with asyncio.timeout(SECONDS):
                    message = await self._exchanged(parts, reader)
                said = json.loads(message[0])
                if exchange is None or not isinstance(said, dict) or "try" not in said:
                    break
                parts = await exchange(message)
        except TimeoutError:
            raise Lost(f"the judge had not come to an end after {SECONDS:g} s") from None
        except (OSError, Malformed, ValueError, RecursionError, IndexError) as problem:
            raise Lost(f"the judge was ended by it ({type(problem).__name__})") from None
        return said if isinstance(said, dict) else {}

    async def _exchanged(self, parts: Sequence[bytes], reader: Reader) -> list[bytes]:
        """What comes after something was sent."""
        loop = asyncio.get_running_loop()
        for packet in packets(parts):
            await loop.sock_sendall(self.line, packet)
        while (message := reader.message()) is None:
            chunk = await loop.sock_recv(self.line, 1 << 18)
            if not chunk:
                raise Lost("the judge was ended by it")
            reader.feed(chunk)
        return message

    def end(self) -> None:
        """End it, whatever it does."""
        self.line.close()
        if self._held is not None:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self._held, signal.SIGKILL)
            os.close(self._held)
            self._held = None


class Process:
    """The process that has loaded a chapter, and forks workers."""

    def __init__(self, chapter: str) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        packages = [importlib.import_module(name).__file__ for name in ("fnnkit", "grader", "numpy")]
        packages += [importlib.import_module(name).__file__ for name in registry.PACKAGES]
        places = [str(Path(place).resolve().parents[1]) for place in packages if place]
        x86 = surroundings.filter_descriptor()
        if x86 is not None:
            os.close(x86)
        setup = {
            "chapter": chapter, "packages": registry.PACKAGES, "memory": MEMORY,
            "path": [*dict.fromkeys([*places, *(p for p in sys.path if p)])],
            "filter": "" if x86 is None else seccomp.program_without_namespaces().hex(), "own_pid": seccomp.OWN_PID,
        }  # fmt: skip
        with theirs:
            self.process = subprocess.Popen(
                [surroundings.interpreter(), "-P", "-s", "-S", "-E", "-c", START, str(theirs.fileno())],
                pass_fds=[theirs.fileno()], cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True, env=surroundings.ENVIRONMENT | {"PYTHONPATH": ""},
            )  # fmt: skip
        self._requests.send(json.dumps(setup).encode())
        self._requests.setblocking(False)
        self.ready = False

    @property
    def alive(self) -> bool:
        """Whether it can be asked for workers."""
        return self.process.poll() is None

    async def fork(self) -> Worker:
        """A fresh worker.

        Raises
        ------
        Lost
            If none comes.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        come = asyncio.Event()
        loop = asyncio.get_running_loop()
        try:
            with theirs:
                socket.send_fds(self._requests, [b"fork"], [theirs.fileno()])
            loop.add_reader(ours, come.set)
            try:
                async with asyncio.timeout(SECONDS if self.ready else START_SECONDS):
                    await come.wait()
            finally:
                loop.remove_reader(ours)
            said, held, *_ = socket.recv_fds(ours, 10, 1)
            pid = int(said)
        except (OSError, TimeoutError, ValueError) as problem:
            ours.close()
            self.close()
            raise Lost(f"the judge could not be started ({type(problem).__name__})") from None
        except BaseException:
            ours.close()
            raise
        self.ready = True
        return Worker(ours, pid, held[0] if held else None)

    def close(self) -> None:
        """End it; its workers end with it."""
        self._requests.close()
        self.process.kill()
        self.process.wait()


_processes: dict[str, Process] = {}
_idle: dict[str, list[Worker]] = {}


def start(chapter: str) -> Process:
    """The process that judges a chapter; started, and not waited for, if there is none."""
    found = _processes.get(chapter)
    if found is None or not found.alive:
        if found is not None:
            found.close()
        for worker in _idle.pop(chapter, []):
            worker.end()
        found = _processes[chapter] = Process(chapter)
    return found


async def _worker(chapter: str) -> Worker:
    """A worker that is idle, or a fresh one."""
    process = start(chapter)
    waiting = _idle.get(chapter)
    return waiting.pop() if waiting else await process.fork()


def close() -> None:
    """End all judges."""
    while _idle:
        for worker in _idle.popitem()[1]:
            worker.end()
    while _processes:
        _processes.popitem()[1].close()


atexit.register(close)
