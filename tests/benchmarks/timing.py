"""Interleaved timing: contenders take turns, so that a slow moment of the machine hits all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def interleaved(
    contenders: Mapping[str, Callable[[], object]], repetitions: int, calls: int
) -> dict[str, float]:
    """Median seconds a call: each repetition times ``calls`` calls of every contender in turn, after one unmeasured."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for repetition in range(repetitions + 1):
        for name, call in contenders.items():
            start = time.perf_counter()
            for _ in range(calls):
                call()
            if repetition > 0:
                times[name].append((time.perf_counter() - start) / calls)
    return {name: statistics.median(values) for name, values in times.items()}


def table(medians: Mapping[str, float], of: str) -> str:
    """One line a contender: its median, and the ratio of ``of`` to it (below 1: ``of`` is faster)."""
    width = max(map(len, medians))
    return "\n".join(
        f"  {name:{width}}  {_readable(seconds):>10}   {of} / {name}: {medians[of] / seconds:.2f}"
        if name != of
        else f"  {name:{width}}  {_readable(seconds):>10}"
        for name, seconds in medians.items()
    )


def _readable(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"
