"""`grader feedback`: pages back to students."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from grader.commands.app import app, out, relative
from grader.course import Course, CourseError
from grader.marking.text import visible


@app.command()
def feedback(
    chapter: Annotated[str, typer.Argument(help="For example ch1_xor.")],
    platform: Annotated[str, typer.Option("--zip", help="moodle or canvas: whose archive it is to be.")],
) -> None:
    """Make the archive that Moodle ("upload multiple feedback files") or Canvas ("upload submissions") takes back.

    Pages stand under the names that the platform gave, as `grader collect` read them. Who handed in through nbgrader's
    exchange gets the same page by `nbgrader release_feedback CHAPTER`.
    """
    from grader.term import giving_back

    if platform not in giving_back.PLATFORMS:
        raise CourseError(f"--zip {visible(platform)}: there are {' and '.join(giving_back.PLATFORMS)}")
    course = Course.find()
    course.check_chapter(chapter)
    path, inside, others = giving_back.archive(course, chapter, platform)
    out.print(f"{len(inside)} pages in {escape(relative(path))}", soft_wrap=True)
    if others:
        names = escape(visible(", ".join(others)))
        out.print(f"not in it, as they did not come through {platform}: {names}", soft_wrap=True)
