"""`grader backup` and `grader restore`: what cannot be made again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from grader.commands.app import app, out, relative
from grader.course import Course, CourseError


@app.command()
def backup(
    archive: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="By default backups/backup DATE.zip.")
    ] = None,
) -> None:
    """Keep gradebook, secret, results, dates and roster in one archive, also while others work.

    Whoever has it can tell on which inputs answers are judged: keep it where you keep marks.
    """
    from grader.term import safe_keeping

    course = Course.find()
    path = archive or course.root / "backups" / safe_keeping.name_now()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    count = safe_keeping.backup(course, path)
    out.print(f"{count} files in {escape(relative(path))}", soft_wrap=True)


@app.command()
def restore(
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="What `grader backup` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Put a backup into the place of what is there, which is kept as a backup first."""
    from grader.batch import alone
    from grader.term import safe_keeping

    course = Course.find()
    with alone(course):
        files = safe_keeping.contents(course, archive)
        if not yes:
            if not sys.stdin.isatty():
                raise CourseError("nothing was restored: say --yes to replace what is there")
            typer.confirm(
                f"Replace gradebook, secret and results by {len(files)} files?", abort=True, err=True
            )
        before = course.root / "backups" / safe_keeping.name_now("before restore")
        before.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        safe_keeping.backup(course, before)
        count = safe_keeping.restore(course, files)
    out.print(f"{count} files restored; what was there is in {escape(relative(before))}", soft_wrap=True)
