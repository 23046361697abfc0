"""The command line for instructors and authors."""

from __future__ import annotations

import contextlib
import gc
import logging
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from fnnkit.exercises import exercises
from grader import edition, interrupts, sandbox, warm
from grader.course import Course, CourseError, put_scripts_on_path

app = typer.Typer(
    help="Build the course, grade a class safely, and test the tests.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
new = typer.Typer(
    help="Lay out the pieces of something new.", no_args_is_help=True, rich_markup_mode="markdown"
)
app.add_typer(new, name="new")
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
MINUTES = 90  # of a chapter, for the exercises that carry points
GARBAGE = 50_000, 20, 50
"""When Python looks for garbage while a class is graded: by itself it does so every 700 objects, 3 ms a submission."""
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
    """Make up a class in demo/, grade it, and show what an instructor gets.

    Some of its students are right, in several styles; some make the registered mistakes; some left cells empty; and
    five handed in broken work: a file that was cut off, an endless loop, a function that ends the process, and check
    cells that were deleted or copied. Nothing outside demo/ is touched. A second run grades nothing again.
    """
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
    course.check_chapter(chapter)
    if not trusted and course.has_new(chapter) and sandbox.available() and sandbox.mode() == "namespaces":
        # What forks kernels takes a second to get ready, and so does what reads notebooks: both at once.
        warm.running(edition.folder(chapter), edition.PROGRAM)
    try:
        from grader.batch import grade as grade_batch
        from grader.report import scores, write_feedback, write_report

        gc.set_threshold(*GARBAGE)
        with bars() as progress:
            batch = grade_batch(
                course, chapter, students, jobs=jobs, trust_submissions=trusted, progress=progress
            )
        with interrupts.held() as stop_if_asked:
            known = scores(batch, course.config())
            pages = write_feedback(batch, known, stop_if_asked)
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
    from grader.table import class_table

    table, legend = class_table(batch, known, out.width)
    out.print(table)
    for line in legend:
        out.print(line)
    for entry in batch.by_state("failed"):
        err.print(f"[bold red]{escape(entry.student)}:[/] {escape(entry.message)}", soft_wrap=True)


@app.command()
def handout(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all by default.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Folder to put it into; dist by default.")] = None,
) -> None:
    """Make what students get: chapters, a wheel of fnnkit, README and requirements, as a folder and as a zip.

    The wheel holds fnnkit alone: no grader, no answers, no solutions, no command and no kernel of the grader. Notebooks
    have to be fresh (`grader build`). Everything, the inside of the wheel too, is searched for what students must not
    get; if there is anything, nothing is written. The same sources give the same bytes.

    Give students the zip. In the unpacked folder: `pip install -r requirements.txt`, then `jupyter lab`.
    """
    from grader.handout import handout as make

    course = Course.find()
    with err.status("") as status:
        made = make(course, chapters or [], to, lambda step: status.update(escape(step)))
    for name in made.files:
        out.print(f"  {name}")
    out.print(f"folder {_relative(made.folder)}\nzip    {_relative(made.archive)}")


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
    from grader.scaffold import plan, unwritten, write

    course = Course.find()
    planned = plan(course, chapter, name, reference, after, minutes, difficulty, core=not further)
    try:
        with err.status("") as status:
            written = write(course, planned, lambda step: status.update(escape(step)))
    except KeyboardInterrupt:
        err.print("stopped; nothing was changed")
        raise typer.Exit(130) from None
    for path in written:
        out.print(f"wrote {_relative(path)}")
    core = sum(e.minutes for e in exercises(chapter) if e.core) + (0 if further else minutes)
    if not further and core > MINUTES:
        out.print(
            f"note: the exercises of {chapter} that carry points now take {core} minutes; {MINUTES} is the aim"
        )
    left = len(unwritten(course, chapter, name))
    out.print(f"next: write the {left} pieces that `grader audit {name}` lists, then `grader build`")


@app.command()
def audit(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Exercises or chapters, such as mse or ch1_xor; all by default."),
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Sets of inputs for each answer.")] = 50,
    attacks: Annotated[
        bool,
        typer.Option(
            "--attacks",
            help="Hand in hostile notebooks. NAMES choose: marks, machine, grader, people, a kind, a name.",
        ),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, help="Exercises, or attacks, at the same time; one a processor by default."
        ),
    ] = None,
) -> None:
    """Test the tests: wrong answers must lose marks and be named, right ones must not.

    For each exercise, over many sets of inputs: the reference and at least three differently written correct answers
    must get full marks; every registered misconception must lose marks and be recognised as itself; every automatic
    mutant of the reference (a sign, an axis, a missing term …) must lose marks, unless it is listed as equivalent with
    a reason. What is not so is one sentence on standard error, and the exit status is 1.

    `grader audit mse` takes seconds; `grader audit ch1_xor` audits a chapter, `grader audit` the
    whole course.

    With --attacks: each hostile notebook is graded in a class of three. The two honest ones keep their marks, the attacker
    gains nothing, the grader ends in time, and no process, mount, descriptor or file is left.
    """
    if attacks:
        for name in names or [""]:
            _audit_attacks(name or None, jobs)
        return
    from grader.audit import Audit, audit_all

    asked = _asked_for(names or [])
    columns = (
        TextColumn("auditing  "), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[last]}"),
    )  # fmt: skip
    try:
        with Bars(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
            task = shown.add_task("", total=len(asked), last="")

            def done(one: Audit) -> None:
                shown.update(task, advance=1, last=escape(one.exercise))

            found = audit_all(asked, seeds, jobs, done)
    except KeyboardInterrupt:
        err.print("stopped")
        raise typer.Exit(130) from None
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("exercise", no_wrap=True, min_width=max(len(a.exercise) for a in found))
    for title in ("named", "mutants", "equal", "survived", "correct", "refused", "s"):
        table.add_column(title, justify="right", no_wrap=True)
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
def export(
    what: Annotated[str, typer.Argument(help="A chapter, such as ch1_xor, or the path of a notebook.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The page; exports/NAME.html by default.")
    ] = None,
    released: Annotated[
        bool, typer.Option("--released", help="Of a chapter: what students get, without solutions.")
    ] = False,
    saved: Annotated[
        bool, typer.Option("--saved", help="Run nothing; show the outputs that are saved in the notebook.")
    ] = False,
) -> None:
    """Run a notebook and write it as one HTML page that works without a network.

    The page holds the first picture of every figure, films that play, and the mathematics; it loads nothing from
    anywhere. Of a chapter it is the notebook with solutions: a page for you, not for students.

    The notebook runs with your rights, without a sandbox: give only what you trust.
    """
    from grader.export_html import export as write_page

    if what.endswith(".ipynb"):
        if released:
            raise CourseError("--released is for chapters: give the path of the notebook that you mean")
        source, name = Path(what), Path(what).stem
        target = output or Path("exports") / f"{name}.html"
    else:
        course = Course.find()
        course.check_chapter(what)
        source, name = (
            (course.released(what), f"{what}-released")
            if released
            else (course.root / "solutions" / what / f"{what}.ipynb", what)
        )
        target = output or course.root / "exports" / f"{name}.html"
    if target.suffix != ".html":
        raise CourseError(f"{target} is not the name of a page: it should end in .html")
    columns = (TextColumn("running  "), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Bars(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
            task = shown.add_task("")
            # Without answers a cell may well stop.
            made = write_page(
                source, target, name, run=not saved, errors=released or what.endswith(".ipynb"),
                step=lambda done, cells: shown.update(task, completed=done, total=cells),
            )  # fmt: skip
    except KeyboardInterrupt:
        err.print("stopped")
        raise typer.Exit(130) from None
    out.print(
        f"wrote {_relative(made.path)}: {made.figures} figure{'s' if made.figures != 1 else ''}, "
        f"{made.films} film{'s' if made.films != 1 else ''}",
        soft_wrap=True,
    )
    for error in made.errors:
        err.print(f"[yellow]note:[/] a cell stops with {escape(error)}", soft_wrap=True)


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


def _asked_for(names: list[str]) -> list[Any]:
    """Exercises by their names and by those of chapters, each once, in the order of the course."""
    from difflib import get_close_matches

    from fnnkit.exercises import chapter_ids

    known = {c: list(exercises(c)) for c in chapter_ids()}
    known |= {e.name: [e] for asked in list(known.values()) for e in asked}
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            meant = f"did you mean {close[0]!r}?" if close else f"the chapters are {', '.join(chapter_ids())}"
            raise CourseError(f"there is no exercise or chapter {name!r}; {meant}")
    chosen = {e.name for name in names for e in known[name]}
    return [e for c in chapter_ids() for e in known[c] if e.name in chosen or not names]


def _relative(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
