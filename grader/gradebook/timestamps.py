"""When something was handed in, or has to be: times that are read right, or refused."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from nbgrader.utils import parse_utc

from grader.marking import folder
from grader.marking.folder import BadSubmission

MAX_TIME = 1_000
"""Bytes of ``timestamp.txt``."""
FORM = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[ T]+(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?\s*([A-Za-z]\w*(?:/[\w+-]+)*|[+-]\d\d(?::?\d\d)?)?"
)
LIKE = "2026-10-02 09:00:00 UTC"


def read_time(text: str, zone: tzinfo = UTC) -> datetime:
    """A time as it is written by nbgrader or by people who mean one thing: year first; in UTC, without a zone.

    Parameters
    ----------
    text : str
        ``2026-10-02 09:00:00 UTC``, ``2026-10-02T09:00+02:00``, ``2026-10-02 09:00 Europe/Berlin``.
    zone : tzinfo
        What is meant where no zone is written.

    Raises
    ------
    ValueError
        If it is anything else.

    Examples
    --------
    >>> str(read_time("2026-10-02 00:30 +0200"))
    '2026-10-01 22:30:00'
    """
    found = FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"no time like {LIKE}")
    day, clock, named = found.groups()
    if clock is None and named:
        raise ValueError(f"no time like {LIKE}")
    moment = datetime.fromisoformat(f"{day} {clock or '00:00'}")
    if named:
        zone = _zone(named)
    return moment.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def _zone(name: str) -> tzinfo:
    if name in ("Z", "UTC", "GMT"):
        return UTC
    if name[0] in "+-":
        digits = name[1:].replace(":", "").ljust(4, "0")
        ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(ahead if name[0] == "+" else -ahead)
    if "/" not in name:
        raise ValueError(f"{name} is the name of several time zones: write it as +02:00, or Europe/Berlin")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name}") from None


def zone_called(name: str) -> tzinfo:
    """A time zone by its name, such as ``Europe/Berlin``, ``UTC`` or ``+02:00``.

    Raises
    ------
    ValueError
        If there is none.
    """
    return _zone(name)


def lateness(seconds: float) -> str:
    """How late something is, in words; empty if it is not.

    Examples
    --------
    >>> [lateness(s) for s in (0, 20, 2400, 9 * 3600, 3 * 86400 + 3600)]
    ['', '1 min late', '40 min late', '9 h late', '3 days late']
    """
    if seconds <= 0:
        return ""
    if seconds < 3600:
        return f"{max(1, round(seconds / 60))} min late"
    if seconds < 2 * 86400:
        return f"{seconds / 3600:.0f} h late"
    return f"{seconds / 86400:.0f} days late"


def seconds_late(time: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    """How late it is, as nbgrader counts; that fails for an extension of a chapter that is never due."""
    if time is None or due is None:
        return 0.0
    return max(0.0, (time - due - (extension or timedelta())).total_seconds())


def check_time(stamp: Path) -> None:
    """Refuse a time of submission that cannot be read, or that nbgrader would take for another one.

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
        if not (text := raw.decode().strip()):
            return
        time = read_time(text)
    except FileNotFoundError:
        return
    except (ValueError, OverflowError, OSError):
        raise BadSubmission(
            f"timestamp.txt does not hold a time like {LIKE}: correct it, or delete it"
        ) from None
    if _as_nbgrader_reads(text) != time:
        raise BadSubmission(
            f"timestamp.txt is read differently by nbgrader: write it as {time:%Y-%m-%d %H:%M:%S} UTC"
        )


def _as_nbgrader_reads(text: str) -> datetime | None:
    try:
        with warnings.catch_warnings():  # of time zones that are no help to anybody
            warnings.simplefilter("ignore")
            read: datetime = parse_utc(text)
    except (ValueError, OverflowError, TypeError):
        return None
    return read
