"""The course as a static site: every chapter as students get it, to be read in a browser without a network.

Answers are empty, and checks and experiments have not run: their results are for those who write the functions. Figures are
there, drawn by the reference: of the source notebook its given cells, answers and figures run, and only what the figures
show is taken over. Before anything is written all texts are searched for lines of solutions.
"""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from grader import scratch
from grader.authoring.build import Built, build, leaks, stale
from grader.authoring.export import body_of, execute, rendered
from grader.authoring.handout import swap
from grader.course import PROJECT, Course, CourseError
from grader.pages import mathematics

OURS = '<meta name="generator" content="fnnkit">'
"""Stands in the pages of a site, so that no folder of somebody else's is taken for one."""
FIRST = "Start"
BY_THE_REFERENCE = "Drawn by the reference. In the notebook your own functions draw it."


@dataclass(frozen=True)
class Site:
    """What was written: names of pages, and how many figures and films stand on them."""

    folder: Path
    pages: tuple[str, ...]
    figures: int
    films: int


@dataclass(frozen=True)
class Leaf:
    """One page before it is written: its file's name, title and contents, and what a reader downloads."""

    name: str
    title: str
    body: str
    notebook: str = ""

    @property
    def page(self) -> str:
        """Name of its file."""
        return f"{self.name}.html"


def site(
    course: Course,
    folder: Path,
    told: Callable[[str, int, int], None] = lambda chapter, done, cells: None,
) -> Site:
    """Write the course as a static site.

    Parameters
    ----------
    course : Course
        A course with sources; its notebooks run with your rights.
    folder : Path
        Where to; a site that was written there before is replaced when the new one is complete.
    told : callable
        Told the chapter that is run, how many of its cells are done, and of how many.

    Raises
    ------
    CourseError
        If the folder is somebody else's, a notebook is stale or stops, or something of a solution would be shown.
    """
    _refuse_what_is_not_ours(folder)
    built = build(course)
    for path in stale(course, built):
        raise CourseError(
            f"{path.relative_to(course.root)} is stale: run `grader build`, and look at what changes"
        )
    leaves = [_leaf(one, told) for one in built]
    front = _front(course, leaves)
    pages = {leaf.page: _page(leaf, [front, *leaves]) for leaf in (front, *leaves)}
    _refuse_leaks(built, pages)
    with tempfile.TemporaryDirectory(prefix="fnnkit-site-", dir=scratch.place()) as made:
        new = Path(made) / "site"
        new.mkdir()
        for name, text in pages.items():
            (new / name).write_text(text, encoding="utf-8")
        for leaf in leaves:
            (new / f"{leaf.name}.ipynb").write_text(leaf.notebook, encoding="utf-8")
        folder.parent.mkdir(parents=True, exist_ok=True)
        swap(new, folder)
    bodies = "".join(leaf.body for leaf in leaves)
    films = bodies.count('class="fnnkit-film"')
    return Site(folder, tuple(pages), bodies.count(BY_THE_REFERENCE) - films, films)


def _refuse_what_is_not_ours(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is not a folder")
    if folder.is_dir() and any(folder.iterdir()):
        index = folder / "index.html"
        if not index.is_file() or OURS not in index.read_text(encoding="utf-8", errors="replace"):
            raise CourseError(
                f"{folder} holds something else than a site of this course: name a folder of its own"
            )


def _leaf(one: Built, told: Callable[[str, int, int], None]) -> Leaf:
    """A chapter, or the project, as a page."""
    released = nbformat.reads(one.release, as_version=4)
    if one.source:
        drawn = _figures(one, told)
        for cell in released.cells:
            if cell.cell_type == "code":
                cell.outputs = drawn.get(cell.metadata.nbgrader.grade_id, [])
    title = next(line[2:] for line in released.cells[0].source.splitlines() if line.startswith("# "))
    return Leaf(one.chapter, title, body_of(released), one.release)


def _figures(one: Built, told: Callable[[str, int, int], None]) -> dict[str, list[Any]]:
    """What the figures of a chapter show when they are drawn by right answers, by grade id."""
    solved = nbformat.reads(one.source, as_version=4)
    solved.cells = [cell for cell in solved.cells if _is_run(cell)]
    execute(solved, one.chapter, step=lambda done, cells: told(one.chapter, done, cells))
    note = f'<p class="quiet">{BY_THE_REFERENCE}</p>'
    return {
        cell.metadata.nbgrader.grade_id: [*_shown(cell.outputs), _as_html(note)]
        for cell in solved.cells
        if "figure" in cell.metadata.get("tags", []) and _shown(cell.outputs)
    }


def _is_run(cell: NotebookNode) -> bool:
    """Whether figures need it: what is given, answers, and the figures themselves."""
    if cell.cell_type != "code":
        return False
    tags = cell.metadata.get("tags", [])
    return cell.metadata.nbgrader.solution or "given" in tags or "figure" in tags


def _shown(outputs: Sequence[Any]) -> list[Any]:
    """Pictures and films; what a cell prints besides is left out."""
    return [o for o in outputs if "<img" in o.get("data", {}).get("text/html", "")]


def _as_html(text: str) -> Any:
    return nbformat.v4.new_output("display_data", data={"text/html": text, "text/plain": ""})


def _front(course: Course, leaves: Sequence[Leaf]) -> Leaf:
    """The first page: what students read first, the chapters in it as links."""
    page = course.root / "course" / "README.md"
    if not page.is_file():
        raise CourseError(f"there is no {page.relative_to(course.root)}, which the site begins with")
    text = page.read_text(encoding="utf-8")
    title = next((line[2:] for line in text.splitlines() if line.startswith("# ")), "The course")
    body = mathematics.markdown2html(text)
    here = (
        "<p>This is the course to be read. To work in it, and to have it checked, take the folder that your instructor hands "
        "out.</p>"
    )
    body = body.replace("</h1>", f"</h1>{here}", 1)
    for leaf in leaves:
        name = f"<code>{leaf.name}</code>"
        body = body.replace(f"<td>{name}", f'<td><a href="{leaf.page}">{name}</a>', 1)
    return Leaf("index", title, body)


def _page(leaf: Leaf, all_leaves: Sequence[Leaf]) -> str:
    """A whole page: where one is, what stands on it, and the ways on."""
    body, contents = _with_anchors(leaf.body)
    at = [one.name for one in all_leaves].index(leaf.name)
    return rendered(
        "site.html",
        _with_scrolled_tables(body),
        leaf.title,
        pages=[(one.page, FIRST if one.name == "index" else _short(one)) for one in all_leaves],
        here=leaf.page,
        contents=contents if leaf.notebook else [],
        before=all_leaves[at - 1] if at else None,
        after=all_leaves[at + 1] if at + 1 < len(all_leaves) else None,
        notebook=f"{leaf.name}.ipynb" if leaf.notebook else "",
    )


def _short(leaf: Leaf) -> str:
    """A title for a list: "3 · Hidden units"."""
    return "Project" if leaf.name == PROJECT else leaf.title.removeprefix("Chapter ")


def _with_anchors(body: str) -> tuple[str, list[tuple[str, str]]]:
    """Give the headings of parts and sections ids; gives these with their texts too."""
    contents: list[tuple[str, str]] = []

    def numbered(found: re.Match[str]) -> str:
        anchor = f"part-{len(contents) + 1}"
        contents.append((anchor, html.unescape(re.sub(r"<[^>]*>", "", found[2]))))
        return f'<h{found[1]} id="{anchor}">{found[2]}</h{found[1]}>'

    return re.sub(r"<h([12])>(.*?)</h\1>", numbered, body), contents


def _with_scrolled_tables(body: str) -> str:
    """Put each table of a text into a place of its own, which can be scrolled on a narrow page."""
    return re.sub(r"<table>.*?</table>", r'<div class="wide">\g<0></div>', body, flags=re.DOTALL)


def _refuse_leaks(built: Sequence[Built], pages: dict[str, str]) -> None:
    """Refuse a page on which something of a solution stands, whatever the colours of its code are.

    What a chapter gives to students may stand on its own page, also where it answers another chapter's exercise.

    Raises
    ------
    CourseError
        With the first such line.
    """
    given = {f"{one.chapter}.html": _readable(one.release) for one in built}
    for one in built:
        if not one.source:
            continue
        solved = nbformat.reads(one.source, as_version=4).cells
        for name, page in pages.items():
            text = html.unescape(re.sub(r"<[^>]*>", "", page)) + page
            found = [line for line in leaks(solved, text) if line not in given.get(name, "")]
            if found:
                raise CourseError(f"a solution of {one.chapter} would stand in {name}: {found[0]!r}")


def _readable(notebook: str) -> str:
    return "\n".join(cell.source for cell in nbformat.reads(notebook, as_version=4).cells)
