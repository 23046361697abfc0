"""What a student's kernel is while a notebook is marked: IPython's own kernel and shell, without a socket of Jupyter's.

What cells print and show is written on the line on which the kernel is asked (`serve`). So it starts in a fraction of
the time, nobody has to connect to it, and no library that speaks a protocol of messages reads what a student sends.

`prepare` can be called long before `start`, and before a fork: no thread, no event loop, no descriptor, no folder is
made, and what depends on the process or the place is made by `start`. This file runs inside the marking sandbox.
"""

from __future__ import annotations

import asyncio
import builtins
import getpass
import io
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from ipykernel import zmqshell
from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from IPython.core.compilerop import CachingCompiler
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session
from traitlets.config import Config

from fnnkit.kernel.line import packets
from fnnkit.kernel.serve import serve

MOST_TEXT = 100_000
"""Characters of each stream that a cell may print; what comes after them would not be stored anyway."""
CHUNK = 10_000


class Shown(Session):  # type: ignore[misc]
    """Takes what a kernel publishes, and writes it on the line, while a cell runs."""

    line: Any = None
    cell = ""
    """The cell that is running; while there is none, what is shown goes nowhere."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._writing = threading.RLock()  # a signal may come, and print, while something is written

    def send(self, stream: object, msg_or_type: Any, content: Any = None, *_: object, **__: object) -> None:
        """Write one message; of which kind it is, and what it says."""
        if not self.cell:
            return
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["msg_type"], msg_or_type["content"]
        said = [
            json.dumps({"shows": msg_or_type, "cell": self.cell}).encode(),
            json.dumps(content, default=str).encode(),
        ]
        with self._writing:
            for packet in packets(said):
                self.line.send(packet)


class Printed(io.TextIOBase):
    """Standard output, or standard error: collected, and shown now and then."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, name: str, shown: Shown, descriptor: int) -> None:
        self.name, self._shown, self._descriptor = name, shown, descriptor
        self._parts: list[str] = []
        self._waiting = self._left = self._process = 0

    def begin(self) -> None:
        """A cell begins: what was printed while none ran is forgotten."""
        self._parts, self._waiting, self._left = [], 0, MOST_TEXT
        self._process = os.getpid()

    def _own(self) -> None:
        """In a fork, forget what its parent has printed: the parent will show that."""
        if self._process != os.getpid():
            self._parts, self._waiting, self._process = [], 0, os.getpid()

    def fileno(self) -> int:
        """The descriptor that programs write to; what they write is not shown."""
        return self._descriptor

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, text: str) -> int:
        """Take a text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._own()
        if self._left > 0:
            self._parts.append(text[: self._left])
            self._left -= len(self._parts[-1])
            self._waiting += len(self._parts[-1])
            if self._waiting > CHUNK:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Show what was collected."""
        self._own()
        if self._waiting:
            parts, self._parts, self._waiting = self._parts, [], 0
            text = "".join(parts)
            for start in range(0, len(text), CHUNK):
                self._shown.send(None, "stream", {"name": self.name, "text": text[start : start + CHUNK]})


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):  # type: ignore[misc]
    """The shell of every IPython kernel, which looks for no folder; libraries know it by its name."""

    def init_ipython_dir(self, ipython_dir: object) -> None:
        """Leave it open: it would be made."""
        self.ipython_dir = ""

    def enable_gui(self, gui: object = None) -> None:
        """Start no event loop: there are no windows."""

    def enable_matplotlib(self, gui: object = None) -> Any:
        """Draw into the notebook, whatever is asked for."""
        return super().enable_matplotlib("inline")

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a magic; one that does not work here costs the cell nothing."""
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except Exception as problem:
            print(f"%{magic_name} does nothing here: {problem}", file=sys.stderr)

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run a magic; below one that is unknown here the cell is run as it stands."""
        if self.find_cell_magic(magic_name) is not None:
            return super().run_cell_magic(magic_name, line, cell)
        print(f"%%{magic_name} does nothing here", file=sys.stderr)
        exec(compile(self.transform_cell(cell), "<cell>", "exec"), self.user_ns)  # noqa: S102  # it is the cell


class Compiler(XCachingCompiler):  # type: ignore[misc]
    """Names the code of a cell as IPython does; ipykernel's name, for a debugger, takes half a millisecond."""

    get_code_name = CachingCompiler.get_code_name


def prepare() -> IPythonKernel:
    """Make a kernel; `start` starts it, in this process or in a fork of it."""
    os.environ.pop("PYDEVD_USE_FRAME_EVAL", None)  # ipykernel sets it for a debugger, which is not there
    settings = Config()
    settings.HistoryManager.enabled = False
    shown = Shown(key=b"", config=Config())
    sys.stdout, sys.stderr = streams = Printed("stdout", shown, 1), Printed("stderr", shown, 2)
    kernel = IPythonKernel.instance(
        config=settings,
        session=shown,
        iopub_socket=None,
        profile_dir=ProfileDir(),
        shell_class=ZMQInteractiveShell,
        compiler_class=Compiler,
        user_ns={},
    )
    kernel.streams = streams
    kernel.kept, kernel.tried = {}, {}
    kernel.shell.exit_now = False
    kernel.shell.extension_manager.load_extension("storemagic")
    # Nobody is there to answer.
    builtins.input, getpass.getpass = kernel.raw_input, kernel.getpass
    return kernel


def start(kernel: IPythonKernel, line: Any) -> None:
    """Serve until the line is closed; then the process ends, whatever else goes on in it."""
    sys.argv = ["kernel"]
    kernel.session.line = line
    kernel.shell.starting_dir = os.getcwd()
    kernel.shell.user_ns["_dh"][:] = [Path.cwd()]
    asyncio.run(_serve(kernel, line))


async def _serve(kernel: IPythonKernel, line: Any) -> None:
    try:
        await serve(kernel, line)
    finally:
        os._exit(0)
