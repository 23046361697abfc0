"""What the gradebook has on each student, cell by cell: judged, set by hand, bonus, late; and the sum, which adds up.

nbgrader's rule for a cell: a mark given by hand comes before the judged one, extra credit is added to whichever there
is, and a cell with neither counts nothing. A late penalty is taken off the sum, and the sum never falls below nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from traitlets.config import Config

from fnnkit.judge.registry import exercises
from grader.gradebook import calls
from grader.gradebook.judged import CHECK
from grader.gradebook.names import spoken
from grader.gradebook.timestamps import lateness, seconds_late


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
    """Scores of all students of a chapter.

    Columns are asked for, all rows in four questions: nbgrader's objects take five times as long.
    """
    from nbgrader.api import Gradebook

    people, marks_of, comments_of, penalties_of = _questions(chapter)
    with Gradebook(calls.database_url(config), str(config.CourseDirectory.course_id)) as book:
        found = {row.student_id: _Rows(row) for row in book.db.execute(people)}
        seen: dict[Mark, Mark] = {}  # most marks are those of many
        for student, *values in book.db.execute(marks_of):
            mark = _mark(*values)
            found[student].marks.append(seen.setdefault(mark, mark))
        for student, name, text in book.db.execute(comments_of):
            # Only what a person wrote: nbgrader's own "No response." says nothing new.
            if text:
                found[student].comments[str(name)] = str(text)
        for student, penalty in book.db.execute(penalties_of):
            found[student].penalty += float(penalty or 0.0)
    order = {e.name: position for position, e in enumerate(exercises(chapter))}
    return {student: rows.score(order) for student, rows in found.items()}


def _questions(chapter: str) -> tuple[Any, Any, Any, Any]:
    """What the gradebook is asked about a chapter: its people, marks, comments, penalties."""
    from nbgrader.api import (
        Assignment,
        BaseCell,
        Comment,
        Grade,
        GradeCell,
        Student,
        SubmittedAssignment,
        SubmittedNotebook,
        TaskCell,
    )
    from sqlalchemy import func, select

    base, code, task = BaseCell.__table__, GradeCell.__table__, TaskCell.__table__
    handed, book_of = SubmittedAssignment.__table__, SubmittedNotebook.__table__
    grade, comment, person, asked = (t.__table__ for t in (Grade, Comment, Student, Assignment))
    notebooks = book_of.join(handed, book_of.c.assignment_id == handed.c.id).join(
        asked, handed.c.assignment_id == asked.c.id
    )
    mine = asked.c.name == chapter
    of_cells = [func.coalesce(code.c[name], task.c[name]) for name in ("cell_type", "max_score")]
    marks_of = (
        select(
            handed.c.student_id, base.c.name, *of_cells, grade.c.auto_score, grade.c.manual_score,
            grade.c.extra_credit, grade.c.needs_manual_grade,
        )
        .select_from(
            notebooks.join(grade, grade.c.notebook_id == book_of.c.id)
            .join(base, base.c.id == grade.c.cell_id)
            .outerjoin(code, code.c.id == base.c.id)
            .outerjoin(task, task.c.id == base.c.id)
        )
        .where(mine)
    )  # fmt: skip
    comments_of = (
        select(handed.c.student_id, base.c.name, comment.c.manual_comment)
        .select_from(
            notebooks.join(comment, comment.c.notebook_id == book_of.c.id).join(
                base, base.c.id == comment.c.cell_id
            )
        )
        .where(mine, comment.c.manual_comment.is_not(None))
    )
    penalties_of = (
        select(handed.c.student_id, book_of.c.late_submission_penalty).select_from(notebooks).where(mine)
    )
    people = (
        select(
            handed.c.student_id, person.c.first_name, person.c.last_name, handed.c.timestamp,
            handed.c.extension, asked.c.duedate,
        )
        .select_from(handed.join(asked, handed.c.assignment_id == asked.c.id).join(
            person, person.c.id == handed.c.student_id
        ))
        .where(mine)
    )  # fmt: skip
    return people, marks_of, comments_of, penalties_of


@dataclass
class _Rows:
    """What the gradebook has on one submission, as it is read."""

    about: Any
    marks: list[Mark] = field(default_factory=list)
    comments: dict[str, str] = field(default_factory=dict)
    penalty: float = 0.0

    def score(self, order: Mapping[str, int]) -> Score:
        """The score."""
        marks = tuple(sorted(self.marks, key=lambda m: (order.get(m.name, len(order)), m.name)))
        written = [m for m in marks if m.written]
        about = self.about
        late = seconds_late(about.timestamp, about.duedate, about.extension)
        return Score(
            max(float(sum(m.points for m in marks)) - self.penalty, 0.0), sum(m.possible for m in marks), self.penalty,
            any(m.flagged for m in written),
            # Where nobody answered, nbgrader gives 0 by itself.
            {m.name: m.by_hand if m.by_hand is not None else m.judged for m in written},
            self.comments, {m.name: m.possible for m in written}, late,
            spoken(about.first_name, about.last_name, about.student_id), marks,
            excuse(about.timestamp, about.duedate, about.extension),
        )  # fmt: skip


def _mark(
    name: str, kind: str, worth: float, judged: float | None, by_hand: float | None, bonus: float | None,
    flagged: bool,
) -> Mark:  # fmt: skip
    code = kind == "code"
    return Mark(
        name.removeprefix(CHECK) if code else name, float(worth), judged, by_hand, float(bonus or 0.0), not code,
        bool(flagged),
    )  # fmt: skip


def excuse(time: datetime | None, due: datetime | None, extension: timedelta | None) -> str:
    """By what an extension excuses a submission that came after everybody's due date; empty where none was needed."""
    if not extension or due is None or time is None:
        return ""
    late = (time - due).total_seconds()
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
