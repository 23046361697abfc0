"""Written answers as the gradebook has them, and marks and comments that a person gives them.

Marks are nbgrader's own: `manual_score`, `needs_manual_grade` and `manual_comment`, as Formgrader sets them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Comment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.orm import selectinload
from traitlets.config import Config

from grader.course import Course, CourseError
from grader.disk import read_json, read_plain
from grader.gradebook.calls import database_url
from grader.gradebook.names import spoken
from grader.marking.submission import is_answer, load_released
from grader.marking.written import bare

LARGEST = 200 << 20


@dataclass(frozen=True)
class Question:
    """A written question of a chapter: its name, its points, the text in whose place answers are written."""

    name: str
    points: float
    stub: str


@dataclass(frozen=True)
class Answer:
    """One student's answer to a question.

    Attributes
    ----------
    student, name : str
        Id, and name as it is spoken; empty where none is known.
    text : str or None
        What was written; None if the notebook that was graded is not there.
    notes : tuple of str
        Where it was found.
    attachments : mapping
        Pictures, as `grader.marking.written` keeps them.
    judged, points : float or None
        nbgrader's own mark (0 where nothing was written), and the one that a person gave.
    comment : str
        What a person wrote.
    waiting : bool
        Whether it is still to be marked.
    """

    student: str
    question: str
    text: str | None
    name: str = ""
    notes: tuple[str, ...] = ()
    attachments: Mapping[str, Any] = field(default_factory=dict)
    judged: float | None = None
    points: float | None = None
    comment: str = ""
    waiting: bool = False
    blank: bool = False

    @property
    def settled(self) -> float | None:
        """The mark that somebody gave for this text: none where it changed since, and is to be looked at again."""
        return None if self.waiting else self.points


@dataclass(frozen=True)
class Given:
    """A mark or a comment for an answer; None leaves what is there."""

    answer: Answer
    points: float | None = None
    comment: str | None = None


def questions(course: Course, chapter: str) -> list[Question]:
    """The written questions of a chapter."""
    cells = load_released(course.released(chapter)).cells
    return [
        Question(c.metadata.nbgrader.grade_id, float(c.metadata.nbgrader.get("points", 0)), c.source)
        for c in cells
        if is_answer(c) and c.cell_type == "markdown" and c.metadata.nbgrader.get("grade")
    ]


def answers(course: Course, chapter: str, config: Config) -> list[Answer]:
    """The answers of all who are in the gradebook, by student."""
    directory = CourseDirectory(config=config)
    asked = {q.name: q for q in questions(course, chapter)}
    found = []
    with Gradebook(database_url(config), str(config.CourseDirectory.course_id)) as book:
        for submission in _submissions(book, chapter):
            student = submission.student_id
            path = directory.format_path(directory.autograded_directory, student, chapter)
            cells = _cells(Path(path) / f"{chapter}.ipynb")
            for grade, comment in _rows(submission):
                if grade.name in asked:
                    about = _text(cells.get(grade.name) if cells is not None else None, asked[grade.name])
                    found.append(
                        Answer(
                            student,
                            grade.name,
                            name=spoken(
                                submission.student.first_name,
                                submission.student.last_name,
                                submission.student.id,
                            ),
                            judged=grade.auto_score,
                            points=grade.manual_score,
                            comment=_of(comment),
                            waiting=bool(grade.needs_manual_grade),
                            **about,
                        )
                    )
    return sorted(found, key=lambda a: (a.question, a.student))


def _submissions(book: Any, chapter: str) -> Any:
    parts = selectinload(SubmittedAssignment.notebooks)
    return (
        book.db.query(SubmittedAssignment)
        .join(Assignment)
        .filter(Assignment.name == chapter)
        .options(
            selectinload(SubmittedAssignment.student),
            parts.selectinload(SubmittedNotebook.grades).selectinload(Grade.cell),
            parts.selectinload(SubmittedNotebook.comments).selectinload(Comment.cell),
        )
    )


def _rows(submission: Any) -> list[tuple[Any, Any]]:
    """Marks of written answers of a submission, each with its comment."""
    found = []
    for notebook in submission.notebooks:
        comments = {comment.name: comment for comment in notebook.comments}
        found += [(g, comments.get(g.name)) for g in notebook.grades if g.cell.cell_type == "markdown"]
    return found


def _of(comment: Any) -> str:
    return str(comment.manual_comment or "") if comment is not None else ""


def _cells(path: Path) -> dict[str, Any] | None:
    """The cells of a notebook that was graded, by grade id; None if there is none to read."""
    try:
        cells = read_json(read_plain(path, LARGEST))["cells"]
        return {c["metadata"].get("nbgrader", {}).get("grade_id", ""): c for c in cells}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _text(cell: Any, question: Question) -> dict[str, Any]:
    if cell is None:
        return {"text": None}
    source = cell.get("source", "")
    source = "".join(source) if isinstance(source, list) else str(source)
    notes = tuple(cell["metadata"].get("fnnkit", {}).get("notes", ()))
    text = bare(source, notes).strip()
    blank = text in ("", question.stub.strip())
    return {"text": text, "notes": notes, "attachments": cell.get("attachments", {}), "blank": blank}


def record(course: Course, chapter: str, config: Config, given: Sequence[Given]) -> None:
    """Record marks and comments, all of them or none.

    Raises
    ------
    CourseError
        If one of the answers has been marked by somebody since it was read.
    """
    wanted = {(one.answer.student, one.answer.question): one for one in given}
    with Gradebook(database_url(config), str(config.CourseDirectory.course_id)) as book:
        try:
            left = set(wanted)
            for submission in _submissions(book, chapter):
                for grade, comment in _rows(submission):
                    key = (submission.student_id, grade.name)
                    if key in wanted:
                        _set(grade, comment, wanted[key])
                        left.discard(key)
            if left:
                raise CourseError(f"{min(left)[0]} is no longer in the gradebook: nothing was recorded")
            book.db.commit()
        except BaseException:
            book.db.rollback()
            raise


def _set(grade: Any, comment: Any, one: Given) -> None:
    if grade.manual_score != one.answer.points or _of(comment) != one.answer.comment:
        raise CourseError(
            f"somebody is marking {one.answer.student} at this moment: nothing was recorded, read the table again"
        )
    if one.points is not None:
        grade.manual_score, grade.needs_manual_grade = one.points, False
    if one.comment is not None:
        if comment is None:
            raise CourseError(f"{one.answer.question} has no place for comments in the gradebook")
        comment.manual_comment = one.comment or None
