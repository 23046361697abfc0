"""`reports/marks.csv`: every criterion of everybody, as judged, for whoever wants to compute with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.course import CourseError
from grader.disk import write_atomically
from grader.entry import Batch, Entry
from grader.gradebook.tables import read_table, table_text

COLUMNS = ("student", "chapter", "exercise", "criterion", "points", "misconception")


def place_of(root: Path) -> Path:
    """Where a course keeps the table."""
    return root / "reports" / "marks.csv"


def write_marks(batch: Batch) -> Path:
    """Bring the table up to date; the lines of other chapters, and of whoever was not graded now, stay.

    Points are as judged: marks given by hand and penalties stand in the gradebook. Further exercises have none. A
    misconception stands at the criterion that showed it. The same marks give the same bytes.
    """
    path = place_of(batch.course.root)
    graded = {e.student for e in batch.entries if e.marking is not None and e.state != "failed"}
    rows = [row for e in batch.entries if e.student in graded for row in _rows(e, batch.chapter)]
    rows += [row for row in _before(path) if row[1] != batch.chapter or row[0] not in graded]
    text = table_text(COLUMNS, [tuple(row) for row in sorted(rows)])
    if not path.is_file() or path.read_bytes() != text.encode():
        write_atomically(path, text)
    return path


def _rows(entry: Entry, chapter: str) -> Iterator[tuple[str, ...]]:
    assert entry.marking is not None
    for name, verdict in entry.marking.verdicts.items():
        for result in verdict.results:
            shown = (
                verdict.misconception
                if result.problem is not None and result.problem is verdict.problem
                else ""
            )
            points = f"{result.earned:g}" if verdict.core else ""
            yield entry.student, chapter, name, result.criterion, points, shown


def _before(path: Path) -> list[tuple[str, ...]]:
    try:
        table = read_table(path)
    except CourseError:  # not there, or somebody has made something else of it
        return []
    return [cells for _, cells in table.rows] if table.header == COLUMNS else []
