"""`grader written`: written answers to read on one page, and to mark in one table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from grader.commands.app import app, err, out, relative
from grader.course import Course, CourseError
from grader.marking.text import visible

if TYPE_CHECKING:
    from grader.gradebook.hand_marks import Answer, Given, Question
    from grader.term.marking_sheet import Filled


@app.command()
def written(
    chapter: Annotated[str, typer.Argument(help="For example ch1_xor.")],
    read: Annotated[
        Path | None,
        typer.Option("--read", metavar="FILE", help="Record the points and comments of a table filled in."),
    ] = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Also where somebody gave another mark since the table was written."
        ),
    ] = False,
) -> None:
    """Write a page for each written question, with all answers, and a table to mark them in; or read that table.

    The page stands in reports/written-CHAPTER-QUESTION.html and works without a network: question, model answer and
    rubric, then every answer once, with all who gave it, those to mark first. Fill in the columns points and comment of
    reports/written-CHAPTER.csv; a line counts for all students in it, and can be made into several. Points may be
    written 0.5, 0,5 or ½; `⏎` is a new line in a comment.

    `--read` records all of a table or, if one of its lines does not fit, nothing. A mark that somebody gave since the
    table was written, in Formgrader for example, is kept unless you agree. Empty points leave an answer to be marked.

    Exit status: 0 done, 1 newer marks were kept, 2 nothing was done.
    """
    course = Course.find()
    course.check_chapter(chapter)
    if overwrite and read is None:
        raise CourseError("--overwrite goes with --read FILE")
    if read is None:
        write_pages(course, chapter)
    elif read_marks(course, chapter, read, overwrite):
        raise typer.Exit(1)


def write_pages(course: Course, chapter: str) -> None:
    """Write the pages and the table of a chapter."""
    from grader.pages import written as pages
    from grader.term import marking_sheet

    asked, answers = _answers(course, chapter)
    groups = marking_sheet.grouped(answers)
    table = marking_sheet.place_of(course, chapter)
    made: list[tuple[Question, Path]] = []
    for question in asked:
        mine = [g for g in groups if g.question == question.name]
        away = {
            a.student: f"what was handed in is not in autograded/: run grader grade {chapter}"
            for a in answers
            if a.question == question.name and a.text is None
        }
        with err.status(f"{question.name}: {len(mine)} answers"):
            made.append((question, pages.write_page(course, chapter, question, mine, away, relative(table))))
    marking_sheet.write(course, chapter, asked, groups)
    for question, path in made:
        theirs = [a for a in answers if a.question == question.name]
        blank, to_mark = sum(a.blank for a in theirs), sum(a.waiting for a in theirs)
        out.print(
            f"{question.name}: {len(theirs)} handed in, {to_mark} to mark, {blank} blank",
            soft_wrap=True,
        )
        out.print(f"page      {escape(relative(path))}", soft_wrap=True)
    out.print(f"table     {escape(relative(table))}", soft_wrap=True)
    if course.has_new(chapter):
        err.print(
            f"[yellow]note:[/] somebody has handed in since: `grader grade {chapter}` first", soft_wrap=True
        )


def _answers(course: Course, chapter: str) -> tuple[list[Question], list[Answer]]:
    from grader.batch import readable_database
    from grader.gradebook import hand_marks
    from grader.gradebook.calls import has_gradebook

    asked = hand_marks.questions(course, chapter)
    if not asked:
        raise CourseError(f"{chapter} has no written question")
    config = course.config()
    answers: list[Answer] = []
    if has_gradebook(config):
        with readable_database(config):
            answers = hand_marks.answers(course, chapter, config)
    if not answers:
        raise CourseError(f"nobody is in the gradebook with {chapter}: `grader grade {chapter}` first")
    return asked, answers


def read_marks(course: Course, chapter: str, path: Path, overwrite: bool) -> bool:
    """Record what a table says; whether newer marks were kept."""
    from grader.batch import alone, readable_database
    from grader.gradebook import hand_marks
    from grader.term import marking_sheet

    with alone(course):
        asked, answers = _answers(course, chapter)
        filled = marking_sheet.read(path, asked, answers)
        if filled.refused:
            for line in filled.refused:
                err.print(f"{escape(visible(str(path)))}, {escape(line)}", soft_wrap=True)
            raise CourseError(f"{len(filled.refused)} lines do not fit: nothing was recorded")
        given = list(filled.given)
        if filled.newer and (overwrite or _agreed(filled)):
            given += filled.newer
            filled.newer.clear()
        config = course.config()
        if given:
            with readable_database(config):
                hand_marks.record(course, chapter, config, given)
    marks, comments = sum(g.points is not None for g in given), sum(g.comment is not None for g in given)
    settled = {(g.answer.student, g.answer.question) for g in given if g.points is not None}
    left = sum(a.waiting and (a.student, a.question) not in settled for a in answers)
    out.print(
        f"{marks} marks and {comments} comments recorded, {filled.unchanged} answers as before; {left} still to mark"
    )
    for one in filled.newer:
        err.print(f"kept      {escape(_newer(one))}", soft_wrap=True)
    if filled.newer:
        err.print("these were marked since the table was written: --overwrite replaces them")
    if given:
        out.print(
            f"`grader grade {chapter}` puts them on the feedback pages and into the report", soft_wrap=True
        )
    return bool(filled.newer)


def _agreed(filled: Filled) -> bool:
    """Ask whether newer marks may be replaced; without a terminal they may not."""
    if not sys.stdin.isatty():
        return False
    for one in filled.newer:
        err.print(f"newer     {escape(_newer(one))}", soft_wrap=True)
    return typer.confirm("These were marked since the table was written. Replace them?", err=True)


def _newer(one: Given) -> str:
    now, then = one.answer, list[str]()
    if one.points is not None:
        before = "no" if now.points is None else f"{now.points:g}"
        then.append(f"{before} points → {one.points:g}")
    if one.comment is not None:
        then.append(f"comment {now.comment!r} → {one.comment!r}")
    return visible(f"{now.student}, {now.question}: {', '.join(then)}")
