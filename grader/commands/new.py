"""`grader new`: the pieces of something new."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from fnnkit.judge.registry import exercises
from grader.commands.app import err, new, out, relative
from grader.course import Course

MINUTES = 90  # of a chapter, for the exercises that carry points


@new.command("exercise")
def new_exercise(
    chapter: Annotated[str, typer.Argument(help="For example ch1_xor.")],
    name: Annotated[str, typer.Argument(help="Name of the function that students will write.")],
    reference: Annotated[
        str,
        typer.Option(
            "--reference", help="The right answer, such as losses.mse; by default the function of that name."
        ),
    ] = "",
    minutes: Annotated[int, typer.Option("--minutes", min=1, max=60, help="What the card promises.")] = 10,
    difficulty: Annotated[int, typer.Option("--difficulty", min=1, max=4, help="From 1 to 4.")] = 2,
    further: Annotated[
        bool, typer.Option("--further", help="Judged like the others, and worth no points.")
    ] = False,
    after: Annotated[
        str, typer.Option("--after", help="The exercise that it follows; the last one by default.")
    ] = "",
) -> None:
    """Lay out the pieces of a new exercise, for you to fill in.

    Adds to the chapter: a declaration in fnnkit/exercises, a place for correct answers in grader/answers, card, answer
    cell and check in solutions, and a test. The signature is that of the reference, which has to be there: the formula
    first. What you have to write is marked; `grader audit NAME` lists it and says when nothing is missing.

    The chapter builds before and after. If anything goes wrong, or you press Ctrl-C, all files are as they were.
    solutions/README.md works through an example.
    """
    from grader.authoring.scaffold import plan, unwritten, write

    course = Course.find()
    planned = plan(course, chapter, name, reference, after, minutes, difficulty, core=not further)
    try:
        with err.status("") as status:
            written = write(course, planned, lambda step: status.update(escape(step)))
    except KeyboardInterrupt:
        err.print("stopped; nothing was changed")
        raise typer.Exit(130) from None
    for path in written:
        out.print(f"wrote {relative(path)}")
    core = sum(e.minutes for e in exercises(chapter) if e.core) + (0 if further else minutes)
    if not further and core > MINUTES:
        out.print(
            f"note: the exercises of {chapter} that carry points now take {core} minutes; {MINUTES} is the aim"
        )
    left = len(unwritten(course, chapter, name))
    out.print(f"next: write the {left} pieces that `grader audit {name}` lists, then `grader build`")
