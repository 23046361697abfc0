"""`grader audit`: the test of the tests."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from fnnkit.judge.registry import exercises
from grader.commands.app import app, err, out
from grader.commands.audit_answers import audit_answers
from grader.commands.audit_attacks import audit_attacks
from grader.course import Course, CourseError

CAUSES = "Say by whom each known mistake is named, and of which nothing is said."


@app.command()
def audit(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Exercises or chapters, such as mse or ch1_xor; all by default."),
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            "--seeds", min=1, help="Sets of inputs for each answer: 50 by default, 6 with --answers."
        ),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers",
            help="Judge the files EXERCISE__right__NAME.py and EXERCISE__wrong__NAME.py of a folder. NAMES choose.",
        ),
    ] = None,
    show: Annotated[
        bool, typer.Option("--show", help="With --answers: the whole message of what came out otherwise.")
    ] = False,
    attacks: Annotated[
        bool,
        typer.Option(
            "--attacks",
            help="Hand in hostile notebooks. NAMES choose: marks, machine, grader, people, a kind, a name.",
        ),
    ] = False,
    causes: Annotated[bool, typer.Option("--causes/--no-causes", help=CAUSES)] = True,
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
    mutant of the reference (a sign, an axis, a missing term …) must lose marks, and so must every answer that is right
    only for few rows, small numbers, one sign and the like, unless it is listed as equivalent with a reason. Answers that
    look at no number, only at the position, the shapes and the types, must earn nothing. Each answer must earn the same
    on every set of inputs. What is not so is one sentence on standard error, and the exit status is 1.

    A second table says of how many misconceptions and mutants a cause is said, as a student's check would say it, and by
    whom: a registered misconception, the ledger of a gradient, a fact of the code, an edit that repairs it, a trace of
    numbers, a mutant, a split of the calls, or a relation of the numbers; several may speak of one. Of a correct answer
    none must. The last column is the processor time of the slowest search. --no-causes halves the time.

    `grader audit mse` takes seconds; `grader audit ch1_xor` audits a chapter, `grader audit` the
    whole course.

    With --answers FOLDER: each file is the text of one answer cell, judged in a process of its own after the chapter's given
    cells and the solutions' earlier answers; a right one must get everything at each seed, a wrong one at none. One
    line for each that comes out otherwise, and a last line with the counts; "named" are the wrong ones for which a cause
    is said. One seed of one file may take 20 s.

    With --attacks: each hostile notebook is graded in a class of three. The two honest ones keep their marks, the attacker
    gains nothing, the grader ends in time, and no process, mount, descriptor or file is left.
    """
    if attacks:
        for name in names or [""]:
            audit_attacks(name or None, jobs)
        return
    if answers is not None:
        audit_answers(answers, names or [], seeds, jobs, show, causes)
        return
    found = _audited(asked_for(names or []), seeds, jobs, causes)
    out.print(_table(found))
    if causes:
        show_said({a.exercise: a.said for a in found})
    faults = [(a.exercise, fault) for a in found for fault in a.faults]
    for where, fault in faults:
        err.print(f"[bold red]{where}:[/] {escape(fault)}", soft_wrap=True)
    wrong, survived = sum(a.wrong for a in found), sum(a.survived for a in found)
    right, refused = sum(a.right for a in found), sum(a.refused for a in found)
    out.print(f"{wrong} wrong answers, {survived} survived; {right} correct answers, {refused} refused")
    if faults:
        raise typer.Exit(1)


def _audited(asked: list[Any], seeds: int | None, jobs: int | None, causes: bool) -> list[Any]:
    """What the audit of each exercise found, with progress on the terminal."""
    from grader.authoring.audit import SEEDS, Audit, audit_all

    columns = (
        TextColumn("auditing  "), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[last]}"),
    )  # fmt: skip
    try:
        with Bars(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
            task = shown.add_task("", total=len(asked), last="")

            def done(one: Audit) -> None:
                shown.update(task, advance=1, last=escape(one.exercise))

            return audit_all(asked, seeds or SEEDS, jobs, done, causes)
    except KeyboardInterrupt:
        err.print("stopped")
        raise typer.Exit(130) from None


def _table(found: list[Any]) -> Table:
    """A line an exercise."""
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("exercise", no_wrap=True, min_width=max(len(a.exercise) for a in found))
    for title in ("named", "mutants", "regimes", "equal", "survived", "correct", "refused", "s"):
        table.add_column(title, justify="right", no_wrap=True)
    for a in found:
        table.add_row(
            a.exercise, str(a.misconceptions), str(a.mutants), str(a.regimes), str(a.equivalent), str(a.survived), str(a.right),
            str(a.refused), f"{a.seconds:.1f}",
        )  # fmt: skip
    return table


def show_said(said: dict[str, Any]) -> None:
    """Print the second table, as wide as it is."""
    out.print()
    Console(file=out.file, width=max(out.width, 130), highlight=False).print(said_table(said))


def said_table(said: dict[str, Any]) -> Table:
    """By exercise and kind, of how many answers something is said, and by whom; then the sums of each kind."""
    from grader.authoring.witnesses import WITNESSES, Said

    sums: dict[str, Any] = {}
    for kinds in said.values():
        for kind, one in kinds.items():
            sums[kind] = sums.get(kind, Said()) + one
    rows = [(name, kind, one) for name, kinds in said.items() for kind, one in kinds.items() if one.answers]
    rows += [("all", kind, one) for kind, one in sums.items() if len(said) > 1]
    used = [w for w in WITNESSES if any(one.by[w] for one in sums.values())]
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("said of", no_wrap=True)
    table.add_column("kind", no_wrap=True)
    timed = any(one.slowest for _, _, one in rows)
    for title in ("answers", "named", "nothing", *used, *["slowest"] * timed):
        table.add_column(title, justify="right", no_wrap=True)
    for name, kind, one in rows:
        numbers = [one.answers, one.named, one.nothing, *(one.by[w] for w in used)]
        table.add_row(name, kind, *map(str, numbers), *[f"{one.slowest:.2f}"] * timed)
    return table


def asked_for(names: list[str]) -> list[Any]:
    """Exercises by their names and by those of chapters, each once, in the order of the course."""
    from difflib import get_close_matches

    from fnnkit.judge.registry import chapter_ids

    with contextlib.suppress(CourseError):  # that of fnnkit is audited anywhere
        Course.find()
    known = {c: list(exercises(c)) for c in chapter_ids()}
    known |= {e.name: [e] for asked in list(known.values()) for e in asked}
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            meant = f"did you mean {close[0]!r}?" if close else f"the chapters are {', '.join(chapter_ids())}"
            raise CourseError(f"there is no exercise or chapter {name!r}; {meant}")
    chosen = {e.name for name in names for e in known[name]}
    found = [e for c in chapter_ids() for e in known[c] if e.name in chosen or not names]
    if not found:
        where = " ".join(names or ["this course"])
        raise CourseError(f"there is no exercise yet in {where}: grader new exercise lays one out")
    return found
