"""When something was handed in, as nbgrader keeps it beside a submission."""

from __future__ import annotations

import warnings
from pathlib import Path

from nbgrader.utils import parse_utc

from grader.marking import folder
from grader.marking.folder import BadSubmission

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
        with folder.opened(stamp.parent) as inside:
            raw = folder.read(inside, stamp.name, MAX_TIME)
        if len(raw) > MAX_TIME:
            raise ValueError("too long")
        if text := raw.decode().strip():
            with warnings.catch_warnings():  # of time zones that are no help to anybody
                warnings.simplefilter("ignore")
                parse_utc(text)
    except FileNotFoundError:
        return
    except (ValueError, OverflowError, OSError):
        raise BadSubmission("timestamp.txt does not hold a time: correct it, or delete it") from None
