"""Judging a folder of answers as students write them: right ones are to get everything, wrong ones not.

A file is the text of one answer cell, ``EXERCISE__right__NAME.py`` or ``EXERCISE__wrong__NAME.py``; its first line is a
comment that says what it is. It is judged in a process of its own, in the namespace that a student has there: what the
chapter's given cells define, and the solutions' answers to the exercises before.
"""

from __future__ import annotations

import contextlib
import functools
import json
import linecache
import multiprocessing
import os
import signal
import sys
import traceback
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

import fnnkit
from fnnkit.judge.causes.here import with_cause
from fnnkit.judge.check import library_watch
from fnnkit.judge.exercise import Exercise, Known
from fnnkit.judge.registry import chapter_ids, exercises
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import Answer, Raised, call
from grader.authoring.witnesses import Said
from grader.course import Course, CourseError

SEEDS = 6
SECONDS = 20.0
"""Wall clock that one file may take for all calls of one seed."""

Cells = list[tuple[str, str]]


class TooLong(BaseException):
    """The time for one seed is over."""


@dataclass(frozen=True)
class AnswerFile:
    """A file of the folder, by what its name says."""

    path: Path
    exercise: Exercise
    right: bool


@dataclass(frozen=True)
class Asked:
    """What all answers to an exercise are judged with: the names that are there, and inputs with what is known of them."""

    exercise: Exercise
    space: dict[str, Any]
    drawn: tuple[Known, ...]


@dataclass(frozen=True)
class Outcome:
    """How a file came out: a verdict for each seed, or the reason why there is none."""

    file: AnswerFile
    verdicts: tuple[Verdict, ...] = ()
    failure: str = ""

    @property
    def full(self) -> int:
        """At how many seeds it got everything."""
        return sum(v.solved and v.points == v.possible for v in self.verdicts)

    @property
    def as_named(self) -> bool:
        """Whether it came out as its name says: right at all seeds, or wrong at each."""
        if self.file.right:
            return bool(self.verdicts) and self.full == len(self.verdicts)
        return self.full == 0

    @property
    def explained(self) -> bool:
        """Whether a cause or a place is said at the student's seed."""
        first = self.verdicts[0] if self.verdicts else None
        return first is not None and bool(
            first.hint or first.cause or first.follows_from or (first.problem and first.problem.cause)
        )

    def line(self) -> str:
        """One line about a file that came out otherwise."""
        if not self.verdicts:
            return f"{self.file.path.name}: {self.failure}"
        what = "refused" if self.file.right else "survived"
        points = " or ".join(f"{p:g}" for p in sorted({v.points for v in self.verdicts}))
        n, missed = len(self.verdicts), len(self.verdicts) - self.full
        seeds = (
            f"not full at {missed} of {n} seeds" if self.file.right else f"full at {self.full} of {n} seeds"
        )
        return f"{self.file.path.name}: {what}, {points} of {self.verdicts[0].possible:g} points, {seeds}"

    def message(self) -> str:
        """The whole message at a seed at which it came out otherwise, or the first one."""
        odd = [v for v in self.verdicts if v.solved != self.file.right] or list(self.verdicts)
        return str(odd[0]) if odd else self.failure


def find(folder: Path) -> tuple[list[AnswerFile], list[str]]:
    """The answers of a folder, and the names of files that belong to no exercise.

    Raises
    ------
    CourseError
        If it is not a folder.
    """
    if not folder.is_dir():
        raise CourseError(f"there is no folder {str(folder)!r}")
    known = {e.name: e for chapter in chapter_ids() for e in exercises(chapter)}
    found, strange = [], []
    for path in sorted(folder.glob("*__*__*.py")):
        name, expected, _ = path.stem.split("__", 2)
        if expected in ("right", "wrong") and name in known:
            found.append(AnswerFile(path, known[name], expected == "right"))
        else:
            strange.append(path.name)
    return found, strange


def judge_all(
    files: Sequence[AnswerFile],
    seeds: int = SEEDS,
    jobs: int | None = None,
    done: Callable[[Outcome], None] = lambda _: None,
    seconds: float = SECONDS,
    causes: bool = True,
) -> list[Outcome]:
    """Judge files, each in a process of its own, several at a time.

    Parameters
    ----------
    files : sequence of AnswerFile
        What `find` found.
    seeds : int
        Sets of inputs for each, the one of the student's own check among them.
    jobs : int, optional
        Files judged at the same time; as many as there are processors by default.
    done : callable, optional
        Told each outcome as it comes.
    seconds : float
        Wall clock for one file at one seed.
    causes : bool
        Say what the mistake is, at the student's seed also where it is. No point depends on that, and it takes longer
        than all else.
    """
    # A fork has them, and what they imported.
    asked = {f.exercise.name: f.exercise for f in files}
    prepared = {name: prepare(one, seeds_of(one, seeds)) for name, one in asked.items()}

    def one(file: AnswerFile) -> Outcome:
        outcome = _in_a_process(file, prepared[file.exercise.name], seconds, causes)
        done(outcome)
        return outcome

    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        return list(pool.map(one, files))


def seeds_of(exercise: Exercise, many: int) -> list[int]:
    """The seed of the student's own check, and others."""
    return [zlib.crc32(exercise.name.encode()), *range(1, many)]


def prepare(exercise: Exercise, seeds: Sequence[int]) -> Asked:
    """What the answers to an exercise are judged with: made once, as it is the same for each of them."""
    given, answers = namespace(exercise.chapter)
    space = dict(given)
    for name, text in answers:
        if name == exercise.name:
            break
        _run(text, f"answer {name}", space)
    space.pop(exercise.name, None)
    drawn = tuple(Known(exercise.cases(np.random.default_rng(seed))) for seed in seeds)
    for known in drawn:
        for position in range(len(known.cases)):
            known.answer(exercise.reference, position)
    return Asked(exercise, space, drawn)


@functools.cache
def namespace(chapter: str) -> tuple[dict[str, Any], Cells]:
    """What the given cells of a chapter define, and its answers as (name, text) in their order.

    Raises
    ------
    CourseError
        If there is no built notebook of the chapter.
    """
    root = Path(fnnkit.__file__).parents[1]
    course = Course(root)
    solved = root / "solutions" / chapter / f"{chapter}.ipynb"
    for path in (course.released(chapter), solved):
        if not path.is_file():
            raise CourseError(f"{path} is missing: run `grader build {chapter}`")
    os.environ.setdefault("MPLBACKEND", "Agg")
    space: dict[str, Any] = {"__name__": "__main__", "np": np}
    with _silent():
        for i, cell in enumerate(_code(course.released(chapter))):
            if "given" in cell["metadata"].get("tags", []):
                _run("".join(cell["source"]), f"given {i}", space)
    answers = []
    for cell in _code(solved):
        about = cell["metadata"].get("nbgrader", {})
        if about.get("solution") or "answered" in cell["metadata"].get("tags", []):
            answers.append((str(about.get("grade_id", "")), "".join(cell["source"])))
    return space, answers


def _code(path: Path) -> list[dict[str, Any]]:
    return [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]


def _run(text: str, name: str, space: dict[str, Any]) -> None:
    """Run a cell so that errors know their line, as in a notebook."""
    filename = f"<{name}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    exec(compile(text, filename, "exec"), space)  # noqa: S102  # it is an answer: running it is what is asked


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


def _in_a_process(file: AnswerFile, asked: Asked, seconds: float, causes: bool) -> Outcome:
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, file, asked, seconds, causes))
    process.start()
    theirs.close()
    limit = seconds * (len(asked.drawn) + 1) + 60
    try:
        said = mine.recv() if mine.poll(limit) else f"no verdict after {limit:g} s"
    except EOFError:
        said = "it ended its process"
    process.join(2)
    if process.is_alive():
        process.kill()
        process.join()
    return Outcome(file, failure=said) if isinstance(said, str) else Outcome(file, tuple(said))


def _child(told: Connection, file: AnswerFile, asked: Asked, seconds: float, causes: bool) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    try:
        told.send(judge(file, asked, seconds, causes))
    except BaseException as problem:
        told.send(f"{type(problem).__name__}: {problem}")
    told.close()
    os._exit(0)  # whatever the answer left to be done at the end is not waited for


def judge(file: AnswerFile, asked: Asked, seconds: float = SECONDS, causes: bool = True) -> list[Verdict]:
    """The verdicts of one file, one a seed, in this process: afterwards its names are among those that are there."""
    exercise, space = asked.exercise, asked.space

    def over(*_: object) -> None:
        raise TooLong

    signal.signal(signal.SIGALRM, over)
    note = ""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        _run(file.path.read_text(encoding="utf-8"), f"student {exercise.name}", space)
    except (Exception, TooLong):
        note = "its cell stops with " + traceback.format_exc(limit=0).strip().splitlines()[-1]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    function, watch = space.get(exercise.name), library_watch(exercise)
    missing = Answer(error=Raised(("Missing",), note or f"{type(function).__name__} is not a function"))
    verdicts = []
    for known in asked.drawn:
        cases = known.cases
        given: list[Answer] = []
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            for case in cases:
                answer = call(function, case.args, watch) if callable(function) else missing
                if answer.error and answer.error.kind == TooLong.__name__:
                    raise TooLong
                given.append(answer)
        except TooLong:
            sys.setprofile(None)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        stopped = Answer(error=Raised(("Timeout",), f"stopped after {seconds:g} s"))
        given += [stopped] * (len(cases) - len(given))
        verdicts.append(exercise.judge(cases, given, known=known, recognised=causes))
        # The student's own check.
        if causes and len(verdicts) == 1 and isinstance(function, FunctionType):
            text = file.path.read_text(encoding="utf-8")
            verdicts[0] = with_cause(verdicts[0], text, exercise, function, cases, given, whole=True)
    return verdicts


def said_of(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Said]]:
    """By exercise and kind, of how many files something is said at the student's seed, and by whom."""
    found: dict[str, dict[str, Said]] = {}
    for outcome in outcomes:
        if outcome.verdicts and (outcome.file.right or not outcome.verdicts[0].solved):
            kinds = found.setdefault(outcome.file.exercise.name, {"wrong": Said(), "right": Said()})
            kinds["right" if outcome.file.right else "wrong"].add(outcome.verdicts[0])
    return found


def summary(outcomes: Sequence[Outcome]) -> tuple[str, bool]:
    """The last line of all, and whether everything came out as the files' names say."""
    right, wrong = [o for o in outcomes if o.file.right], [o for o in outcomes if not o.file.right]
    refused, survived = sum(not o.as_named for o in right), sum(not o.as_named for o in wrong)
    named = sum(o.explained for o in wrong)
    text = f"{len(right)} right ({refused} refused), {len(wrong)} wrong ({survived} survived), {named} named"
    return text, not refused and not survived
