"""`grader marks`: marks into the table that a learning platform gave."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from grader.commands.app import app, err, out, relative
from grader.course import Course, CourseError
from grader.marking.text import visible

if TYPE_CHECKING:
    from grader.term.lms_marks import Filling, Line

MOST_NEW = 30
"""Marks that the platform had none of, of which a line each is shown."""


@app.command()
def marks(
    chapter: Annotated[str, typer.Argument(help="For example ch1_xor.")],
    moodle: Annotated[
        Path | None, typer.Option("--moodle", metavar="WORKSHEET", help="Moodle's grading worksheet (CSV).")
    ] = None,
    canvas: Annotated[
        Path | None, typer.Option("--canvas", metavar="GRADEBOOK", help="Canvas's gradebook, exported (CSV).")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="By default beside it: NAME-CHAPTER.csv.")
    ] = None,
    column: Annotated[
        str, typer.Option("--column", help="The title of the column, where it cannot be told.")
    ] = "",
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="Leave whoever is still to be marked as the file has them.")
    ] = False,
    scale: Annotated[
        bool, typer.Option("--scale", help="Convert to the platform's maximum, where that is another.")
    ] = False,
    who: Annotated[
        list[str] | None, typer.Option("--who", help="NAME_IN_FILE=ID, for a line that may be two people.")
    ] = None,
) -> None:
    """Fill in the marks of a chapter in the file that Moodle or Canvas gave, and show what changes against it.

    The file stays; a new one is written beside it in which nothing but the marks is different, to be uploaded as it is.
    Points are those of the gradebook: marks given by hand, bonuses and late penalties are in them. Whoever handed in
    nothing gets an empty cell: 0 means that nothing was right. While something is still to be marked by hand, nothing is
    written, unless you say --incomplete: then those cells stay as they are.

    Moodle: Assignment → View all submissions → Download grading worksheet ("Offline grading worksheet" has to be
    enabled), and Upload grading worksheet. Canvas: Grades → Export, and Import.

    Exit status: 0 written, 1 written, and some lines could not be filled in, 2 nothing was written.
    """
    from grader.term import lms_file

    if (moodle is None) == (canvas is None):
        raise CourseError("say one of --moodle WORKSHEET.csv and --canvas GRADEBOOK.csv")
    course = Course.find()
    course.check_chapter(chapter)
    source = moodle or canvas
    assert source is not None
    file = lms_file.read(source)
    target = output or source.with_name(f"{source.stem}-{chapter}{source.suffix or '.csv'}")
    made = filling(course, chapter, file, "moodle" if moodle else "canvas", column, scale, who or [])
    _refuse(made, chapter, incomplete)
    made.apply()
    file.write(target)
    show(made)
    out.print(f"written   {escape(relative(target.resolve()))}", soft_wrap=True)
    if course.has_new(chapter):
        err.print(
            f"[yellow]note:[/] somebody has handed in since: `grader grade {chapter}` first", soft_wrap=True
        )
    if made.by_state("ambiguous") or made.by_state("unknown"):
        raise typer.Exit(1)


def filling(
    course: Course, chapter: str, file: object, platform: str, column: str, scale: bool, who: list[str]
) -> Filling:
    """What each line of the file becomes."""
    from grader.batch import readable_database
    from grader.gradebook.calls import has_gradebook
    from grader.gradebook.changing import released_cells
    from grader.gradebook.scores import of_chapter
    from grader.marking.submission import load_released
    from grader.term import lms_file, lms_marks

    assert isinstance(file, lms_file.LmsFile)
    told = {}
    for text in who:
        name, equals, person = text.rpartition("=")
        if not equals or not name or not person:
            raise CourseError(f"--who {visible(text)}: say it as NAME_IN_FILE=ID")
        told[name] = person
    config = course.config()
    if not has_gradebook(config):
        raise CourseError(f"there is no gradebook yet: `grader grade {chapter}` first")
    with readable_database(config):
        known, roster = of_chapter(chapter, config), lms_marks.everybody(course, config)
    if not known:
        raise CourseError(f"nobody is in the gradebook with {chapter}: `grader grade {chapter}` first")
    possible = sum(
        worth for worth, _ in released_cells(load_released(course.released(chapter))).graded.values()
    )
    return lms_marks.fill(
        course,
        chapter,
        file,
        platform,
        roster,
        known,
        possible=possible,
        column=column,
        scale=scale,
        told=told,
    )


def _refuse(made: Filling, chapter: str, incomplete: bool) -> None:
    waiting = made.by_state("waiting")
    if incomplete or not waiting:
        return
    reasons: dict[str, list[str]] = {}
    for line in waiting:
        assert line.person is not None
        reasons.setdefault(line.why, []).append(visible(line.person.id))
    said = "; ".join(
        f"{len(ids)} {why} ({', '.join(ids[:6])}{', …' if len(ids) > 6 else ''})"
        for why, ids in reasons.items()
    )
    raise CourseError(
        f"not finished: {said}. `grader written {chapter}` marks, `grader grade {chapter}` grades; --incomplete leaves "
        "these as the file has them"
    )


def show(made: Filling) -> None:
    """What changes against the file, a line each, and the counts."""
    out.print(f"column    {escape(visible(made.column))}", soft_wrap=True)
    changed = [line for line in made.lines if line.changes and line.before]
    new = [line for line in made.lines if line.changes and not line.before]
    for line in [*changed, *new[:MOST_NEW]]:
        out.print(escape(_shown(line)), soft_wrap=True)
    if len(new) > MOST_NEW:
        out.print(f"… and {len(new) - MOST_NEW} more that had no mark")
    emptied = [line for line in changed if not line.after]
    graded = made.by_state("graded")
    counts = {
        "new": len(new), "changed": len(changed) - len(emptied), "emptied": len(emptied),
        "as before": sum(not line.changes for line in graded),
        "handed in nothing": len(made.by_state("nothing")), "left, not finished": len(made.by_state("waiting")),
        "left, not to be changed there": len(made.by_state("locked")),
    }  # fmt: skip
    told = ", ".join(f"{n} {what}" for what, n in counts.items() if n)
    out.print(f"{len(made.lines)} lines: {told or 'nothing to fill in'}", soft_wrap=True)
    for line in (*made.by_state("ambiguous"), *made.by_state("unknown")):
        why = (
            f"{line.why}: --who '{visible(line.called)}=ID' says who"
            if line.why
            else "nobody here is called so"
        )
        err.print(
            f"left      line {line.row.line}, {escape(visible(line.called))}: {escape(why)}", soft_wrap=True
        )
    for line in made.above:
        err.print(
            f"[yellow]note:[/] {escape(visible(line.called))} has {line.after}, more than the platform's maximum",
            soft_wrap=True,
        )
    for student, points in made.absent[:MOST_NEW]:
        err.print(
            f"[yellow]note:[/] {escape(visible(student))} has {points:g} points and no line in the file",
            soft_wrap=True,
        )
    if len(made.absent) > MOST_NEW:
        err.print(f"… and {len(made.absent) - MOST_NEW} more without a line")


def _shown(line: Line) -> str:
    name = visible(line.called)
    who = "" if line.person is None or line.person.id == line.called else f" ({visible(line.person.id)})"
    nothing = "  handed in nothing" if line.state == "nothing" else ""
    return f"  {name}{who}: {visible(line.before) or '–'} → {line.after or 'empty'}{nothing}"
