"""`grader export`: a notebook as one page, or the course as a site."""

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
    what: Annotated[
        str,
        typer.Argument(help="A chapter, such as ch1_xor, or the path of a notebook; nothing with --site."),
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The page; exports/NAME.html by default.")
    ] = None,
    released: Annotated[
        bool, typer.Option("--released", help="Of a chapter: what students get, without solutions.")
    ] = False,
    saved: Annotated[
        bool, typer.Option("--saved", help="Run nothing; show the outputs that are saved in the notebook.")
    ] = False,
    site: Annotated[
        Path | None,
        typer.Option("--site", help="A folder: all chapters, unsolved, as a static site for students."),
    ] = None,
) -> None:
    """Run a notebook and write it as one HTML page that works without a network; or all of the course as a site.

    The page holds the first picture of every figure, films that play, and the mathematics; it loads nothing from
    anywhere. Of a chapter it is the notebook with solutions: a page for you, not for students.

    `grader export --site FOLDER` writes the course as students get it, to be read in a browser: a first page, a page a
    chapter, the project, and the notebooks to be downloaded. Answers are empty and checks have not run; figures are drawn by
    the reference. It is searched for solutions before it is written, and needs no server and no network.

    The notebook runs with your rights, without a sandbox: give only what you trust.
    """
    if site is not None:
        write_the_site(site, alone=not (what or output or released or saved))
        return
    if not what:
        raise CourseError("name a chapter or a notebook, or a folder for all of them: --site FOLDER")
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
    try:
        with running() as shown:
            task = shown.add_task("running")
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


def running() -> Bars:
    """A progress bar over cells."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Bars(*columns, console=err, transient=True, disable=not err.is_terminal)


def write_the_site(folder: Path, alone: bool) -> None:
    """Write all chapters as a site, and say what was written; refuse what was asked for besides."""
    from grader.authoring.site import site as write_site

    if not alone:
        raise CourseError("--site is for the whole course: name a folder, and nothing else")

    course = Course.find()
    try:
        with running() as shown:
            task = shown.add_task("building", total=None)
            made = write_site(
                course, folder,
                lambda chapter, done, cells: shown.update(task, description=chapter, completed=done, total=cells),
            )  # fmt: skip
    except KeyboardInterrupt:
        err.print("stopped: nothing was written")
        raise typer.Exit(130) from None
    out.print(
        f"wrote {relative(made.folder)}: {len(made.pages)} pages, {made.figures} figures, {made.films} films; open "
        f"{relative(made.folder / made.pages[0])}",
        soft_wrap=True,
    )
