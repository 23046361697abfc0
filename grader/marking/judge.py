"""The judge, a process of its own: it reads what a student's functions gave, compares it, and says a verdict.

Everything that looks at a student's value runs here: decoding, comparing, naming mistakes, writing values as text. The
grader talks to it by `judging`, with a deadline. One process loads the exercises of a chapter and forks the workers that
judge; it never reads a value itself, so a worker that is lost is replaced in milliseconds.

A worker is told the name of an exercise, a seed and answers. It knows no secret, no course and no student, and can open
nothing: no file, no socket, no process; its memory has a limit.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import inspect
import json
import os
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from fnnkit.judge import registry
from fnnkit.judge.edits import reference_text
from fnnkit.judge.exercise import Case, Exercise, Known
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import Answer
from fnnkit.kernel.line import Reader, packets
from grader.marking.away import answers_in, cause_asked
from grader.marking.drawn import Encoded, OtherCalls, digest, encoded

LARGEST_QUESTION, MOST_PARTS = 512 << 20, 4_000_000
PDEATHSIG, NO_NEW_PRIVS = 1, 38  # prctl(2)
NOBODY = 65_534


class Remembered(Known):
    """What known functions answer; of the reference it is kept, as many cases are the same for every student.

    It saves a quarter of the time that judging takes: 6 of 25 ms a submission of chapter 1.
    """

    KEPT = 1000
    _kept: ClassVar[dict[Any, Answer]] = {}

    def __init__(self, exercise: Exercise, cases: Sequence[Case], calls: Sequence[Encoded]) -> None:
        super().__init__(cases)
        self._reference, self._calls = exercise.reference, calls

    def answer(self, function: Callable[..., Any], position: int) -> Answer:
        """The function's answer to the case at a position."""
        if function is not self._reference:
            return super().answer(function, position)
        text, arrays = self._calls[position]
        key = function, text, *arrays
        if key not in self._kept:
            if len(self._kept) >= self.KEPT:
                self._kept.clear()
            self._kept[key] = super().answer(function, position)
        return self._kept[key]


def judged(parts: Sequence[bytes]) -> Verdict:
    """The verdict on what a question holds (see `judging.question`)."""
    asked = json.loads(parts[0])
    [exercise] = [e for e in registry.exercises(asked["chapter"]) if e.name == asked["exercise"]]
    cases = exercise.cases(np.random.default_rng(int(asked["seed"])))
    calls = encoded(cases)
    if asked["drawn"] and asked["drawn"] != digest(calls):
        raise OtherCalls
    answers = [answer for answer, _ in answers_in(asked["answers"], parts)]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return exercise.judge(cases, answers, asked["wrong"], Remembered(exercise, cases, calls))


def main(control: socket.socket, setup: dict[str, Any]) -> None:
    """Load a chapter, then fork a worker for each socket that comes; end with the grader."""
    gc.disable()  # what is imported stays: to look for garbage in it is a tenth of the time
    for number, package in enumerate(setup["packages"]):
        registry.register(package, alone=number == 0)
    _try_out(setup["chapter"])
    keep_from: Callable[[bytes, int], None] | None = None
    if setup["filter"]:
        from grader.sandbox.launcher import keep_from
    _leave()
    gc.enable()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for workers
    while True:
        asked, descriptors, *_ = socket.recv_fds(control, 16, 1)
        if not asked:
            os._exit(0)
        if os.fork() == 0:
            control.close()
            with contextlib.suppress(BaseException):
                _work(socket.socket(fileno=descriptors[0]), setup, keep_from)
            os._exit(1)
        for descriptor in descriptors:
            os.close(descriptor)


def _try_out(chapter: str) -> None:
    """Judge each exercise once: what Python and numpy import only when it is needed could not be opened later."""
    for name in ("fft", "linalg", "ma", "polynomial", "random"):
        importlib.import_module(f"numpy.{name}")
    for exercise in registry.exercises(chapter):
        with contextlib.suppress(Exception):
            reference_text(inspect.unwrap(exercise.reference))
        with contextlib.suppress(Exception), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cases = exercise.cases(np.random.default_rng(0))
            exercise.judge(cases, [Answer()] * len(cases))


def _leave() -> None:
    """Stand nowhere, as nobody."""
    os.chdir("/")
    os.environ.clear()
    sys.path.clear()
    sys.path_importer_cache.clear()
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)


def _work(line: socket.socket, setup: dict[str, Any], keep_from: Callable[[bytes, int], None] | None) -> None:
    """Answer questions on a socket until it is closed, or one was too much."""
    _say_who(line)
    _confine(setup, keep_from)
    reader = Reader(LARGEST_QUESTION, MOST_PARTS)

    def message() -> list[bytes]:
        while (parts := reader.message()) is None:
            chunk = line.recv(1 << 20)
            if not chunk:
                os._exit(0)
            reader.feed(chunk)
        return parts

    def exchange(parts: Sequence[bytes]) -> Sequence[bytes]:
        for packet in packets(parts):
            line.sendall(packet)
        return message()

    said: dict[str, Any] = {}
    while "failed" not in said:
        parts = message()
        try:
            asked = json.loads(parts[0])
            said = cause_asked(asked, exchange) if "text" in asked else {"verdict": judged(parts).to_json()}
        except MemoryError:
            said = {"failed": "it takes too much memory"}
        except OtherCalls:
            said = {"failed": "other calls", "other_calls": True}
        except BaseException as problem:
            said = {"failed": f"it cannot be judged ({type(problem).__name__})"}
        del parts
        for packet in packets([json.dumps(said).encode()]):
            line.sendall(packet)


def _say_who(line: socket.socket) -> None:
    """Give the grader a hold of this process, by which it can end it."""
    held = [os.pidfd_open(os.getpid())] if hasattr(os, "pidfd_open") else []
    socket.send_fds(line, [b"%10d" % os.getpid()], held)
    for descriptor in held:
        os.close(descriptor)


def _confine(setup: dict[str, Any], keep_from: Callable[[bytes, int], None] | None) -> None:
    """Give up everything but the socket that is open already."""
    import resource

    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
        if os.getppid() == 1:
            os._exit(0)
    # No descriptor beyond those that are there: no file, no socket, no pipe. And no process, and no byte on a disk.
    for name, value in {"AS": setup["memory"], "NOFILE": 0, "NPROC": 0, "FSIZE": 0, "CORE": 0}.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    if keep_from is not None:
        keep_from(bytes.fromhex(setup["filter"]), setup["own_pid"])
