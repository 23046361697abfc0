"""`grader build`: both notebooks of each chapter from its text source."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from grader.commands.app import app, err, out
from grader.course import Course


@app.command()
def build(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all by default.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a committed notebook is stale.")
    ] = False,
) -> None:
    """Build both notebooks of each chapter from solutions/CHAPTER.py, and the project's from solutions/project.py."""
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
        count = len([one for one in built if one.source])
        with_project = " and the project" if count < len(built) else ""
        out.print(
            f"{count} chapter{'s' if count != 1 else ''}{with_project}: notebooks are fresh, and give no solution away"
        )
        return
    changed = write(course, built)
    for path in changed:
        out.print(f"wrote {path.relative_to(course.root)}")
    for one in built:
        if course.released(one.chapter) in changed:
            tell_of_submissions(course, one.chapter)
    if not changed:
        out.print("nothing to do: all notebooks are fresh")


def tell_of_submissions(course: Course, chapter: str) -> None:
    """Say what a change means for those who have handed in already."""
    from sqlalchemy.exc import SQLAlchemyError

    from grader.gradebook import calls

    handed_in = sum(place.is_dir() for place in (course.root / "submitted").glob(f"*/{chapter}"))
    config = course.config()
    lines = []
    if calls.has_gradebook(config):
        try:
            lines = calls.pending(course, chapter, config).lines()
        except (SQLAlchemyError, ImportError):  # `grader grade` says what is wrong with the gradebook
            lines = ["the gradebook cannot be asked what this means"]
    if handed_in or lines:
        who = "1 student has" if handed_in == 1 else f"{handed_in} students have"
        err.print(
            f"[yellow]note:[/] {who} handed in {chapter} already: `grader grade {chapter}` marks all of them against "
            "the notebook as it is now",
            soft_wrap=True,
        )
    for line in lines:
        err.print(f"  {escape(line)}", soft_wrap=True)
