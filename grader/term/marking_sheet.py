"""A table of written answers to fill in with points and comments, and what it says once somebody has filled it in.

A line is one answer, and counts for all students who gave it and have the same mark so far; whoever wants to tell them
apart makes several lines of it. The column `mark` says what the answer and its mark were when the table was written: so
an answer that was handed in anew, or a mark that was given elsewhere since, is noticed.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import Course, CourseError
from grader.gradebook.hand_marks import Answer, Given, Question
from grader.gradebook.tables import LONGEST_CELL, harmless, plain, read_table, write_table
from grader.marking.text import visible

COLUMNS = ("question", "answer", "students", "points", "of", "comment", "mark")
BETWEEN = " | "
"""Between students of a line: no name holds it."""
BREAK = "⏎"
"""A new line in a comment."""
PARTS = {"¼": 0.25, "½": 0.5, "¾": 0.75}
POINTS = re.compile(r"(\d{1,4}(?:[.,]\d{1,20})?)?\s*([¼½¾])?")


@dataclass(frozen=True)
class Group:
    """Answers that are the same but for spaces; `label` stands on the page and in the table."""

    label: str
    question: str
    answers: tuple[Answer, ...]

    @property
    def blank(self) -> bool:
        """Whether nothing was written."""
        return self.answers[0].blank

    @property
    def waiting(self) -> bool:
        """Whether one of them is still to be marked."""
        return any(a.waiting for a in self.answers)


def place_of(course: Course, chapter: str) -> Path:
    """Where the table of a chapter is written."""
    return course.root / "reports" / f"written-{chapter}.csv"


def grouped(answers: Sequence[Answer]) -> list[Group]:
    """Answers that are the same, together: those to mark first, of many students first; blank ones last."""
    found: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        if answer.text is not None:
            found.setdefault((answer.question, "" if answer.blank else _same(answer)), []).append(answer)
    made = [Group("", question, tuple(group)) for (question, _), group in found.items()]
    made.sort(key=lambda g: (g.question, g.blank, not g.waiting, -len(g.answers), g.answers[0].student))
    counts: dict[str, int] = {}
    labelled = []
    for group in made:
        counts[group.question] = counts.get(group.question, 0) + 1
        label = "blank" if group.blank else f"A{counts[group.question]}"
        labelled.append(Group(label, group.question, group.answers))
    return labelled


def _same(answer: Answer) -> str:
    return " ".join((answer.text or "").split())


def write(course: Course, chapter: str, asked: Sequence[Question], groups: Sequence[Group]) -> Path:
    """Write the table; marks and comments that are there already stand in it."""
    worth = {q.name: q.points for q in asked}
    rows: list[tuple[object, ...]] = []
    for group in groups:
        states: dict[str, list[Answer]] = {}
        for answer in group.answers:
            states.setdefault(_token(answer), []).append(answer)
        for token, same in states.items():
            first = same[0]
            students = BETWEEN.join(a.student for a in same)
            if len(students) >= LONGEST_CELL:  # would be cut when it is read: a line each
                rows += [_row(group, [a], worth) for a in same]
            else:
                rows.append(_row(group, same, worth))
            assert token == _token(first)
    path = place_of(course, chapter)
    write_table(path, COLUMNS, rows)
    return path


def _row(group: Group, same: Sequence[Answer], worth: Mapping[str, float]) -> tuple[object, ...]:
    first = same[0]
    students = BETWEEN.join(a.student for a in same)
    return (
        group.question, group.label, students, _short(first.settled), worth[group.question], _cell(first.comment),
        _token(first),
    )  # fmt: skip


def _short(points: float | None) -> float | None:
    """Points as they stand in the table."""
    return None if points is None else round(points, 4)


def _cell(comment: str) -> str:
    """A comment on one line, as it is read again."""
    return plain(harmless(BREAK.join(comment.splitlines())))[: LONGEST_CELL - 1]


def _token(answer: Answer) -> str:
    """What tells an answer and its mark from any other."""
    return f"m{_digest(_same(answer))}{_state(answer.settled, _cell(answer.comment))}"


def _state(points: float | None, comment: str) -> str:
    return _digest("" if points is None else f"{_short(points):.4f}", comment)


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]


@dataclass
class Filled:
    """What a table says.

    Attributes
    ----------
    given : list of Given
        What is to be recorded.
    newer : list of Given
        What would replace a mark or a comment that somebody gave since the table was written.
    refused : list of str
        Lines that do not fit, and why.
    unchanged : int
        Answers for which the table says nothing new.
    """

    given: list[Given] = field(default_factory=list)
    newer: list[Given] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unchanged: int = 0


def read(path: Path, asked: Sequence[Question], answers: Sequence[Answer]) -> Filled:
    """Read a table that was filled in.

    Raises
    ------
    CourseError
        If it is no such table.
    """
    table = read_table(path)
    names = [name.strip().casefold() for name in table.header]
    missing = [c for c in ("question", "students", "points", "comment", "mark") if c not in names]
    if missing:
        raise CourseError(
            f"{path} has no column {' and no column '.join(missing)}: fill in the table that `grader written` wrote"
        )
    known = {(a.question, a.student): a for a in answers}
    worth = {q.name: q.points for q in asked}
    filled, seen = Filled(), dict[tuple[str, str], int]()
    for line, cells in table.rows:
        row = dict(zip(names, cells, strict=True))
        try:
            _line(row, line, worth, known, seen, filled)
        except ValueError as problem:
            filled.refused.append(f"line {line}: {visible(str(problem))}")
    return filled


def _line(
    row: Mapping[str, str],
    line: int,
    worth: Mapping[str, float],
    known: Mapping[tuple[str, str], Answer],
    seen: dict[tuple[str, str], int],
    filled: Filled,
) -> None:
    question = row["question"]
    if question not in worth:
        raise ValueError(f"there is no written question {question!r}; there are: {', '.join(worth)}")
    points = _points(row["points"], worth[question])
    if len(row["comment"]) >= LONGEST_CELL:
        raise ValueError(f"the comment has more than {LONGEST_CELL - 1} characters: shorten it")
    students = [name for part in row["students"].split("|") if (name := part.strip())]
    if not students:
        raise ValueError("it names no student")
    found = []
    for student in students:
        if (question, student) not in known:
            raise ValueError(f"{student!r} has no answer to {question} in the gradebook")
        if (question, student) in seen:
            raise ValueError(f"{student} is in line {seen[question, student]} as well: leave one of them")
        seen[question, student] = line
        found.append(known[question, student])
    made = [_compared(answer, points, row["comment"], row["mark"]) for answer in found]
    for one, newer in made:
        if one is None:
            filled.unchanged += 1
        else:
            (filled.newer if newer else filled.given).append(one)


def _points(text: str, worth: float) -> float | None:
    if not text:
        return None
    found = POINTS.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        raise ValueError(f"{text!r} is no number of points, such as 0.5 or ½")
    points = float((found[1] or "0").replace(",", ".")) + PARTS.get(found[2] or "", 0.0)
    if not math.isfinite(points) or points > worth:
        raise ValueError(f"{points:g} points, and the question is worth {worth:g}")
    return points


def _compared(answer: Answer, points: float | None, comment: str, mark: str) -> tuple[Given | None, bool]:
    """What a line changes of an answer, and whether that is a mark newer than the table."""
    if not re.fullmatch(r"m[0-9a-f]{16}", mark):
        raise ValueError("its column mark is not as it was written: leave it, or write the table again")
    if answer.text is None:
        raise ValueError(f"what {answer.student} handed in is not in autograded/: run `grader grade` first")
    now = _token(answer)
    if mark[:9] != now[:9]:
        raise ValueError(
            f"the answer of {answer.student} is another one since: write the table again, and look at it"
        )
    said = _cell(answer.comment)
    if mark[9:] == _state(points, comment):  # nobody has filled in anything
        return None, False
    if points is None and answer.settled is not None and mark == now:
        raise ValueError(
            f"its points were {answer.points:g} and are gone: a mark is taken back in Formgrader"
        )
    new_points = None if points is None or _short(points) == _short(answer.settled) else points
    new_comment = None if comment == said else "\n".join(part.strip() for part in comment.split(BREAK))
    if new_points is None and new_comment is None:
        return None, False
    return Given(answer, new_points, new_comment), mark != now
