"""`grader doctor`: every layer of the sandbox, tried."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from grader.commands.app import app, err, out


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Try every layer of the sandbox on this machine; say what holds, and what to do where it does not.

    Exit status 1 if something that grading depends on does not hold.
    """
    from fnnkit.judge.registry import chapter_ids
    from grader.marking import doctor as layers

    found = []
    with err.status("trying") as status:
        for check in layers.examine(chapter_ids()[0]):
            found.append(check)
            status.update(f"trying: after {check.layer}")
            if not as_json:
                mark = {
                    "ok": "[green]ok    [/]",
                    "failed": "[bold red]failed[/]",
                    "absent": "[yellow]absent[/]",
                }[check.state]
                advice = f" → {escape(check.advice)}" if check.state == "failed" and check.advice else ""
                out.print(f"{mark} {check.layer:<30} {escape(check.said)}{advice}", soft_wrap=True)
    if as_json:
        print(layers.as_json(found))
    # Without namespaces Landlock stands in for them: that alone is no failure.
    stands_in = any(c.layer == "mode" and c.said == "landlock" for c in found)
    if any(
        c.state == "failed" and not (stands_in and c.layer in ("bubblewrap", "namespaces")) for c in found
    ):
        raise typer.Exit(1)
