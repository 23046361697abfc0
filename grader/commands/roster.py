"""`grader roster`: who is in the course."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from grader.commands.app import app, out
from grader.course import Course
from grader.marking.text import visible


@app.command()
def roster(
    table: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="Participants, or a gradebook, as a platform exports it."),
    ] = None,
    by: Annotated[
        str, typer.Option("--by", help="What students are called here: login, number, email, lms or name.")
    ] = "",
) -> None:
    """Read who is in the course from an export of Moodle, Canvas, Blackboard or nbgrader; without FILE, show it.

    Names go into the gradebook, and so beside the ids in Formgrader, tables, reports and feedback.
    """
    from grader.gradebook.calls import has_gradebook
    from grader.term import people
    from grader.term.naming import put_in_gradebook, strangers

    course = Course.find()
    before = people.kept(course)
    known = people.read(table, by) if table else before
    if table is None and not known.people:
        out.print("no roster: `grader roster FILE` reads what your platform exports")
        return
    if table is not None:
        people.keep(course, known)
        for person in before.people:
            if person.id not in known.by_id:
                out.print(
                    f"no longer in it: {escape(visible(person.id))} {escape(visible(person.name))}",
                    soft_wrap=True,
                )
    put_in_gradebook(course, known)
    out.print(f"{len(known)} people" + (f", from {escape(str(table))}" if table else ""), soft_wrap=True)
    groups = {p.group for p in known.people if p.group}
    if groups:
        out.print(
            f"{len(groups)} groups: `grader collect --groups` counts what one hands in for all of a group"
        )
    if has_gradebook(course.config()):
        for name in strangers(course, known):
            out.print(
                f"in submitted/ or the gradebook, and not in the roster: {escape(visible(name))}",
                soft_wrap=True,
            )
