"""Marks of a chapter in the table that a learning platform gave: who is who there, and what changes against it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grader.course import Course, CourseError
from grader.disk import may_be_there
from grader.gradebook.scores import Score
from grader.gradebook.tables import Table
from grader.marking.text import visible
from grader.term import giving_back, people
from grader.term.layouts import CANVAS, MOODLE
from grader.term.lms_file import DECIMAL_COMMA, LmsFile, Row
from grader.term.people import Person, Roster

GRADE = ("grade", "bewertung", "note", "calificación", "calificacion", "valutazione", "nota", "cijfer")
MOST = (
    "maximumgrade", "bestwertung", "höchstebewertung", "maximalebewertung", "notemaximale", "calificaciónmáxima",
    "valutazionemassima", "maximumcijfer",
)  # fmt: skip
LOCKED = ("gradecanbechanged", "bewertungkanngeändertwerden", "bewertungkannveraendertwerden")
NO = ("no", "nein", "non", "nee", "0", "false")
NUMBERED = re.compile(r".*\(\d+\)")


@dataclass(frozen=True)
class Line:
    """One line of the table.

    Attributes
    ----------
    row : Row
        Where it stands.
    called : str
        What the platform calls its person.
    person : Person or None
        Who that is here.
    before, after : str
        What its mark was and what it becomes.
    state : str
        ``"graded"``, ``"nothing"`` (was handed in), ``"waiting"`` (is not finished), ``"unknown"``, ``"ambiguous"`` or
        ``"locked"``. Only of the first two the cell is filled in.
    why : str
        More about it.
    """

    row: Row
    called: str
    person: Person | None
    before: str
    after: str = ""
    state: str = "graded"
    why: str = ""

    @property
    def changes(self) -> bool:
        """Whether another mark stands there afterwards."""
        if self.state not in ("graded", "nothing"):
            return False
        old, new = _number(self.before), _number(self.after)
        return self.before != self.after and (old is None or new is None or abs(old - new) > 0.005)


@dataclass
class Filling:
    """What is filled into a table.

    Attributes
    ----------
    lines : list of Line
        All lines about somebody.
    absent : list of tuple
        Who has a mark and no line, with the points.
    column : str
        The title of the column.
    above : list of Line
        Marks that are more than the platform's maximum.
    """

    file: LmsFile
    at: int
    column: str
    lines: list[Line] = field(default_factory=list)
    absent: list[tuple[str, float]] = field(default_factory=list)
    above: list[Line] = field(default_factory=list)

    def by_state(self, state: str) -> list[Line]:
        """Lines in one state."""
        return [line for line in self.lines if line.state == state]

    def apply(self) -> None:
        """Fill in all that changes."""
        for line in self.lines:
            if line.changes:
                self.file.put(line.row, self.at, line.after)


def everybody(course: Course, config: Any) -> Roster:
    """All people of a course: of the roster, of the gradebook, and who has handed in."""
    from nbgrader.api import Gradebook

    from grader.gradebook.calls import database_url

    known = dict(people.kept(course).by_id)
    with Gradebook(database_url(config), str(config.CourseDirectory.course_id)) as book:
        for s in book.students:
            name = (s.last_name or "", s.first_name or "")
            # Without a roster, people are called by their folders, which are often their names.
            last, first = name if any(name) and name != ("", s.id) else (s.id, "")
            known.setdefault(s.id, Person(s.id, last, first, s.email or "", lms=str(s.lms_user_id or "")))
    submitted = course.root / "submitted"
    for place in submitted.iterdir() if submitted.is_dir() else ():
        if place.is_dir():
            known.setdefault(place.name, Person(place.name, place.name))
    return Roster(known.values())


def fill(
    course: Course, chapter: str, file: LmsFile, platform: str, roster: Roster, known: Mapping[str, Score], *,
    possible: float, column: str = "", scale: bool = False, told: Mapping[str, str] | None = None,
) -> Filling:  # fmt: skip
    """Find out what each line of a table becomes; nothing is written.

    Parameters
    ----------
    course, chapter
        Whose marks.
    file : LmsFile
        What the platform gave.
    platform : str
        ``"moodle"`` or ``"canvas"``.
    roster : Roster
        Who there is.
    known : mapping
        Scores of those who are graded.
    possible : float
        Points of the chapter.
    column : str
        The title of the column to fill in; found by itself where it can be.
    scale : bool
        Whether marks are scaled to the platform's maximum where that is another one.
    told : mapping, optional
        By what the table calls somebody, whose id it is.

    Raises
    ------
    CourseError
        If the table has no such column, or another maximum, or one person twice.
    """
    titles = ["".join(c for c in t.casefold() if c.isalnum()) for t in file.header]
    at = _column(file, titles, platform, chapter, column)
    most = _maximum(file, titles, platform, at)
    factor = _factor(file, chapter, possible, most, scale)
    comma = any(DECIMAL_COMMA.fullmatch(c) for c in _numbers(file, titles, at))
    made = Filling(file, at, file.header[at])
    columns = people.columns_of(Table(tuple(file.header), ()))
    if platform == "canvas":
        columns = [
            "lms" if t == "id" else c if c != "lms" else "" for c, t in zip(columns, titles, strict=True)
        ]
    elif "lms" not in columns:  # "ID" in some languages
        columns = ["lms" if c == "id" else c for c in columns]
    numbers = _platform_numbers(course, chapter, platform)
    locked = next((i for i, t in enumerate(titles) if t in LOCKED), None)
    for row in file.rows:
        cells = dict(zip(columns, (*row.cells, *[""] * len(columns)), strict=False))
        about = people.named({c: text.strip() for c, text in cells.items()}, row.line)
        if about is None or (platform == "canvas" and not about[1]["lms"]):
            continue
        called = about[1]["name"] or about[1]["lms"] or about[1]["email"]
        before = file.column(row, at)
        person, why = _who(about[1], platform, roster, numbers, (told or {}).get(called, ""))
        if person is None:
            state = "ambiguous" if why else "unknown"
            made.lines.append(Line(row, called, None, before, state=state, why=why))
        elif locked is not None and file.column(row, locked).casefold() in NO:
            made.lines.append(Line(row, called, person, before, state="locked"))
        else:
            made.lines.append(_line(course, chapter, row, called, person, before, known, factor, comma))
    _check_twice(made)
    there = {line.person.id for line in made.lines if line.person}
    made.absent = [(s, score.total) for s, score in sorted(known.items()) if s not in there]
    handed_in = {
        p.id for p in roster.people if may_be_there(course.submitted(p.id, chapter).parent)
    } | known.keys()
    if handed_in <= there:  # so nobody else has handed in anything, whoever they are
        made.lines = [replace(x, state="nothing") if x.state == "unknown" else x for x in made.lines]
    limit = most if most is not None else possible
    made.above = [x for x in made.by_state("graded") if (_number(x.after) or 0) > limit + 1e-9]
    return made


def _line(
    course: Course, chapter: str, row: Row, called: str, person: Person, before: str, known: Mapping[str, Score],
    factor: float, comma: bool,
) -> Line:  # fmt: skip
    score = known.get(person.id)
    if score is None:
        if may_be_there(course.submitted(person.id, chapter).parent):
            return Line(row, called, person, before, state="waiting", why="handed in and not graded")
        return Line(row, called, person, before, state="nothing")
    if score.to_mark or any(m.flagged for m in score.marks):
        return Line(row, called, person, before, state="waiting", why="to be marked by hand")
    text = f"{round(score.total * factor, 4):.4f}".rstrip("0").rstrip(".")
    return Line(row, called, person, before, text.replace(".", ",") if comma else text)


def _column(file: LmsFile, titles: Sequence[str], platform: str, chapter: str, wanted: str) -> int:
    """The column to fill in."""
    if wanted:
        found = [i for i, t in enumerate(file.header) if t.casefold() == wanted.strip().casefold()]
    elif platform == "moodle":
        found = [i for i, t in enumerate(titles) if t in GRADE]
    else:
        named = [i for i, t in enumerate(file.header) if NUMBERED.fullmatch(t)]
        found = [i for i in named if chapter.casefold() in file.header[i].casefold()] or (
            named if len(named) == 1 else []
        )
    if len(found) == 1:
        return found[0]
    offered = [t for t in file.header if platform == "moodle" or NUMBERED.fullmatch(t)]
    listed = ", ".join(repr(visible(t)) for t in offered[:20]) or "none that it could be"
    which = f"no column {visible(wanted)!r}" if wanted else "no column that is clearly the one of " + chapter
    raise CourseError(f"{file.path} has {which}: say --column TITLE; there are {listed}")


def _numbers(file: LmsFile, titles: Sequence[str], at: int) -> list[str]:
    columns = [at, *(i for i, t in enumerate(titles) if t in MOST)]
    return [file.column(row, i) for row in file.rows for i in columns]


def _maximum(file: LmsFile, titles: Sequence[str], platform: str, at: int) -> float | None:
    """The most points that the platform takes, if it says so."""
    if platform == "moodle":
        columns = [i for i, t in enumerate(titles) if t in MOST]
        found = {n for row in file.rows for i in columns if (n := _number(file.column(row, i))) is not None}
    else:
        about = [r for r in file.rows if r.cells[0].strip().casefold().startswith("points possible")]
        found = {n for row in about if (n := _number(file.column(row, at))) is not None}
    return found.pop() if len(found) == 1 else None


def _factor(file: LmsFile, chapter: str, possible: float, most: float | None, scale: bool) -> float:
    if most is None or abs(most - possible) < 0.005:
        return 1.0
    if not scale:
        raise CourseError(
            f"in {file.path} the most is {most:g} points, and {chapter} has {possible:g}: set the platform's maximum to "
            f"{possible:g}, or say --scale"
        )
    return most / possible if possible else 1.0


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _platform_numbers(course: Course, chapter: str, platform: str) -> dict[str, str]:
    """By the platform's number for somebody, who that is here, as `grader collect` has read it."""
    form = {"moodle": MOODLE, "canvas": CANVAS}[platform]
    found = {}
    for (student, whose), name in giving_back.names(course, chapter).items():
        match = form.fullmatch(name if platform == "moodle" else f"{name}_x")
        if whose == platform and match:
            found[match["lms"]] = student
    return found


def _who(
    row: Mapping[str, str], platform: str, roster: Roster, numbers: Mapping[str, str], told: str
) -> tuple[Person | None, str]:
    """Who a line is about; or why that cannot be told."""
    if told:
        if told not in roster.by_id:
            raise CourseError(f"--who: nobody here has the id {visible(told)!r}")
        return roster.by_id[told], ""
    found: dict[str, str] = {}
    digits = re.search(r"\d+$", row["lms"])
    collected = numbers.get(digits[0], "") if digits else ""
    if collected in roster.by_id:
        found[collected] = "number in file names"
    # Moodle counts participants anew for each assignment: its numbers in a roster may be of another one.
    keys = ("email", "login", "number", "id") if platform == "moodle" else ("lms", "login", "number", "email")
    for key in keys:
        for person in roster.find((row.get(key, ""),)).people:
            found.setdefault(person.id, key)
    if not found:
        by_name = roster.find((), row["name"]).people if row["name"] else ()
        local = roster.find((row["email"].partition("@")[0],)).people if not by_name else ()
        found = {p.id: "name" for p in by_name or local}
    if len(found) > 1:
        return None, "may be " + " or ".join(f"{visible(who)} ({how})" for who, how in sorted(found.items()))
    return (roster.by_id[next(iter(found))], "") if found else (None, "")


def _check_twice(made: Filling) -> None:
    seen: dict[str, Line] = {}
    for line in made.lines:
        if line.person is None:
            continue
        if line.person.id in seen:
            first = seen[line.person.id]
            raise CourseError(
                f"{made.file.path}: lines {first.row.line} ({visible(first.called)}) and {line.row.line} "
                f"({visible(line.called)}) would both be {visible(line.person.id)}: say --who 'NAME=ID' for one of them"
            )
        seen[line.person.id] = line
