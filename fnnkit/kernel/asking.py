"""What asking a kernel gives, besides answers: the outputs of a cell, or the loss of the kernel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class KernelLost(Exception):
    """The kernel is dead, hung or not to be talked to any more; the message says why.

    Attributes
    ----------
    hung : bool
        Whether it had not come to an end in time.
    died : bool
        Whether nobody here has ended it: that was its own code, or somebody outside.
    """

    def __init__(self, message: str, hung: bool = False, died: bool = False) -> None:
        super().__init__(message)
        self.hung, self.died = hung, died


@dataclass
class CellRun:
    """What running a cell gave: outputs fit to be stored, and the error that ended it, if any."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""
    error_kind: str = ""
