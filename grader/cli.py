"""The command line for instructors and authors."""

from __future__ import annotations

import contextlib
import logging
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from fnnkit.exercises import exercise as find_exercise
from fnnkit.exercises import exercises
from grader import sandbox
from grader.course import Course, CourseError, put_scripts_on_path

app = typer.Typer(
    help="Build the course, grade a class safely, and test the tests.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
TRUST = "Run submissions without a sandbox. Only for code that you wrote yourself."


def run() -> None:
    """Run the command line; what is wrong is one line on standard error and exit status 1."""
    put_scripts_on_path()
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module="nbgrader")
    warnings.filterwarnings("ignore", module="sqlalchemy")
    try:
        app()
    except* (CourseError, sandbox.SandboxUnavailable) as group:
        problem: BaseException = group
        while isinstance(problem, BaseExceptionGroup):
            problem = problem.exceptions[0]
        err.print(f"[bold red]grader:[/] {escape(str(problem))}", soft_wrap=True)
        sys.exit(1)


@contextlib.contextmanager
def bars() -> Iterator[Any]:
    """A progress bar for each phase of a batch, on standard error."""
    from grader.batch import Progress

    columns = (
        TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.fields[last]}"),
    )  # fmt: skip
    with Bars(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        task = shown.add_task("", total=None, last="")

        def total(what: str, n: int) -> None:
            shown.reset(task, description=what, total=n, last="")

        def step(what: str) -> None:
            shown.update(task, advance=1, last=escape(what))

        yield Progress(total, step)


@app.command()
def build(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all by default.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a committed notebook is stale.")
    ] = False,
) -> None:
    """Build both notebooks of each chapter from solutions/CHAPTER.py."""
    from grader.build import build as build_chapters
    from grader.build import stale, write

    course = Course.find()
    built = build_chapters(course, chapters)
    if check:
        old = stale(course, built)
        for path in old:
            err.print(
                f"[bold red]stale:[/] {path.relative_to(course.root)}: run `grader build` and commit it",
                soft_wrap=True,
            )
        if old:
            raise typer.Exit(1)
        out.print(
            f"{len(built)} chapter{'s' if len(built) != 1 else ''}: notebooks are fresh, and give no solution away"
        )
        return
    changed = write(course, built)
    for path in changed:
        out.print(f"wrote {path.relative_to(course.root)}")
    if not changed:
        out.print("nothing to do: all notebooks are fresh")


@app.command()
def init(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all by default.")] = None,
) -> None:
    """Register the chapters in the gradebook, so that `nbgrader autograde` and Formgrader know them."""
    from grader import gradebook

    course = Course.find()
    for chapter in chapters or [
        p.parent.name for p in sorted((course.root / "course").glob("ch*/ch*.ipynb"))
    ]:
        course.check_chapter(chapter)
        gradebook.register(course, chapter)
        points = sum(e.worth for e in exercises(chapter))
        out.print(f"{chapter}: registered, {points:g} points judged, written answers on top")
    course.secret()


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
) -> None:
    """Grade all submissions of a chapter that are new or changed, and write feedback pages and a report."""
    course = Course.find()
    batch = _grade(
        course, chapter, student or [], jobs, trust_submissions, course.root / "reports" / f"{chapter}.html"
    )
    if batch.by_state("failed"):
        raise typer.Exit(1)


@app.command()
def demo(
    students: Annotated[int, typer.Option("--students", min=1, max=2000, help="Size of the class.")] = 24,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed makes another class.")] = 1,
    chapter: Annotated[str, typer.Option("--chapter", help="Which chapter they hand in.")] = "ch1_xor",
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Notebooks marked at the same time.")
    ] = None,
) -> None:
    """Make up a class in demo/, grade it, and show what an instructor gets."""
    from grader.demo import MARKER, make_class

    repository = Course.find()
    if (repository.root / MARKER).exists():  # called from inside a demo
        repository = Course(repository.root.parent)
    repository.check_chapter(chapter)
    course = make_class(repository, chapter, students, seed)
    trusted = not sandbox.available()
    if trusted:
        err.print(
            "[yellow]note:[/] there is no working bubblewrap here, so this class, which is made up, is graded as with "
            "--trust-submissions. Install the package `bubblewrap` before you grade real ones.",
            soft_wrap=True,
        )
    _grade(course, chapter, [], jobs, trusted, course.root / "report.html")
    # Broken submissions are part of the class: that they are reported is what it shows.


def _grade(
    course: Course, chapter: str, students: list[str], jobs: int | None, trusted: bool, report: Path
) -> Any:
    from grader.batch import grade as grade_batch
    from grader.report import scores, write_feedback, write_report

    try:
        with bars() as progress:
            batch = grade_batch(
                course, chapter, students, jobs=jobs, trust_submissions=trusted, progress=progress
            )
        known = scores(batch, course.config())
        pages = write_feedback(batch, known)
        if not students:
            write_report(batch, report, known)
    except KeyboardInterrupt:
        err.print("stopped; what was graded so far is kept, run the same command again to go on")
        raise typer.Exit(130) from None
    _table(batch, known)
    failed, unchanged = batch.by_state("failed"), batch.by_state("unchanged")
    if not batch.by_state("graded") and unchanged:
        out.print(
            f"nothing has changed: {len(unchanged)} graded before"
            + (f", {len(failed)} still broken" if failed else "")
        )
    else:
        out.print(f"{len(batch.by_state('graded'))} graded, {len(unchanged)} unchanged, {len(failed)} failed")
    modes = sorted({e.marking.mode or "none: submissions were trusted" for e in batch.entries if e.marking})
    if modes:
        out.print(f"sandbox   {', '.join(modes)}")
    if pages:
        out.print(f"feedback  {_relative(course.root / 'feedback')}/STUDENT/{chapter}/{chapter}.html")
    out.print(f"gradebook {_relative(course.root / 'gradebook.db')}")
    if not students:
        out.print(f"report    {_relative(report)}")
    return batch


def _table(batch: Any, known: dict[str, Any]) -> None:
    asked = [e for e in exercises(batch.chapter) if e.core]
    table = Table(title=f"{batch.chapter}", title_justify="left", header_style="bold")
    table.add_column("student", overflow="fold", min_width=14)
    for e in asked:
        table.add_column(f"{e.name}", justify="right", no_wrap=True)
    table.add_column("written", justify="right")
    table.add_column("total", justify="right")
    for entry in batch.entries:
        if entry.marking is None or entry.state == "failed":
            table.add_row(f"[red]{escape(entry.student)}[/]", *["–" for _ in asked], "", "[red]failed[/]")
            continue
        points = []
        for e in asked:
            verdict = entry.marking.verdicts.get(e.name)
            colour = "green" if verdict and verdict.solved else "default"
            points.append(f"[{colour}]{verdict.points:g}[/]/{e.points:g}" if verdict else "–")
        score = known.get(entry.student)
        by_hand = sum(v or 0 for v in score.manual.values()) if score else 0
        written = "to mark" if score and score.to_mark else f"{by_hand:g}"
        total = f"{score.total:g}/{score.possible:g}" if score else ""
        table.add_row(escape(entry.student), *points, written, total)
    out.print(table)
    for entry in batch.by_state("failed"):
        err.print(f"[bold red]{escape(entry.student)}:[/] {escape(entry.message)}", soft_wrap=True)


@app.command()
def audit(
    name: Annotated[str | None, typer.Argument(help="One exercise; all by default.")] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Sets of inputs for each answer.")] = 50,
    attacks: Annotated[
        bool,
        typer.Option(
            "--attacks",
            help="Hand in hostile notebooks. NAME chooses: marks, machine, grader, people, a kind, a name.",
        ),
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Attacks tried at the same time.")
    ] = None,
) -> None:
    """Test the tests: wrong answers must lose marks and be named, right ones must not.

    With --attacks: each hostile notebook is graded in a class of three. The two honest ones keep their marks, the attacker
    gains nothing, the grader ends in time, and no process, mount, descriptor or file is left.
    """
    if attacks:
        _audit_attacks(name, jobs)
        return
    from fnnkit.exercises import chapter_ids
    from grader.audit import audit as audit_exercise

    try:
        asked = [find_exercise(name)] if name else [e for c in chapter_ids() for e in exercises(c)]
    except ValueError as unknown:
        raise CourseError(str(unknown)) from None
    table = Table(header_style="bold")
    for title in ("exercise", "named", "mutants", "equiv.", "survived", "correct", "refused", "s"):
        table.add_column(title, justify="left" if title == "exercise" else "right", no_wrap=True)
    found = []
    with err.status("auditing") as status:
        for one in asked:

            def told(what: str, name: str = one.name) -> None:
                status.update(f"{name}: {escape(what)}")

            found.append(audit_exercise(one, seeds, told))
    for a in found:
        table.add_row(
            a.exercise, str(a.misconceptions), str(a.mutants), str(a.equivalent), str(a.survived), str(a.right),
            str(a.refused), f"{a.seconds:.1f}",
        )  # fmt: skip
    out.print(table)
    faults = [(a.exercise, fault) for a in found for fault in a.faults]
    for where, fault in faults:
        err.print(f"[bold red]{where}:[/] {escape(fault)}", soft_wrap=True)
    wrong, survived = sum(a.wrong for a in found), sum(a.survived for a in found)
    right, refused = sum(a.right for a in found), sum(a.refused for a in found)
    out.print(f"{wrong} wrong answers, {survived} survived; {right} correct answers, {refused} refused")
    if faults:
        raise typer.Exit(1)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Try every layer of the sandbox on this machine; say what holds, and what to do where it does not.

    Exit status 1 if something that grading depends on does not hold.
    """
    from fnnkit.exercises import chapter_ids
    from grader import doctor as layers

    found = []
    with err.status("trying") as status:
        for check in layers.examine(chapter_ids()[0]):
            found.append(check)
            status.update(f"trying: after {check.layer}")
            if not as_json:
                mark = {
                    "ok": "[green]ok    [/]",
                    "failed": "[bold red]failed[/]",
                    "absent": "[yellow]absent[/]",
                }[check.state]
                advice = f" → {escape(check.advice)}" if check.state == "failed" and check.advice else ""
                out.print(f"{mark} {check.layer:<30} {escape(check.said)}{advice}", soft_wrap=True)
    if as_json:
        print(layers.as_json(found))
    # Without namespaces Landlock stands in for them: that alone is no failure.
    stands_in = any(c.layer == "mode" and c.said == "landlock" for c in found)
    if any(
        c.state == "failed" and not (stands_in and c.layer in ("bubblewrap", "namespaces")) for c in found
    ):
        raise typer.Exit(1)


def _audit_attacks(name: str | None, jobs: int | None) -> None:
    """Try the attacks, show what came of each; fail if one has succeeded."""
    try:
        from grader.attacks.suite import chosen, outcomes
    except ModuleNotFoundError:
        raise CourseError("the attacks are not installed: run it in a clone of the course") from None
    course = Course.find()
    course.check_chapter("ch1_xor")
    mode = sandbox.mode()
    asked = chosen(name)
    table = Table(header_style="bold")
    for title in ("against", "kind", "attack", "it tries this", "held", "s"):
        table.add_column(title, justify="right" if title == "s" else "left")
    faults, aim = [], ""
    with bars() as progress:
        progress.total("attacks", len(asked))
        for outcome in outcomes(asked, course.root, jobs):
            attack = outcome.attack
            if aim and attack.aim != aim:
                table.add_section()
            aim = attack.aim
            held = "[bold red]no[/]" if outcome.faults else "[green]yes[/]"
            table.add_row(aim, attack.kind, attack.name, attack.tries, held, f"{outcome.seconds:.0f}")
            faults += [(attack.name, fault) for fault in outcome.faults]
            progress.step(attack.name)
    out.print(table)
    for where, fault in faults:
        err.print(f"[bold red]{escape(where)}:[/] {escape(fault)}", soft_wrap=True)
    broken = len({where for where, _ in faults})
    out.print(f"{len(asked)} attacks, each in a class of three: {broken} succeeded (sandbox: {mode})")
    if broken:
        raise typer.Exit(1)


def _relative(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
