"""`grader forget`: everything about one person goes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.markup import escape

from grader.commands.app import app, err, out
from grader.course import Course, CourseError
from grader.marking.text import visible


@app.command()
def forget(
    student: Annotated[str, typer.Argument(help="The id: the name of the folder in submitted/.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove all that the course holds about one person, once you have seen the list and agreed.

    That is: the gradebook with marks and comments given by hand; what was handed in, marked, collected and given back;
    lines in the tables of people, dates and marks; what is in nbgrader's exchange, if that can be reached; pages that name
    them, which the next `grader grade` makes again for the others. There is no way back but a backup.

    Backups hold the whole course, and archives, tables and logs that lie in its folder are yours: those with this person
    in them are named, and stay. What lies elsewhere, and what the platform has, nobody here knows of.

    Exit status: 0 all is gone, 1 something could not be removed (a line says what), 2 nothing was removed.
    """
    from grader.batch import alone, readable_database
    from grader.marking.submission import BadSubmission, check_name
    from grader.term import forgetting

    course = Course.find()
    try:
        check_name(student)
    except BadSubmission:
        raise CourseError(
            f"there is nothing about {visible(student)!r} here: no student can be called so"
        ) from None
    config = course.config()
    with alone(course), readable_database(config):
        made = forgetting.look(course, student, config)
        for trace in made.found:
            out.print(f"{escape(visible(trace.place))}: {escape(visible(trace.what))}", soft_wrap=True)
        for place in made.stays:
            out.print(f"stays     {escape(visible(place))}", soft_wrap=True)
        if not yes:
            if not sys.stdin.isatty():
                raise CourseError("nothing was removed: say --yes to remove all of this")
            typer.confirm(f"Remove all of this about {visible(student)}, for good?", abort=True, err=True)
        left = forgetting.remove(made)
    for line in left:
        err.print(f"[red]left[/]      {escape(visible(line))}", soft_wrap=True)
    if any(not t.own and t.place.startswith("reports/") for t in made.found):
        out.print("pages that are gone come again with `grader grade`, `grader written` and `grader report`")
    out.print(f"{len(made.found) - len(left)} of {len(made.found)} places cleared")
    if made.stays:
        out.print(
            "what stays is yours to delete; a backup, a roster or dates that are read again bring them back",
            soft_wrap=True,
        )
    if left:
        raise typer.Exit(1)
