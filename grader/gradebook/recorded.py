"""One student's marks as they were recorded: the gradebook's rows, the answers, the result that they came from."""

from __future__ import annotations

import asyncio
import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from fnnkit.judge.registry import exercises
from grader.course import Course, CourseError
from grader.disk import may_be_there, read_plain
from grader.gradebook.basis import Basis, Record
from grader.gradebook.calls import has_gradebook
from grader.gradebook.plugins import notes_of
from grader.gradebook.scores import Score, of_chapter
from grader.marking import causes, judging
from grader.marking.choosing import choose
from grader.marking.marking import Identity, Marking, exercise_version, job_of, key_of, mark
from grader.marking.results import Results
from grader.marking.submission import BadSubmission, answers_digest, load_released, rebuild
from grader.marking.text import visible
from grader.sandbox import warm


@dataclass(frozen=True)
class Recorded:
    """One student's marks.

    Attributes
    ----------
    student, chapter : str
        Whose.
    score : Score
        What the gradebook has.
    notebook : NotebookNode
        The answers that were marked.
    identity : Identity
        By which the inputs were drawn.
    marking : Marking or None
        The result; None where it is not kept any more.
    key : str
        Its name.
    moved : tuple of str
        Cells that were set by hand for another answer than this one.
    news : tuple of str
        What has changed since, a sentence each.
    """

    student: str
    chapter: str
    score: Score
    notebook: Any
    identity: Identity
    marking: Marking | None
    key: str
    moved: tuple[str, ...]
    news: tuple[str, ...]

    def answer(self, name: str) -> str:
        """The text that was handed in for an exercise or a question."""
        return next(
            (
                str(c.source)
                for c in self.notebook.cells
                if c.metadata.get("nbgrader", {}).get("grade_id") == name
            ),
            "",
        )


def find_student(course: Course, chapter: str, wanted: str, known: dict[str, Score]) -> str:
    """The id of a student who is called by it, or by name.

    Raises
    ------
    CourseError
        If nobody is, or several; or nothing of the student is graded.
    """
    if wanted in known and any(m.given for m in known[wanted].marks):
        return wanted
    if Path(wanted).name == wanted and may_be_there(course.submitted(wanted, chapter).parent):
        raise CourseError(
            f"{visible(wanted)} has handed in {chapter}, but it is not graded: grader grade {chapter}"
        )
    named = [s for s, score in known.items() if score.name.casefold() == wanted.casefold()]
    if len(named) == 1:
        return named[0]
    if named:
        raise CourseError(
            f"{visible(wanted)} is the name of several: say which, {', '.join(map(visible, named))}"
        )
    if not known:
        raise CourseError(f"nothing of {chapter} is graded: grader grade {chapter}")
    near = {name: s for s, score in known.items() for name in (s, score.name) if name}
    like = dict.fromkeys(near[name] for name in difflib.get_close_matches(wanted, near, 3, 0.6)) or sorted(
        known
    )
    some = ", ".join(visible(s) for s in list(like)[:8])
    raise CourseError(f"nobody called {visible(wanted)!r} has marks in {chapter}; there are: {some}")


def check_exercise(chapter: str, score: Score, name: str) -> None:
    """Refuse an exercise or question that is not there.

    Raises
    ------
    CourseError
        With those that are.
    """
    there = list(dict.fromkeys([*(e.name for e in exercises(chapter)), *(m.name for m in score.marks)]))
    if name not in there:
        near = difflib.get_close_matches(name, there, 3, 0.6) or there
        raise CourseError(
            f"there is no exercise {visible(name)!r} in {chapter}; there are: {', '.join(near)}"
        )


def recorded(course: Course, chapter: str, wanted: str, config: Config) -> Recorded:
    """What was recorded of a student.

    Raises
    ------
    CourseError
        If there is nothing.
    """
    if not has_gradebook(config):
        raise CourseError(f"nothing of {chapter} is graded: grader grade {chapter}")
    known = of_chapter(chapter, config)
    student = find_student(course, chapter, wanted, known)
    secret, released = course.secret(), load_released(course.released(chapter))
    now, problem = _handed_in(course, chapter, student, released)
    notebook = _kept(course, config, chapter, student) or now
    if notebook is None:
        raise CourseError(
            f"the answers of {visible(student)} are gone: neither autograded/ nor submitted/ has them ({problem})"
        )
    identity = Identity(student, chapter, answers_digest(notebook))
    record = Record.read(course, chapter)
    basis = record.bases.get(student)
    keys = [basis.key] if basis and basis.fingerprint == identity.answers else []
    keys += [key_of(identity, released, secret, trusted) for trusted in (False, True)]
    results = Results(course.private / "results", secret)
    marking, key = next(((m, k) for k in keys if (m := results.find(k))), (None, ""))
    if marking is not None:
        wrong = causes.wrong_answers([(notebook, marking)], chapter, not marking.sandboxed)
        causes.recall(wrong, causes.Store(course.private / "causes", secret))
    news = _news(identity, basis, now, problem, marking)
    moved = tuple(record.moved.get(student, ()))
    return Recorded(student, chapter, known[student], notebook, identity, marking, key, moved, tuple(news))


def _kept(course: Course, config: Config, chapter: str, student: str) -> Any:
    """The notebook that was recorded; None where it is not there any more."""
    directory = CourseDirectory(config=config)
    place = directory.format_path(directory.autograded_directory, student, chapter)
    try:
        return nbformat.reads(read_plain(Path(place) / f"{chapter}.ipynb").decode(), as_version=4)
    except Exception:  # a file can become anything
        return None


def _handed_in(course: Course, chapter: str, student: str, released: Any) -> tuple[Any, str]:
    """The notebook that would be marked now, or why there is none."""
    names = [e.name for e in exercises(chapter)]
    try:
        submitted, note = choose(course.submitted(student, chapter), released, names)
        return rebuild(submitted, released, names, note).notebook, ""
    except BadSubmission as problem:
        return None, str(problem)


def _news(
    identity: Identity, basis: Basis | None, now: Any, problem: str, marking: Marking | None
) -> list[str]:
    found = []
    again = f"`grader grade {identity.chapter}` looks at it"
    if now is None:
        found.append(f"What is handed in now cannot be read: {problem}.")
    elif answers_digest(now) != identity.answers:
        found.append(f"Other answers have been handed in since: {again}.")
    if basis and basis.shared.judge != exercise_version(identity.chapter):
        found.append(f"Exercises, judge or packages have changed since: {again}.")
    if marking is None:
        found.append("The result that these marks come from is not kept any more: --again makes it anew.")
    return found


def marked_again(found: Recorded, course: Course, config: Config, *, trusted: bool) -> Marking:
    """Mark the recorded answers once more, on the same inputs; nothing is kept.

    Raises
    ------
    SandboxUnavailable
        If there is no sandbox and the submission is not trusted.
    """
    job = job_of(found.notebook, found.identity, course.secret(), notes_of(found.notebook))
    work = mark(job, trust_submissions=trusted, config=config)
    try:
        return asyncio.run(work)
    finally:
        judging.close()
        warm.close()
