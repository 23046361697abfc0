"""A notebook as one HTML page that asks nobody for anything: pictures, films and mathematics are inside.

The page shows the first picture of every figure, and plays films (`fnnkit.figures.engine.player`): figures with one
slider or with a time leave one there. It forbids itself the
network by a content security policy, so what it shows with a network it shows without.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

from fnnkit.judge.registry import folder_of, tops
from grader import scratch
from grader.course import CourseError
from grader.disk import write_atomically
from grader.pages import mathematics
from grader.pages.rendering import TEMPLATES

# What a page without a kernel shows of an output, best first. Widgets are not on the list: figures give a picture too.
KINDS = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain")


@dataclass(frozen=True)
class Exported:
    """What was exported.

    Attributes
    ----------
    path : Path
        The page.
    figures, films : int
        How many it shows.
    errors : tuple of str
        The last line of each error that it shows.
    """

    path: Path
    figures: int
    films: int
    errors: tuple[str, ...]


def export(
    source: Path,
    target: Path,
    title: str = "",
    run: bool = True,
    errors: bool = False,
    step: Callable[[int, int], None] = lambda done, cells: None,
) -> Exported:
    """Run a notebook and write it as a page.

    Parameters
    ----------
    source : Path
        The notebook. It is not changed. It runs with your rights: give only what you trust.
    target : Path
        The page.
    title : str
        Title of the page; the notebook's name by default.
    run : bool
        False: show the outputs that are saved in the notebook.
    errors : bool
        Whether cells that stop with an error are shown as such; else the first one is refused.
    step : callable
        Told how many cells are done, and of how many.

    Raises
    ------
    CourseError
        If there is no such notebook, it cannot be read, or a cell stops with an error.
    """
    try:
        notebook = nbformat.read(source, as_version=4)
    except FileNotFoundError:
        raise CourseError(f"there is no notebook {source}") from None
    except Exception as error:  # nbformat raises what it likes
        raise CourseError(f"{source} cannot be read as a notebook: {str(error).splitlines()[0]}") from None
    if run:
        execute(notebook, source.name, errors, step)
    else:
        step(len(notebook.cells), len(notebook.cells))
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, page(notebook, title or source.stem))
    shown = [o for c in notebook.cells for o in c.get("outputs", ())]
    bundles = [o.data for o in shown if "data" in o]
    films = sum("fnnkit-film" in b.get("text/html", "") for b in bundles)
    return Exported(
        target,
        sum("<img" in b.get("text/html", "") for b in bundles) - films,
        films,
        tuple(f"{o.ename}: {o.evalue}" for o in shown if o.output_type == "error"),
    )


def execute(
    notebook: NotebookNode,
    name: str = "the notebook",
    errors: bool = False,
    step: Callable[[int, int], None] = lambda done, cells: None,
) -> None:
    """Run all cells in a kernel of their own, in an empty folder.

    Raises
    ------
    CourseError
        If a cell stops with an error and that is not allowed, or the kernel dies.
    """
    kernel = notebook.metadata.get("kernelspec", {}).get("name", "python3")
    with tempfile.TemporaryDirectory(prefix="fnnkit-export-", dir=scratch.place()) as folder:
        client = NotebookClient(
            notebook,
            timeout=None,
            kernel_name=kernel,
            allow_errors=errors,
            store_widget_state=False,
            resources={"metadata": {"path": folder}},
            extra_arguments=["--IPKernelApp.log_level=ERROR"],  # it warns of connections on this machine
            startup_timeout=300,
        )

        # The package of a course of one's own need not be installed.
        paths = [*(str(folder_of(top).parent) for top in tops()[1:]), os.environ.get("PYTHONPATH", "")]
        variables = {"FNNKIT_FILMS": "1", "PYTHONPATH": os.pathsep.join(filter(None, paths))}

        async def run() -> None:
            async with client.async_setup_kernel(env=os.environ | variables):
                for index, cell in enumerate(notebook.cells):
                    await client.async_execute_cell(cell, index)
                    step(index + 1, len(notebook.cells))

        try:
            asyncio.run(run())
        except CellExecutionError as stopped:
            raise CourseError(f"{name}: a cell stops with {stopped.ename}: {stopped.evalue}") from None
        except DeadKernelError:
            raise CourseError(f"{name}: the kernel died while it ran") from None


def page(notebook: NotebookNode, title: str) -> str:
    """Write a notebook that was run as a page."""
    language = notebook.metadata.get("language_info", {}).get("name", "python")
    return rendered("export.html", body_of(notebook), title, language=language)


def body_of(notebook: NotebookNode) -> str:
    """The cells of a notebook as HTML."""
    exporter = HTMLExporter(
        template_name="basic",
        embed_images=True,
        config=Config({"NbConvertBase": {"display_data_priority": list(KINDS)}}),
        filters={"markdown2html": mathematics.markdown2html},
    )
    # Widget state asks for scripts from a network.
    bare = nbformat.from_dict(
        {**notebook, "metadata": {k: v for k, v in notebook.metadata.items() if k != "widgets"}}
    )
    body, _ = exporter.from_notebook_node(bare)
    return str(body)


def rendered(template: str, body: str, title: str, **more: Any) -> str:
    """A whole page around HTML that is trusted: it is made of what was run, or of our own texts."""
    return TEMPLATES.get_template(template).render(
        title=title,
        body=Markup(body),
        light=Markup(HtmlFormatter(style="xcode").get_style_defs(".highlight")),
        dark=Markup(HtmlFormatter(style="monokai").get_style_defs(".highlight")),
        **more,
    )
