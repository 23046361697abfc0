"""`grader export`: a notebook as one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from grader.commands.app import app, err, out, relative
from grader.course import Course, CourseError


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
    from grader.authoring.export import export as write_page

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
        f"wrote {relative(made.path)}: {made.figures} figure{'s' if made.figures != 1 else ''}, "
        f"{made.films} film{'s' if made.films != 1 else ''}",
        soft_wrap=True,
    )
    for error in made.errors:
        err.print(f"[yellow]note:[/] a cell stops with {escape(error)}", soft_wrap=True)
