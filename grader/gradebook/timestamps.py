"""When something was handed in, as nbgrader keeps it beside a submission."""

from __future__ import annotations

from pathlib import Path

from nbgrader.utils import parse_utc

from grader.marking.submission import BadSubmission

MAX_TIME = 1_000
"""Bytes of ``timestamp.txt``."""


def check_time(stamp: Path) -> None:
    """Refuse a time of submission that nbgrader cannot read.

    Raises
    ------
    BadSubmission
        If there is one, and it cannot.
    """
    try:
        if stamp.exists():
            if stamp.stat().st_size > MAX_TIME:
                raise ValueError("too long")
            if text := stamp.read_text().strip():
                parse_utc(text)
    except (ValueError, OverflowError, OSError):
        raise BadSubmission("timestamp.txt does not hold a time: correct it, or delete it") from None
