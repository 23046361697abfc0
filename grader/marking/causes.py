"""The causes of wrong answers, looked for once the marks of a class stand: a cause chooses words, never points.

Each distinct answer of a class is looked at once, in a kernel of its own in which nothing of the notebook has run but the
given cells, its own cell and what that uses: so what is found depends on these texts alone, and can be kept for all who
wrote the same. It is found on the inputs of the exercise's check, as the student's own check finds it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from traitlets.config import Config

from fnnkit.judge import causes as diagnosing
from fnnkit.judge.answers import look
from fnnkit.judge.causes import Finding, with_finding
from fnnkit.judge.exercise import Exercise
from fnnkit.judge.marker import Step
from fnnkit.judge.registry import exercises
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.asking import KernelLost
from grader.disk import read_plain, seal, unseal, write_atomically
from grader.marking import edition, judging
from grader.marking.marking import Marking, exercise_version, steps_of
from grader.marking.session import Session
from grader.marking.submission import is_answer

SECONDS = 20.0
"""Wall clock for the cells of one answer, and for one question to its kernel."""
LEAST = 0.1
SILENT = ("missing", "unanswered", "cell", "library", "stopped")
"""Kinds of problems whose cause is said already."""


@dataclass
class Wrong:
    """A wrong answer, and all who gave it.

    Attributes
    ----------
    key : str
        Changes with whatever the cause depends on.
    exercise : Exercise
        What was asked.
    steps : tuple of Step
        The cells that are run.
    text : str
        The one that defines the function.
    of : list of Marking
        Where it is wrong.
    """

    key: str
    exercise: Exercise
    steps: tuple[Step, ...]
    text: str
    of: list[Marking] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """What was found of a wrong answer, and how the check judges it: whoever is judged otherwise made another mistake."""

    finding: Finding | None
    judged: tuple[float, str, str]

    def holds(self, verdict: Verdict) -> bool:
        """Whether a verdict is on the same failure."""
        return self.judged == judged_as(verdict)


OF_VALUES = ("values", "finite", "raised", "shape", "property")
"""Kinds of problems that one mistake can have, depending on the numbers that were drawn."""


def judged_as(verdict: Verdict) -> tuple[float, str, str]:
    """What two verdicts on one failure have in common: points, the kind of the problem, and the criterion."""
    failed = next((r for r in verdict.results if r.problem), None)
    kind = verdict.problem.kind if verdict.problem else ""
    return verdict.points, "values" if kind in OF_VALUES else kind, failed.criterion if failed else ""


class Store:
    """Causes on disk, sealed as markings are.

    Parameters
    ----------
    folder : Path
        Where they are.
    secret : bytes
        The course's secret.
    """

    def __init__(self, folder: Path, secret: bytes) -> None:
        self.folder, self.secret = folder, secret

    def find(self, key: str) -> Found | None:
        """What was found before."""
        try:
            kept = unseal(self.secret, f"cause {key}", read_plain(self._path(key)))
            if kept is None:
                return None
            points, kind, criterion = kept["judged"]
            finding = None if kept["finding"] is None else Finding(**kept["finding"])
            return Found(finding, (float(points), str(kind), str(criterion)))
        except Exception:  # a file can become anything
            return None

    def keep(self, key: str, found: Found) -> None:
        """Write what was found."""
        finding = None if found.finding is None else asdict(found.finding)
        content = {"finding": finding, "judged": list(found.judged)}
        write_atomically(self._path(key), seal(self.secret, f"cause {key}", content))

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"


@cache
def version(chapter: str) -> str:
    """Digest of everything that decides what is said."""
    digest = hashlib.sha256(exercise_version(chapter).encode())
    here = Path(__file__)
    for path in sorted([*Path(diagnosing.__file__).parent.glob("*.py"), here, here.with_name("away.py")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def wrong_answers(marked: Iterable[tuple[Any, Marking]], chapter: str, trusted: bool = False) -> list[Wrong]:
    """The distinct wrong answers of a class.

    Parameters
    ----------
    marked : iterable of (notebook, Marking)
        Rebuilt notebooks, and what was found.
    chapter : str
        Their chapter.
    trusted : bool
        Whether they run without a sandbox.
    """
    found: dict[str, Wrong] = {}
    for notebook, marking in marked:
        answers = {c.metadata.nbgrader.grade_id for c in notebook.cells if is_answer(c)}
        steps = steps_of(notebook)
        for exercise in exercises(chapter):
            verdict = marking.verdicts.get(exercise.name)
            if verdict is None or verdict.problem is None or verdict.problem.kind in SILENT:
                continue
            needed, text = needed_for(exercise.name, steps, answers)
            if text:
                cells = [[s.grade_id, *s.parts, *s.keep] for s in needed]
                parts = [exercise.name, version(chapter), trusted, text, *cells]
                key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
                one = found.setdefault(key, Wrong(key, exercise, tuple(needed), text))
                one.of.append(marking)
    return list(found.values())


def say_known(wrong: Sequence[Wrong], store: Store) -> None:
    """Put causes into verdicts that were found before; looks for none."""
    for one in wrong:
        if (before := store.find(one.key)) is not None:
            _say(one, before)


def needed_for(name: str, steps: Sequence[Step], answers: set[str]) -> tuple[list[Step], str]:
    """The cells that an answer needs, in their order, and the text that defines its function; empty if none does."""
    home = next((s for s in steps if name in s.keep), None)
    if home is None:
        return [], ""
    text = next((part for part in reversed(home.parts) if name in look(part).functions), "")
    taken = {home.grade_id}
    waiting = [home]
    while waiting:
        uses = set().union(*(look(part).uses for part in waiting.pop().parts))
        for step in steps:
            own = step.grade_id in answers and step.grade_id not in taken
            if own and any(uses & look(part).binds for part in step.parts):
                taken.add(step.grade_id)
                waiting.append(step)
    return [s for s in steps if s.grade_id in taken or s.grade_id not in answers], text


def find(
    wrong: Sequence[Wrong],
    store: Store,
    workers: int,
    *,
    again: bool = False,
    trust_submissions: bool = False,
    config: Config | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> int:
    """Look for the causes of wrong answers, and put them into their verdicts; Ctrl-C ends it.

    Parameters
    ----------
    wrong : sequence of Wrong
        What `wrong_answers` gave.
    store : Store
        Where causes are kept.
    workers : int
        How many are looked at at the same time.
    again : bool
        Look for those, too, that are kept.
    trust_submissions, config
        As for `marking.mark`.
    told : callable, optional
        Told the name of the exercise after each.

    Returns
    -------
    int
        How many were not looked at, as it was ended before.
    """
    waiting, failed = [], []
    for one in wrong:
        before = None if again else store.find(one.key)
        if before is None:
            waiting.append(one)
        else:
            _say(one, before)
            told(one.exercise.name)
    left = waiting[::-1]

    async def work() -> None:
        while left:
            one = left[-1]
            left.pop()
            try:
                found = await _look(one, trust_submissions, config)
            except asyncio.CancelledError:
                left.append(one)
                raise
            except Exception:  # whatever it is, all marks are there, and others' causes are still looked for
                failed.append(one)
                continue
            _say(one, found)
            with contextlib.suppress(OSError):  # a full disk: it is looked for again next time
                store.keep(one.key, found)
            told(one.exercise.name)

    async def all_of_them() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(workers, len(waiting))):
                group.create_task(work())

    if waiting:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(all_of_them())
    return len(left) + len(failed)


def recall(wrong: Sequence[Wrong], store: Store) -> None:
    """Put the causes that were found before into the verdicts; look for none."""
    for one in wrong:
        if (found := store.find(one.key)) is not None:
            _say(one, found)


def _say(one: Wrong, found: Found) -> None:
    """Put a cause into the verdicts on the same failure."""
    name = one.exercise.name
    for marking in one.of:
        if found.holds(marking.verdicts[name]):
            marking.verdicts[name] = with_finding(marking.verdicts[name], found.finding)


NOTHING = Found(None, (-1.0, "", ""))


async def _look(one: Wrong, trusted: bool, config: Config | None) -> Found:
    """Look for the cause of one answer; nothing is said where its kernel does not come that far."""
    judging.start(one.exercise.chapter)
    try:
        async with Session(edition.folder(one.exercise.chapter), config, trusted) as kernel:
            end = time.monotonic() + SECONDS
            for step in one.steps:
                for part in step.parts:
                    left = end - time.monotonic()
                    if left < LEAST:
                        return NOTHING
                    await kernel.run(part, left, step.keep)
                    end += kernel.waited
            found = await judging.cause(one.exercise, one.text, _exchange(kernel))
    except KernelLost:
        return NOTHING
    return NOTHING if found is None else Found(found[1], judged_as(found[0]))


def _exchange(kernel: Session) -> judging.Exchange:
    """How the judge asks a kernel."""

    async def exchange(parts: list[bytes]) -> list[bytes]:
        asked = json.loads(parts[0])
        answers = await kernel.answers(str(asked["as"]), parts, len(asked["ask"]), SECONDS)
        if kernel.lost:
            raise judging.Lost("the kernel was lost")
        return judging.passed_on(answers)

    return exchange
