"""`grader report`: the class over all chapters."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from rich.markup import escape

from grader.commands.app import app, bars, err, out, relative
from grader.course import Course, CourseError
from grader.marking.text import visible
from grader.sandbox import modes

TRUST = "Submissions were graded with --trust-submissions, and may be run so again."


@app.command()
def report(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all by default.")] = None,
    no_run: Annotated[
        bool,
        typer.Option("--no-run", help="Run nothing: wrong answers are grouped by their texts alone."),
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Notebooks run at the same time.")
    ] = None,
    trust_submissions: Annotated[bool, typer.Option("--trust-submissions", help=TRUST)] = False,
) -> None:
    """Write pages about the class: all chapters, all students, every exercise. Marks nothing.

    reports/class.html has who handed in what, who is missing or late, and how hard each exercise was; each exercise has a page
    with its criteria, its students and their code. Wrong answers that nobody has named are run once more in the sandbox, all
    on the same inputs, and those that give the same stand together. To name a group, copy its heading into mistakes.txt and
    write below it what students are to be told: the next `grader grade` tells all of them, and moves no mark.
    reports/class/copies.html shows pairs of students to look at. All of this is for you; students get none of it.
    """
    course = Course.find()
    for chapter in chapters or ():
        course.check_chapter(chapter)
    from grader.batch import alone, readable_database
    from grader.pages import class_pages, classroom, unnamed
    from grader.term import people

    wanted = [c for c in course.handed_out() if not chapters or c in chapters]
    if not wanted:
        raise CourseError("there is no chapter yet: run `grader build`")
    run = not no_run and (trust_submissions or modes.available())
    if not run and not no_run:
        err.print(
            "[yellow]note:[/] there is no sandbox here, so wrong answers are grouped by their texts alone",
            soft_wrap=True,
        )
    try:
        with alone(course), readable_database(course.config()):
            with bars() as told:
                roster = {p.id: "" if p.name == p.id else p.name for p in people.kept(course).people}
                about = classroom.gather(
                    course, wanted, roster, trusted=trust_submissions, run=run,
                    jobs=jobs or len(os.sched_getaffinity(0)) + 1, told=classroom.Told(told.total, told.step),
                )  # fmt: skip
            with err.status("writing") as status:
                made = class_pages.write(about, lambda what: status.update(escape(what)))
    except KeyboardInterrupt:
        err.print("stopped; the pages that were there before stay")
        raise typer.Exit(130) from None
    if not about.students:
        raise CourseError(f"nobody has handed in anything yet, and there is no roster (in {course.root})")
    _tell(about, made, relative(made.first), unnamed.NAMES)


def _tell(about: object, made: object, first: str, names: str) -> None:
    """Say what was found."""
    from grader.pages.class_pages import Written
    from grader.pages.classroom import Class

    assert isinstance(about, Class)
    assert isinstance(made, Written)
    for chapter in about.chapters:
        states = [h.state for h in chapter.handed.values()]
        parts = [f"{len(states)} of {len(about.students)} handed in"]
        parts += [f"{n} missing" for n in [sum(map(chapter.missing, about.students))] if n]
        parts += [f"{n} broken" for n in [states.count("broken")] if n]
        parts += [f"{n} to be graded: grader grade {chapter.id}" for n in [states.count("new")] if n]
        out.print(f"{chapter.id}: {', '.join(parts)}", soft_wrap=True)
    if made.unnamed:
        out.print(
            f"unnamed   {made.unnamed} group{'' if made.unnamed == 1 else 's'} of wrong answers, to be named in {names}"
        )
    for heading in made.unused:
        err.print(
            f"[yellow]note:[/] {names} names {escape(visible(heading))}, which nobody gives (any more)",
            soft_wrap=True,
        )
    if made.pairs:
        out.print(f"alike     {made.pairs} pair{'' if made.pairs == 1 else 's'} of students to look at")
    out.print(f"class     {first}, and a page for each of {made.exercises} exercises", soft_wrap=True)
