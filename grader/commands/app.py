"""The command line for instructors and authors."""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

from grader.course import CourseError, put_scripts_on_path
from grader.disk import trouble
from grader.marking.text import visible
from grader.sandbox import modes

app = typer.Typer(
    help="Build the course, grade a class safely, and test the tests.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
DEBUG = "FNNKIT_DEBUG"
"""A variable: with it, what nobody has thought of ends with a traceback."""
TWO = ("explain", "forget", "grade", "marks", "written")
"""Commands whose exit status tells what was left undone from what could not be done at all."""
new = typer.Typer(
    help="Lay out the pieces of something new.", no_args_is_help=True, rich_markup_mode="markdown"
)
app.add_typer(new, name="new")


class _Lines(Console):
    """What is said in one line: broken between words on a terminal, and left whole where a program reads it."""

    def print(self, *objects: Any, soft_wrap: bool | None = None, **more: Any) -> None:
        super().print(*objects, soft_wrap=soft_wrap and not self.is_terminal, **more)


out = Console(highlight=False)
err = _Lines(stderr=True, highlight=False)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"fnnkit {importlib.metadata.version('fnnkit')}")
        raise typer.Exit


@app.callback()
def _everything(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    pass


def run() -> None:
    """Run the command line; what is wrong is one line on standard error and exit status 1, of some commands 2."""
    put_scripts_on_path()
    for noisy in (
        "traitlets",
        "tornado",
        "nbgrader",
        "sqlalchemy",
    ):  # what they log is said in one line by us
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module="nbgrader")
    warnings.filterwarnings("ignore", module="sqlalchemy")
    try:
        app()
    except* (CourseError, modes.SandboxUnavailable) as group:
        _end(str(_first(group)))
    except* Exception as group:
        if os.environ.get(DEBUG):
            raise
        problem = _first(group)
        said = trouble(problem) if isinstance(problem, OSError) else str(problem)[:500] or "no message"
        _end(f"{said} ({type(problem).__name__}; {DEBUG}=1 shows where)")


def _first(problem: BaseException) -> BaseException:
    while isinstance(problem, BaseExceptionGroup):
        problem = problem.exceptions[0]
    return problem


def _end(said: str) -> None:
    """Say in one line what is wrong, whatever it holds."""
    from grader.gradebook.calls import shown_url

    line = visible(" ".join(shown_url(said).split()))
    with contextlib.suppress(OSError):
        err.print(f"[bold red]grader:[/] {escape(line)}", soft_wrap=True)
    # Of these, 1 says that something was left, such as submissions that were not graded; 2 that nothing was done.
    sys.exit(2 if sys.argv[1:2] and sys.argv[1] in TWO else 1)


class Rate(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        """A few words, once it is known."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.3g}/s" if speed else "")


@contextlib.contextmanager
def bars() -> Iterator[Any]:
    """A progress bar for each phase of a batch, on standard error."""
    from grader.entry import Progress

    columns = (
        TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeElapsedColumn(),
        TimeRemainingColumn(compact=True), TextColumn("{task.fields[last]}"),
    )  # fmt: skip
    if not err.is_terminal:
        from grader.commands.telling import each_minute

        yield each_minute(lambda line: err.print(line, soft_wrap=True))
        return
    with Bars(*columns, console=err, transient=True) as shown:
        task = shown.add_task("", total=None, last="")

        def total(what: str, n: int) -> None:
            shown.reset(task, description=what, total=n, last="")

        def step(what: str) -> None:
            shown.update(task, advance=1, last=escape(visible(what)))

        yield Progress(total, step)


def relative(path: Path) -> str:
    """A path as seen from the working folder, if it is below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
