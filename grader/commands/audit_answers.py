"""`grader audit --answers`: answers as students write them, from a folder."""

from __future__ import annotations

import textwrap
from pathlib import Path

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from grader.commands.app import err, out
from grader.course import CourseError


def audit_answers(
    folder: Path, names: list[str], seeds: int | None, jobs: int | None, show: bool, causes: bool = True
) -> None:
    """Judge a folder of answers and end with their counts."""
    from grader.authoring.answers_folder import SEEDS, Outcome, find, judge_all, said_of, summary

    try:
        files, strange = find(folder)
    except CourseError as problem:
        err.print(f"[bold red]grader:[/] {escape(str(problem))}", soft_wrap=True)
        raise typer.Exit(2) from None
    files = [f for f in files if not names or {f.exercise.name, f.exercise.chapter} & set(names)]
    if not files:
        about = f"; not those of an exercise: {', '.join(strange[:3])}" if strange else ""
        err.print(
            f"[bold red]grader:[/] {escape(str(folder))} holds no EXERCISE__right__NAME.py or "
            f"EXERCISE__wrong__NAME.py to judge{escape(about)}",
            soft_wrap=True,
        )
        raise typer.Exit(2)
    for name in strange:
        err.print(f"not judged, no such exercise: {escape(name)}", soft_wrap=True)
    columns = (
        TextColumn("judging  "), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[last]}"),
    )  # fmt: skip
    with Bars(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        task = shown.add_task("", total=len(files), last="")

        def done(one: Outcome) -> None:
            shown.update(task, advance=1, last=escape(one.file.path.name))

        outcomes = judge_all(files, seeds or SEEDS, jobs, done)
    for outcome in outcomes:
        if not outcome.as_named:
            out.print(escape(outcome.line()), soft_wrap=True)
            if show:
                out.print(escape(textwrap.indent(outcome.message(), "    ")), soft_wrap=True)
    if causes:
        from grader.commands.audit import show_said

        show_said(said_of(outcomes))
    text, fine = summary(outcomes)
    out.print(text, soft_wrap=True)
    if not fine:
        raise typer.Exit(1)
