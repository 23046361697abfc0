"""Calling a student's function once and keeping what its variables, and those of the functions it calls, held."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import numpy as np

from fnnkit.kernel.call import Answer, call

MOST = 400
"""Values that are kept."""
LARGEST, LARGEST_SUM = 100_000, 1_000_000
"""Entries of an array that is kept, and of all of them."""


def recorded(function: Callable[..., Any], args: Sequence[Any]) -> tuple[Answer, list[Any]]:
    """What a call gives, and every array and number that a variable of the notebook's functions held, in order.

    They are what the student's code says of itself: good for words, never for points.
    """
    space = getattr(function, "__globals__", None)
    kept: list[Any] = []
    known: set[tuple[Any, ...]] = set()
    entries = 0

    def keep(value: Any) -> None:
        nonlocal entries
        if isinstance(value, dict | list | tuple):
            for part in list(value.values() if isinstance(value, dict) else value)[:50]:
                keep(part)
        elif isinstance(value, np.ndarray | np.floating | float) and np.size(value) <= LARGEST:
            array = np.array(value)
            if array.dtype.kind in "fiub" and len(kept) < MOST and entries + array.size <= LARGEST_SUM:
                key = array.shape, array.tobytes()
                if key not in known:
                    known.add(key)
                    entries += array.size
                    kept.append(array)

    def watch(frame: FrameType, event: str, returned: Any) -> Any:
        if frame.f_globals is not space:
            return None
        if event in ("line", "return"):
            for value in list(frame.f_locals.values()):
                keep(value)
        if event == "return":
            keep(returned)
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        answer = call(function, args)
    finally:
        sys.settrace(before)
    return answer, kept
