"""What an edited copy meets in the place of functions that work in C for as long as they like, or take all memory.

The lines of a copy are counted, but not what a single call does in C. So a range of very many numbers, and whatever of
`itertools` may never end, is iterated over by lines that are counted; arrays of numpy have a largest size before they are
made; and on Linux the whole process may, while a copy runs, take only so much more memory than before.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import itertools
import math
import mmap
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

MOST = 1_000_000
"""Steps that one call may do in C."""
LARGEST = 8_000_000
"""Entries of an array."""
MORE_MEMORY = 512 << 20
"""Bytes of address space that a copy may take."""
COUNTED = "def counted(steps):\n    for step in steps:\n        yield step\n"


class TooLarge(BaseException):
    """A copy has asked for more than an exercise needs."""


def guarded(space: dict[str, Any], filename: str) -> dict[str, Any]:
    """A copy of a notebook's names in which nothing works in C without an end.

    Parameters
    ----------
    space : dict
        The names.
    filename : str
        Under which the lines of a copy are counted.
    """
    replaced, names = _held(filename)
    found = {name: replaced.get(id(value), value) for name, value in space.items()}
    found["__builtins__"] = names
    return found


@functools.cache
def _held(filename: str) -> tuple[dict[int, Any], dict[str, Any]]:
    """What stands for what, by its identity, and the names of Python itself."""
    made: dict[str, Any] = {}
    exec(compile(COUNTED, filename, "exec"), made)  # noqa: S102  # these lines alone
    counted = made["counted"]
    modules = {"numpy": _numpy(), "itertools": _itertools(counted)}
    replaced: dict[int, Any] = {id(np): modules["numpy"], id(itertools): modules["itertools"]}
    for name, module in (("numpy", np), ("itertools", itertools)):
        for key, own in vars(modules[name]).items():
            if own is not getattr(module, key, own):
                replaced[id(getattr(module, key))] = own
    return replaced, _builtins(counted, modules)


def _builtins(counted: Callable[[Any], Any], modules: dict[str, ModuleType]) -> dict[str, Any]:
    def short(*ends: Any) -> Any:
        steps = range(*ends)
        return steps if -MOST <= _length(steps) <= MOST else counted(steps)

    def bring(name: str, *more: Any, **named: Any) -> Any:
        brought = builtins.__import__(name, *more, **named)
        return modules.get(getattr(brought, "__name__", ""), brought)

    return vars(builtins) | {"range": short, "__import__": bring}


def _length(steps: range) -> int:
    try:
        return len(steps)
    except OverflowError:
        return sys.maxsize


def _itertools(counted: Callable[[Any], Any]) -> ModuleType:
    made = _like(itertools)

    def counting(own: Callable[..., Any]) -> Callable[..., Any]:
        return functools.wraps(own)(lambda *args, **named: counted(own(*args, **named)))

    for name in (
        "count", "cycle", "repeat", "product", "permutations", "combinations", "combinations_with_replacement",
    ):  # fmt: skip
        setattr(made, name, counting(getattr(itertools, name)))
    return made


def _entries(shape: Any) -> float:
    return (
        math.prod(float(n) for n in shape) if isinstance(shape, tuple | list | np.ndarray) else float(shape)
    )


def _steps(*ends: Any, **named: Any) -> float:
    start, stop, step = (0, ends[0], 1) if len(ends) == 1 else (*ends, 1)[:3]
    return (float(named.get("stop", stop)) - float(start)) / (float(named.get("step", step)) or 1.0)


SIZES: dict[str, Callable[..., float]] = {
    "zeros": lambda shape, *_: _entries(shape), "ones": lambda shape, *_: _entries(shape),
    "empty": lambda shape, *_: _entries(shape), "full": lambda shape, *_: _entries(shape),
    "arange": lambda *ends: _steps(*ends[:3]), "linspace": lambda _a, _b, num=50, *_: float(num),
    "logspace": lambda _a, _b, num=50, *_: float(num), "geomspace": lambda _a, _b, num=50, *_: float(num),
    "eye": lambda n, m=None, *_: float(n) * float(n if m is None else m),
    "identity": lambda n, *_: float(n) ** 2, "tri": lambda n, m=None, *_: float(n) * float(n if m is None else m),
    "tile": lambda a, reps: np.size(a) * _entries(reps),
    "repeat": lambda a, n, *_: np.size(a) * float(np.max(n)),
    "kron": lambda a, b: float(np.size(a)) * np.size(b), "outer": lambda a, b, *_: float(np.size(a)) * np.size(b),
}  # fmt: skip
"""How many entries a call of numpy makes, from its arguments."""


@functools.cache
def _numpy() -> ModuleType:
    made = _like(np)

    def sized(own: Callable[..., Any], size: Callable[..., float]) -> Callable[..., Any]:
        @functools.wraps(own)
        def run(*args: Any, **named: Any) -> Any:
            with contextlib.suppress(TypeError, ValueError, OverflowError):
                known = {k: v for k, v in named.items() if k in ("num", "shape", "N", "M", "reps", "repeats")}
                if size(*args, *known.values()) > LARGEST:
                    raise TooLarge
            return own(*args, **named)

        return run

    for name, size in SIZES.items():
        setattr(made, name, sized(getattr(np, name), size))
    return made


def _like(module: ModuleType) -> ModuleType:
    made = ModuleType(module.__name__)
    vars(made).update(vars(module))
    return made


def address_space() -> int:
    """Bytes of addresses that this process has; 0 where that is not told."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * mmap.PAGESIZE
    except (OSError, ValueError):
        return 0


@contextlib.contextmanager
def little_memory(most: int) -> Iterator[None]:
    """On Linux: the process may have no more addresses than so many bytes, or any if 0; afterwards as many as before."""
    if sys.platform != "linux" or not most:
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(OSError, ValueError):
        if before[0] == resource.RLIM_INFINITY or before[0] > most:
            resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, before)
