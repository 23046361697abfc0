"""Grading a class: every submission marked in its own sandbox, several at a time, then recorded by nbgrader.

A result is written as soon as it is there, under a key that changes with whatever could change it. So a second run
regrades what changed and nothing else, and a run that was stopped goes on where it was.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from traitlets.config import Config

from fnnkit.judge.marker import GaveWay
from fnnkit.judge.registry import exercises
from grader import scratch
from grader.course import Course, CourseError
from grader.disk import trouble
from grader.entry import Batch, Entry, Progress
from grader.gradebook import calls, scores
from grader.gradebook.basis import Record
from grader.gradebook.by_hand import of_earlier_answers
from grader.gradebook.judged import Unjudged, check_exercises, unjudged
from grader.gradebook.names import fill_in
from grader.gradebook.rehearsal import rehearsed
from grader.gradebook.timestamps import check_time
from grader.marking import causes as looking
from grader.marking import judging
from grader.marking.choosing import choose
from grader.marking.marking import Identity, job_of, key_of
from grader.marking.order import Order
from grader.marking.pool import Again, Here, Mark, Pool
from grader.marking.results import Results
from grader.marking.sharing import Shared
from grader.marking.submission import BadSubmission, check_name, load_released, rebuild
from grader.marking.text import visible
from grader.recording import Recording
from grader.sandbox import modes, warm

NO_TIME = "it was not marked: slow notebooks have used up the time of this class; run the same command again to go on"


def grade(
    course: Course,
    chapter: str,
    students: Sequence[str] = (),
    *,
    jobs: int | None = None,
    trust_submissions: bool = False,
    pool: Pool | None = None,
    drop_removed: bool = False,
    force: bool = False,
    causes: bool = False,
    rehearse: bool = False,
    progress: Progress | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Batch:
    """Grade a chapter.

    Parameters
    ----------
    course : Course
        Where the submissions are.
    chapter : str
        Its id.
    students : sequence of str
        Only these; all by default.
    jobs : int, optional
        Notebooks marked at the same time; one more than there are processors by default.
    trust_submissions : bool
        Run them without a sandbox.
    pool : Pool, optional
        Who marks; this process by default.
    drop_removed : bool
        Take marks of what is no longer in the chapter out of the gradebook, and keep them in a table.
    force : bool
        Mark and record everything again, whether or not something has changed.
    causes : bool
        Look for the causes of wrong answers, once all marks are recorded; Ctrl-C ends that, and no more.
    rehearse : bool
        Do all of it, and write none: marks are recorded in a copy of the gradebook, which is thrown away.
    progress : Progress, optional
        Told how far it is.
    meanwhile : callable, optional
        Called once while the first kernels start, if there are any: what will be needed can be got ready there.

    Raises
    ------
    CourseError
        If there is no such chapter or student, or no submission at all.
    WouldDrop
        If there are marks of what is no longer in the chapter, and they may not be taken out.
    SandboxUnavailable
        If there is no sandbox and the submissions are not trusted.
    """
    told = progress or Progress()
    scratch.sweep()
    course.check_chapter(chapter)
    pool = pool or Here(jobs, trust_submissions)
    pool.check()
    names = _students(course, chapter, students)
    config = course.config()
    config.JudgedExecute.trust_submissions = trust_submissions
    batch = Batch(course, chapter, config=config, rehearsal=rehearse)
    with alone(course), readable_database(config), contextlib.ExitStack() as held:
        batch.moved_before = Record.read(course, chapter).moved
        batch.moved = dict(batch.moved_before)
        if calls.has_gradebook(config):
            batch.before = scores.of_chapter(chapter, config)
        if rehearse:
            config = batch.config = held.enter_context(rehearsed(course, config))
        if not calls.registered(course, chapter, config):
            batch.changes = calls.register(course, chapter, config, drop_removed=drop_removed or rehearse)
        try:
            _grade(batch, names, pool, trust_submissions, config, told, force, meanwhile)
            if causes and not rehearse and (trust_submissions or modes.available()):
                _look_for_causes(batch, jobs, trust_submissions, config, told, force)
        finally:
            judging.close()
            warm.close()
        fill_in(calls.database_url(config), str(config.CourseDirectory.course_id))
        wanted = {e.student for e in batch.entries if e.marking}
        known = {s: cells for s, cells in batch.moved.items() if s in wanted}
        batch.for_earlier = of_earlier_answers(chapter, config, known)
        if rehearse:
            batch.after = scores.of_chapter(chapter, config)
    return batch


def _grade(
    batch: Batch,
    names: list[str],
    pool: Pool,
    trust_submissions: bool,
    config: Config,
    told: Progress,
    force: bool,
    meanwhile: Callable[[], None],
) -> None:
    course, chapter = batch.course, batch.chapter
    secret = course.secret()
    results = Results(course.private / "results", secret, config.JudgedExecute.get("results_in", ""))
    results.tidy()
    released = load_released(course.released(chapter))
    check_exercises(released, chapter)
    waiting, shared = list[Entry](), Shared()
    recording = Recording(batch, released, config, force, meanwhile)
    for name in names:
        entry = prepare(course, chapter, name, released, secret, results, trust_submissions)
        batch.entries.append(entry)
        if force:
            entry.marking = None
        if entry.marking is not None:
            entry.marking = shared.marking(entry.marking)
        if entry.state != "failed" and entry.marking is None:
            waiting.append(entry)
    told.total("marking", len(waiting))
    try:
        if waiting:
            asyncio.run(_mark_all(waiting, pool, config, secret, results, told, recording, shared))
        recorded = [e for e in batch.entries if e.marking is not None and e.student not in recording.done]
        told.total("recording", len(recorded))
        recording.now(recorded, told)
    finally:
        recording.close()


def _look_for_causes(
    batch: Batch, jobs: int | None, trusted: bool, config: Config, told: Progress, again: bool
) -> None:
    """Put causes into the verdicts of this batch, after all that carries marks is done."""
    course, chapter = batch.course, batch.chapter
    marked = ((e.rebuilt.notebook, e.marking) for e in batch.entries if e.rebuilt and e.marking)
    wrong = looking.wrong_answers(marked, chapter, trusted)
    told.total("causes", len(wrong))
    store = looking.Store(course.private / "causes", course.secret())
    batch.causes_left = looking.find(
        wrong, store, Here(jobs).jobs, again=again, trust_submissions=trusted, config=config, told=told.step
    )


@contextlib.contextmanager
def alone(course: Course) -> Iterator[None]:
    """Refuse to work beside another batch of the same course: nbgrader would remove files under the other's hands."""
    try:
        lock = (course.private / "lock").open("w")
    except OSError as problem:
        raise CourseError(f"{course.root} cannot be written to ({problem.strerror})") from None
    with lock as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CourseError(
                f"another `grader grade` is at work in {course.root}: wait for it to end"
            ) from None
        yield


@contextlib.contextmanager
def readable_database(config: Config) -> Iterator[None]:
    """Say in one line that the gradebook cannot be read or written."""
    from sqlalchemy.exc import SQLAlchemyError

    url = calls.database_url(config)
    try:
        yield
    except (SQLAlchemyError, ImportError) as problem:
        said = (str(getattr(problem, "orig", None) or problem).splitlines() or ["no message"])[0]
        said = visible(calls.without_password(said, url))
        raise CourseError(f"the gradebook {calls.shown_url(url)} cannot be used: {said}") from None
    except OSError as problem:
        raise CourseError(f"{trouble(problem)}: what was graded so far is kept") from None


def _students(course: Course, chapter: str, wanted: Sequence[str]) -> list[str]:
    there = course.handed_in(chapter)
    if not there:
        raise CourseError(
            f"no submission of {chapter}: expected submitted/STUDENT/{chapter}/{chapter}.ipynb (in {course.root})"
        )
    for name in wanted:
        if name not in there:
            raise CourseError(
                f"there is no submission of {chapter} by {name!r}; there are: {', '.join(map(visible, there[:12]))}"
            )
    return [name for name in there if not wanted or name in wanted]


def prepare(
    course: Course, chapter: str, name: str, released: Any, secret: bytes, results: Results, trusted: bool
) -> Entry:
    """Read one submission; what is wrong with it becomes its line."""
    entry = Entry(name)
    try:
        check_name(name)
        path = course.submitted(name, chapter)
        names = [e.name for e in exercises(chapter)]
        submitted, entry.note = choose(path, released, names)
        check_time(path.with_name("timestamp.txt"))
        entry.rebuilt = rebuild(submitted, released, names, entry.note)
        entry.identity = Identity(name, chapter, entry.rebuilt.fingerprint())
        entry.rebuilt.thin(released)
        entry.key = key_of(entry.identity, released, secret, trusted)
        entry.marking = results.find(entry.key)
        if entry.marking is not None and unjudged(released, entry.marking):
            entry.marking = None
    except BadSubmission as problem:
        _fail(entry, str(problem), course, chapter)
    except Exception as problem:  # hostile files find ways to fail that nobody listed; the others go on
        _fail(entry, f"the submission cannot be read ({type(problem).__name__})", course, chapter)
    return entry


def _fail(entry: Entry, message: str, course: Course, chapter: str) -> None:
    kept = (
        "; the mark recorded before stays" if Record.read(course, chapter).states.get(entry.student) else ""
    )
    entry.state, entry.message, entry.marking = "failed", visible(" ".join(message.split()) + kept), None
    entry.student = visible(entry.student)


async def _mark_all(
    waiting: list[Entry],
    pool: Pool,
    config: Config,
    secret: bytes,
    results: Results,
    told: Progress,
    recording: Recording,
    shared: Shared,
) -> None:
    order = Order(waiting)

    async def one(entry: Entry, mark: Mark) -> None:
        assert entry.rebuilt is not None
        assert entry.identity is not None
        try:
            notebook = entry.rebuilt.notebook
            marking = await mark(job_of(notebook, entry.identity, secret, entry.rebuilt.notes))
            if missing := unjudged(notebook, marking):
                raise Unjudged(missing)
            with contextlib.suppress(OSError):  # a full disk is told of below; it is made again next time
                results.keep(entry.key, marking)
            entry.marking = shared.marking(marking)
            recording.add(entry)
        except (modes.SandboxUnavailable, CourseError, Again):
            raise
        except GaveWay:
            order.behind(entry)
            return
        except BadSubmission as problem:
            entry.state, entry.message = "failed", str(problem)
        except Exception as problem:
            entry.state = "failed"
            entry.message = (
                f"it could not be marked ({type(problem).__name__}: {visible(str(problem)[:200])})"
            )
        told.step(entry.student)

    meanwhile = asyncio.create_task(recording.run())
    try:
        await pool.run(order, one, config)
    finally:
        meanwhile.cancel()
        await asyncio.wait([meanwhile])
    for entry in order.left():
        entry.state, entry.message = "failed", NO_TIME
