"""Names of students in the gradebook, where nobody has given any: Formgrader would call each of them "None, None"."""

from __future__ import annotations

from typing import Any


def parts_of(student: str) -> tuple[str, str]:
    """First and last name of somebody of whom only the id is known: Formgrader sorts and shows "last, first".

    Examples
    --------
    >>> parts_of("Ada Maria Berg"), parts_of("s4711")
    (('Ada Maria', 'Berg'), ('', 's4711'))
    """
    first, _, last = student.strip().rpartition(" ")
    return first.strip(), last


def spoken(first: str | None, last: str | None, student: str) -> str:
    """The name of a student as it is spoken; empty where it is not known, or is the id itself."""
    name = " ".join(part for part in (first, last) if part).strip()
    return "" if name == student else name


def fill_in(url: str, course_id: str) -> None:
    """Call by their ids all in a gradebook who have no name."""
    from nbgrader.api import Gradebook, Student

    with Gradebook(url, course_id) as book:
        nameless: Any = book.db.query(Student).filter(
            Student.first_name.is_(None), Student.last_name.is_(None)
        )
        for student in nameless:
            student.first_name, student.last_name = parts_of(student.id)
        if book.db.dirty:
            book.db.commit()
