"""What a run changes: student, exercise, old and new points, and why; in the terminal, and kept as a table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich import box
from rich.markup import escape
from rich.table import Table

from grader.course import CourseError
from grader.entry import Batch
from grader.gradebook.basis import Basis, late_reason, reason
from grader.gradebook.judged import CHECK
from grader.gradebook.scores import Mark, Score
from grader.gradebook.tables import read_table, write_table
from grader.marking.text import visible

COLUMNS = ("time", "student", "exercise", "before", "after", "why")
KEPT = 50_000
"""Lines of the table that is kept; the oldest go first."""
MOST = 30
"""Lines that the terminal shows after a run."""
MANY = 5
"""Students from which on it is told once what happened to all of them."""
ALL, LATE, TOTAL, NONE = "all", "late", "total", "–"
HANDED_IN = "handed in"


@dataclass(frozen=True)
class Change:
    """One mark that is another than before."""

    student: str
    exercise: str
    before: str
    after: str
    why: str


def changes(batch: Batch, known: dict[str, Score]) -> list[Change]:
    """All that is another than before, student by student in the order of the class."""
    return [
        change
        for entry in batch.entries
        if entry.marking is not None and entry.state != "failed" and entry.student in known
        for change in _of(entry.student, batch, known[entry.student])
    ]


def _of(student: str, batch: Batch, now: Score) -> Iterator[Change]:
    before = batch.before.get(student)
    old_basis, new_basis = batch.bases.get(student, (None, None))
    if before is None or not any(m.given for m in before.marks):
        yield Change(student, ALL, NONE, f"{now.total:g}/{now.possible:g}", HANDED_IN)
        return
    moved = batch.moved_before.get(student, ()), batch.moved.get(student, ())
    found = list(_marks(student, (before, now), (old_basis, new_basis), moved))
    if before.penalty != now.penalty:
        why = late_reason(old_basis, new_basis)
        found.append(Change(student, LATE, _off(before.penalty), _off(now.penalty), why))
    yield from found
    if (before.total, before.possible) != (now.total, now.possible):
        yield Change(
            student, TOTAL, f"{before.total:g}/{before.possible:g}", f"{now.total:g}/{now.possible:g}", ""
        )


def _marks(
    student: str,
    scores: tuple[Score, Score],
    bases: tuple[Basis | None, Basis | None],
    moved: tuple[Collection[str], Collection[str]],
) -> Iterator[Change]:
    """Marks that are others than before; each pair is of before and of now."""
    old, new = ({m.name: m for m in score.marks} for score in scores)
    for name in dict.fromkeys([*new, *old]):
        mark = new.get(name) or old[name]
        cell = name if mark.written else CHECK + name
        was, shown = label(old.get(name), cell in moved[0]), label(new.get(name), cell in moved[1])
        if was != shown:
            yield Change(student, name, was, shown, reason(*bases, cell, name))


def _off(penalty: float) -> str:
    return f"−{penalty:g}" if penalty else "0"


def label(mark: Mark | None, moved: bool = False) -> str:
    """A mark, and whether it waits for another look; `moved` says that it was set for another answer."""
    if mark is None:
        return NONE
    if mark.flagged and mark.written and mark.by_hand is not None:
        return f"{mark.words()}, to be marked again"
    earlier = moved and mark.flagged and mark.touched and mark.given
    return f"{mark.words()}, for an earlier answer" if earlier else mark.words()


def folded(found: Sequence[Change]) -> list[Change]:
    """What happened to many in the same way once, and first; their totals, which differ, are left to the table that is kept."""
    of: dict[str, list[Change]] = {}
    for c in found:
        of.setdefault(c.student, []).append(c)
    alike: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for student, some in of.items():
        kind = tuple((c.exercise, c.before, c.after, c.why) for c in some if c.exercise != TOTAL)
        alike.setdefault(kind, []).append(student)
    many = {kind: who for kind, who in alike.items() if kind and len(who) >= MANY}
    told = {student for who in many.values() for student in who}
    first = [
        Change(f"{len(who)} students ({', '.join(who[:2])}, …)", *change)
        for kind, who in many.items()
        for change in kind
    ]
    return first + [c for c in found if c.student not in told]


def changes_table(found: Sequence[Change], most: int | None = None) -> tuple[Table, str]:
    """The table for a terminal, and how many lines it leaves out, in words."""
    found = folded(found)
    shown = found if most is None else found[:most]
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for name in ("student", "exercise", "before → after", "why"):
        table.add_column(name)
    last = ""
    for c in shown:
        who = escape(visible(c.student)) if c.student != last else ""
        arrow = escape(f"{c.before} → {c.after}")
        table.add_row(
            who, escape(visible(c.exercise)), f"[bold]{arrow}[/]" if c.exercise == TOTAL else arrow, c.why
        )
        last = c.student
    left = len(found) - len(shown)
    return table, f"… and {left} line{'s' if left > 1 else ''} more" if left else ""


def place_of(root: Path, chapter: str) -> Path:
    """Where a course keeps the table of a chapter."""
    return root / "reports" / f"changes-{chapter}.csv"


def keep_changes(batch: Batch, found: Sequence[Change]) -> Path | None:
    """Add the changes of a run, with its time, to the table that is kept; its path, if there is anything to add."""
    path = place_of(batch.course.root, batch.chapter)
    if not found:
        return None
    try:
        table = read_table(path)
        rows = [cells for _, cells in table.rows] if table.header == COLUMNS else []
    except CourseError:  # not there, or somebody has made something else of it
        rows = []
    time = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    rows += [(time, c.student, c.exercise, c.before, c.after, c.why) for c in found]
    write_table(path, COLUMNS, rows[-KEPT:])
    return path
