"""When chapters are due, who has longer, and what being late costs: one table, kept in the course and in the gradebook.

nbgrader keeps due dates and extensions in its gradebook and one way of punishing in its configuration. The table says
all of it, in one place, and is part of what decides who is graded again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import LateSubmissionPlugin
from traitlets.config import Config

from grader.course import Course, CourseError
from grader.gradebook.calls import database_url
from grader.gradebook.tables import Table, read_table, write_table
from grader.gradebook.timestamps import read_time

COLUMNS = ("chapter", "student", "due", "late")
LONGER = re.compile(r"\+\s*(\d+(?:\.\d+)?)\s*(min|h|hours?|days?|d)")
COST = re.compile(r"(\d+(?:\.\d+)?)\s*(%|points?)\s*(?:/|per)\s*(hour|h|day|d)")
LENGTH = {"min": 60, "h": 3600, "d": 86400}
MOST_ASKED = 500
"""Students of whom a database is asked at once."""


@dataclass(frozen=True)
class Policy:
    """What being late costs: nothing, everything, or an amount for each hour or day that has begun."""

    text: str = "none"

    def __post_init__(self) -> None:
        if self.text not in ("none", "zero") and COST.fullmatch(self.text) is None:
            raise ValueError(
                "what being late costs is none, zero, or like 10 % per day or 0.5 points per hour"
            )

    def penalty(self, score: float, seconds: float) -> float | None:
        """Points that are taken off a score; None for none.

        Examples
        --------
        >>> Policy("10 % per day").penalty(14.0, 90_000), Policy("none").penalty(14.0, 90_000)
        (2.8, None)
        """
        if self.text == "none" or seconds <= 0:
            return None
        if self.text == "zero":
            return score
        found = COST.fullmatch(self.text)
        assert found is not None
        begun = math.ceil(seconds / LENGTH[found[3][0]])
        each = float(found[1]) * (score / 100 if found[2] == "%" else 1)
        return min(score, round(each * begun, 6))


@dataclass(frozen=True)
class Dates:
    """What the table says about one chapter; times are in UTC."""

    due: datetime | None = None
    policy: Policy | None = None
    longer: Mapping[str, timedelta] = field(default_factory=dict)


def place_of(root: Path) -> Path:
    """Where a course keeps the table."""
    return root / ".grader" / "dates.csv"


def kept(root: Path) -> dict[str, Dates]:
    """What the course's table says, by chapter."""
    path = place_of(root)
    return parse(read_table(path), path, UTC) if path.is_file() else {}


def parse(table: Table, path: Path, zone: tzinfo) -> dict[str, Dates]:
    """Read a table of dates.

    Parameters
    ----------
    table : Table
        Columns chapter, due; student and late where there are any. A line without a student is for everybody; with one,
        it says until when this student has, or how much longer: ``+24 h``, ``+3 days``.
    path : Path
        For messages.
    zone : tzinfo
        Of times that name none.

    Raises
    ------
    CourseError
        With the line that cannot be read.
    """
    names = [name.strip().lower() for name in table.header]
    if "chapter" not in names or "due" not in names:
        raise CourseError(f"{path} needs the columns chapter and due (student and late where you want them)")
    everybody: dict[str, Dates] = {}
    students: list[tuple[int, str, str, str]] = []
    for line, cells in table.rows:
        row = dict(zip(names, cells, strict=True))
        chapter, student, due = row["chapter"], row.get("student", ""), row["due"]
        try:
            if student:
                if row.get("late"):
                    raise ValueError("what being late costs is the same for everybody: leave late empty here")
                students.append((line, chapter, student, due))
            elif chapter in everybody:
                raise ValueError(f"{chapter} has two lines for everybody")
            else:
                policy = Policy(row["late"].lower()) if row.get("late") else None
                everybody[chapter] = Dates(read_time(due, zone) if due else None, policy)
        except ValueError as problem:
            raise CourseError(f"{path}, line {line}: {problem}") from None
    for line, chapter, student, due in students:
        try:
            longer = _longer(due, everybody.get(chapter, Dates()).due, zone)
        except ValueError as problem:
            raise CourseError(f"{path}, line {line}: {problem}") from None
        before = everybody.get(chapter, Dates())
        if student in before.longer:
            raise CourseError(f"{path}, line {line}: {student} has two lines for {chapter}")
        everybody[chapter] = Dates(before.due, before.policy, {**before.longer, student: longer})
    return everybody


def _longer(text: str, due: datetime | None, zone: tzinfo) -> timedelta:
    found = LONGER.fullmatch(text)
    if found:
        unit = "min" if found[2] == "min" else found[2][0]
        return timedelta(seconds=float(found[1]) * LENGTH[unit])
    if due is None:
        raise ValueError("a student has longer than everybody: say when it is due for everybody, or +24 h")
    longer = read_time(text, zone) - due
    if longer < timedelta(0):
        raise ValueError("this is earlier than for everybody")
    return longer


def keep(course: Course, dates: Mapping[str, Dates]) -> None:
    """Write the table of the course."""
    rows: list[tuple[str, ...]] = []
    for chapter, about in sorted(dates.items()):
        due = f"{about.due:%Y-%m-%d %H:%M:%S} UTC" if about.due else ""
        rows.append((chapter, "", due, about.policy.text if about.policy else ""))
        # A plus at the beginning is no formula here, but it would get an apostrophe: read_table takes it off.
        rows += [
            (chapter, name, f"+{longer.total_seconds() / 60:g} min", "")
            for name, longer in sorted(about.longer.items())
        ]
    write_table(course.private / "dates.csv", COLUMNS, rows)


def put_in_gradebook(
    config: Config, chapter: str, about: Dates, handed_in: Iterable[str], before: Dates | None = None
) -> None:
    """Write a due date, and extensions of those who have handed in; nbgrader has no place for those of others.

    What the table said `before` and says no longer is taken back; what it never said stays.
    """
    with Gradebook(database_url(config), str(config.CourseDirectory.course_id)) as book:
        try:
            assignment = book.find_assignment(chapter)
        except MissingEntry:
            return
        if about.due is not None or (before is not None and before.due is not None):
            assignment.duedate = about.due
        asked = sorted({*about.longer, *(before.longer if before is not None else ())})
        there = {s.student_id: s for s in _submissions(book, assignment, asked)}
        for student in before.longer if before is not None else ():
            if student in there and student not in about.longer:
                there[student].extension = None
        book.db.commit()
        wanted = set(handed_in)
        for student, longer in about.longer.items():
            if student in wanted and student not in there:
                book.update_or_create_student(student)
                there[student] = book.update_or_create_submission(chapter, student)
            if student in there and there[student].extension != longer:
                there[student].extension = longer
        book.db.commit()


def _submissions(book: Gradebook, assignment: Any, students: Sequence[str]) -> Iterator[Any]:
    """What some students have handed in; others are not read, as there may be thousands."""
    for i in range(0, len(students), MOST_ASKED):
        yield from book.db.query(SubmittedAssignment).filter(
            SubmittedAssignment.assignment_id == assignment.id,
            SubmittedAssignment.student_id.in_(students[i : i + MOST_ASKED]),
        )


class LateByDates(LateSubmissionPlugin):
    """What being late costs, by the course's table; where that says nothing, by nbgrader's own configuration."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points that are taken off."""
        chapter = str(getattr(self.parent, "assignment_id", ""))
        root = Path(CourseDirectory(config=self.config).root)
        about = kept(root).get(chapter)
        if about is None or about.policy is None:
            own: float | None = super().late_submission_penalty(student_id, score, total_seconds_late)
            return own
        return about.policy.penalty(score, total_seconds_late)
