"""From an archive of submissions to `submitted/`: who handed in what, shown before anything is written."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path, PurePosixPath
from typing import Any

from fnnkit.judge.registry import exercises
from grader.course import Course, CourseError
from grader.disk import may_be_there
from grader.gradebook.kept import DATA, TIMESTAMP
from grader.gradebook.timestamps import read_time
from grader.marking.choosing import has_cells, is_touched
from grader.marking.submission import (
    BadSubmission,
    answers_digest,
    check_name,
    is_answer,
    load_released,
    parsed,
    rebuild,
)
from grader.marking.text import visible
from grader.term import archives, giving_back, layouts
from grader.term.layouts import Named
from grader.term.people import Match, Person, Roster

TIME = "%Y-%m-%d %H:%M:%S"


@dataclass
class Attempt:
    """What somebody handed in at one time.

    Attributes
    ----------
    files : dict
        By the student's own names.
    time, order
        As in `Named`.
    touched : bool
        Whether a notebook in it has work in it.
    """

    time: datetime | None
    order: tuple[int, ...]
    late: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    touched: bool = False
    readable: bool = False

    @property
    def when(self) -> tuple[bool, datetime, tuple[int, ...]]:
        """What the newest has most of."""
        return self.time is not None, self.time or datetime.min, self.order

    @property
    def label(self) -> str:
        """Name of its folder among all that were collected."""
        if self.time is not None:
            return self.time.strftime("%Y-%m-%d %H-%M-%S UTC")
        digest = hashlib.sha256()
        for name, data in sorted(self.files.items()):
            digest.update(f"{name}\0{len(data)}\0".encode() + data)
        return f"without a time, {digest.hexdigest()[:8]}"


@dataclass
class Found:
    """One student of an archive."""

    who: str
    match: Match
    attempts: list[Attempt]
    notes: list[str] = field(default_factory=list)
    chosen: Attempt | None = None
    person: Person | None = None
    layout: str = ""


@dataclass
class Plan:
    """What collecting would do; of those who are not in the archive, `before` have handed in already."""

    chapter: str
    layout: str
    matched: list[Found] = field(default_factory=list)
    ambiguous: list[Found] = field(default_factory=list)
    unknown: list[Found] = field(default_factory=list)
    missing: list[Person] = field(default_factory=list)
    before: list[Person] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    rows: list[tuple[Person, Found]] = field(default_factory=list)


def plan(
    course: Course, chapter: str, source: Path, roster: Roster, *, zone: tzinfo = UTC,
    told: Mapping[str, str] | None = None, by_group: bool = False,
) -> Plan:  # fmt: skip
    """Find out who handed in what; nothing is written.

    Parameters
    ----------
    course, chapter : Course, str
        Which chapter of which course.
    source : Path
        A zip or a folder.
    roster : Roster
        Who there is; where it is empty, everybody is taken for who the archive says.
    zone : tzinfo
        Of times in names.
    told : mapping, optional
        By what the archive calls somebody, whose id it is.
    by_group : bool
        Whether what one of a group hands in is handed in by all.

    Raises
    ------
    CourseError
        If nothing can be read.
    """
    contents = archives.read(source)
    names = [name for name, _ in contents.files]
    depth = layouts.without_root(names)
    short = ["/".join(name.split("/")[depth:]) for name in names]
    made = Plan(chapter, layouts.layout_of(short, chapter), left=contents.left)
    released = load_released(course.released(chapter))
    grouped: dict[str, list[tuple[Named, bytes]]] = {}
    for name, (_, data) in zip(short, contents.files, strict=True):
        named = layouts.parse(name, made.layout, chapter, zone)
        if named.problem:
            made.left.append((visible(name), named.problem))
        else:
            grouped.setdefault(named.who, []).append((named, data))
    for who, files in sorted(grouped.items()):
        attempts = _attempts(files, chapter, released)
        if not any(n.endswith(".ipynb") for a in attempts for n in a.files):
            made.left += [
                (visible(f"{who}: {f.file}"), "no notebook is with it") for f, _ in files[:1] if f.file
            ]
            continue
        found = Found(
            who, _who(files, roster, (told or {}).get(who, "")), attempts, layout=files[0][0].layout
        )
        _choose(found)
        _sort(found, made, roster)
    _same_person_twice(made, told or {})
    _rows(made, roster, by_group, told or {})
    there = {person.id for person, _ in made.rows} | {p.id for f in made.ambiguous for p in f.match.people}
    for absent in (p for p in roster.people if p.id not in there):
        handed_in = may_be_there(course.submitted(absent.id, chapter).parent)
        (made.before if handed_in else made.missing).append(absent)
    return made


def _who(files: Sequence[tuple[Named, bytes]], roster: Roster, told: str) -> Match:
    named = files[0][0]
    if told:
        if roster.people and told not in roster.by_id:
            raise CourseError(f"--who {visible(named.who)}={visible(told)}: nobody in the roster has this id")
        return Match((roster.by_id.get(told, Person(told)),))
    if not roster.people:
        who = named.name if named.layout == "Moodle" else named.who
        return Match((Person(" ".join(who.split())),))
    return roster.find(named.keys, named.name)


def _sort(found: Found, made: Plan, roster: Roster) -> None:
    found.person = found.match.person
    if found.person is not None:
        try:
            check_name(found.person.id)
        except BadSubmission:
            made.unknown.append(found)
            found.notes.append("this cannot be the name of a folder: give a roster")
            return
    kind = made.matched if found.person else made.ambiguous if found.match.people else made.unknown
    kind.append(found)


def _same_person_twice(made: Plan, told: Mapping[str, str]) -> None:
    """Two names in an archive for one person are asked about: they may be two people, or one of them counts."""
    by_person: dict[str, list[Found]] = {}
    for found in made.matched:
        assert found.person is not None
        by_person.setdefault(found.person.id, []).append(found)
    for several in by_person.values():
        counts = [f for f in several if f.who in told]
        if len(several) > 1:
            for found in several:
                if counts == [found]:
                    continue
                made.matched.remove(found)
                if len(counts) == 1:
                    made.left.append(
                        (visible(found.who), f"{visible(counts[0].who)} counts, the same person's")
                    )
                    continue
                made.ambiguous.append(found)
                found.notes.append("two in the archive would be the same person")


def _attempts(files: Sequence[tuple[Named, bytes]], chapter: str, released: Any) -> list[Attempt]:
    """Files that belong together; of Canvas's and browsers' copies each is an attempt, what lies beside is in all."""
    made: dict[Any, Attempt] = {}
    beside: dict[str, bytes] = {}
    stamp = next((data for named, data in files if PurePosixPath(named.file).name == TIMESTAMP), None)
    given = _given_time(stamp)
    for named, data in files:
        name = PurePosixPath(named.file.replace("\\", "/")).name
        if not name or name == TIMESTAMP:
            continue
        name = _safe(layouts.tidy(name) if named.layout in ("Canvas", "files") else name)
        if not name:
            continue
        if not name.endswith(".ipynb") and named.time is None:
            beside[name] = data
            continue
        key = named.time or ((name, named.order) if named.order else ())
        attempt = made.setdefault(key, Attempt(named.time or given, named.order, named.late))
        if name in attempt.files and attempt.files[name] != data:
            stem, _, end = name.rpartition(".")
            name = f"{stem}_{len(attempt.files)}.{end}"
        attempt.files[name] = data
    found = sorted(made.values(), key=lambda a: a.when)
    for attempt in found:
        attempt.files = {**beside, **attempt.files}
        _look(attempt, chapter, released)
    return found


def _given_time(stamp: bytes | None) -> datetime | None:
    """A time that came beside the notebook, as nbgrader's exchange writes it."""
    try:
        return read_time(stamp.decode()) if stamp and len(stamp) < 1000 else None
    except ValueError:
        return None


def _safe(name: str) -> str:
    """A file's name as it may be written; empty for what is not kept: anything but notebooks and data."""
    stem, dot, end = name.rpartition(".")
    if end.lower() == "ipynb":
        end = "ipynb"
    elif end.lower() not in DATA:
        return ""
    stem = "".join(c if c.isalnum() or c in " _-()" else "_" for c in stem).strip()[:80] or "notebook"
    return f"{stem}{dot}{end}"


def _look(attempt: Attempt, chapter: str, released: Any) -> None:
    """Give the chapter's name to the one notebook with work in it; where there are several, marking asks."""
    names = [e.name for e in exercises(chapter)]
    touched: dict[Any, str] = {}
    blank = []
    for name, raw in attempt.files.items():
        if not name.endswith(".ipynb"):
            continue
        try:
            data = parsed(name, raw)
            if not has_cells(data, released):
                continue
            attempt.readable = True
            if is_touched(data, released, names):
                made = rebuild(data, released, names).notebook
                written = tuple(c.source for c in made.cells if is_answer(c))
                touched.setdefault((answers_digest(made), written), name)
            else:
                blank.append(name)
        except BadSubmission:
            continue
    attempt.touched = bool(touched)
    notebooks = [n for n in attempt.files if n.endswith(".ipynb")]
    one = next(iter(touched.values())) if len(touched) == 1 else None
    one = one or (blank[0] if not touched and blank else notebooks[0] if len(notebooks) == 1 else None)
    target = f"{chapter}.ipynb"
    if one and one != target:
        other = attempt.files.pop(target, None)
        attempt.files[target] = attempt.files.pop(one)
        if other is not None:
            attempt.files[f"{chapter}_untouched.ipynb"] = other


def _choose(found: Found) -> None:
    """The newest attempt; one with work in it rather than one without."""
    newest = found.attempts[-1]
    worked = [a for a in found.attempts if a.touched]
    found.chosen = worked[-1] if worked else newest
    if found.chosen is not newest:
        found.notes.append("the newest is untouched: the one before it, with work in it, counts")
    if len(found.attempts) > 1:
        found.notes.append(f"{len(found.attempts)} attempts")
    if found.chosen.time is None:
        late = "; the platform says late" if found.chosen.late else ""
        found.notes.append(f"no time of submission{late}")
    if not found.chosen.readable:
        found.notes.append("no notebook of this chapter in it")
    if any(n.endswith("_untouched.ipynb") for n in found.chosen.files):
        found.notes.append("beside an untouched copy")


def _rows(made: Plan, roster: Roster, by_group: bool, told: Mapping[str, str]) -> None:
    """Who gets what: everybody their own or, where groups hand in, all of a group what one of them did."""
    if not by_group:
        made.rows = [(f.person, f) for f in made.matched if f.person]
        return
    groups: dict[str, list[Found]] = {}
    for found in made.matched:
        assert found.person is not None
        groups.setdefault(found.person.group or f"\0{found.person.id}", []).append(found)
    for group, several in groups.items():
        contents = {tuple(sorted(f.chosen.files.items())) for f in several if f.chosen}
        counts = [f for f in several if f.who in told]
        if len(contents) > 1 and len(counts) == 1:  # somebody has said whose it is that counts
            several = counts
        elif len(contents) > 1:
            for found in several:
                made.matched.remove(found)
                made.ambiguous.append(found)
                found.notes.append(f"group {visible(group)} handed in {len(contents)} different ones")
            continue
        assert several[0].person is not None
        for person in roster.members(group) or [several[0].person]:
            own = next((f for f in several if f.person == person), several[0])
            if own.person != person:
                own.notes.append(f"also for {visible(person.name)}")
            made.rows.append((person, own))


def write(course: Course, made: Plan) -> dict[str, str]:
    """Write what was planned; by student, what became of it: ``new``, ``newer``, ``unchanged`` or ``older``."""
    outcome: dict[str, str] = {}
    names: dict[tuple[str, str], str] = {}
    for person, found in made.rows:
        for attempt in found.attempts:
            place = course.root / "collected" / made.chapter / person.id / attempt.label
            if not place.exists():
                _lay(place, attempt)
        assert found.chosen is not None
        if name := platform_name(found):
            names[person.id, made.layout.lower()] = name
        outcome[person.id] = _hand_in(course, person, made.chapter, found.chosen)
    if names:
        giving_back.remember(course, made.chapter, names)
    return outcome


def platform_name(found: Found) -> str:
    """How the platform's files of a student begin, for whatever goes back; empty where it takes nothing back."""
    name, _, number = found.who.rpartition("_")
    if found.layout == "Moodle":
        return f"{found.who}_assignsubmission_file_"
    if found.layout == "Canvas" and found.chosen is not None and found.chosen.order:
        late = "LATE_" if found.chosen.late else ""
        return f"{name}_{late}{number}_{found.chosen.order[-1]}"
    return ""


def _hand_in(course: Course, person: Person, chapter: str, attempt: Attempt) -> str:
    target = course.submitted(person.id, chapter).parent
    before = _there(target)
    if before is None:
        _lay(target, attempt)
        return "new"
    files, time = before
    if files == attempt.files and time == attempt.time:
        return "unchanged"
    if time is not None and attempt.time is not None and attempt.time < time:
        return "older"
    kept = course.root / "collected" / chapter / person.id / Attempt(time, (), files=files).label
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(target, kept, symlinks=True)
    _lay(target, attempt)
    return "newer"


def _there(target: Path) -> tuple[dict[str, bytes], datetime | None] | None:
    """What is in `submitted/` already."""
    if not os.path.lexists(target):
        return None
    files = {p.name: p.read_bytes() for p in sorted(target.glob("*")) if p.is_file() and not p.is_symlink()}
    return files, _given_time(files.pop(TIMESTAMP, None))


def _lay(place: Path, attempt: Attempt) -> None:
    """Make a folder with an attempt in it: all of it, or nothing."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir()
        for name, data in attempt.files.items():
            (part / name).write_bytes(data)
        if attempt.time is not None:
            (part / TIMESTAMP).write_text(f"{attempt.time.strftime(TIME)} UTC\n", encoding="utf-8")
        if os.path.lexists(place):
            old = place.with_name(f".{place.name}.{os.getpid()}.old")
            place.rename(old)
            part.rename(place)
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old)
            else:
                old.unlink()
        else:
            part.rename(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
