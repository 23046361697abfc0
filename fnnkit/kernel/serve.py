"""Inside the marking sandbox: run cells and call functions of the notebook, as a socket asks for it.

It runs in the student's kernel, so what it sends is a claim that the judge treats as such. It holds no expected
value. In the sandbox it stands beside the other files of this folder, and imports nothing else of fnnkit.

Why not requests of the Jupyter protocol: those take five milliseconds of processor time each, most of it in threads
that pass messages on, and an answer that still waits there is lost when the next call ends the process.
"""

from __future__ import annotations

import ast
import contextlib
import contextvars
import json
import signal
import sys
import threading
import types
from collections.abc import Coroutine, Generator, Iterator, Sequence
from typing import Any

import numpy as np

from fnnkit.kernel.call import Answer, Raised, call
from fnnkit.kernel.line import Reader, packets
from fnnkit.kernel.trying import Trying
from fnnkit.kernel.wire import MAX_BYTES, MAX_PARTS, NotPlain, decode, encode, readable


async def serve(kernel: Any, line: Any) -> None:
    """Do what a line asks a kernel for, until it is closed."""
    reader = Reader(4 * MAX_BYTES, MAX_PARTS)
    while True:
        while (parts := reader.message()) is None:
            chunk = line.recv(1 << 17)
            if not chunk:
                return
            reader.feed(chunk)
        asked = json.loads(parts[0])
        if "run" in asked:
            said = await _run(kernel, asked["run"], parts[1].decode(), asked.get("seconds"))
            for name in asked.get("keep", ()):
                kernel.kept[name] = _as_it_is(kernel.shell.user_ns)
            _send(line, said)
            continue
        if "try" in asked:
            with contextlib.suppress(BaseException):
                _try(kernel, line, asked, parts[1], parts[2:])
            _send(line, {"exercise": asked["as"], "ended": True})
            continue
        # Not only Exception: an interrupt of the student's own costs this function alone.
        with contextlib.suppress(BaseException):
            _call(kernel, line, asked["call"], parts[1], parts[2:])
        _send(line, {"exercise": asked["call"], "ended": True})


class Timeout(BaseException):
    """A cell has run for as long as it may. Not an Exception: a cell that goes on after any mistake would go on."""


def _waited() -> float:
    """Seconds for which this thread has waited for a processor; 0 where that is not told."""
    try:
        with open("/proc/thread-self/schedstat", encoding="ascii") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


@contextlib.contextmanager
def _stopped_after(seconds: float | None) -> Iterator[None]:
    """Stop what runs, as ■ in JupyterLab does, when its time is over; what it has done by then stays.

    Time in which it could have gone on, but others had the processors, is not its own.
    """
    if not seconds:
        yield
        return
    alarm = getattr(signal, "SIGALRM", None)
    given = _waited()

    def stop(*_: object) -> None:
        nonlocal given
        before, given = given, _waited()
        if alarm is not None and given - before > 0.05:
            signal.setitimer(signal.ITIMER_REAL, given - before)
        else:
            raise Timeout(f"stopped after {round(seconds, 1):g} s")

    # Where there are no alarms (Windows), a thread asks for an interrupt.
    number = signal.SIGINT if alarm is None else alarm
    before = signal.signal(number, stop)
    waiting = threading.Timer(seconds, signal.raise_signal, (number,)) if alarm is None else None
    try:
        if waiting is None:
            signal.setitimer(signal.ITIMER_REAL, seconds)
        else:
            waiting.daemon = True
            waiting.start()
        yield
    finally:
        if waiting is None:
            signal.setitimer(signal.ITIMER_REAL, 0)
        else:
            waiting.cancel()
        signal.signal(number, before)


LARGE = 1 << 20


def _as_it_is(space: dict[str, Any]) -> dict[str, Any]:
    """The names of a notebook and what they are now, but for what is large: it would be kept for ever."""
    return {
        name: value
        for name, value in space.items()
        if not issubclass(type(value), np.ndarray) or value.nbytes <= LARGE
    }


@contextlib.contextmanager
def _as_left(space: dict[str, Any], kept: dict[str, Any]) -> Iterator[None]:
    """A notebook as a cell left it: what cells below bind again is as it was, what they add is there."""
    now = {name: space[name] for name in kept if name in space}
    space.update(kept)
    try:
        yield
    finally:
        for name in kept:
            if name in now:
                space[name] = now[name]
            else:
                space.pop(name, None)


async def _run(kernel: Any, name: str, source: str, seconds: float | None = None) -> dict[str, Any]:
    """Run a cell as a kernel does when it is asked to."""
    shell, streams = kernel.shell, kernel.streams
    kernel.set_parent([], kernel.session.msg("execute_request", {}), "shell")
    transformed, problem, result = source, None, None
    if not _is_python(source):
        try:
            transformed = shell.transform_cell(source)
        except Exception:
            problem = sys.exc_info()
    kernel.session.cell = name
    for stream in streams:
        stream.begin()
    try:
        with _stopped_after(seconds):
            result = await _apart(
                shell.run_cell_async(
                    source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=problem
                )
            )
    finally:
        shell.events.trigger("post_execute")
        shell.events.trigger("post_run_cell", result)
        for stream in streams:
            stream.flush()
        kernel.session.cell = ""
    error = result.error_before_exec if result.error_before_exec is not None else result.error_in_exec
    said = {"ran": name, "kind": "", "error": ""}
    if not result.success:
        said |= {"kind": readable(type(error).__name__, 80), "error": _text(error)}
    return said


def _is_python(source: str) -> bool:
    """Whether nothing in a cell needs IPython to become Python: asking the compiler is ten times as fast as IPython."""
    # Spaces, and what looks like its prompt, are removed by IPython.
    if source[:1].isspace() or "In [" in source:
        return False
    try:
        compile(source, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except Exception:
        return False
    return True


@types.coroutine
def _apart(work: Coroutine[Any, Any, Any]) -> Generator[Any, Any, Any]:
    """Run it in a context of its own, as the kernel does: what `numpy.seterr` sets is forgotten afterwards.

    Not in a task of its own: the event loop would have its turn, and what waits in it would run between cells.
    """
    context = contextvars.copy_context()
    while True:
        try:
            waited_for = context.run(work.send, None)
        except StopIteration as end:
            return end.value
        yield waited_for


def _text(error: BaseException | None) -> str:
    try:
        return readable(error, 300)
    except Exception:
        return ""


def _call(kernel: Any, line: Any, name: str, header: bytes, buffers: Sequence[bytes]) -> None:
    with _as_left(kernel.shell.user_ns, kernel.kept.get(name, {})):
        _call_it(kernel, line, name, header, buffers)


def _call_it(kernel: Any, line: Any, name: str, header: bytes, buffers: Sequence[bytes]) -> None:
    function = kernel.shell.user_ns.get(name)
    for index, args in enumerate(decode(header.decode(), buffers)):
        if callable(function):
            answer = call(function, args)
        else:
            answer = Answer(
                error=Raised(("Missing",), "" if function is None else "the name is not a function")
            )
        _say(line, name, index, answer)


def _try(kernel: Any, line: Any, asked: Any, header: bytes, buffers: Sequence[bytes]) -> None:
    """Run edited copies of a function."""
    name, space = asked["try"], kernel.shell.user_ns
    with _as_left(space, kernel.kept.get(name, {})):
        tried = kernel.tried.setdefault(name, Trying(space, name))
        for index, (answer, spent) in enumerate(tried.answers(asked, header, buffers)):
            _say(line, asked["as"], index, answer, spent=spent)


def _say(line: Any, name: str, index: int, answer: Answer, **more: float) -> None:
    """Send an answer."""
    value, parts = encode(answer.value)
    content = {
        "exercise": name,
        "index": index,
        "error": [list(answer.error.kinds), answer.error.message, answer.error.line]
        if answer.error
        else None,
        "warnings": list(answer.warnings),
        "changed": list(answer.changed),
        "shared": list(answer.shared),
        **more,
    }
    _send(line, content, [value.encode(), *parts])


def _send(line: Any, content: dict[str, Any], parts: Sequence[bytes] = ()) -> None:
    for packet in packets([json.dumps(content).encode(), *parts]):
        line.send(packet)


def read_answer(content: Any, parts: Sequence[bytes]) -> tuple[int, Answer]:
    """Decode one answer to `question`, trusting nothing in it.

    Parameters
    ----------
    content : object
        What its first part said, in JSON.
    parts : sequence of bytes
        Its other parts: the value.

    Raises
    ------
    wire.NotPlain
        If it is anything else than what `serve` sends.
    """
    try:
        index, error = content["index"], content["error"]
        texts, changed, shared = content["warnings"], content["changed"], content.get("shared", [])
        if type(index) is not int or any(type(said) is not list for said in (texts, changed, shared)):
            raise NotPlain("an answer of an unknown form")
        if not all(type(i) is int for i in [*changed, *shared]) or not all(type(t) is str for t in texts):
            raise NotPlain("an answer of an unknown form")
        raised = None
        if error is not None:
            kinds, message, line = error
            if (
                type(kinds) is not list
                or not kinds
                or not all(type(k) is str for k in [*kinds, message, line])
            ):
                raise NotPlain("an exception of an unknown form")
            raised = Raised(
                tuple(readable(k, 80) for k in kinds[:12]), readable(message, 300), readable(line, 120)
            )
        if not parts:
            raise NotPlain("an answer without a value")
        value = decode(parts[0].decode(), parts[1:])
    except NotPlain:
        raise
    except (KeyError, TypeError, ValueError) as problem:
        raise NotPlain(f"an answer of an unknown form ({type(problem).__name__})") from None
    warned = tuple(readable(t, 300) for t in texts[:5])
    return index, Answer(value, raised, warned, tuple(changed[:20]), shared=tuple(shared[:20]))


def question(name: str, cases: Sequence[tuple[Any, ...]]) -> list[bytes]:
    """The parts of a request to call a function with the arguments of all cases."""
    header, buffers = encode([tuple(args) for args in cases])
    json.loads(header)  # what cannot be read back is a mistake of the exercise, found here
    return [json.dumps({"call": name}).encode(), header.encode(), *buffers]


def cell(name: str, source: str, seconds: float = 0.0, keep: Sequence[str] = ()) -> list[bytes]:
    """The parts of a request to run a cell.

    Parameters
    ----------
    name : str
        What it prints and shows is said to be this name's.
    source : str
        Its text.
    seconds : float
        It is stopped after so long; 0 for never.
    keep : sequence of str
        Functions that are to be called as this cell leaves them, whatever binds their names, or the names that they
        use, later.
    """
    asked = {"run": name, "seconds": seconds, "keep": list(keep)}
    return [json.dumps(asked).encode(), source.encode("utf-8", "replace")]
