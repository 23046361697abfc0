"""From one text file a chapter to both notebooks: the one with solutions and the one that students get.

jupytext reads the text; roles of cells become nbgrader's metadata; nbgrader's own generate step takes the solutions
out. All of it happens in a temporary tree, so that a failure leaves what is there as it was.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from fnnkit.judge.exercise import Exercise
from fnnkit.judge.registry import exercises
from grader import scratch
from grader.authoring.chapter_map import MAP, chapter_map
from grader.course import CONFIG, PROJECT, Course, CourseError
from grader.gradebook.calls import generate
from grader.marking.submission import ANSWERED

ROLE_TAGS = ("given", "figure", "experiment")
TIME = "<!-- time -->"
"""Stands in a chapter's first cell for how long the chapter takes, reading included."""
WORDS_A_MINUTE = 150
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# Solution lines that say nothing: they may stand in what students get.
TRIVIAL = re.compile(r"^(return|pass|else:|try:|\)|\]|\}|#.*)?$")


@dataclass(frozen=True)
class Built:
    """Both notebooks of a chapter, as texts of files; of the project the one that students get."""

    chapter: str
    source: str
    release: str

    def files(self) -> dict[str, str]:
        """Texts by path in the course."""
        path = f"{self.chapter}/{self.chapter}.ipynb"
        return ({f"solutions/{path}": self.source} if self.source else {}) | {f"course/{path}": self.release}


def build(course: Course, chapters: list[str] | None = None) -> list[Built]:
    """Build chapters without writing anything into the course.

    Raises
    ------
    CourseError
        If a source is not as it should be, or a solution would reach students.
    """
    known = course.chapters()
    project = course.root / "solutions" / f"{PROJECT}.py"
    sources = [*known, *([PROJECT] if project.is_file() else [])]
    wanted = chapters or sources
    for chapter in wanted:
        if chapter not in sources:
            raise CourseError(f"there is no source solutions/{chapter}.py; there are: {', '.join(sources)}")
    with_project = PROJECT in wanted
    wanted = [chapter for chapter in wanted if chapter != PROJECT]
    stray = [
        p.name
        for p in (course.root / "solutions").iterdir()
        if p.is_dir() and p.name not in known and p.name not in (".ipynb_checkpoints", "__pycache__")
    ]
    if stray:
        raise CourseError(
            f"solutions/{stray[0]} belongs to no chapter: nbgrader would take it for one; remove it"
        )
    with tempfile.TemporaryDirectory(prefix="fnnkit-build-", dir=scratch.place()) as folder:
        place = Path(folder)
        shutil.copy(course.root / CONFIG, place)
        texts = {}
        for chapter in wanted:
            notebook = source_notebook(course.root / "solutions" / f"{chapter}.py", chapter)
            texts[chapter] = nbformat.writes(notebook, version=4) + "\n"
            target = place / "solutions" / chapter / f"{chapter}.ipynb"
            target.parent.mkdir(parents=True)
            target.write_text(texts[chapter], encoding="utf-8")
        built = []
        for chapter in wanted:
            generate(Course(place).config(), chapter, database=False)
            release = (place / "course" / chapter / f"{chapter}.ipynb").read_text(encoding="utf-8")
            check_release(chapter, texts[chapter], release)
            built.append(Built(chapter, texts[chapter], release))
        if with_project:
            built.append(Built(PROJECT, "", nbformat.writes(project_notebook(project), version=4) + "\n"))
        return built


def write(course: Course, built: list[Built]) -> list[Path]:
    """Write notebooks that have changed into the course; gives their paths."""
    changed = []
    for one in built:
        for path, text in one.files().items():
            target = course.root / path
            if not target.is_file() or target.read_text(encoding="utf-8") != text:
                target.parent.mkdir(parents=True, exist_ok=True)
                part = target.with_suffix(".part")
                part.write_text(text, encoding="utf-8")
                part.replace(target)
                changed.append(target)
    return changed


def stale(course: Course, built: list[Built]) -> list[Path]:
    """Paths of committed notebooks that are not what their source builds to."""
    found = []
    for one in built:
        for path, text in one.files().items():
            target = course.root / path
            if not target.is_file() or target.read_text(encoding="utf-8") != text:
                found.append(target)
    return found


def project_notebook(path: Path) -> Any:
    """The project as students get it: the text, with nothing of nbgrader's in it."""
    notebook = jupytext.read(path, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell["id"] = hashlib.sha256(f"{PROJECT} {number}".encode()).hexdigest()[:8]
        cell["metadata"] = {}
        if cell.cell_type == "code":
            cell["outputs"], cell["execution_count"] = [], None
    metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    return nbformat.from_dict(
        {"cells": notebook.cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    )


def source_notebook(path: Path, chapter: str) -> Any:
    """nbgrader's source notebook: the text, its cells with roles, ids and points.

    Raises
    ------
    CourseError
        If a cell has no clear role, or names an exercise that does not exist.
    """
    notebook = jupytext.read(path, fmt="py:percent")
    asked = {e.name: e for e in exercises(chapter)}
    seen: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        _give_role(cell, number, path, asked)
    _put_time(notebook.cells, asked)
    if notebook.cells and MAP in notebook.cells[0].source:
        # After the time was put in: a map is for looking at, and takes nobody the minutes of its words.
        notebook.cells[0]["source"] = notebook.cells[0].source.replace(MAP, chapter_map(chapter))
    for cell in notebook.cells:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        if grade_id in seen:
            raise CourseError(f"{path.name}: two cells have the id {grade_id!r}")
        seen.add(grade_id)
        cell["id"] = hashlib.sha256(f"{chapter} {grade_id}".encode()).hexdigest()[:8]
        if cell.cell_type == "code":
            cell["outputs"], cell["execution_count"] = [], None
    given_away = {
        c.metadata["nbgrader"]["grade_id"] for c in notebook.cells if ANSWERED in c.metadata.get("tags", [])
    }
    _check_cards([c.source for c in notebook.cells if c.cell_type == "markdown"], asked, path, given_away)
    for name in asked:
        if not {name, f"check_{name}"} <= seen:
            raise CourseError(
                f"{path.name}: the exercise {name!r} needs an answer cell {name!r} and a check_{name}"
            )
    return nbformat.from_dict(
        {
            "cells": notebook.cells,
            "metadata": {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def _put_time(cells: list[Any], asked: dict[str, Exercise]) -> None:
    """Say how long the chapter takes, where its first cell has the mark for it."""
    if not cells or TIME not in cells[0].source:
        return
    prose = [c.source for c in cells if c.cell_type == "markdown" and not c.metadata["nbgrader"]["solution"]]
    reading = words_to_read(prose) / WORDS_A_MINUTE
    written = sum(
        int(n) for text in prose for n in re.findall(r"^### Written question · (\d+) minutes", text, re.M)
    )
    core = written + sum(e.minutes for e in asked.values() if e.core)
    more = sum(e.minutes for e in asked.values() if not e.core)
    hours = round((reading + core) / 15) / 4
    cells[0]["source"] = cells[0].source.replace(
        TIME,
        f"**Time.** About {hours:g} hours: {5 * round(reading / 5)} minutes of reading, {core} of coding for the exercises with "
        f"points and the written question, and figures and experiments besides. Those marked *further* take {more} minutes more.",
    )


def words_to_read(prose: list[str]) -> int:
    """How many words of cells a reader reads: no formulas, no tags, no hints that are folded away."""
    text = "\n".join(prose)
    for left_out in (r"<details>.*?</details>", r"\$\$.*?\$\$", r"\$[^$]*\$", r"<[^>]*>", r"```.*?```"):
        text = re.sub(left_out, " ", text, flags=re.DOTALL)
    return len(re.findall(r"[^\W\d_][\w'’-]*", text))


def _check_cards(prose: list[str], asked: dict[str, Exercise], path: Path, given_away: set[str]) -> None:
    """Refuse a card that promises other points or minutes than its exercise has.

    Raises
    ------
    CourseError
        If one does, or an answer that is handed out would earn points.
    """
    headings = [line for text in prose for line in text.splitlines() if line.startswith("### Exercise")]
    for exercise in asked.values():
        dots = "●" * exercise.difficulty + "○" * (4 - exercise.difficulty)
        if exercise.name in given_away and exercise.core:
            raise CourseError(
                f"{path.name}: the answer of {exercise.name!r} is handed out, so it should carry no points: core=False"
            )
        worth = (
            f"{exercise.points:g} point{'' if exercise.points == 1 else 's'}" if exercise.core else "further"
        )
        if exercise.name in given_away:
            worth = "answer given"
        card = f"### Exercise `{exercise.name}` · {dots} · {exercise.minutes} minutes · {worth}"
        if card not in headings:
            found = next((h for h in headings if f"`{exercise.name}`" in h), "no heading of that kind")
            raise CourseError(
                f"{path.name}: the card of {exercise.name!r} should be {card!r}, but there is {found!r}"
            )


def _give_role(cell: Any, number: int, path: Path, asked: dict[str, Exercise]) -> None:
    """Complete a cell's metadata: the short header becomes nbgrader's schema 3, and everything else is locked."""
    said = dict(cell.metadata.get("nbgrader", {}))
    tags = list(cell.metadata.get("tags", []))
    name = said.get("grade_id", "")
    where = f"{path.name}, cell {number + 1}"
    mark: dict[str, Any] = {
        "grade": bool(said.get("grade")),
        "solution": bool(said.get("solution")),
        "task": False,
        "schema_version": 3,
    }
    if mark["grade"] and mark["solution"]:
        if cell.cell_type != "markdown" or "points" not in said:
            raise CourseError(f"{where}: a written answer is a markdown cell with points")
        mark |= {"grade_id": name, "locked": False, "points": said["points"]}
    elif mark["grade"]:
        exercise = asked.get(name.removeprefix("check_"))
        if exercise is None or not name.startswith("check_"):
            raise CourseError(f"{where}: {name!r} does not check an exercise of this chapter")
        mark |= {"grade_id": name, "locked": True, "points": exercise.worth}
    elif mark["solution"] and ANSWERED in tags:
        if BEGIN in cell.source or END in cell.source:
            raise CourseError(
                f"{where}: the answer {name!r} is handed out as it stands: take out the lines {BEGIN!r} and {END!r}, or "
                f"the tag {ANSWERED!r}"
            )
        mark |= {"grade_id": name, "locked": False}
    elif mark["solution"]:
        if BEGIN not in cell.source or END not in cell.source:
            raise CourseError(f"{where}: the answer {name!r} has no line {BEGIN!r} or {END!r}")
        mark |= {"grade_id": name, "locked": False}
    else:
        if cell.cell_type == "code" and not any(tag in ROLE_TAGS for tag in tags):
            raise CourseError(
                f"{where}: say what this code cell is by one of the tags {', '.join(ROLE_TAGS)}"
            )
        kind = next((t for t in tags if t in ROLE_TAGS), "prose")
        mark |= {"grade_id": f"{kind}_{number + 1:03d}", "locked": True}
        if kind == "experiment":
            # Run All goes on past an experiment whose function is not written yet.
            tags.append("raises-exception")
    cell["metadata"] = {"nbgrader": mark, **({"tags": tags} if tags else {})}


def check_release(chapter: str, source_text: str, release_text: str) -> None:
    """Refuse a release that gives something away, or whose stubs are not its solutions with a hole.

    Raises
    ------
    CourseError
        If so.
    """
    source = nbformat.reads(source_text, as_version=4)
    release = nbformat.reads(release_text, as_version=4)
    if len(source.cells) != len(release.cells):
        raise CourseError(f"{chapter}: source and release have different numbers of cells")
    for solved, stub in zip(source.cells, release.cells, strict=True):
        if solved.cell_type == "code" and (stub.outputs or stub.execution_count):
            raise CourseError(f"{chapter}: there are outputs in what students get")
        role = solved.metadata.nbgrader
        if not role.solution or ANSWERED in solved.metadata.get("tags", []):
            if solved.source != stub.source:
                kind = "answer that is handed out," if role.solution else "locked cell"
                raise CourseError(f"{chapter}: the {kind} {role.grade_id!r} differs from its source")
            continue
        if solved.cell_type == "markdown":
            continue
        before, _, rest = solved.source.partition(BEGIN)
        _, _, after = rest.partition(END)
        head = before.rstrip(" ")
        hole = stub.source[len(head) : len(stub.source) - len(after)].strip()
        same = stub.source.startswith(head) and stub.source.endswith(after)
        if not same or "\n" in hole or not hole.startswith("raise NotImplementedError"):
            raise CourseError(
                f"{chapter}: the stub of {role.grade_id!r} differs from its solution outside the region"
            )
    # As people read it as well: in the file a quotation mark has a backslash before it.
    readable = "\n".join([release_text, *(cell.source for cell in release.cells)])
    if found := leaks(source.cells, readable):
        raise CourseError(f"{chapter}: a solution would reach students: {found[0]!r}")


def leaks(solved: list[Any], text: str) -> list[str]:
    """Lines of solutions, and marks of nbgrader's, that stand in a text for students.

    Parameters
    ----------
    solved : list of cells
        Those of the source notebook.
    text : str
        What students would read.
    """
    secret = set()
    for cell in solved:
        if not cell.metadata.nbgrader.solution or ANSWERED in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            secret |= {line.strip() for line in cell.source.splitlines() if len(line.strip()) > 20}
        else:
            inside = cell.source.partition(BEGIN)[2].partition(END)[0]
            lines = (line.strip() for line in inside.splitlines())
            secret |= {line for line in lines if not TRIVIAL.match(line) and len(line) > 8}
    return [word for word in (BEGIN, END, "BEGIN HIDDEN TESTS", *sorted(secret)) if word in text]
