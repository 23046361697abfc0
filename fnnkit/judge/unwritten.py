"""A cell that runs what has no code yet says so in a line; a notebook would show a traceback, in red, for each of them."""

from __future__ import annotations

import sys
import traceback
from types import TracebackType
from typing import Any

STUB = "raise NotImplementedError"


def install() -> None:
    """Say it in words from now on, where there is a notebook's shell that nobody else has taught other words."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and not shell.custom_exceptions:
        shell.set_custom_exc((NotImplementedError,), told)


def told(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None = None,
) -> None:
    """Tell which function has no code yet; any other error of that type is shown as ever."""
    last = traceback.extract_tb(trace)[-1] if trace else None
    if last is None or not (last.line or "").startswith(STUB):
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
        return
    print(
        f"This cell needs your `{last.name}`, which has no code yet: write it, run its cell, then run this one again."
    )
