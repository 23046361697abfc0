"""`grader explain`: why this mark."""

from __future__ import annotations

import textwrap
from typing import Annotated

import typer
from rich.markup import escape

from grader.commands.app import app, err, out
from grader.course import Course

INDENT = 20
"""Columns before the texts of lines."""
REPEAT = "grader explain "
AGAIN = "Mark the same answers on the same inputs once more, in a sandbox, and say whether all comes out the same."
TRUST = "With --again: run without a sandbox. Only for code that you wrote yourself."


def _wrapped(line: str) -> str:
    """A line as wide as the terminal, its rest below its text; a command stays in one piece, so that it can be copied."""
    if not out.is_terminal or REPEAT in line:
        return line
    indent = " " * INDENT
    return "\n".join(
        textwrap.fill(part, out.width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False,
                      drop_whitespace=True, replace_whitespace=False)
        if len(part) > out.width else part
        for part in line.split("\n")
    )  # fmt: skip


@app.command()
def explain(
    student: Annotated[
        str, typer.Argument(help="The id, as the folder below submitted/ is called; or the name.")
    ],
    chapter: Annotated[str, typer.Argument(help="For example ch1_xor.")],
    exercise: Annotated[
        str,
        typer.Argument(
            help="An exercise or a written question, for everything about it; all in short without."
        ),
    ] = "",
    again: Annotated[bool, typer.Option("--again", help=AGAIN)] = False,
    trust_submissions: Annotated[bool, typer.Option("--trust-submissions", help=TRUST)] = False,
) -> None:
    """Say where each point of a student came from.

    The total as a sum: as judged, set by hand, written answers, bonus, late. For each exercise its criteria with their
    points, and for what is not met: what was run, what came out, what was expected, the likely cause. What somebody has
    set by hand, bonuses and comments stand with it. With EXERCISE also the seed of its inputs and the answer.

    It tells of what is *recorded*: the answers in autograded/ and the result that was kept. If something else was handed
    in since, or the test has changed, it says so. Nothing is written, also not by --again.

    Examples: `grader explain "Ada Berg" ch1_xor`; `grader explain ada ch1_xor mse --again`.

    Exit status: 0 it is said, 1 with --again something came out differently, 2 there is no such student, chapter or
    exercise, or nothing of it is graded.
    """
    from grader.gradebook import recorded
    from grader.pages.explaining import differs
    from grader.pages.explaining import explain as lines

    course = Course.find()
    course.check_chapter(chapter)
    config = course.config()
    found = recorded.recorded(course, chapter, student, config)
    if exercise:
        recorded.check_exercise(chapter, found.score, exercise)
    repeated = None
    if again:
        with err.status("marking once more"):
            repeated = recorded.marked_again(found, course, config, trusted=trust_submissions)
    for line in lines(course, found, exercise, repeated):
        out.print(escape(_wrapped(line)), soft_wrap=True)
    if repeated is not None and differs(found, exercise, repeated):
        raise typer.Exit(1)
