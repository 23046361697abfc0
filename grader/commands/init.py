"""`grader init`: chapters into the gradebook."""

from __future__ import annotations

from typing import Annotated

import typer

from fnnkit.judge.registry import exercises
from grader.commands.app import app, out
from grader.course import Course


@app.command()
def init(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all by default.")] = None,
) -> None:
    """Register the chapters in the gradebook, so that `nbgrader autograde` and Formgrader know them."""
    from grader.gradebook import calls

    course = Course.find()
    for chapter in chapters or course.handed_out():
        course.check_chapter(chapter)
        calls.register(course, chapter)
        points = sum(e.worth for e in exercises(chapter))
        out.print(f"{chapter}: registered, {points:g} points judged, written answers on top")
    course.secret()
