"""`grader demo`: a made-up class, graded."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.commands.app import app, err
from grader.commands.grade import grade_chapter
from grader.course import Course
from grader.sandbox import modes


@app.command()
def demo(
    students: Annotated[int, typer.Option("--students", min=1, max=2000, help="Size of the class.")] = 24,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed makes another class.")] = 1,
    chapter: Annotated[str, typer.Option("--chapter", help="Which chapter they hand in.")] = "ch1_xor",
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Notebooks marked at the same time.")
    ] = None,
) -> None:
    """Make up a class in demo/, grade it, and show what an instructor gets.

    Some of its students are right, in several styles; some make the registered mistakes; some left cells empty; and
    five handed in broken work: a file that was cut off, an endless loop, a function that ends the process, and check
    cells that were deleted or copied. Nothing outside demo/ is touched. A second run grades nothing again. Chapters that
    are there stay: demo/ is one course, and demo/report.html, of the chapter that was graded last, leads to all of them.
    """
    from grader.demo import MARKER, make_class

    repository = Course.find()
    if (repository.root / MARKER).exists():  # called from inside a demo
        repository = Course(repository.root.parent)
    repository.check_chapter(chapter)
    course = make_class(repository, chapter, students, seed)
    trusted = not modes.available()
    if trusted:
        err.print(
            "[yellow]note:[/] there is no working bubblewrap here, so this class, which is made up, is graded as with "
            "--trust-submissions. Install the package `bubblewrap` before you grade real ones.",
            soft_wrap=True,
        )
    # Some of its submissions are broken on purpose: that is no failure.
    grade_chapter(course, chapter, [], jobs, trusted, course.root / "report.html")
