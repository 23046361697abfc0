"""Running edited copies of a cell beside the student's own, so that nothing of the student's changes.

A copy's definitions are run in a copy of the notebook's names, and its function is called once for each question. What
it prints goes nowhere, random numbers are as before, and a call that goes on for much longer than the student's own is
ended, by counting the lines that it runs: no signal, no thread, the same on every system. For that, each statement has
to stand on a line of its own, as `ast.unparse` writes it, and nothing may take every exception. What works in C, and what
takes memory, `guards` holds back.
"""

from __future__ import annotations

import contextlib
import copy
import io
import random
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from types import CodeType, FrameType
from typing import Any, TypeVar

import numpy as np

from fnnkit.kernel.call import Answer, Raised, call
from fnnkit.kernel.guards import MORE_MEMORY, address_space, guarded, little_memory

T = TypeVar("T")

NAME = "<edited copy>"
TIMES = 20
"""A copy may run so many times as many lines, and so many times as long, as the student's own call."""
FEWEST_LINES, SHORTEST, LONGEST = 2000, 0.1, 2.0
MOST_LINES = 10**7
LARGEST = 64 << 20
"""Bytes that the arrays of one function of a copy may hold."""
LONGEST_NUMBER = 100_000
"""Bits of a whole number of Python's."""


class Stopped(BaseException):
    """A copy has run for as long as it may."""


class Copies:
    """Runs edited copies.

    Parameters
    ----------
    space : dict
        Names of the notebook; a copy of it is made for each text.
    name : str
        The function that is called.
    own : callable
        The student's own: how many lines it runs, and how long it takes, is what a copy is measured by.
    """

    def __init__(self, space: dict[str, Any], name: str, own: Callable[..., Any]) -> None:
        self._space, self._name, self._own = space, name, own
        self._text = ""
        there = address_space()
        self._most_memory = there + MORE_MEMORY if there else 0
        self._function: Any = None
        self._allowed: dict[int, tuple[Any, tuple[int, float]]] = {}

    def __call__(self, text: str, args: Sequence[Any]) -> Answer:
        """Run a text, and call its function."""
        with _nothing_changes():
            if text != self._text:
                self._text, self._function = text, None
                self._function = self._made(text)
            function = self._function
            if not callable(function):
                return Answer(error=Raised(("Missing",), ""))
            lines, seconds = self._limits(args)
            with little_memory(self._most_memory):
                return limited(lambda: call(function, args), lines, seconds)

    def _made(self, text: str) -> Any:
        space = guarded(self._space, NAME)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of syntax: it would be about what nobody wrote
                code = compile(text, NAME, "exec")
            limited(lambda: _run(code, space), FEWEST_LINES, 0.5)
        except Exception:
            return None
        return space.get(self._name)

    def _limits(self, args: Sequence[Any]) -> tuple[int, float]:
        key = id(args)
        if key not in self._allowed:
            watch = _Watch(
                MOST_LINES, 5.0, {getattr(getattr(self._own, "__code__", None), "co_filename", "")}
            )
            begin = time.thread_time()
            with contextlib.suppress(Stopped):  # a slow one: its copies have as long
                watch.during(lambda: call(self._own, args))
            spent = time.thread_time() - begin
            most = min(max(TIMES * spent, SHORTEST), LONGEST)
            allowed = max(TIMES * watch.lines, FEWEST_LINES), most
            self._allowed[key] = args, allowed  # kept, so that no other arguments get their number
        return self._allowed[key][1]


def _run(code: CodeType, space: dict[str, Any]) -> Answer:
    exec(code, space)  # noqa: S102  # the student's own definitions, with one change
    return Answer()


def limited(work: Callable[[], Answer], lines: int, seconds: float) -> Answer:
    """What some work gives, if it ends in time."""
    watch = _Watch(lines, seconds, {NAME})
    try:
        return watch.during(work)
    except Stopped:
        return Answer(error=Raised(("Timeout",), "it was stopped"))


def ended(work: Callable[[], T], seconds: float, files: set[str]) -> T:
    """What some work gives; it is ended once code of these files has run for so long.

    Raises
    ------
    Stopped
        If it was ended.
    """
    return _Watch(MOST_LINES, seconds, files).during(work)


class _Watch:
    """Counts the lines that run in some files, and ends what runs too many."""

    def __init__(self, lines: int, seconds: float, files: set[str]) -> None:
        self.lines, self._most, self._files = 0, lines, files
        # Asking for the time of a processor takes long on some machines: it begins once so much has gone by on the wall.
        self._seconds, self._earliest, self._end = seconds, time.perf_counter() + seconds, 0.0
        self._over = False

    def during(self, work: Callable[[], T]) -> T:
        """Do some work under watch; a tracer that is there already, such as a debugger's, is put back."""
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            answer = work()
        finally:
            sys.settrace(before)
        if self._over:  # `call` takes every exception as an answer
            raise Stopped
        return answer

    def _enter(self, frame: FrameType, event: str, _: Any) -> Any:
        return self._line(frame, "line", None) if frame.f_code.co_filename in self._files else None

    def _line(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            self.lines += 1
            late = time.perf_counter() > self._earliest and self._is_late()
            if self.lines > self._most or late or _large(frame):
                self._over = True
                raise Stopped
        return self._line

    def _is_late(self) -> bool:
        if not self._end:
            self._end = time.thread_time() + self._seconds
        return time.thread_time() > self._end


def _large(frame: FrameType) -> bool:
    """Whether a function holds far more than an exercise needs."""
    held = 0
    for value in frame.f_locals.values():
        if type(value) is np.ndarray:
            held += value.nbytes
        elif type(value) is int and value.bit_length() > LONGEST_NUMBER:
            return True
        elif type(value) in (list, str, bytes):
            held += 8 * len(value)
    return held > LARGEST


@contextlib.contextmanager
def _nothing_changes() -> Iterator[None]:
    """Output goes nowhere; random numbers, and how numpy warns and prints, are as before."""
    drawn, of_numpy = random.getstate(), np.random.get_state()  # noqa: NPY002  # the student's own state
    errors, printing = np.geterr(), np.get_printoptions()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            yield
        finally:
            random.setstate(drawn)
            np.random.set_state(of_numpy)  # noqa: NPY002
            np.seterr(**errors)
            np.set_printoptions(**copy.copy(printing))
