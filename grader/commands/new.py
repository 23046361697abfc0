"""`grader new`: the pieces of something new."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from fnnkit.judge.registry import exercises
from grader.commands.app import err, new, out, relative
from grader.course import Course

MINUTES = 90  # of a chapter, for the exercises that carry points


def _written(write: Callable[[Callable[[str], None]], list[Path]]) -> None:
    """Write files with a word on what is being done, and say which they are; Ctrl-C leaves all as it was."""
    try:
        with err.status("") as status:
            files = write(lambda step: status.update(escape(step)))
    except KeyboardInterrupt:
        err.print("stopped; nothing was changed")
        raise typer.Exit(130) from None
    for path in files:
        out.print(f"wrote {relative(path)}")


@new.command("course")
def new_course(
    folder: Annotated[Path, typer.Argument(help="Where; it is made.", show_default=False)],
    package: Annotated[
        str, typer.Option("--package", help="Of its exercises; made from the folder's name by default.")
    ] = "",
    title: Annotated[
        str, typer.Option("--title", help="What students read; the folder's name by default.")
    ] = "",
) -> None:
    """Make a course of your own: its exercises will lie in a package of yours, whatever they are about.

    fnnkit only has to be installed. The folder holds the package, nbgrader's configuration, a page for students and one for
    you, README.md, which says what comes next. Then, in the folder: `grader new chapter`, `grader new exercise`, `grader audit`,
    `grader build`, `grader handout`, `grader grade`, as for fnnkit's own course.
    """
    from grader.authoring.new_course import write

    for path in write(folder, package, title):
        out.print(f"wrote {relative(path)}", soft_wrap=True)
    out.print(
        f'next: cd {shlex.quote(str(folder))}, then `grader new chapter words "Words"`; README.md says the rest',
        soft_wrap=True,
    )


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

    Makes three files of the exercise's name: its declaration in fnnkit/exercises/CHAPTER, correct answers in
    grader/answers/CHAPTER, a test; and adds its name to the chapter's table of contents, card, answer cell and check to
    solutions/CHAPTER.py. In a course of your own the first two lie in its package. The signature is that of the reference,
    which has to be there: the formula first. What you have to write is marked; `grader audit NAME` lists it and says when
    nothing is missing.

    The chapter builds before and after. If anything goes wrong, or you press Ctrl-C, all files are as they were.
    solutions/README.md works through an example.
    """
    from grader.authoring.new_exercise import plan, unwritten, write

    course = Course.find()
    planned = plan(course, chapter, name, reference, after, minutes, difficulty, core=not further)
    _written(lambda told: write(course, planned, told))
    core = sum(e.minutes for e in exercises(chapter) if e.core) + (0 if further else minutes)
    if not further and core > MINUTES:
        out.print(
            f"note: the exercises of {chapter} that carry points now take {core} minutes; {MINUTES} is the aim"
        )
    left = len(unwritten(course, chapter, name))
    out.print(f"next: write the {left} pieces that `grader audit {name}` lists, then `grader build`")


@new.command("chapter")
def new_chapter(
    chapter: Annotated[str, typer.Argument(help="Its id, such as ch7_graphs: the same stem everywhere.")],
    title: Annotated[str, typer.Argument(help="Its title, such as 'Chapter 7 · Graphs'.")],
) -> None:
    """Lay out the pieces of a new chapter: it builds, and asks for nothing yet.

    Makes a table of contents in fnnkit/exercises, a place for its figures and one for answers, and a notebook with every
    part that a chapter has, in solutions. What you have to write is marked. Then `grader new exercise`, one at a time.
    """
    from grader.authoring.new_chapter import write

    course = Course.find()
    _written(lambda told: write(course, chapter, title, told))
    out.print(f"next: `grader new exercise {chapter} NAME`, then `grader build`")


@new.command("figure")
def new_figure(
    chapter: Annotated[str, typer.Argument(help="For example ch1_xor.")],
    name: Annotated[str, typer.Argument(help="Name of the function that shows the figure.")],
    exercise: Annotated[str, typer.Argument(help="The exercise whose answer draws it.")],
) -> None:
    """Lay out the pieces of a new figure: a slider and a curve, to be replaced by yours.

    Makes its module in fnnkit/figures/CHAPTER and a test, and adds its name to the chapter's figures and a cell to
    solutions/CHAPTER.py, after the check of the exercise. The test fails until what the figure says is compared.
    """
    from grader.authoring.new_figure import write

    course = Course.find()
    _written(lambda told: write(course, chapter, name, exercise, told))
    out.print(
        f"next: write what is marked, until tests/fnnkit/figures/{chapter}/test_{name}.py passes, then `grader build`"
    )
