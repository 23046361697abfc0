"""A chapter that changes while submissions and marks are there: its cells in the gradebook, and what is done about them.

nbgrader refuses to add or remove cells once somebody has handed in. Here, what was added gets a row in each submission
that is there, points that changed are changed, and what was removed is taken out once somebody has agreed to it, its
marks kept in a table. All of it is one transaction, with nbgrader's own classes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Comment,
    Grade,
    GradeCell,
    MissingEntry,
    SolutionCell,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import delete, insert

from grader.course import WouldDrop
from grader.gradebook.tables import read_table, write_table

ASIDE = ("student", "cell", "judged", "by hand", "extra credit", "comment")


@dataclass(frozen=True)
class Cells:
    """What the gradebook keeps of a chapter's cells.

    Attributes
    ----------
    graded : mapping
        By grade id, points and type of cell.
    answers : frozenset of str
        Grade ids of the cells in which answers stand.
    sources : mapping
        By grade id, the text that was handed out.
    """

    graded: Mapping[str, tuple[float, str]]
    answers: frozenset[str]
    sources: Mapping[str, str]


@dataclass(frozen=True)
class Changes:
    """What is different between the gradebook and the chapter, where somebody has handed in."""

    chapter: str
    submissions: int = 0
    added: Mapping[str, float] = field(default_factory=dict)
    removed: Mapping[str, float] = field(default_factory=dict)
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    marks: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.submissions and (self.added or self.removed or self.points))

    def lines(self) -> list[str]:
        """What changed and for whom, a line each."""
        n = self.submissions
        everybody = f"{n} submission{'s' if n != 1 else ''} of {self.chapter} in the gradebook"
        return [
            *(
                f"{name} ({_points(worth)}) is new: it gets a row in {everybody}; who handed in before it was there has "
                "nothing for it, and 0 points, until they hand in again or you mark it by hand"
                for name, worth in self.added.items()
            ),
            *(
                f"{name}: {old:g} → {new:g} points in {everybody}; marks given by hand stay as they are"
                for name, (old, new) in self.points.items()
            ),
            *(
                f"{name} ({_points(worth)}) is gone: {self.marks.get(name, 0)} marks of it leave {everybody}"
                for name, worth in self.removed.items()
            ),
        ]


def _points(worth: float) -> str:
    return f"{worth:g} point{'' if worth == 1 else 's'}"


def released_cells(notebook: Any) -> Cells:
    """The cells of a notebook that the gradebook has to know."""
    graded, answers, sources = {}, set(), {}
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        name = about.get("grade_id")
        if about.get("grade"):
            graded[name] = float(about.get("points", 0)), str(cell.cell_type)
        if about.get("solution"):
            answers.add(name)
        if about.get("grade") or about.get("solution") or about.get("locked"):
            sources[name] = cell.source
    return Cells(graded, frozenset(answers), sources)


def recorded_cells(notebook: Any) -> Cells:
    """The cells of a chapter as the gradebook knows them."""
    return Cells(
        {c.name: (float(c.max_score), str(c.cell_type)) for c in notebook.grade_cells},
        frozenset(c.name for c in notebook.solution_cells),
        {c.name: str(c.source) for c in notebook.source_cells},
    )


def changes(book: Any, chapter: str, wanted: Cells) -> Changes:
    """What is different between a gradebook and what a chapter should be there."""
    try:
        notebook = book.find_notebook(chapter, chapter)
    except MissingEntry:
        return Changes(chapter)
    there = recorded_cells(notebook)
    kept = there.graded.keys() & wanted.graded.keys()
    return Changes(
        chapter,
        len(notebook.submissions),
        {name: worth for name, (worth, _) in wanted.graded.items() if name not in there.graded},
        {name: worth for name, (worth, _) in there.graded.items() if name not in wanted.graded},
        {
            name: (there.graded[name][0], wanted.graded[name][0])
            for name in wanted.graded
            if name in kept and there.graded[name][0] != wanted.graded[name][0]
        },
        {
            cell.name: len(found)
            for cell in notebook.grade_cells
            if cell.name not in wanted.graded and (found := _marks(book, cell))
        },
    )


def _marks(book: Any, cell: Any) -> list[Any]:
    """Marks of a cell that somebody has been given for something: judged above nothing, or by hand."""
    return [
        grade
        for grade in book.db.query(Grade).filter(Grade.cell_id == cell.id)
        if grade.auto_score or grade.manual_score is not None or grade.extra_credit
    ]


@dataclass(frozen=True)
class Asked:
    """The rows of a chapter's cells as nbgrader's `SaveCells` collects them."""

    graded: Mapping[str, Mapping[str, Any]]
    answers: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, Mapping[str, Any]]


def change(book: Any, chapter: str, asked: Asked, aside: Path, agreed: bool) -> None:
    """Make the cells of a chapter what they should be, in one transaction; the marks of all others stay.

    Parameters
    ----------
    book : Gradebook
        nbgrader's.
    chapter : str
        Its name.
    asked : Asked
        What they should be.
    aside : Path
        The table that keeps the marks of removed cells.
    agreed : bool
        Whether marks may be taken out.

    Raises
    ------
    WouldDrop
        If marks would be taken out and nobody has agreed to it; nothing is changed then.
    """
    notebook = book.find_notebook(chapter, chapter)
    removed = [c for c in (*notebook.grade_cells, *notebook.solution_cells) if c.name not in _names(c, asked)]
    lost = {c.name: len(m) for c in removed if isinstance(c, GradeCell) and (m := _marks(book, c))}
    if lost and not agreed:
        told = ", ".join(f"{n} of {name}" for name, n in lost.items())
        raise WouldDrop(
            f"{chapter} has marks of what is no longer in it ({told}): `grader grade {chapter} --drop-removed` takes "
            f"them out of the gradebook and keeps them in reports/{aside.name}"
        )
    if removed:
        _keep_aside(book, removed, aside)
    session = book.db
    try:
        with session.no_autoflush:
            for cell in removed:
                session.execute(delete(Grade).where(Grade.cell_id == cell.id))
                session.execute(delete(Comment).where(Comment.cell_id == cell.id))
            session.expire_all()
            for cell in removed:
                session.delete(cell)
            for cell in list(notebook.source_cells):
                if cell.name not in asked.sources:
                    session.delete(cell)
            session.flush()
            _add_and_alter(book, notebook, asked)
        session.commit()
    except BaseException:
        session.rollback()
        raise


def _names(cell: Any, asked: Asked) -> Mapping[str, Any]:
    return asked.graded if isinstance(cell, GradeCell) else asked.answers


def _add_and_alter(book: Any, notebook: Any, asked: Asked) -> None:
    """Rows of new cells, in the chapter and in each submission; what changed in those that are there."""
    session = book.db
    submissions = [
        key
        for (key,) in session.query(SubmittedNotebook.id)
        .join(SubmittedAssignment)
        .filter(SubmittedNotebook.notebook_id == notebook.id)
    ]
    tables: Sequence[tuple[Any, Mapping[str, Any], Sequence[Any], Callable[[], list[tuple[Any, Any]]]]] = (
        (GradeCell, asked.graded, notebook.grade_cells, lambda: [(Grade, {"needs_manual_grade": True})]),
        (SolutionCell, asked.answers, notebook.solution_cells, lambda: [(Comment, {})]),
        (SourceCell, asked.sources, notebook.source_cells, list),
    )
    for kind, wanted, present, rows in tables:
        there = {cell.name: cell for cell in present}
        for name, values in wanted.items():
            if name in there:
                for key, value in values.items():
                    if key != "id" and getattr(there[name], key) != value:
                        setattr(there[name], key, value)
                continue
            made = kind(id=new_uuid(), name=name, notebook_id=notebook.id, **values)
            session.add(made)
            session.flush()
            for table, defaults in rows():
                new = [
                    {"id": new_uuid(), "cell_id": made.id, "notebook_id": key} | defaults
                    for key in submissions
                ]
                if new:
                    session.execute(insert(table), new)


def _keep_aside(book: Any, removed: Sequence[Any], aside: Path) -> None:
    """Add all marks and comments of cells to a table, so that nothing that a person has written is lost."""
    found: dict[tuple[str, str], list[Any]] = {}
    for cell in removed:
        for table in (Grade, Comment):
            for row in book.db.query(table).filter(table.cell_id == cell.id):
                student = row.notebook.assignment.student_id
                kept = found.setdefault((cell.name, student), [student, cell.name, *[None] * 4])
                if table is Grade:
                    kept[2:5] = row.auto_score, row.manual_score, row.extra_credit
                else:
                    kept[5] = row.manual_comment
    rows = [kept for _, kept in sorted(found.items()) if any(value is not None for value in kept[2:])]
    if rows:
        before = [cells for _, cells in read_table(aside).rows] if aside.is_file() else []
        write_table(aside, ASIDE, [*before, *rows])
