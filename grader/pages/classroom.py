"""A class over all chapters: who handed in what, what came out, and what was written; read, nothing is marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from traitlets.config import Config

from fnnkit.judge.registry import exercises
from fnnkit.judge.verdict import Verdict
from grader.batch import prepare
from grader.course import Course
from grader.gradebook import calls, late
from grader.gradebook.scores import Score, of_chapter
from grader.marking import alike, causes
from grader.marking.results import Results
from grader.marking.submission import Rebuilt, is_answer, load_released
from grader.marking.text import visible
from grader.pages.items import Item, analyse
from grader.pages.unnamed import Group, Wrong, exercises_of, grouped, looked_at, names


@dataclass
class Handed:
    """What one student handed in of a chapter.

    Attributes
    ----------
    state : str
        ``"graded"``, ``"new"`` if it has changed since it was graded or never was, or ``"broken"``.
    message : str
        What is wrong with a broken one.
    verdicts : dict
        By exercise.
    texts : dict
        By exercise, the answer cell.
    """

    student: str
    state: str = "graded"
    message: str = ""
    verdicts: MutableMapping[str, Verdict] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


@dataclass
class Chapter:
    """A chapter of the class."""

    id: str
    handed: dict[str, Handed]
    known: dict[str, Score]
    items: list[Item]
    groups: dict[str, list[Group]]
    dates: late.Dates | None = None
    handed_out: dict[str, str] = field(default_factory=dict)

    @property
    def graded(self) -> list[Handed]:
        """Those with verdicts."""
        return [h for h in self.handed.values() if h.state == "graded"]

    @property
    def due(self) -> datetime | None:
        """When everybody has to hand it in, in UTC."""
        due = self.dates.due if self.dates else None
        return due if due is None or due.tzinfo else due.replace(tzinfo=UTC)

    def missing(self, student: str) -> bool:
        """Whether somebody should have handed it in; where no date is known, whether others have."""
        if student in self.handed:
            return False
        if self.due is None:
            return bool(self.handed)
        longer = self.dates.longer.get(student, timedelta()) if self.dates else timedelta()
        return self.due + longer < datetime.now(UTC)


@dataclass
class Class:
    """A class: its students by id, with their names, and its chapters."""

    course: Course
    students: dict[str, str]
    chapters: list[Chapter]
    named: dict[str, str]


@dataclass(frozen=True)
class Told:
    """Who is told how far it is."""

    total: Callable[[str, int], None] = lambda _what, _n: None
    step: Callable[[str], None] = lambda _what: None


def gather(
    course: Course,
    chapters: Sequence[str],
    people: Mapping[str, str],
    *,
    trusted: bool = False,
    run: bool = True,
    jobs: int = 2,
    told: Told | None = None,
) -> Class:
    """Read what is known of a class.

    Parameters
    ----------
    course : Course
        Whose it is.
    chapters : sequence of str
        Which.
    people : mapping
        Who is in the course, by id, with their names.
    trusted : bool
        Whether submissions were graded without a sandbox, and may be run so again.
    run : bool
        Whether wrong answers that nobody named may be run on the same inputs; else they are grouped by their texts.
    jobs : int
        How many are run at the same time.
    told : Told, optional
        Told how far it is.
    """
    told = told or Told()
    named, config = names(course.root), course.config()
    found = [_chapter(course, c, config, named, trusted, run, jobs, told) for c in chapters]
    students = dict(people)
    for chapter in found:
        for student in (*chapter.handed, *chapter.known):
            score = chapter.known.get(student)
            students[student] = students.get(student) or (score.name if score else "")
    return Class(course, dict(sorted(students.items())), found, named)


def _chapter(
    course: Course,
    chapter: str,
    config: Config,
    named: dict[str, str],
    trusted: bool,
    run: bool,
    jobs: int,
    told: Told,
) -> Chapter:
    released = load_released(course.released(chapter))
    results, secret = Results(course.private / "results", course.secret()), course.secret()
    store = causes.Store(course.private / "causes", secret)
    there = course.handed_in(chapter)
    told.total(f"reading {chapter}", len(there))
    handed: dict[str, Handed] = {}
    entries, wrong, mine = [], [], exercises_of(named)
    for name in there:
        entry = prepare(course, chapter, name, released, secret, results, trusted)
        one = handed[visible(name)] = Handed(visible(name))
        if entry.state == "failed":
            one.state, one.message = "broken", entry.message
        elif entry.marking is None:
            one.state = "new"
        else:
            assert entry.rebuilt is not None
            found = causes.wrong_answers([(entry.rebuilt.notebook, entry.marking)], chapter, trusted)
            causes.say_known(found, store)
            one.verdicts = entry.marking.verdicts
            one.texts = answers_of(entry.rebuilt.notebook)
            if unnamed := [v for v in one.verdicts.values() if alike.wanted(v, mine)]:
                wrong.append((one, entry.rebuilt, unnamed))
            entry.rebuilt = None  # a class of a thousand would not fit into the memory
            entries.append(entry)
        told.step(name)
    groups = _groups(course, chapter, wrong, config, named, trusted, run, jobs, told)
    return Chapter(
        chapter, handed, of_chapter(chapter, config) if calls.has_gradebook(config) else {},
        analyse(exercises(chapter), entries), groups, late.kept(course.root).get(chapter), answers_of(released),
    )  # fmt: skip


def _groups(
    course: Course,
    chapter: str,
    wrong: list[tuple[Handed, Rebuilt, list[Verdict]]],
    config: Config,
    named: dict[str, str],
    trusted: bool,
    run: bool,
    jobs: int,
    told: Told,
) -> dict[str, list[Group]]:
    """Wrong answers that nobody named, by exercise."""
    told.total(f"comparing {chapter}", len(wrong) if run else 0)
    seen: list[dict[str, Verdict]] = [{} for _ in wrong]
    if run and wrong:
        seen = looked_at(
            course, chapter, [(rebuilt, v) for _, rebuilt, v in wrong], config, trusted=trusted, jobs=jobs,
            step=lambda: told.step(chapter),
        )  # fmt: skip
    answers: dict[str, list[Wrong]] = {}
    for (one, _, verdicts), again in zip(wrong, seen, strict=True):
        for verdict in verdicts:
            made = Wrong(
                one.student, one.texts.get(verdict.exercise, ""), verdict, again.get(verdict.exercise)
            )
            answers.setdefault(verdict.exercise, []).append(made)
    return {name: grouped(name, some, named) for name, some in answers.items()}


def answers_of(notebook: object) -> dict[str, str]:
    """Texts of the answer cells of a rebuilt or released notebook, by exercise."""
    return {
        str(cell.metadata.nbgrader.grade_id): str(cell.source)
        for cell in notebook.cells  # type: ignore[attr-defined]
        if cell.cell_type == "code" and is_answer(cell)
    }
