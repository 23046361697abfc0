"""Where a cluster is, as somebody says it on the command line."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from grader.course import CourseError
from grader.disk import read_json, read_plain

EXTRA = "a cluster needs Dask: in a clone of the course, pip install -e '.[cluster]'; without --cluster this machine marks"
MOST_LOCAL = 256
REACH_SECONDS = 10.0
"""Wall clock in which a scheduler has to answer."""
LARGEST_FILE = 1 << 20


@dataclass(frozen=True)
class Place:
    """A cluster.

    Attributes
    ----------
    address : str
        Of its scheduler, ``tcp://host:port`` or ``tls://host:port``; empty if it is one of this machine.
    workers : int
        How many workers are started here.
    ca_file, cert, key : str
        Files for TLS, as Dask takes them; where they are empty, Dask's own configuration holds.
    """

    address: str = ""
    workers: int = 0
    ca_file: str = ""
    cert: str = ""
    key: str = ""

    def __str__(self) -> str:
        return self.address or f"local:{self.workers}"

    def reach(self) -> None:
        """Make sure that something listens there, before anything else is done.

        Raises
        ------
        CourseError
            If nothing does.
        """
        if not self.address:
            return
        at = urlsplit(self.address)
        try:
            socket.create_connection((at.hostname, at.port), REACH_SECONDS).close()
        except OSError as problem:
            raise CourseError(nobody(self, problem.strerror or type(problem).__name__)) from None


def nobody(place: Place, why: str) -> str:
    """The line that says that no scheduler answers."""
    return (
        f"no scheduler answers at {place} ({why}): start one with `dask scheduler`, or leave --cluster out and this "
        "machine marks"
    )


def place_of(
    cluster: str | None = None,
    scheduler_file: Path | None = None,
    ca_file: Path | None = None,
    cert: Path | None = None,
    key: Path | None = None,
) -> Place | None:
    """The cluster that options name; none if they name none.

    Raises
    ------
    CourseError
        If they say something else, or Dask is not installed.

    Examples
    --------
    >>> print(place_of())
    None
    """
    tls = {"ca_file": ca_file, "cert": cert, "key": key}
    given = {name: str(path) for name, path in tls.items() if path is not None}
    if cluster is None and scheduler_file is None:
        if given:
            raise CourseError("files for TLS are for a cluster: say which with --cluster or --scheduler-file")
        return None
    if cluster is not None and scheduler_file is not None:
        raise CourseError("--cluster and --scheduler-file both say where the cluster is: give one of them")
    if find_spec("distributed") is None:
        raise CourseError(EXTRA)
    if cluster is not None and (found := re.fullmatch(r"local:(\d{1,4})", cluster)):
        if given:
            raise CourseError("files for TLS are for a cluster elsewhere: local:N makes its own certificate")
        if not 1 <= int(found[1]) <= MOST_LOCAL:
            raise CourseError(f"--cluster {cluster}: between 1 and {MOST_LOCAL} workers can be started here")
        return Place(workers=int(found[1]))
    said = f"--cluster {cluster}" if scheduler_file is None else f"--scheduler-file {scheduler_file}"
    address = str(cluster) if scheduler_file is None else _in_file(scheduler_file)
    for name, path in tls.items():
        if path is not None and not path.is_file():
            raise CourseError(f"{path}, the file for TLS ({name.replace('_', ' ')}), does not exist")
    place = Place(address, 0, given.get("ca_file", ""), given.get("cert", ""), given.get("key", ""))
    if not _is_address(address):
        raise CourseError(f"{said}: it has to be tcp://HOST:PORT, tls://HOST:PORT or local:N")
    if given and not address.startswith("tls://"):
        raise CourseError(f"{said}: with files for TLS the address begins with tls://")
    return place


def _is_address(text: str) -> bool:
    try:
        at = urlsplit(text)
        return at.scheme in ("tcp", "tls") and bool(at.hostname and at.port) and not (at.path or at.query)
    except ValueError:
        return False


def _in_file(path: Path) -> str:
    """The address in a file that `dask scheduler --scheduler-file` has written."""
    try:
        found: Any = read_json(read_plain(path, LARGEST_FILE))
        return str(found["address"])
    except OSError as problem:
        raise CourseError(f"{path} cannot be read ({problem.strerror or problem})") from None
    except (ValueError, KeyError, TypeError):
        raise CourseError(
            f"{path} names no scheduler: `dask scheduler --scheduler-file {path}` writes it"
        ) from None
