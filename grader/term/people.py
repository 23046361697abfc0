"""Who is in a course: read from what learning platforms export, and found again by whatever a platform calls somebody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.course import Course, CourseError
from grader.gradebook.tables import Table, read_table, write_table
from grader.marking.submission import BadSubmission, check_name

COLUMNS = ("id", "last name", "first name", "e-mail", "login", "number", "lms id", "group")
# What the columns are called in exports of Moodle, Canvas, Blackboard and nbgrader; letters only.
CALLED = {
    "id": ("studentid nbgrader", "nbgraderid", "folder"),
    "first": ("firstname", "firstnames", "givenname", "vorname", "prénom", "nombre", "nome"),
    "last": ("lastname", "surname", "familyname", "nachname", "nom", "apellidos", "apellido(s)", "cognome"),
    "name": ("student", "fullname", "name", "studentname", "vollständigername", "nomcomplet", "nombrecompleto"),
    "email": ("email", "emailaddress", "mail", "emailadresse", "adressedecourriel", "direccióndecorreo"),
    "login": ("username", "login", "loginid", "sisloginid", "anmeldename", "benutzername", "nomdutilisateur", "userid"),
    "number": ("idnumber", "studentid", "sisuserid", "matriculationnumber", "matrikelnummer", "idnummer", "numéro"),
    "lms": ("lmsuserid", "lmsid", "identifier", "teilnehmernummer", "canvasuserid"),
    "group": ("group", "groups", "groupname", "gruppe", "gruppen", "groupe", "team"),
}  # fmt: skip
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ı": "i"}
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}


@dataclass(frozen=True)
class Person:
    """Somebody in the course; `id` is the name of their folder, and what nbgrader knows them by."""

    id: str
    last: str = ""
    first: str = ""
    email: str = ""
    login: str = ""
    number: str = ""
    lms: str = ""
    group: str = ""

    @property
    def name(self) -> str:
        """The name as it is spoken; the id where none is known."""
        return f"{self.first} {self.last}".strip() or self.id

    @cached_property
    def names(self) -> frozenset[str]:
        """All that platforms make of the name, reduced to letters."""
        spoken = [f"{self.first} {self.last}", f"{self.last} {self.first}"]
        return frozenset(text for name in spoken for text in squeezed(name) if text)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Whatever names this person and nobody else."""
        local = self.email.partition("@")[0]
        return frozenset(
            k.casefold() for k in (self.id, self.login, self.number, self.lms, self.email, local) if k
        )


def squeezed(name: str) -> set[str]:
    """A name without accents, spaces and signs; umlauts in both ways of writing them.

    Examples
    --------
    >>> sorted(squeezed("Jörg O'Müller-Łoś"))
    ['joergomuellerlos', 'jorgomullerlos']
    """
    lowered = unicodedata.normalize("NFC", name).casefold()
    found = set()
    for table in (LETTERS, {**LETTERS, **UMLAUTS}):
        text = unicodedata.normalize("NFKD", "".join(table.get(c, c) for c in lowered))
        found.add("".join(c for c in text if c.isalnum()))
    return found


@dataclass(frozen=True)
class Match:
    """Who somebody may be; one person is a match, several are ambiguous, none is unknown."""

    people: tuple[Person, ...] = ()

    @property
    def person(self) -> Person | None:
        """The one person, if there is one."""
        return self.people[0] if len(self.people) == 1 else None


class Roster:
    """The people of a course.

    Parameters
    ----------
    people : iterable of Person
        Everybody.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = tuple(sorted(people, key=lambda p: p.id))
        self.by_id = {p.id: p for p in self.people}

    def __len__(self) -> int:
        return len(self.people)

    def find(self, keys: Sequence[str], name: str = "") -> Match:
        """Find somebody by what platforms call them, in the order of trust; by name only where no key is known."""
        for key in keys:
            if key and (found := tuple(p for p in self.people if key.casefold() in p.keys)):
                return Match(found)
        wanted = squeezed(name) - {""}
        parts = sorted(re.findall(r"\w+", unicodedata.normalize("NFC", name).casefold()))
        found = tuple(p for p in self.people if wanted & p.names)
        if not found and len(parts) > 1:
            found = tuple(p for p in self.people if sorted(re.findall(r"\w+", p.name.casefold())) == parts)
        return Match(found)

    def members(self, group: str) -> list[Person]:
        """The people of a group."""
        return [p for p in self.people if p.group and p.group == group]


def place_of(course: Course) -> Path:
    """Where a course keeps its roster."""
    return course.private / "roster.csv"


def kept(course: Course) -> Roster:
    """The roster of a course; empty if it was never told one."""
    path = place_of(course)
    return read(path) if path.is_file() else Roster(())


def keep(course: Course, roster: Roster) -> None:
    """Write the roster of a course."""
    rows = [(p.id, p.last, p.first, p.email, p.login, p.number, p.lms, p.group) for p in roster.people]
    write_table(place_of(course), COLUMNS, rows)


def read(path: Path, by: str = "") -> Roster:
    """Read the people of a course from an export of a learning platform.

    Parameters
    ----------
    path : Path
        A table with names, and with at least one of: login, number, e-mail, the platform's id.
    by : str
        Which of them is the name of a student's folder: ``login``, ``number``, ``email``, ``lms`` or ``name``. By
        default an id that is there, otherwise the first of these that everybody has.

    Raises
    ------
    CourseError
        If it is no such table, or two people would have the same folder.
    """
    table = read_table(path)
    columns = columns_of(table)
    raw = [named(dict(zip(columns, cells, strict=True)), line) for line, cells in table.rows]
    found = [row for row in raw if row is not None]
    if not found:
        raise CourseError(f"{path} names nobody: it needs columns such as {', '.join(COLUMNS[:5])}")
    by = by or next(
        (c for c in ("id", "login", "number", "email", "lms", "name") if all(r[c] for _, r in found)), ""
    )
    if not by or by not in found[0][1]:
        raise CourseError(f"{path}: there is no column that everybody has something in: add an id")
    people: dict[str, Person] = {}
    for line, row in found:
        chosen = row[by].casefold() if by == "email" else row[by]
        try:
            check_name(chosen)
        except BadSubmission:
            raise CourseError(
                f"{path}, line {line}: {chosen!r} cannot be the name of a folder; add a column id"
            ) from None
        if chosen in people:
            raise CourseError(
                f"{path}, line {line}: {chosen} is there twice; say `--by` another column, or add an id"
            )
        people[chosen] = Person(
            chosen, *(row[c] for c in ("last", "first", "email", "login", "number", "lms", "group"))
        )
    return Roster(people.values())


def columns_of(table: Table) -> list[str]:
    """What each column holds, by its title; empty for those that nobody needs."""
    titles = ["".join(c for c in t.casefold() if c.isalnum()) for t in table.header]
    # In Canvas's gradebook, `ID` is the platform's own number; in nbgrader's table, it is the student.
    canvas = "student" in titles and any(t.startswith("sis") for t in titles)
    found = []
    for title in titles:
        if title == "id":
            found.append("lms" if canvas else "id")
        else:
            found.append(next((c for c, called in CALLED.items() if title in called), ""))
    return [c if c not in found[:i] else "" for i, c in enumerate(found)]


def named(row: dict[str, str], line: int) -> tuple[int, dict[str, str]] | None:
    """A row, its name in two parts; None for rows that are about nobody (Canvas's points possible, its test student)."""
    row = {c: row.get(c, "") for c in (*CALLED,)}
    if row["name"].casefold().startswith(("points possible", "student, test")) or not any(row.values()):
        return None
    if row["name"] and not (row["first"] or row["last"]):
        last, comma, first = row["name"].partition(",")
        if not comma:
            first, _, last = row["name"].rpartition(" ")
        row["last"], row["first"] = last.strip(), first.strip()
    row["name"] = f"{row['first']} {row['last']}".strip()
    row["lms"] = re.sub(r"^\D+\s", "", row["lms"])  # "Participant 12345"
    if not any(row[c] for c in ("id", "login", "number", "email", "lms")) and not row["name"]:
        return None
    return line, row
