"""What the gradebook has on each student, cell by cell: judged, set by hand, bonus, late; and the sum, which adds up.

nbgrader's rule for a cell: a mark given by hand comes before the judged one, extra credit is added to whichever there
is, and a cell with neither counts nothing. A late penalty is taken off the sum, and the sum never falls below nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from traitlets.config import Config

from fnnkit.judge.registry import exercises
from grader.gradebook import calls
from grader.gradebook.judged import CHECK
from grader.gradebook.names import spoken
from grader.gradebook.timestamps import lateness


@dataclass(frozen=True)
class Mark:
    """One cell with points in the gradebook.

    Attributes
    ----------
    name : str
        The exercise or the question.
    possible : float
        What it is worth.
    judged : float or None
        Points as judged; of a written answer, 0 where nobody wrote one.
    by_hand : float or None
        What somebody has set in its place (nbgrader's manual score).
    bonus : float
        nbgrader's extra credit; less than nothing where points were taken off by hand.
    written : bool
        Whether it is always marked by hand.
    flagged : bool
        Whether nbgrader waits for somebody to look at it.
    """

    name: str
    possible: float
    judged: float | None = None
    by_hand: float | None = None
    bonus: float = 0.0
    written: bool = False
    flagged: bool = False

    @property
    def given(self) -> bool:
        """Whether there is any mark; nbgrader adds a bonus to none."""
        return self.by_hand is not None or self.judged is not None

    @property
    def before_bonus(self) -> float:
        """Points without the bonus."""
        return (self.judged or 0.0) if self.by_hand is None else self.by_hand

    @property
    def points(self) -> float:
        """What it adds to the sum, as nbgrader computes it."""
        return self.before_bonus + self.bonus if self.given else 0.0

    @property
    def touched(self) -> bool:
        """Whether a person has changed what was judged: an override, or a bonus."""
        return bool(self.bonus) or (self.by_hand is not None and not self.written)

    def words(self) -> str:
        """Points, and who gave them.

        Examples
        --------
        >>> Mark("mse", 1.0, judged=0.0, by_hand=0.5, bonus=1.0).words()
        '0.5/1, set by hand (judged 0), +1 bonus'
        >>> Mark("relu", 1.0, judged=1.0, bonus=-0.25).words(), Mark("why", 1.0, bonus=1.0, written=True).words()
        ('1/1, 0.25 taken off by hand', '?/1, to be marked by hand, +1 bonus once it is marked')
        """
        parts = [f"{self.before_bonus:g}/{self.possible:g}" if self.given else f"?/{self.possible:g}"]
        if not self.given:
            parts.append("to be marked by hand" if self.written else "not judged")
        elif self.by_hand is not None and not self.written:
            parts.append(
                f"set by hand (judged {'nothing' if self.judged is None else format(self.judged, 'g')})"
            )
        if self.bonus:
            parts.append(self.bonus_words() + ("" if self.given else " once it is marked"))
        return ", ".join(parts)

    def bonus_words(self) -> str:
        """The bonus alone."""
        return f"+{self.bonus:g} bonus" if self.bonus > 0 else f"{-self.bonus:g} taken off by hand"


@dataclass(frozen=True)
class Score:
    """A student's score as the gradebook has it: judged, written, late, all."""

    total: float
    possible: float
    penalty: float
    to_mark: bool
    manual: dict[str, float | None]
    comments: dict[str, str]
    written_points: dict[str, float]
    seconds_late: float = 0.0
    name: str = ""
    marks: tuple[Mark, ...] = ()
    excuse: str = ""

    @property
    def late(self) -> str:
        """How late it was handed in, in words; empty if it was not."""
        return lateness(self.seconds_late)

    @property
    def when(self) -> str:
        """How late, what that costs, and by what it is excused; empty for what came in time."""
        cost = f"{self.penalty:g} points taken off" if self.penalty else ""
        return ", ".join(filter(None, (self.late, cost, self.excuse)))

    def mark(self, name: str) -> Mark | None:
        """The mark of an exercise or a question."""
        return next((m for m in self.marks if m.name == name), None)

    @property
    def touched(self) -> list[Mark]:
        """Marks that a person has changed, in the order of the chapter."""
        return [m for m in self.marks if m.touched]

    @property
    def written_sum(self) -> float:
        """Points of all written answers that are marked."""
        if not self.marks:
            return float(sum(v or 0 for v in self.manual.values()))
        return float(sum(m.points for m in self.marks if m.written))

    def parts(self) -> list[tuple[str, float]]:
        """What the total is made of, in the order in which it is told; the sum of these is the total."""
        marks = [m for m in self.marks if m.given]
        code, texts = [m for m in marks if not m.written], [m for m in marks if m.written]
        overrides = [m.by_hand - (m.judged or 0.0) for m in code if m.by_hand is not None]
        bonus = [m.bonus for m in marks]
        found = [
            ("exercises, as judged", sum(m.judged or 0.0 for m in code)),
            ("set by hand", sum(overrides)),
            ("written answers", sum(m.before_bonus for m in texts)),
            ("bonus", sum(b for b in bonus if b > 0)),
            ("taken off by hand", sum(b for b in bonus if b < 0)),
            ("taken off for being late", -self.penalty),
        ]
        shown = [(what, points) for what, points in found if points or what == found[0][0]]
        below = self.total - sum(points for _, points in shown)
        return [*shown, *([("not below 0", below)] if below > 1e-9 else [])]

    def sum_words(self) -> str:
        """The total as a sum; empty where it is all of one kind.

        Examples
        --------
        >>> marks = Mark("mse", 1.0, 0.0, 0.5, 1.0), Mark("why", 1.0, None, 0.75, written=True)
        >>> Score(2.0, 2.0, 0.25, False, {}, {}, {}, marks=marks).sum_words()
        '0 exercises, as judged + 0.5 set by hand + 0.75 written answers + 1 bonus − 0.25 taken off for being late = 2'
        """
        (what, first), *more = self.parts()
        if not more:
            return ""
        told = "".join(f" {'+' if n > 0 else '−'} {abs(n):g} {name}" for name, n in more)
        return f"{first:g} {what}{told} = {self.total:g}"


def scores(batch: Any, config: Config) -> dict[str, Score]:
    """Scores of all students of a batch's chapter, whatever was set by hand and penalties included."""
    return of_chapter(batch.chapter, config)


def of_chapter(chapter: str, config: Config) -> dict[str, Score]:
    """Scores of all students of a chapter."""
    from nbgrader.api import Assignment, Comment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy.orm import selectinload, undefer

    with Gradebook(calls.database_url(config), str(config.CourseDirectory.course_id)) as book:
        # All rows in a few questions: nbgrader's own way asks for what belongs to each of them by itself.
        parts = selectinload(SubmittedAssignment.notebooks)
        submissions = (
            book.db.query(SubmittedAssignment)
            .join(Assignment)
            .filter(Assignment.name == chapter)
            .options(
                undefer(SubmittedAssignment.score),
                undefer(SubmittedAssignment.max_score),
                undefer(SubmittedAssignment.late_submission_penalty),
                parts.selectinload(SubmittedNotebook.grades).selectinload(Grade.cell),
                parts.selectinload(SubmittedNotebook.comments).selectinload(Comment.cell),
            )
        )
        order = {e.name: position for position, e in enumerate(exercises(chapter))}
        return {submission.student_id: _score(submission, order) for submission in submissions}


def _score(submission: Any, order: Mapping[str, int]) -> Score:
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    marks = tuple(sorted((_mark(grade) for grade in grades), key=lambda m: order.get(m.name, len(order))))
    written = [m for m in marks if m.written]
    # Only what a person wrote: nbgrader's own "No response." says nothing new.
    comments = {
        comment.name: str(comment.manual_comment)
        for notebook in submission.notebooks
        for comment in notebook.comments
        if comment.manual_comment
    }
    penalty = float(submission.late_submission_penalty or 0.0)
    return Score(
        max(float(submission.score) - penalty, 0.0), float(submission.max_score), penalty,
        any(m.flagged for m in written),
        # Where nobody answered, nbgrader gives 0 by itself.
        {m.name: m.by_hand if m.by_hand is not None else m.judged for m in written},
        comments, {m.name: m.possible for m in written}, _seconds_late(submission),
        spoken(submission.student.first_name, submission.student.last_name, submission.student.id), marks, excuse(submission),
    )  # fmt: skip


def _mark(grade: Any) -> Mark:
    code = grade.cell.cell_type == "code"
    name = str(grade.name)
    return Mark(
        name.removeprefix(CHECK) if code else name, float(grade.cell.max_score), grade.auto_score,
        grade.manual_score, float(grade.extra_credit or 0.0), not code, bool(grade.needs_manual_grade),
    )  # fmt: skip


def _seconds_late(submission: Any) -> float:
    """How late it is; nbgrader fails for an extension of a chapter that is never due."""
    return 0.0 if submission.assignment.duedate is None else float(submission.total_seconds_late)


def excuse(submission: Any) -> str:
    """By what an extension excuses a submission that came after everybody's due date; empty where none was needed."""
    due: datetime | None = submission.assignment.duedate
    extension: timedelta | None = submission.extension
    if not extension or due is None or submission.timestamp is None:
        return ""
    late = (submission.timestamp - due).total_seconds()
    hours = f"{extension.total_seconds() / 3600:g} h"
    if late > extension.total_seconds():
        return f"although given {hours} longer"
    return (
        f"{lateness(late)[: -len(' late')]} after the date of all others, excused: given {hours} longer"
        if late > 0
        else ""
    )


def touched_lines(known: dict[str, Score], students: Iterable[str]) -> list[tuple[str, str]]:
    """For each student with marks that a person has changed, one line that says which."""
    return [
        (student, "; ".join(f"{m.name} {m.words()}" for m in known[student].touched))
        for student in students
        if student in known and known[student].touched
    ]
