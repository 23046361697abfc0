"""The first program of a kernel that `apart` starts: see only what there is when marking, then serve.

It stands in a folder with the marking edition, as one file, so what it imports of fnnkit is the edition's.
"""

from __future__ import annotations

import importlib
import importlib.abc
import os
import sys
from collections.abc import Collection, Iterator, Sequence
from typing import Any


class Pipes:
    """Standard input and output as one line; whatever else the process reads and prints goes nowhere."""

    def __init__(self) -> None:
        self._in, self._out = os.dup(0), os.dup(1)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        if sys.platform == "win32":
            import msvcrt

            for descriptor in (self._in, self._out):
                msvcrt.setmode(descriptor, os.O_BINARY)

    def recv(self, most: int) -> bytes:
        """The next bytes."""
        return os.read(self._in, most)

    def send(self, packet: Any) -> None:
        """Write all of it."""
        left = memoryview(packet)
        while left:
            left = left[os.write(self._out, left) :]


class OnlyThese(importlib.abc.MetaPathFinder):
    """Finds Python's own modules and those of a list, as in the sandbox of the grader; of others it knows nothing."""

    def __init__(self, there: Collection[str], finders: Sequence[Any]) -> None:
        self._there, self._finders = there, finders

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Ask the finders that were there before, unless it is not to be there."""
        if name.partition(".")[0] not in self._there:
            return None
        found = (finder.find_spec(name, path, target) for finder in self._finders)
        return next((spec for spec in found if spec is not None), None)

    def find_distributions(self, *context: Any) -> Iterator[Any]:
        """What is installed: packages ask for versions, and for what extends them."""
        for finder in self._finders:
            if hasattr(finder, "find_distributions"):
                yield from finder.find_distributions(*context)


def main() -> None:
    """Serve until the other end closes."""
    line = Pipes()
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    there = {*sys.argv[2:], *sys.stdlib_module_names, "fnnkit", "__main__"}
    program = importlib.import_module(sys.argv[1])
    kernel = program.prepare()
    sys.meta_path[:] = [OnlyThese(there, list(sys.meta_path))]
    # What came along with Python's start and Jupyter.
    for name in [n for n in sys.modules if n.partition(".")[0] not in there]:
        del sys.modules[name]
    program.start(kernel, line)


if __name__ == "__main__":
    main()
