"""`grader dates`: when chapters are due, who has longer, what being late costs."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from grader.commands.app import app, out
from grader.course import Course, CourseError
from grader.disk import may_be_there
from grader.marking.text import visible

if TYPE_CHECKING:
    from grader.gradebook.late import Dates


@app.command()
def dates(
    table: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="Columns chapter, due, and where wanted student, late."),
    ] = None,
    timezone: Annotated[
        str, typer.Option("--timezone", help="Of times that name none, such as Europe/Berlin.")
    ] = "UTC",
) -> None:
    """Say when chapters are due, who has longer, and what being late costs; without FILE, show what holds.

    A line without a student is for everybody: `ch1_xor,,2026-10-02 09:00,10 % per day` (or `none`, `zero`,
    `0.5 points per hour`: for each day or hour that has begun). With a student, it says until when, or how much longer:
    `ch1_xor,Ada Berg,+24 h,`. The table replaces the one before. The next `grader grade` grades again whoever it touches.
    """
    from grader.gradebook import late
    from grader.gradebook.calls import has_gradebook
    from grader.gradebook.tables import read_table
    from grader.gradebook.timestamps import zone_called

    course = Course.find()
    before = late.kept(course.root)
    if table is None:
        show(before, course)
        return
    try:
        zone = zone_called(timezone)
    except ValueError as problem:
        raise CourseError(str(problem)) from None
    wanted = late.parse(read_table(table), table, zone)
    for chapter in wanted:
        course.check_chapter(chapter)
    late.keep(course, wanted)
    config = course.config()
    if has_gradebook(config):
        for chapter in {**before, **wanted}:
            old, new = before.get(chapter, late.Dates()), wanted.get(chapter, late.Dates())
            late.put_in_gradebook(config, chapter, new, [], old)
    show(wanted, course)


def show(wanted: dict[str, Dates], course: Course) -> None:
    """What holds, a line each."""
    for chapter, about in sorted(wanted.items()):
        due = f"due {about.due:%Y-%m-%d %H:%M} UTC ({local(about.due)})" if about.due else "no due date"
        costs = "as configured for nbgrader" if about.policy is None else about.policy.text
        out.print(f"{escape(chapter)}: {due}; being late costs {costs}", soft_wrap=True)
        for student, longer in sorted(about.longer.items()):
            until = f", until {about.due + longer:%Y-%m-%d %H:%M} UTC" if about.due else ""
            there = (
                ""
                if may_be_there(course.submitted(student, chapter).parent)
                else "; has handed in nothing so far"
            )
            hours = longer.total_seconds() / 3600
            out.print(f"  {escape(visible(student))}: {hours:g} h longer{until}{there}", soft_wrap=True)
    if not wanted:
        out.print("no dates: nothing is late")


def local(moment: Any) -> str:
    """A time in UTC as the clock on the wall shows it here."""
    return f"{moment.replace(tzinfo=UTC).astimezone():%a %H:%M %Z}"
