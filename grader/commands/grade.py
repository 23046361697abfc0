"""`grader grade`: a class in one command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from grader import interrupts
from grader.commands import cluster_options, marks_by_hand, telling
from grader.commands.app import app, bars, err, out, relative
from grader.commands.telling import Log
from grader.course import Course, CourseError, WouldDrop
from grader.disk import trouble
from grader.marking import ready
from grader.marking.text import visible
from grader.sandbox import modes

if TYPE_CHECKING:
    from grader.cluster.address import Place

TRUST = "Run submissions without a sandbox. Only for code that you wrote yourself."
DROP = "Take marks of what is no longer in the chapter out of the gradebook; they are kept in reports/removed-CHAPTER.csv."
CAUSES = (
    "Once all marks are recorded, look where in the code the mistake of each wrong answer is, and say it on the feedback "
    "page; Ctrl-C ends that, and no mark is lost."
)
SOLUTIONS = (
    "Show reference answers on the feedback pages, once the chapter is due for everybody, extensions included; in "
    "nbgrader_config.py: c.FeedbackPages.solutions = True."
)
DRY = "Say what would change, and why, and write nothing: the gradebook, results and pages stay as they are."
YES = "Keep marks that were set by hand for an answer that has changed since, without asking."


@app.command()
def grade(
    chapter: Annotated[str, typer.Argument(help="For example ch1_xor.")],
    student: Annotated[
        list[str] | None, typer.Option("--student", "-s", help="Only this one; may be repeated.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Notebooks marked at the same time.")
    ] = None,
    trust_submissions: Annotated[bool, typer.Option("--trust-submissions", help=TRUST)] = False,
    drop_removed: Annotated[bool, typer.Option("--drop-removed", help=DROP)] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Mark and record everything again, changed or not.")
    ] = False,
    causes: Annotated[bool, typer.Option("--causes/--no-causes", help=CAUSES)] = True,
    cluster: cluster_options.Cluster = None,
    scheduler_file: cluster_options.SchedulerFile = None,
    tls_ca_file: cluster_options.CaFile = None,
    tls_cert: cluster_options.Certificate = None,
    tls_key: cluster_options.Key = None,
    solutions: Annotated[bool | None, typer.Option("--solutions/--no-solutions", help=SOLUTIONS)] = None,
    before_deadline: Annotated[
        bool, typer.Option("--before-deadline", help="Show them although somebody can still hand in.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=DRY)] = False,
    yes: Annotated[bool, typer.Option("--yes", help=YES)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say everything in JSON, for programs.")] = False,
    log: Annotated[Path | None, typer.Option("--log", help="Add lines with times to this file.")] = None,
) -> None:
    """Grade all submissions of a chapter that are new or changed, and write feedback pages and a report.

    What became of marks that were there before is shown with its reason, and added to reports/changes-CHAPTER.csv. Marks
    given by hand stay; where one was set for an answer that has changed since, you are asked. `grader explain` says where
    the points of one student come from.

    Exit status: 0 all are graded, 1 some are not (a line says why), 2 the grader could not work.
    """
    course = Course.find()
    if before_deadline and not solutions:
        raise CourseError("--before-deadline goes with --solutions")
    report = course.root / "reports" / f"{chapter}.html"
    place = cluster_options.place(cluster, scheduler_file, tls_ca_file, tls_cert, tls_key, jobs)

    def run(drop: bool) -> Any:
        return grade_chapter(
            course, chapter, student or [], jobs, trust_submissions, report, drop, force, as_json, causes, place,
            (solutions, before_deadline), dry_run,
        )  # fmt: skip

    lines = Log(log)
    lines.say(f"grading {chapter}")
    try:
        batch = run(drop_removed)
    except WouldDrop as problem:
        if not sys.stdin.isatty():
            raise
        err.print(f"[yellow]note:[/] {escape(visible(str(problem)))}", soft_wrap=True)
        if not typer.confirm("Take them out, and go on?", err=True):
            raise typer.Exit(2) from None
        batch = run(True)
    except (CourseError, modes.SandboxUnavailable) as problem:
        lines.say(f"stopped: {problem}")
        raise
    if marks_by_hand.asked(batch, yes=yes, silent=as_json):
        batch = run(drop_removed)
    for entry in batch.entries:
        lines.say(": ".join(filter(None, (entry.student, entry.state, entry.message or entry.note))))
    if batch.by_state("failed"):
        raise typer.Exit(1)


def grade_chapter(
    course: Course,
    chapter: str,
    students: list[str],
    jobs: int | None,
    trusted: bool,
    report: Path,
    drop_removed: bool = False,
    force: bool = False,
    as_json: bool = False,
    causes: bool = True,
    place: Place | None = None,
    solutions: tuple[bool | None, bool] = (None, False),
    dry_run: bool = False,
) -> Any:
    """Grade a chapter with progress on the terminal, write the pages, show the table."""
    _check(course, chapter)
    pages: list[Path] = []
    broken = said = ""
    pool = cluster_options.pool(place, chapter, trusted) if place is not None else None
    if pool is None and not trusted:
        ready.begin(course, chapter, anyhow=force)
    try:
        from grader.batch import grade as grade_batch
        from grader.gradebook.scores import scores
        from grader.pages.changes import changes

        with bars() as progress:
            batch = grade_batch(
                course, chapter, students, jobs=jobs, trust_submissions=trusted, pool=pool,
                drop_removed=drop_removed, force=force, causes=causes, rehearse=dry_run, progress=progress,
                meanwhile=_get_ready,
            )  # fmt: skip
        told = _explain(batch, trusted)
        with interrupts.held() as stop_if_asked:
            known = batch.after if dry_run else scores(batch, course.config())
            found = changes(batch, known)
            try:
                if not dry_run:
                    where = None if students else report
                    pages, said = _write(batch, known, found, where, stop_if_asked, solutions)
            except OSError as problem:
                broken = trouble(problem)
    except KeyboardInterrupt:
        err.print("stopped; what was graded so far is kept, run the same command again to go on")
        raise typer.Exit(130) from None
    if as_json:
        _tell_programs(batch, known, found)
    else:
        tell(batch, known, found, pages, None if students else report, told)
    _say_what_is_left(batch)
    if said:
        err.print(f"[yellow]note:[/] {escape(said)}", soft_wrap=True)
    if broken:
        err.print(
            f"[bold red]grader:[/] not all pages could be written: {escape(visible(broken))}", soft_wrap=True
        )
        raise typer.Exit(2)
    return batch


def _get_ready() -> None:
    """Import what writes pages and tables, and compile their templates."""
    from grader.pages import feedback, reference_answers, report, table  # noqa: F401
    from grader.pages.rendering import TEMPLATES
    from grader.term import marks, naming  # noqa: F401

    for name in ("page.html", "feedback.html", "report.html"):
        TEMPLATES.get_template(name)


def _check(course: Course, chapter: str) -> None:
    """Say what is wrong with the chapter, or with the names of mistakes, before anything is done."""
    from grader.pages.unnamed import names

    course.check_chapter(chapter)
    names(course.root)


def _explain(batch: Any, trusted: bool) -> int:
    """Put the instructor's words for mistakes into the verdicts; of how many answers."""
    from grader.pages.unnamed import explain

    return explain(batch, batch.course.config(), trusted)


def _write(
    batch: Any, known: dict[str, Any], found: list[Any], report: Path | None, between: Callable[[], None],
    solutions: tuple[bool | None, bool],
) -> tuple[list[Path], str]:  # fmt: skip
    """Write tables and pages, and the report if a whole class was graded; a line about answers that are not shown."""
    from grader.pages.changes import keep_changes
    from grader.pages.feedback import write_feedback
    from grader.pages.reference_answers import to_show
    from grader.pages.report import write_report
    from grader.term.marks import write_marks

    keep_changes(batch, found)
    references, said = to_show(batch.course, batch.chapter, batch.course.config(), *solutions)
    pages = write_feedback(batch, known, between, references)
    write_marks(batch)
    if report is not None:
        for path in dict.fromkeys((batch.course.root / "reports" / f"{batch.chapter}.html", report)):
            write_report(batch, path, known)
    return pages, said


def _tell_programs(batch: Any, known: dict[str, Any], found: list[Any]) -> None:
    print(telling.as_json(batch, known, found))
    for entry in batch.by_state("failed"):
        err.print(f"{escape(visible(entry.student))}: {escape(visible(entry.message))}", soft_wrap=True)


def _say_what_is_left(batch: Any) -> None:
    """Say that the search for causes has not come to its end."""
    if batch.causes_left:
        err.print(
            f"[yellow]note:[/] {batch.causes_left} wrong answers were not searched for their cause; all marks are recorded, "
            "and the same command goes on",
            soft_wrap=True,
        )


def _say_who_is_missing(course: Course, chapter: str) -> None:
    """Name those of the roster who did not hand in, and those who did and are not in it."""
    from grader.term.naming import attendance

    missing, unknown = attendance(course, chapter)
    if missing:
        out.print(f"{len(missing)} handed in nothing: {escape(visible(', '.join(missing)))}", soft_wrap=True)
    if unknown:
        out.print(f"not in the roster: {escape(visible(', '.join(unknown)))}", soft_wrap=True)


def tell(
    batch: Any, known: dict[str, Any], found: list[Any], pages: list[Path], report: Path | None, told: int = 0
) -> None:
    """Say what was graded, and where it is."""
    course, chapter = batch.course, batch.chapter
    show_table(batch, known)
    for line in batch.changes.lines() if batch.changes else ():
        out.print(f"changed   {escape(visible(line))}", soft_wrap=True)
    _say_who_is_missing(course, chapter)
    failed, unchanged = batch.by_state("failed"), batch.by_state("unchanged")
    if not batch.by_state("graded") and unchanged:
        out.print(
            f"nothing has changed: {len(unchanged)} graded before"
            + (f", {len(failed)} still broken" if failed else "")
        )
    else:
        out.print(f"{len(batch.by_state('graded'))} graded, {len(unchanged)} unchanged, {len(failed)} failed")
    marks_by_hand.tell_changes(batch, found)
    if batch.rehearsal:
        return
    if told:
        answers = f"{told} answer{'' if told == 1 else 's'}"
        out.print(f"mistakes  {answers} explained in your words, from mistakes.txt")
    used = sorted({e.marking.mode or "none: submissions were trusted" for e in batch.entries if e.marking})
    if used:
        out.print(f"sandbox   {', '.join(used)}")
    if pages:
        out.print(f"feedback  {relative(course.root / 'feedback')}/STUDENT/{chapter}/{chapter}.html")
    out.print(f"gradebook {relative(course.root / 'gradebook.db')}")
    if report is not None:
        out.print(f"report    {relative(report)}")
    out.print(f"marks     {relative(course.root / 'reports' / 'marks.csv')}")


def show_table(batch: Any, known: dict[str, Any]) -> None:
    """The table of a class, and a line for each submission that failed."""
    from grader.pages.table import class_table, lines_by_hand

    table, legend = class_table(batch, known, out.width)
    out.print(table)
    for line in legend:
        out.print(line)
    for entry in batch.entries:
        score = known.get(entry.student)
        if score is not None and score.when:
            out.print(f"{escape(entry.student)}: {score.when}", soft_wrap=True)
        if entry.note and entry.state != "failed":
            out.print(f"{escape(entry.student)}: {escape(entry.note)}", soft_wrap=True)
    for line in lines_by_hand(known, [e.student for e in batch.entries if e.state != "failed"]):
        out.print(escape(visible(line)), soft_wrap=True)
    for entry in batch.by_state("failed"):
        line = f"[bold red]{escape(visible(entry.student))}:[/] {escape(visible(entry.message))}"
        err.print(line, soft_wrap=True)
