"""Names of people in nbgrader's gradebook, beside their ids."""

from __future__ import annotations

from typing import Any

from grader.course import Course
from grader.gradebook.calls import database_url
from grader.gradebook.names import parts_of
from grader.term.people import Roster, kept


def _book(course: Course) -> Any:
    from nbgrader.api import Gradebook

    settings = course.config()
    return Gradebook(database_url(settings), str(settings.CourseDirectory.course_id))


def put_in_gradebook(course: Course, roster: Roster) -> None:
    """Give the gradebook the names of everybody; nobody leaves it, as their marks would too."""
    with _book(course) as book:
        there = {s.id: s for s in book.students}
        from nbgrader.api import Student

        for person in roster.people:
            student = there.get(person.id)
            if student is None:
                student = Student(id=person.id)
                book.db.add(student)
            first, last = parts_of(person.id)
            named = person.first or person.last
            student.first_name = person.first if named else first
            student.last_name = person.last if named else last
            student.email = person.email or None
            student.lms_user_id = person.lms or None
        book.db.commit()


def attendance(course: Course, chapter: str) -> tuple[list[str], list[str]]:
    """Who of the roster has not handed in a chapter, with their names, and who did and is not in the roster."""
    roster = kept(course)
    if not roster.people:
        return [], []
    came = set(course.handed_in(chapter))
    missing = [p.id if p.name == p.id else f"{p.id} {p.name}" for p in roster.people if p.id not in came]
    return missing, sorted(came - roster.by_id.keys())


def strangers(course: Course, roster: Roster) -> list[str]:
    """Who handed in, or is in the gradebook, and is not in the roster."""
    submitted = course.root / "submitted"
    names = {p.name for p in submitted.iterdir() if p.is_dir()} if submitted.is_dir() else set()
    with _book(course) as book:
        names |= {s.id for s in book.students}
    return sorted(names - roster.by_id.keys())
