"""`reports/marks.csv`: every criterion of everybody, as judged, for whoever wants to compute with it."""

from __future__ import annotations

import csv
import heapq
import io
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from grader.course import CourseError
from grader.disk import write_atomically
from grader.entry import Batch, Entry
from grader.gradebook.tables import harmless, plain, read_table

COLUMNS = ("student", "chapter", "exercise", "criterion", "points", "misconception")
Row = tuple[str, ...]
TOGETHER = 1000
"""Lines that are written at once."""
OURS = 1 << 30
"""Bytes and lines of a table that was written here: as many as there are students and criteria."""


def place_of(root: Path) -> Path:
    """Where a course keeps the table."""
    return root / "reports" / "marks.csv"


def write_marks(batch: Batch) -> Path:
    """Bring the table up to date; the lines of other chapters, and of whoever was not graded now, stay.

    Points are as judged: marks given by hand and penalties stand in the gradebook. Further exercises have none. A
    misconception stands at the criterion that showed it. The same marks give the same bytes. Ten thousand students have half a
    million lines a chapter, so neither the old nor the new table is ever whole in the memory.
    """
    path = place_of(batch.course.root)
    graded = {e.student: e for e in batch.entries if e.marking is not None and e.state != "failed"}
    new = (row for name in sorted(graded) for row in sorted(_rows(graded[name], batch.chapter)))
    old = (row for row in _before(path) if row[1] != batch.chapter or row[0] not in graded)
    write_atomically(path, _text(heapq.merge(new, old)), unless_same=True)
    return path


def _rows(entry: Entry, chapter: str) -> Iterator[Row]:
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


def _before(path: Path) -> Iterable[Row]:
    """The lines of the table as it is, in order; none where it is not there, or somebody has made something else of it."""
    if _is_ours(path):
        return itertools.islice(_lines(path), 1, None)
    try:
        table = read_table(path, OURS, OURS)
    except CourseError:
        return []
    return sorted(cells for _, cells in table.rows) if table.header == COLUMNS else []


def _is_ours(path: Path) -> bool:
    """Whether a table is as it was written here: in this form, and in order."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        lines = _lines(path)
        if next(lines, ()) != COLUMNS:
            return False
        return all(
            a <= b and len(b) == len(COLUMNS) for a, b in itertools.pairwise(itertools.chain([()], lines))
        )
    except (OSError, UnicodeDecodeError, csv.Error):
        return False


def _lines(path: Path) -> Iterator[Row]:
    known = _Known(plain)
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.reader(file):
            yield tuple(known[cell] for cell in line)


class _Known(dict[str, str]):
    """What a function makes of texts most of which come many times."""

    def __init__(self, of: Callable[[str], str]) -> None:
        super().__init__()
        self.of = of

    def __missing__(self, text: str) -> str:
        found = self[text] = self.of(text)
        return found


def _text(rows: Iterable[Row]) -> Iterator[str]:
    """The lines of the table, some at a time."""
    known = _Known(harmless)
    rows = itertools.chain((COLUMNS,), rows)
    while some := list(itertools.islice(rows, TOGETHER)):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([known[cell] for cell in row] for row in some)
        yield text.getvalue()
