"""`grader audit --attacks`: hostile notebooks, each in a class of three."""

from __future__ import annotations

import typer
from rich.markup import escape
from rich.table import Table

from grader.commands.app import bars, err, out
from grader.course import Course, CourseError
from grader.sandbox import modes


def audit_attacks(name: str | None, jobs: int | None) -> None:
    """Try the attacks, show what came of each; fail if one has succeeded."""
    try:
        from grader.attacks.suite import chosen, outcomes
    except ModuleNotFoundError:
        raise CourseError("the attacks are not installed: run it in a clone of the course") from None
    course = Course.find()
    course.check_chapter("ch1_xor")
    mode = modes.mode()
    asked = chosen(name)
    table = Table(header_style="bold")
    for title in ("against", "kind", "attack", "it tries this", "held", "s"):
        table.add_column(title, justify="right" if title == "s" else "left")
    faults, aim = [], ""
    with bars() as progress:
        progress.total("attacks", len(asked))
        for outcome in outcomes(asked, course.root, jobs):
            attack = outcome.attack
            if aim and attack.aim != aim:
                table.add_section()
            aim = attack.aim
            held = "[bold red]no[/]" if outcome.faults else "[green]yes[/]"
            table.add_row(aim, attack.kind, attack.name, attack.tries, held, f"{outcome.seconds:.0f}")
            faults += [(attack.name, fault) for fault in outcome.faults]
            progress.step(attack.name)
    out.print(table)
    for where, fault in faults:
        err.print(f"[bold red]{escape(where)}:[/] {escape(fault)}", soft_wrap=True)
    broken = len({where for where, _ in faults})
    out.print(f"{len(asked)} attacks, each in a class of three: {broken} succeeded (sandbox: {mode})")
    if broken:
        raise typer.Exit(1)
