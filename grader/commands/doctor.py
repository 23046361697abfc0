"""`grader doctor`: every layer of the sandbox, tried, here or on every worker of a cluster."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from grader.commands import cluster_options
from grader.commands.app import app, err, out
from grader.marking.text import visible

if TYPE_CHECKING:
    from grader.cluster.address import Place
    from grader.marking.doctor import Check

MARKS = {"ok": "[green]ok    [/]", "failed": "[bold red]failed[/]", "absent": "[yellow]absent[/]"}


@app.command()
def doctor(
    cluster: cluster_options.Cluster = None,
    scheduler_file: cluster_options.SchedulerFile = None,
    tls_ca_file: cluster_options.CaFile = None,
    tls_cert: cluster_options.Certificate = None,
    tls_key: cluster_options.Key = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Try every layer of the sandbox on this machine; say what holds, and what to do where it does not.

    With --cluster the same is done on every worker, and it is said whether that worker would be used for each chapter.

    Exit status 1 if something that grading depends on does not hold.
    """
    place = cluster_options.place(cluster, scheduler_file, tls_ca_file, tls_cert, tls_key)
    holds = _here(as_json) if place is None else _there(place, as_json)
    if not holds:
        raise typer.Exit(1)


def _here(as_json: bool) -> bool:
    """Try this machine; whether all holds."""
    from fnnkit.judge.registry import chapter_ids
    from grader.marking import doctor as layers

    found = []
    with err.status("trying") as status:
        for check in layers.examine(chapter_ids()[0]):
            found.append(check)
            status.update(f"trying: after {check.layer}")
            if not as_json:
                _show(check)
    if as_json:
        print(layers.as_json(found))
    return _holds(found)


def _there(place: Place, as_json: bool) -> bool:
    """Try all workers of a cluster; whether all holds on each."""
    from fnnkit.judge.registry import chapter_ids
    from grader.cluster.doctor import examine

    def told(address: str, checks: list[Check]) -> None:
        if not as_json:
            out.print(f"[bold]{escape(visible(address))}[/]", soft_wrap=True)
            for check in checks:
                _show(check)

    with err.status(f"trying the workers of {escape(str(place))}"):
        found = examine(place, chapter_ids(), told)
    if as_json:
        print(
            json.dumps(
                {worker: [vars(check) for check in checks] for worker, checks in found.items()}, indent=1
            )
        )
    good = sum(map(_holds, found.values()))
    if not as_json:
        out.print(f"{good} of {len(found)} workers can be used")
    return good == len(found)


def _show(check: Check) -> None:
    advice = f" → {escape(check.advice)}" if check.state == "failed" and check.advice else ""
    out.print(f"{MARKS[check.state]} {check.layer:<30} {escape(check.said)}{advice}", soft_wrap=True)


def _holds(found: Sequence[Check]) -> bool:
    """Whether nothing has failed; without namespaces Landlock stands in for them, and that alone is no failure."""
    stands_in = any(c.layer == "mode" and c.said == "landlock" for c in found)
    return not any(
        c.state == "failed" and not (stands_in and c.layer in ("bubblewrap", "namespaces")) for c in found
    )
