"""`grader handout`: what students get."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from grader.commands.app import app, err, out, relative
from grader.course import Course


@app.command()
def handout(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all by default.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Folder to put it into; dist by default.")] = None,
) -> None:
    """Make what students get: chapters, a wheel of fnnkit, README and requirements, as a folder and as a zip.

    The wheel holds fnnkit alone: no grader, no answers, no solutions, no command and no kernel of the grader. Notebooks
    have to be fresh (`grader build`). Everything, the inside of the wheel too, is searched for what students must not
    get; if there is anything, nothing is written. The same sources give the same bytes.

    Folder and zip are named by a version that is made of what is in them, so that none takes the place of an older one, and
    unpacking never overwrites a student's work.

    Give students the zip. In the unpacked folder: `pip install -r requirements.txt`, then `jupyter lab`.
    """
    from grader.authoring.handout import handout as make

    course = Course.find()
    with err.status("") as status:
        made = make(course, chapters or [], to, lambda step: status.update(escape(step)))
    for name in made.files:
        out.print(f"  {name}")
    out.print(
        f"version {made.version}\nfolder  {relative(made.folder)}\nzip     {relative(made.archive)}",
        soft_wrap=True,
    )
