"""The options that say where a cluster is, for every command that can use one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from grader.commands.app import err
from grader.course import CourseError
from grader.marking.text import visible

if TYPE_CHECKING:
    from grader.cluster.address import Place

CLUSTER = (
    "Mark on a Dask cluster: `tcp://HOST:PORT` of its scheduler, or `local:N` for N workers on this machine. Needs the extra "
    "`cluster`."
)
SCHEDULER_FILE = "The file in which `dask scheduler --scheduler-file` says where it is, instead of --cluster."
TLS = "For a scheduler at tls://…, as `dask worker` takes it: file with"

Cluster = Annotated[str | None, typer.Option("--cluster", metavar="ADDRESS", help=CLUSTER)]
SchedulerFile = Annotated[Path | None, typer.Option("--scheduler-file", help=SCHEDULER_FILE)]
CaFile = Annotated[
    Path | None, typer.Option("--tls-ca-file", help=f"{TLS} the certificate of the authority.")
]
Certificate = Annotated[
    Path | None, typer.Option("--tls-cert", help=f"{TLS} the certificate of this machine.")
]
Key = Annotated[Path | None, typer.Option("--tls-key", help=f"{TLS} its private key.")]


def place(
    cluster: str | None,
    scheduler_file: Path | None,
    ca_file: Path | None,
    cert: Path | None,
    key: Path | None,
    jobs: int | None = None,
) -> Place | None:
    """The cluster that the options name; none if they name none.

    Raises
    ------
    CourseError
        If they do not go together, or Dask is not installed.
    """
    if not (cluster is not None or scheduler_file or ca_file or cert or key):
        return None
    from grader.cluster.address import place_of

    found = place_of(cluster, scheduler_file, ca_file, cert, key)
    if jobs is not None:
        raise CourseError(
            "--jobs is for this machine: `dask worker --nthreads` says how many a worker marks at a time"
        )
    return found


def pool(place: Place, chapter: str, trusted: bool) -> Any:
    """The pool of a cluster; what it has to say is a line on standard error."""
    from grader.cluster.pool import Cluster as Workers

    return Workers(place, chapter, trusted, say)


def say(line: str) -> None:
    """Say a line about the cluster."""
    err.print(escape(visible(line)), soft_wrap=True, style="yellow")
