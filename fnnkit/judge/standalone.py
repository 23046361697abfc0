"""An answer stands alone: while one is checked, nothing of `mine` answers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

ALONE = "an answer stands alone: `mine` is for figures, milestones and the project. Write here what this answer needs."

_checks = 0


@contextlib.contextmanager
def checking() -> Iterator[None]:
    """While this is entered, an answer is being checked."""
    global _checks
    _checks += 1
    try:
        yield
    finally:
        _checks -= 1


def refuse() -> None:
    """Refuse to answer while an answer is being checked.

    Raises
    ------
    RuntimeError
        If one is.
    """
    if _checks:
        raise RuntimeError(ALONE)
