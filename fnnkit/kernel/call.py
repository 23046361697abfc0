"""Calling a student's function once: what came out, and what else happened.

The same code makes the call in the student's own kernel and inside the marking sandbox, so it imports numpy,
`named` and `wire` alone. It never holds an expected value.
"""

from __future__ import annotations

import contextlib
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

from fnnkit.kernel.named import Named
from fnnkit.kernel.wire import NotPlain, encode, plain, readable

MAX_MESSAGE = 300


@dataclass(frozen=True)
class Raised:
    """An exception that ended a call.

    Attributes
    ----------
    kinds : tuple of str
        Name of its class and of the classes it inherits from, the own one first.
    message : str
        What it said, cut to a few hundred characters.
    line : str
        The source line of the student that raised it, if known. Where something is not written yet, the line of the
        function itself: it may be the call of another one.
    """

    kinds: tuple[str, ...]
    message: str
    line: str = ""

    @property
    def kind(self) -> str:
        """Name of the exception's class."""
        return self.kinds[0]


@dataclass(frozen=True)
class Answer:
    """What one call gave.

    Attributes
    ----------
    value : object
        What was returned: plain data, or `wire.Opaque` in the place of anything else.
    error : Raised or None
        The exception, if one ended the call.
    warnings : tuple of str
        What was warned of, ``"RuntimeWarning: overflow encountered in exp"``.
    changed : tuple of int
        Indices of the arguments that the call changed.
    library : str
        Name of a library function that was called although the exercise asks to write it; else empty.
    shared : tuple of int
        Indices of the arguments whose memory the returned arrays use: such as an argument that is returned itself.
    """

    value: Any = None
    error: Raised | None = None
    warnings: tuple[str, ...] = ()
    changed: tuple[int, ...] = ()
    library: str = ""
    shared: tuple[int, ...] = ()


def call(
    function: Callable[..., Any],
    args: Sequence[Any],
    watch: Callable[[Any], str] | None = None,
) -> Answer:
    """Call a function with copies of the arguments.

    Parameters
    ----------
    function : callable
        The student's function.
    args : sequence
        Plain data and `Named` functions.
    watch : callable, optional
        Told the frame of each Python function that is entered during the call; the first text that is not empty
        becomes ``Answer.library``.
    """
    given = [_alive(a) for a in args]
    before = [_state(a) for a in given]
    seen: list[str] = []

    def profile(frame: Any, event: str, _argument: Any) -> None:
        if event == "call" and watch is not None and not seen:
            found = watch(frame)
            if found:
                seen.append(found)

    value, error = None, None
    # A small number that is rounded to 0 is no mistake: it is what a stable formula does, and numpy is silent by itself.
    quiet_about_zero = np.errstate(all="warn", under="ignore")
    with warnings.catch_warnings(record=True) as caught, quiet_about_zero:
        warnings.simplefilter("always")
        previous = sys.getprofile()
        try:
            if watch is not None:
                sys.setprofile(profile)
            value = function(*given)
        except KeyboardInterrupt:
            raise
        except BaseException as exception:
            error = _raised(exception)
        finally:
            if watch is not None:
                sys.setprofile(previous)
    shared = tuple(i for i, a in enumerate(given) if _shares(value, a))
    try:
        value = plain(value)
    except NotPlain as exception:
        error = error or Raised(("NotPlain",), str(exception))
        value = None
    changed = tuple(
        i for i, a in enumerate(args) if not isinstance(a, Named) and _state(given[i]) != before[i]
    )
    said = tuple(readable(f"{w.category.__name__}: {w.message}", MAX_MESSAGE) for w in caught[:5])
    return Answer(value, error, said, changed, seen[0] if seen else "", shared)


def _shares(value: Any, argument: Any) -> bool:
    """Whether an array, or one of a returned tuple, lies in the memory of an argument with axes."""
    if type(argument) is not np.ndarray or not argument.ndim:
        return False
    parts = value[:20] if type(value) in (tuple, list) else [value]
    return any(type(part) is np.ndarray and np.may_share_memory(part, argument) for part in parts)


def _alive(value: Any) -> Any:
    """A copy of an argument, with functions in the place of their names, in dictionaries too."""
    if isinstance(value, Named):
        return value.function()
    if type(value) is dict:
        return {key: _alive(part) for key, part in value.items()}
    if type(value) is list and all(type(part) is str for part in value):
        return value.copy()  # as a graph has thousands: nothing in it can be changed
    return deepcopy(value)


def _state(value: Any) -> Any:
    """What tells whether a value has changed: its encoding, and the same in short of what is given most often."""
    if type(value) in (bool, int, float, str):
        return None  # nobody can change it
    if type(value) is np.ndarray and value.dtype.kind in "biufc":
        return value.dtype.str, value.shape, value.tobytes()
    return encode(value)


def _raised(exception: BaseException) -> Raised:
    kinds = tuple(c.__name__ for c in type(exception).__mro__ if c is not object)
    message = "(its message could not be read)"
    with contextlib.suppress(Exception):
        message = readable(exception, MAX_MESSAGE)
    line = ""
    with contextlib.suppress(Exception):
        for entry in traceback.extract_tb(exception.__traceback__):
            # The innermost line that the student wrote: cells of a notebook are not files of a package.
            if entry.line and ("ipykernel_" in entry.filename or entry.filename.startswith("<")):
                line = readable(entry.line.strip(), 120)
                if isinstance(exception, NotImplementedError):
                    break  # the outermost: either the stub itself, or the call of another function that is one
    return Raised(kinds, message, line)
