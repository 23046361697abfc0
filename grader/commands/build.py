"""`grader build`: both notebooks of each chapter from its text source."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.commands.app import app, err, out
from grader.course import Course


@app.command()
def build(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all by default.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a committed notebook is stale.")
    ] = False,
) -> None:
    """Build both notebooks of each chapter from solutions/CHAPTER.py."""
    from grader.authoring.build import build as build_chapters
    from grader.authoring.build import stale, write

    course = Course.find()
    built = build_chapters(course, chapters)
    if check:
        old = stale(course, built)
        for path in old:
            err.print(
                f"[bold red]stale:[/] {path.relative_to(course.root)}: run `grader build` and commit it",
                soft_wrap=True,
            )
        if old:
            raise typer.Exit(1)
        out.print(
            f"{len(built)} chapter{'s' if len(built) != 1 else ''}: notebooks are fresh, and give no solution away"
        )
        return
    changed = write(course, built)
    for path in changed:
        out.print(f"wrote {path.relative_to(course.root)}")
    if not changed:
        out.print("nothing to do: all notebooks are fresh")
