"""Everything that a course holds about one person: found, listed, and removed.

What was kept to save time, such as results of marking, carries no name. All of it goes that is not of the work that
somebody else has in `submitted/`: it is made again where it is needed.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from traitlets.config import Config

from fnnkit.judge.registry import exercises
from grader.course import Course, CourseError
from grader.disk import read_json, read_plain, seal, unseal, write_atomically
from grader.gradebook.calls import database_url, has_gradebook
from grader.gradebook.tables import MARK, read_table, table_text
from grader.marking.choosing import choose
from grader.marking.marking import Identity, key_of
from grader.marking.submission import load_released, rebuild
from grader.term import people
from grader.term.marking_sheet import BETWEEN

FOLDERS = ("submitted", "autograded", "feedback")
ABOUT = ("student", "students", "student_id", "id")
"""Titles of columns that say whose a line is."""
CLASS = "class"
"""The folder of pages that `grader report` writes."""
LARGEST = 500 << 20


@dataclass
class Trace:
    """One place where something about the person is.

    Attributes
    ----------
    place : str
        As it is shown.
    what : str
        What is there.
    remove : callable
        Removes it.
    own : bool
        Whether it is theirs, and nothing that is made again for the others.
    """

    place: str
    what: str
    remove: Callable[[], None]
    own: bool = True


@dataclass
class Traces:
    """All that was found; `stays` is what is named and not removed, each with what it is."""

    found: list[Trace] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)


def look(course: Course, student: str, config: Config) -> Traces:
    """Find all that a course holds about somebody; nothing is changed.

    Raises
    ------
    CourseError
        If it holds nothing.
    """
    made = Traces()
    made.found += _in_gradebook(config, student)
    made.found += _folders(course, student)
    made.found += _in_exchange(course, config, student)
    made.found += _tables(course, student)
    made.found += _sealed(course, student)
    if not made.found:
        raise CourseError(
            f"there is nothing about {student!r} here: say the id, as in submitted/ and `grader roster`"
        )
    made.found += _pages(course, student)
    made.found += _kept_to_save_time(course, student)
    made.stays = [
        f"{_shown(course, path)}: a backup of the course with them in it"
        for path in _backups(course, student)
    ]
    made.stays += [
        f"{_shown(course, path)}: a file of your own that names them" for path in _beside(course, student)
    ]
    return made


def remove(made: Traces, told: Callable[[str], None] = lambda _: None) -> list[str]:
    """Remove all that was found; gives a line for each place that could not be, with the reason."""
    left = []
    for trace in made.found:
        try:
            trace.remove()
        except (OSError, sqlite3.Error) as problem:
            left.append(f"{trace.place}: {getattr(problem, 'strerror', None) or problem}")
        told(trace.place)
    return left


def _shown(course: Course, path: Path) -> str:
    return str(path.relative_to(course.root)) if path.is_relative_to(course.root) else str(path)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _in_gradebook(config: Config, student: str) -> Iterator[Trace]:
    from nbgrader.api import Gradebook, MissingEntry

    if not has_gradebook(config):
        return
    url, name = database_url(config), str(config.CourseDirectory.course_id)
    with Gradebook(url, name) as book:
        try:
            person = book.find_student(student)
        except MissingEntry:
            return
        chapters = sorted(s.assignment.name for s in person.submissions)
        by_hand = sum(
            g.manual_score is not None for s in person.submissions for n in s.notebooks for g in n.grades
        )

    def gone() -> None:
        with Gradebook(url, name) as book:
            book.remove_student(student)
        path = url.partition("sqlite:///")[2].partition("?")[0]
        if path:  # what was deleted stays in the file until it is written anew
            with sqlite3.connect(path, timeout=60) as database:
                database.execute("VACUUM")

    marks = f", {_count(by_hand, 'mark')} given by hand" if by_hand else ""
    yield Trace(
        "gradebook",
        f"name, {_count(len(chapters), 'submission')} ({', '.join(chapters) or '–'}){marks}",
        gone,
    )


def _folders(course: Course, student: str) -> Iterator[Trace]:
    places = [course.root / name / student for name in FOLDERS]
    places += sorted((course.root / "collected").glob("*/"))
    for place in places:
        path = place / student if place.parent.name == "collected" else place
        if path.is_symlink() or path.exists():
            count = sum(1 for p in path.rglob("*") if p.is_file()) if not path.is_symlink() else 1
            yield Trace(_shown(course, path), _count(count, "file"), partial(_delete, path))


def _delete(path: Path) -> None:
    """Remove a file, a link or a folder; nbgrader makes folders that cannot be written to."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    for inner in (path, *(p for p in path.rglob("*") if p.is_dir() and not p.is_symlink())):
        inner.chmod(0o700)
    shutil.rmtree(path)


def _delete_all(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _in_exchange(course: Course, config: Config, student: str) -> Iterator[Trace]:
    """What is in nbgrader's exchange, where that can be reached: submissions, and pages that were released."""
    from nbgrader.exchange.default.exchange import Exchange
    from nbgrader.utils import notebook_hash

    place = Path(Exchange(config=config).root) / str(config.CourseDirectory.course_id)
    try:
        inbound = [p for p in (place / "inbound").iterdir() if p.name.startswith(f"{student}+")]
    except OSError:
        inbound = []
    for path in sorted(inbound):
        yield Trace(str(path), "handed in through the exchange", partial(_delete, path))
    for secret in sorted((course.root / "feedback" / student).glob("*/submission_secret.txt")):
        chapter = secret.parent.name
        try:
            key = notebook_hash(secret=read_plain(secret, 10_000).decode(), notebook_id=chapter)
        except (OSError, UnicodeDecodeError):
            continue
        page = place / "feedback" / f"{key}.html"
        if page.is_file():
            yield Trace(str(page), f"feedback on {chapter}, released", partial(_delete, page))


def _tables(course: Course, student: str) -> Iterator[Trace]:
    """Lines of tables: roster, dates, marks, answers to mark, what platforms call people."""
    for path in sorted([*(course.root / ".grader").glob("*.csv"), *(course.root / "reports").glob("*.csv")]):
        count, text = _without(path, student)
        if count:
            lines = _count(count, "line")
            yield Trace(_shown(course, path), lines, partial(write_atomically, path, text))


def _without(path: Path, student: str) -> tuple[int, str]:
    """How many lines of a table are about somebody, and the table without them."""
    try:
        table = read_table(path, LARGEST, LARGEST)
        marked = read_plain(path, LARGEST).startswith(MARK.encode())
    except (CourseError, OSError):
        return 0, ""
    columns = [i for i, title in enumerate(table.header) if title.strip().casefold() in ABOUT]
    count, rows = 0, []
    for _, cells in table.rows:
        kept = list(cells)
        for i in columns:
            kept[i] = BETWEEN.join(part for part in cells[i].split(BETWEEN) if part.strip() != student)
        if kept != list(cells):
            count += 1
        if all(kept[i] or not cells[i] for i in columns):
            rows.append(kept)
    return count, (MARK if marked else "") + table_text(table.header, rows)


def _sealed(course: Course, student: str) -> Iterator[Trace]:
    """Records that are sealed with the course's secret, by student."""
    place = course.root / ".grader"
    for path in sorted(place.rglob("*.json")):
        if path.relative_to(place).parts[0] in ("results", "causes"):
            continue
        try:
            content = read_json(read_plain(path))
        except (OSError, ValueError):
            continue
        if _pruned(content, student) != content:
            yield Trace(_shown(course, path), "what was recorded", partial(_reseal, course, path, student))


def _reseal(course: Course, path: Path, student: str) -> None:
    raw, secret = read_plain(path), course.secret()
    for name in (*course.handed_out(), path.stem):
        content = unseal(secret, name, raw)
        if content is not None:
            write_atomically(path, seal(secret, name, _pruned(content, student)))
            return
    path.unlink()  # written by nobody here, or in another way: it is made again


def _pruned(content: Any, student: str) -> Any:
    if isinstance(content, dict):
        return {k: _pruned(v, student) for k, v in content.items() if k != student}
    if isinstance(content, list):
        return [_pruned(v, student) for v in content if v != student]
    return content


def _pages(course: Course, student: str) -> Iterator[Trace]:
    """Whatever else in `reports/` names them: pages, archives."""
    of_class = []
    for path in sorted((course.root / "reports").rglob("*")):
        if path.is_file() and path.suffix != ".csv" and _names(path, {student}):
            if CLASS in path.parts:
                of_class.append(path)
            else:
                what = "names them; made again for the others"
                yield Trace(_shown(course, path), what, partial(_delete, path), False)
    if of_class:
        yield Trace(
            f"reports/{CLASS}", f"{_count(len(of_class), 'page')} that name them; made again for the others",
            partial(_delete_all, of_class), False,
        )  # fmt: skip


def _names(path: Path, words: Collection[str]) -> bool:
    """Whether a file, or a file in an archive, holds somebody's id, or what else they are called, as a word."""
    forms = {f for w in words for f in (w, html.escape(w), quote(w), json.dumps(w)[1:-1])}
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(form)}(?!\w)" for form in sorted(forms)))
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return any(
                    pattern.search(about.filename)
                    or (
                        about.file_size <= LARGEST
                        and pattern.search(archive.read(about).decode("utf-8", "replace"))
                    )
                    for about in archive.infolist()
                )
        return pattern.search(read_plain(path, LARGEST).decode("utf-8", "replace")) is not None
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return True  # what cannot be looked into may


def _kept_to_save_time(course: Course, student: str) -> Iterator[Trace]:
    """Results that are nobody else's, and all causes that were looked for."""
    place = course.root / ".grader" / "results"
    there = {path.stem: path for path in place.glob("*/*.json")}
    if there:
        kept = set(_keys_of_others(course, student))
        gone = [path for key, path in there.items() if key not in kept]
        if gone:
            yield Trace(
                _shown(course, place), f"{_count(len(gone), 'result')} of nobody else's work",
                partial(_delete_all, gone), False,
            )  # fmt: skip
    causes = course.root / ".grader" / "causes"
    if causes.is_dir():
        yield Trace(
            _shown(course, causes),
            "causes of wrong answers; looked for again",
            partial(_delete, causes),
            False,
        )


def _keys_of_others(course: Course, student: str) -> Iterator[str]:
    """Names of the results of all others' work as it is in `submitted/`."""
    secret = course.secret()
    for chapter in course.handed_out():
        released, names = load_released(course.released(chapter)), [e.name for e in exercises(chapter)]
        for place in sorted((course.root / "submitted").glob(f"*/{chapter}")):
            who = place.parent.name
            if who == student:
                continue
            try:
                submitted, note = choose(course.submitted(who, chapter), released, names)
                identity = Identity(who, chapter, rebuild(submitted, released, names, note).fingerprint())
            except Exception:  # what cannot be read has no result
                continue
            for trusted in (False, True):
                yield key_of(identity, released, secret, trusted)


def _backups(course: Course, student: str) -> list[Path]:
    """Backups that hold something about them: they are of the whole course, and stay."""
    return [p for p in sorted((course.root / "backups").glob("*.zip")) if _names(p, {student})]


def _beside(course: Course, student: str) -> list[Path]:
    """What lies in the course itself and names them: tables and archives that somebody put or asked for there."""
    person = people.kept(course).by_id.get(student)
    words = {student, *((person.name, person.email) if person else ())} - {""}
    there = (p for p in sorted(course.root.iterdir()) if p.is_file() and not p.is_symlink())
    gradebook = database_url(course.config()).partition("sqlite:///")[2].partition("?")[0]
    return [p for p in there if str(p) != gradebook and _names(p, words)]
