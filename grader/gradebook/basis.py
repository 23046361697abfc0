"""On what each recorded mark rests: answer, test, points, dates. So what changed is graded again, and the reason is known.

Kept beside the course's secret, sealed with it: a record that was not written here counts as none. While a class is
recorded, what is new stands in small files beside the record; a run that ends puts them into it, and one that is killed
leaves them to the next.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traitlets.config import Config

from fnnkit.judge.registry import sources_of
from grader.course import Course
from grader.disk import read_plain, seal, unseal, write_atomically
from grader.gradebook import calls
from grader.gradebook.changing import released_cells
from grader.gradebook.timestamps import lateness, seconds_late
from grader.marking.marking import exercise_version
from grader.marking.submission import Rebuilt, answers_digest, is_answer


@dataclass(frozen=True)
class Shared:
    """What the marks of a whole class rest on; digests, but for points.

    Attributes
    ----------
    tests : mapping
        By file of the chapter's exercises; one has the name of each exercise.
    judge : str
        Of all that judges, the reference and the packages included.
    given : str
        Of the cells that students cannot change.
    points : mapping
        By graded cell.
    dates : str
        Of the due date and of what being late costs.
    """

    tests: Mapping[str, str]
    judge: str
    given: str
    points: Mapping[str, float]
    dates: str

    def digest(self) -> str:
        """Changes with any of it."""
        return _digest(vars(self))


@dataclass(frozen=True)
class Basis:
    """What one student's marks rest on.

    Attributes
    ----------
    key : str
        Of the result (`marking.key_of`).
    fingerprint : str
        Of all answers: with the secret, it decides the inputs.
    answers : mapping
        By answer cell, a digest of its text.
    time : str
        When it was handed in.
    longer : str
        The extension.
    by_hand : str
        Digest of what was set by hand, where being late costs a share of the sum.
    shared : Shared
        What is the same for the class.
    """

    key: str
    fingerprint: str
    answers: Mapping[str, str]
    time: str
    longer: str
    by_hand: str
    shared: Shared

    def digest(self) -> str:
        """Changes with any of it."""
        return _digest({**vars(self), "shared": self.shared.digest()})


def _digest(thing: Any) -> str:
    return hashlib.sha256(json.dumps(thing, sort_keys=True).encode("utf-8", "replace")).hexdigest()


def answer_digests(cells: Iterable[Any]) -> dict[str, str]:
    """By grade id, a digest of each answer in the cells of a rebuilt notebook, or of one that nbgrader has kept."""
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: _digest(
            [_text(cell), {k: v for k, v in cell["metadata"].get("fnnkit", {}).items() if k != "notes"}]
        )[:20]
        for cell in cells
        if cell.get("metadata", {}).get("nbgrader", {}).get("solution")
    }


def _text(cell: Any) -> str:
    return "".join(cell["source"])  # lines in a file, a text in memory


class Resting:
    """What marks rest on now.

    Parameters
    ----------
    course, chapter, config, released
        As everywhere.
    policy : object
        What the table of dates says about the chapter being late.
    """

    def __init__(self, course: Course, chapter: str, config: Config, released: Any, policy: object) -> None:
        self.course, self.chapter = course, chapter
        self.there, due, self.by_hand = _in_gradebook(config, chapter)
        costs = [policy, config.LateSubmissionPlugin, config.AssignLatePenalties]
        given = [(c.cell_type, c.source) for c in released.cells if not is_answer(c)]
        self.shared = Shared(
            {path.stem: hashlib.sha256(path.read_bytes()).hexdigest()[:20] for path in sources_of(chapter)},
            exercise_version(chapter), _digest(given),
            {name: points for name, (points, _) in sorted(released_cells(released).graded.items())},
            _digest(repr([due, costs])),
        )  # fmt: skip

    def of(self, student: str, key: str, rebuilt: Rebuilt) -> Basis:
        """What a student's marks rest on."""
        stamp = self.course.submitted(student, self.chapter).with_name("timestamp.txt")
        time = stamp.read_text(errors="replace") if stamp.is_file() else ""
        notebook = rebuilt.notebook
        return Basis(
            key, answers_digest(notebook), answer_digests(notebook.cells), time.strip(),
            self.there.get(student, ""), self.by_hand.get(student, ""), self.shared,
        )  # fmt: skip


def _in_gradebook(config: Config, chapter: str) -> tuple[dict[str, str], str, dict[str, str]]:
    """Who is in the gradebook, with how much longer they have; when the chapter is due; late ones' marks by hand."""
    from nbgrader.api import BaseCell, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import or_, select

    handed, book_of, grade, cell = (
        t.__table__ for t in (SubmittedAssignment, SubmittedNotebook, Grade, BaseCell)
    )
    with Gradebook(calls.database_url(config), str(config.CourseDirectory.course_id)) as book:
        assignment = book.find_assignment(chapter)
        due, mine = assignment.duedate, handed.c.assignment_id == assignment.id
        # Columns, as objects take ten times as long.
        people = book.db.execute(
            select(handed.c.student_id, handed.c.timestamp, handed.c.extension).where(mine)
        ).all()
        longer = {student: str(extension or "") for student, _, extension in people}
        by_hand: dict[str, list[tuple[Any, ...]]] = {
            student: [] for student, time, extension in people if lateness(seconds_late(time, due, extension))
        }
        if by_hand:
            given = (
                select(handed.c.student_id, cell.c.name, grade.c.manual_score, grade.c.extra_credit)
                .select_from(
                    grade.join(cell, cell.c.id == grade.c.cell_id)
                    .join(book_of, grade.c.notebook_id == book_of.c.id)
                    .join(handed, book_of.c.assignment_id == handed.c.id)
                )
                .where(mine, or_(grade.c.manual_score.is_not(None), grade.c.extra_credit != 0))
            )
            for student, *mark in book.db.execute(given):
                if student in by_hand:
                    by_hand[student].append(tuple(mark))
        return longer, str(due), {s: _digest(sorted(marks)) if marks else "" for s, marks in by_hand.items()}


@dataclass
class Record:
    """What is in the gradebook, by student, and on what it rests.

    Attributes
    ----------
    states : dict
        Digest of the basis; of somebody recorded by an older grader, of something else.
    bases : dict
        The basis, where it is known.
    moved : dict
        Cells whose mark was set by hand, or got a bonus, for another answer than there is by now.
    parts : list of Path
        Files with what is not in the record itself yet.
    """

    course: Course
    chapter: str
    states: dict[str, str] = field(default_factory=dict)
    bases: dict[str, Basis] = field(default_factory=dict)
    moved: dict[str, list[str]] = field(default_factory=dict)
    parts: list[Path] = field(default_factory=list)

    @classmethod
    def read(cls, course: Course, chapter: str) -> Record:
        """The record of a chapter; an empty one where there is none, or something else in its place."""
        made, place = cls(course, chapter), course.record(chapter)
        made._add(_content(course, chapter, place))
        for part in sorted(place.parent.glob(f"{place.stem}.{'[0-9]' * DIGITS}.json")):
            made._add(_content(course, part.stem, part))
            made.parts.append(part)
        return made

    def _add(self, found: dict[str, Any] | None) -> None:
        """What a file says, beside what others have said; what it says of somebody holds."""
        if not found:
            return
        self.states.update(found["recorded"])
        try:
            shared = {name: Shared(**about) for name, about in found["shared"].items()}
            bases = {
                student: Basis(**{**about, "shared": shared[about["shared"]]})
                for student, about in found["bases"].items()
            }
        except (KeyError, TypeError):  # of another version of the grader: reasons are not known
            bases = {}
        for student in found["recorded"]:
            self.bases.pop(student, None)
        self.bases.update(bases)
        self._move(found.get("moved", {}))

    def _move(self, moved: Mapping[str, list[str]]) -> None:
        for student, cells in moved.items():
            if cells:
                self.moved[student] = cells
            else:
                self.moved.pop(student, None)

    def keep(self, done: Mapping[str, Basis], moved: Mapping[str, list[str]]) -> None:
        """Write that somebody's marks are in the gradebook, and which of them are for an earlier answer.

        It stands in a file of its own until `gather`: so a class that is recorded bit by bit is not written again each time.
        """
        states = {student: basis.digest() for student, basis in done.items()}
        self.states.update(states)
        self.bases.update(done)
        self._move(moved)
        last = int(self.parts[-1].suffixes[-2][1:]) if self.parts else 0
        place = self.course.record(self.chapter)
        part = place.with_name(f"{place.stem}.{last + 1:0{DIGITS}}.json")
        write_atomically(part, seal(self.course.secret(), part.stem, _plain(states, done, moved)))
        self.parts.append(part)

    def gather(self) -> None:
        """Put what stands in files of its own into the record."""
        if self.parts:
            content = _plain(self.states, self.bases, self.moved)
            place = self.course.record(self.chapter)
            write_atomically(place, seal(self.course.secret(), self.chapter, content))
            for part in self.parts:
                with contextlib.suppress(OSError):  # whatever it has become
                    part.unlink()
            self.parts.clear()


DIGITS = 6


def _content(course: Course, name: str, path: Path) -> dict[str, Any] | None:
    try:
        return unseal(course.secret(), name, read_plain(path))
    except OSError:
        return None


def _plain(
    states: Mapping[str, str], bases: Mapping[str, Basis], moved: Mapping[str, list[str]]
) -> dict[str, Any]:
    """What a record says, as it is written; what bases have in common stands there once."""
    once = {id(basis.shared): basis.shared for basis in bases.values()}
    names = {key: about.digest() for key, about in once.items()}
    return {
        "recorded": states,
        "bases": {
            student: {**vars(basis), "shared": names[id(basis.shared)]} for student, basis in bases.items()
        },
        "shared": {names[key]: vars(about) for key, about in once.items()},
        "moved": moved,
    }


def reason(before: Basis | None, now: Basis | None, cell: str, exercise: str) -> str:
    """Why the mark of a cell is another than before, in a few words.

    Parameters
    ----------
    before, now : Basis or None
        On what it rests; None where that is not known.
    cell : str
        Its grade id.
    exercise : str
        The exercise or question.
    """
    if before is None or now is None:
        return "not known: recorded without reasons"
    old, new = before.shared, now.shared
    if (cell in old.points) != (cell in new.points):
        return "exercise added" if cell in new.points else "exercise removed"
    found = [
        said
        for said, differs in (
            ("answer changed", before.answers.get(exercise) != now.answers.get(exercise)),
            ("points changed", old.points.get(cell) != new.points.get(cell)),
            ("test changed", old.tests.get(exercise) != new.tests.get(exercise)),
        )
        if differs
    ]
    if found:
        return ", ".join(found)
    for said, differs in (
        ("another answer changed", before.fingerprint != now.fingerprint),
        ("given cells changed", old.given != new.given),
        ("judge, reference or packages changed", old.judge != new.judge),
    ):
        if differs:
            return said
    return "judged again: the answer itself gives other values each time"


def late_reason(before: Basis | None, now: Basis | None) -> str:
    """Why what is taken off for being late is another than before."""
    if before is None or now is None:
        return "not known: recorded without reasons"
    found = [
        said
        for said, differs in (
            ("handed in at another time", before.time != now.time),
            ("extension changed", before.longer != now.longer),
            ("policy changed (due date, or what being late costs)", before.shared.dates != now.shared.dates),
        )
        if differs
    ]
    return ", ".join(found) or "a share of a sum that changed"
