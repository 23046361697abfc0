"""Tables for spreadsheets: what nbgrader exports, with quotes where they are needed and without formulas."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from grader.course import Course
from grader.gradebook.calls import database_url
from grader.gradebook.tables import harmless

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
    "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def rows(book: Any, assignments: list[str], students: list[str]) -> list[list[str]]:
    """The table: a header, and a row for each student and assignment, also for those who handed in nothing.

    Parameters
    ----------
    book : Gradebook
        nbgrader's.
    assignments, students : list of str
        Only these; all if empty.
    """
    found = [list(COLUMNS)]
    for assignment in book.assignments:
        if assignments and assignment.name not in assignments:
            continue
        for student in book.students:
            if students and student.id not in students:
                continue
            try:
                submission = book.find_submission(assignment.name, student.id)
            except MissingEntry:
                stamp, raw, penalty = None, 0.0, 0.0
            else:
                stamp, raw = submission.timestamp, submission.score
                penalty = submission.late_submission_penalty or 0.0
            cells: tuple[object, ...] = (
                assignment.name, assignment.duedate, stamp, student.id, student.last_name, student.first_name, student.email, raw,
                penalty, max(0.0, raw - penalty), assignment.max_score,
            )  # fmt: skip
            found.append([harmless(cell) for cell in cells])
    return found


def table_of(course: Course) -> list[list[str]]:
    """The table of a whole course."""
    settings = course.config()
    with Gradebook(database_url(settings), str(settings.CourseDirectory.course_id)) as book:
        return rows(book, [], [])


class SafeCsv(ExportPlugin):  # type: ignore[misc]
    """Exporter for ``nbgrader export``: the columns of nbgrader's own, quoted, without formulas."""

    def export(self, gradebook: Any) -> None:
        """Write the table to ``--to``, by default ``grades.csv``."""
        place = Path(self.to or "grades.csv")
        table = rows(gradebook, [str(a) for a in self.assignment], [str(s) for s in self.student])
        # A byte order mark: without it, spreadsheets take names with accents for another encoding.
        with place.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(table)
        self.log.info("Exported %d rows to %s", len(table) - 1, place)
