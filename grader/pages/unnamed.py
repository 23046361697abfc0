"""Wrong answers that nobody has named: grouped, named by the instructor in a text file, and explained to all who gave them.

A group is what gives the same on the same inputs; its key changes when the exercise asks something else. Names are words
for students and move no mark.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fnnkit.judge.registry import chapter_ids, contents, exercises
from fnnkit.judge.verdict import Problem, Verdict
from grader.course import Course, CourseError
from grader.disk import read_plain
from grader.marking import alike
from grader.marking.marking import key_of as key_of_marking
from grader.marking.results import Results
from grader.marking.submission import Rebuilt, load_released
from grader.pages.normalised import normalised

NAMES = "mistakes.txt"
"""The file in the course in which groups are named."""
HEADING = re.compile(r"(?P<exercise>[A-Za-z_]\w*) (?P<key>[0-9a-f]{10})")
LONGEST = 2000
HOW = """\
# Wrong answers that you have named. A heading is an exercise and the key of a group, as the pages of `grader report` show it;
# below it stands what everybody in the group is told on the feedback page. Marks stay as they are. `code` is set as code.
#
# relu 0123456789
# The sign is turned round: what is below 0 becomes 0, and what is above stays.
"""


@dataclass(frozen=True)
class Wrong:
    """One wrong answer that nobody has named."""

    student: str
    text: str
    verdict: Verdict
    alike: Verdict | None = None


@dataclass(frozen=True)
class Group:
    """Wrong answers that give the same.

    Attributes
    ----------
    key : str
        By which it is named.
    answers : tuple of Wrong
        Those who gave it.
    named : str
        What they are told, if the instructor has named it.
    """

    exercise: str
    key: str
    answers: tuple[Wrong, ...]
    named: str = ""

    @property
    def heading(self) -> str:
        """The line under which it is named."""
        return f"{self.exercise} {self.key}"

    @property
    def problem(self) -> Problem | None:
        """What they give: on the same inputs, where that could be found out."""
        first = self.answers[0]
        return (first.alike or first.verdict).problem

    @property
    def size(self) -> int:
        """How many gave it."""
        return len(self.answers)

    def variants(self) -> list[tuple[str, list[str]]]:
        """Texts that differ by more than names and layout, the most frequent first; each with those who wrote it."""
        found: dict[str, tuple[str, list[str]]] = {}
        for answer in self.answers:
            found.setdefault(normalised(answer.text, self.exercise), (answer.text, []))[1].append(
                answer.student
            )
        return sorted(found.values(), key=lambda v: (-len(v[1]), v[1]))


def key_of(exercise: str, answer: Wrong) -> str:
    """The key of the group that an answer belongs to."""
    if answer.alike is not None:
        [asked] = [e for c in chapter_ids() for e in exercises(c) if e.name == exercise]
        said = alike.gives(asked, answer.alike)
    else:  # it could not be run again
        said = f"{exercise}\n{normalised(answer.text, exercise)}"
    return hashlib.sha256(said.encode()).hexdigest()[:10]


def grouped(exercise: str, wrong: Iterable[Wrong], named: dict[str, str]) -> list[Group]:
    """Groups of an exercise, the largest first; those in whose text a cause was found are only in named ones."""
    found: dict[str, list[Wrong]] = {}
    for answer in wrong:
        found.setdefault(key_of(exercise, answer), []).append(answer)
    made = []
    for key, answers in found.items():
        words = named.get(f"{exercise} {key}", "")
        some = tuple(a for a in answers if words or not a.verdict.cause)
        if some:
            made.append(Group(exercise, key, some, words))
    return sorted(made, key=lambda g: (-len(g.answers), g.key))


def names(root: Path) -> dict[str, str]:
    """What groups are called in a course, by their headings.

    Raises
    ------
    CourseError
        If a line of the file cannot be understood; the message says which.
    """
    place = root / NAMES
    if not place.is_file():
        return {}
    try:
        text = read_plain(place).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise CourseError(
            f"{NAMES} cannot be read: {getattr(problem, 'strerror', None) or problem}"
        ) from None
    known = {name for chapter in chapter_ids() for name in contents(chapter)}
    found: dict[str, list[str]] = {}
    here: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        line = line.rstrip()
        if line.startswith("#"):
            continue
        if about := HEADING.fullmatch(line):
            if about["exercise"] not in known:
                raise CourseError(f"{NAMES}, line {number}: there is no exercise {about['exercise']!r}")
            if line in found:
                raise CourseError(f"{NAMES}, line {number}: {line!r} is named a second time")
            here = found[line] = []
        elif here is not None:
            here.append(line)
        elif line:
            raise CourseError(
                f"{NAMES}, line {number}: this stands below no heading; one is an exercise and a key, such as relu 0123456789"
            )
    told = {heading: "\n".join(lines).strip() for heading, lines in found.items()}
    for heading, words in told.items():
        if len(words) > LONGEST:
            raise CourseError(f"{NAMES}, {heading}: {len(words)} characters are too long: at most {LONGEST}")
    return {heading: words for heading, words in told.items() if words}


def exercises_of(named: Iterable[str]) -> set[str]:
    """The exercises in which groups are named, by their headings."""
    return {heading.partition(" ")[0] for heading in named}


def looked_at(
    course: Course,
    chapter: str,
    wrong: Sequence[tuple[Rebuilt, Sequence[Verdict]]],
    config: Any,
    *,
    trusted: bool = False,
    jobs: int = 2,
    step: Callable[[], None] = lambda: None,
) -> list[dict[str, Verdict]]:
    """What the functions of unnamed wrong answers get on the same inputs, by exercise, for each student."""
    asked = [alike.Asked(rebuilt, tuple(sorted(v.exercise for v in verdicts))) for rebuilt, verdicts in wrong]
    results = Results(course.private / "results", course.secret())
    released = load_released(course.released(chapter))
    return alike.verdicts(chapter, asked, released, results, config, trusted=trusted, jobs=jobs, step=step)


def explain(batch: Any, config: Any, trusted: bool = False, jobs: int = 2) -> int:
    """Put what the instructor says of a mistake into the verdicts of all who made it; gives how many. Marks stay.

    Raises
    ------
    CourseError
        If the file of names cannot be understood.
    """
    named = names(batch.course.root)
    mine = exercises_of(named) & {*contents(batch.chapter)}
    wrong = []
    for entry in batch.entries if mine else ():
        if entry.marking is not None and entry.rebuilt is not None and entry.state != "failed":
            found = [v for n, v in entry.marking.verdicts.items() if n in mine and alike.wanted(v, mine)]
            if found:
                wrong.append((entry, found))
    if not wrong:
        return 0
    asked = [(e.rebuilt, v) for e, v in wrong]
    again = looked_at(batch.course, batch.chapter, asked, config, trusted=trusted, jobs=jobs)
    told = 0
    for (entry, found), seen in zip(wrong, again, strict=True):
        for verdict in found:
            name = verdict.exercise
            answer = Wrong(entry.student, text_of(entry.rebuilt, name), verdict, seen.get(name))
            words = named.get(f"{name} {key_of(name, answer)}")
            if words:
                entry.marking.verdicts[name] = replace(verdict, hint=words)
                told += 1
    return told


def told_before(
    course: Course, chapter: str, answers: str, texts: Callable[[str], str], verdicts: Mapping[str, Verdict]
) -> dict[str, str]:
    """What the instructor's words for one student's answers were, by exercise; nothing is run.

    Parameters
    ----------
    course, chapter : Course, str
        Which chapter of which course.
    answers : str
        The digest of the student's answers.
    texts : callable
        Gives the text of an answer by the exercise's name.
    verdicts : dict
        What was found, by exercise.
    """
    named = names(course.root)
    mine = exercises_of(named) & {*contents(chapter)}
    found = {n: v for n, v in verdicts.items() if n in mine and alike.wanted(v, mine)}
    if not found:
        return {}
    results = Results(course.private / "results", course.secret())
    who = alike.Alike("", chapter, "\0".join((answers, *sorted(found))))
    released = load_released(course.released(chapter))
    kept = (results.find(key_of_marking(who, released, results.secret, t)) for t in (False, True))
    again = next((marking.verdicts for marking in kept if marking is not None), {})
    keys = {n: key_of(n, Wrong("", texts(n), v, again.get(n))) for n, v in found.items()}
    return {n: words for n, key in keys.items() if (words := named.get(f"{n} {key}"))}


def text_of(rebuilt: Rebuilt, exercise: str) -> str:
    """The answer cell of an exercise."""
    for cell in rebuilt.notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == exercise:
            return str(cell.source)
    return ""
