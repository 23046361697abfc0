"""Marks that a person has set, while answers come in anew: kept, and looked at again only where the answer changed.

nbgrader asks for another look at every mark given by hand as soon as something is recorded. Here that is asked only of
answers whose text is another than the one that was marked, which is the one in ``autograded/``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grader.course import Course
from grader.disk import read_json, read_plain
from grader.gradebook import calls
from grader.gradebook.basis import answer_digests
from grader.gradebook.judged import CHECK
from grader.gradebook.late import MOST_ASKED


@dataclass(frozen=True)
class ByHand:
    """A mark that somebody has set.

    Attributes
    ----------
    student, cell, name : str
        Whose, the graded cell, the exercise or question.
    written : bool
        Whether it is always marked by hand.
    flagged : bool
        Whether it waits for another look.
    """

    student: str
    cell: str
    name: str
    written: bool
    flagged: bool


def by_hand(chapter: str, config: Config, students: Collection[str] | None = None) -> list[ByHand]:
    """All marks of a chapter that somebody has set, and bonuses; of some students, or of all."""
    from nbgrader.api import Gradebook

    with Gradebook(calls.database_url(config), str(config.CourseDirectory.course_id)) as book:
        return sorted(
            (_about(grade) for grade in _rows(book, chapter, students)), key=lambda m: (m.student, m.cell)
        )


def _rows(book: Any, chapter: str, students: Collection[str] | None = None) -> list[Any]:
    """Rows of marks that somebody has set, and bonuses; of some students, or of all."""
    if students is not None and len(students) > MOST_ASKED:
        some = sorted(students)
        return [
            row
            for i in range(0, len(some), MOST_ASKED)
            for row in _rows(book, chapter, some[i : i + MOST_ASKED])
        ]
    from nbgrader.api import Assignment, Grade, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import or_
    from sqlalchemy.orm import joinedload

    asked = (
        book.db.query(Grade)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(Assignment.name == chapter, or_(Grade.manual_score.is_not(None), Grade.extra_credit != 0))
        .options(joinedload(Grade.cell), joinedload(Grade.notebook).joinedload(SubmittedNotebook.assignment))
    )
    if students is not None:
        asked = asked.filter(SubmittedAssignment.student_id.in_(students))
    found: list[Any] = asked.all()
    return found


def _about(grade: Any) -> ByHand:
    cell, code = str(grade.name), grade.cell.cell_type == "code"
    student = str(grade.notebook.assignment.student_id)
    return ByHand(
        student, cell, cell.removeprefix(CHECK) if code else cell, not code, bool(grade.needs_manual_grade)
    )


class Keeper:
    """Keeps marks set by hand over a recording; made before it.

    Parameters
    ----------
    course, chapter, config
        As everywhere.
    answers : mapping
        By student that is recorded, digests of the answers as they are now.
    """

    def __init__(
        self, course: Course, chapter: str, config: Config, answers: Mapping[str, Mapping[str, str]]
    ) -> None:
        self.chapter, self.config = chapter, config
        marks = by_hand(chapter, config, answers)
        directory = CourseDirectory(config=course.config())
        seen = {student: _seen(directory, student, chapter) for student in {m.student for m in marks}}
        self.settled: dict[str, dict[str, bool]] = {}
        self.moved: dict[str, set[str]] = {}
        for m in marks:
            if m.name in answers[m.student] and seen[m.student].get(m.name) == answers[m.student][m.name]:
                self.settled.setdefault(m.student, {})[m.cell] = m.flagged
            else:
                self.moved.setdefault(m.student, set()).add(m.cell)

    def settle(self, students: Collection[str]) -> None:
        """After some were recorded: ask for another look where the answer is another, and nowhere else."""
        wanted = {(who, cell): flag for who in students for cell, flag in self.settled.get(who, {}).items()}
        wanted |= {(who, cell): True for who in students for cell in self.moved.get(who, ())}
        flag(self.chapter, self.config, wanted)

    def for_earlier(self, student: str, before: Collection[str]) -> list[str]:
        """Cells of a student whose mark is for another answer than there is by now.

        Parameters
        ----------
        student : str
            Whose.
        before : collection of str
            Those of which it was known before; they count as long as nobody has looked at them.
        """
        settled = self.settled.get(student, {})
        return sorted(self.moved.get(student, set()) | {cell for cell in before if settled.get(cell)})


def _seen(directory: Any, student: str, chapter: str) -> dict[str, str]:
    """Digests of the answers that whoever marked has seen; none where nobody can tell."""
    place = directory.format_path(directory.autograded_directory, student, chapter)
    try:
        notebook = read_json(read_plain(Path(place) / f"{chapter}.ipynb"))
        return answer_digests(notebook["cells"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def flag(chapter: str, config: Config, wanted: Mapping[tuple[str, str], bool]) -> None:
    """Set, by student and cell, whether a mark waits for another look."""
    from nbgrader.api import Gradebook

    if not wanted:
        return
    with Gradebook(calls.database_url(config), str(config.CourseDirectory.course_id)) as book:
        for grade in _rows(book, chapter, {student for student, _ in wanted}):
            mark = _about(grade)
            if (mark.student, mark.cell) in wanted:
                grade.needs_manual_grade = wanted[mark.student, mark.cell]
        book.db.commit()


def of_earlier_answers(chapter: str, config: Config, moved: Mapping[str, Collection[str]]) -> list[ByHand]:
    """Overrides and bonuses of judged exercises that wait for another look, as the answer is another by now.

    nbgrader itself asks for another look at whatever it records anew; so only those count that are known to have moved.
    """
    return [
        m
        for m in by_hand(chapter, config)
        if m.flagged and not m.written and m.cell in moved.get(m.student, ())
    ]


def take_back(chapter: str, config: Config, marks: Iterable[ByHand]) -> None:
    """Take overrides and bonuses out of the gradebook: what was judged holds again."""
    from nbgrader.api import Gradebook

    wanted = {(mark.student, mark.cell) for mark in marks}
    with Gradebook(calls.database_url(config), str(config.CourseDirectory.course_id)) as book:
        for grade in _rows(book, chapter):
            mark = _about(grade)
            if (mark.student, mark.cell) in wanted:
                grade.manual_score = grade.extra_credit = None
                grade.needs_manual_grade = grade.auto_score is None
        book.db.commit()
