"""Marking one notebook: run its cells in a sandbox, call its functions, judge what they give, outside.

Which cells are run, and as what, is decided by the released notebook. Nothing in the kernel knows an expected value.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from traitlets.config import Config

from fnnkit.judge.exercise import Case, Exercise
from fnnkit.judge.marker import Marker, Step
from fnnkit.judge.registry import exercises, folder_of, sources_of, top_of
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import Answer
from grader.marking import edition, judging
from grader.marking.drawn import digest, encoded
from grader.marking.judging import Unread, question
from grader.marking.outputs import fit_page
from grader.marking.session import Session
from grader.marking.submission import is_answer
from grader.sandbox import modes, packages

FORMAT = 2
OWN_ASIDE = ("exercises", "figures", "answers")
"""Parts of a course's own package that no mark depends on, but the chapter that is marked."""


@dataclass(frozen=True)
class Identity:
    """Who handed in what: the inputs of a judgement depend on it, and so a regrade repeats them."""

    student: str
    chapter: str
    answers: str

    def seed(self, secret: bytes, exercise: str) -> int:
        """The seed of one exercise's cases: nobody without the secret can tell it."""
        text = "\0".join((self.student, self.chapter, self.answers, exercise))
        return int.from_bytes(hmac.new(secret, text.encode(), hashlib.sha256).digest()[:16], "big")


@dataclass
class Marking:
    """The result of marking one notebook; `to_json` and `from_json` store it.

    Attributes
    ----------
    verdicts : dict
        By exercise.
    cells : dict
        By grade id, outputs of the cells that were run.
    sandboxed : bool
        Whether the code ran in a sandbox.
    mode : str
        In which: ``"namespaces"``, ``"landlock"``; empty if in none.
    kernels : int
        How many kernels were used; one, unless some were lost.
    """

    verdicts: MutableMapping[str, Verdict] = field(default_factory=dict)
    cells: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    sandboxed: bool = True
    kernels: int = 0
    mode: str = "namespaces"

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "format": FORMAT,
            "verdicts": {name: verdict.to_json() for name, verdict in self.verdicts.items()},
            "cells": dict(self.cells),
            "sandboxed": self.sandboxed,
            "kernels": self.kernels,
            "mode": self.mode,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Marking:
        """Read what `to_json` gave."""
        verdicts = {name: Verdict.from_json(v) for name, v in data["verdicts"].items()}
        return cls(
            verdicts, data["cells"], data["sandboxed"], data["kernels"], str(data.get("mode", "namespaces"))
        )


@cache
def exercise_version(chapter: str) -> str:
    """Digest of everything that decides a mark, besides the answers: exercises, reference, judge, packages."""
    digest = hashlib.sha256(f"{FORMAT} {packages.environment_key()}".encode())
    package = folder_of("fnnkit")
    here = Path(__file__).parent
    sources = [p for f in ("", "judge", "kernel", "exercises") for p in (package / f).glob("*.py")]
    sources += [
        *sources_of(chapter),
        *(
            here / f"{name}.py"
            for name in ("marking", "submission", "text", "judge", "judging", "drawn", "outputs")
        ),
        here.parent / "sandbox" / "launcher.py",
    ]
    if (top := top_of(chapter)) != "fnnkit":
        own = folder_of(top)
        sources += [p for p in own.rglob("*.py") if p.relative_to(own).parts[0] not in OWN_ASIDE]
    for path in sorted(set(sources)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def key_of(identity: Identity, released: Any, secret: bytes, trusted: bool) -> str:
    """The name under which a result is kept: it changes with whatever could change the result."""
    given = _as_json(tuple((c.cell_type, c.source) for c in released.cells if not is_answer(c)))
    first = json.dumps([*vars(identity).values()]).removesuffix("]")
    last = json.dumps([exercise_version(identity.chapter), trusted]).removeprefix("[")
    return hmac.new(secret, f"{first}, {given}, {last}".encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _as_json(cells: tuple[tuple[str, str], ...]) -> str:
    """What is given to a whole class, in JSON: it is long, and the same for everybody."""
    return json.dumps(cells)


@dataclass(frozen=True)
class Job:
    """All that the marking of a notebook depends on; whose it is does not stand in it, nor the course's secret.

    Attributes
    ----------
    chapter : str
        Whose exercises are asked.
    steps : tuple of Step
        What is run, in order.
    seeds : dict
        Of the cases of each exercise that is asked, in their order.
    notes : dict
        By grade id, remarks to put into the verdicts.
    """

    chapter: str
    steps: tuple[Step, ...]
    seeds: dict[str, int]
    notes: dict[str, list[str]] = field(default_factory=dict)


def job_of(
    notebook: Any, identity: Identity, secret: bytes, notes: dict[str, list[str]] | None = None
) -> Job:
    """What is to do for a rebuilt notebook (`submission.rebuild`) of somebody."""
    checks = {
        c.metadata.get("nbgrader", {}).get("grade_id", "") for c in notebook.cells if c.cell_type == "code"
    }
    asked = [e.name for e in exercises(identity.chapter) if f"check_{e.name}" in checks]
    seeds = {name: identity.seed(secret, name) for name in asked}
    return Job(identity.chapter, tuple(steps_of(notebook)), seeds, notes or {})


async def mark(
    job: Job,
    *,
    trust_submissions: bool = False,
    config: Config | None = None,
    told: Callable[[str], None] = lambda _: None,
    turn: AbstractAsyncContextManager[Any] | None = None,
    gives_way: Callable[[float], bool] = lambda _: False,
) -> Marking:
    """Mark a notebook.

    Parameters
    ----------
    job : Job
        What is to do.
    trust_submissions : bool
        Run the code without a sandbox.
    config : Config, optional
        Settings of `SandboxProvisioner`.
    told : callable, optional
        Told the name of each exercise before it is judged.
    turn : asynchronous context manager, optional
        Entered once its kernel has started, and left before that is ended: between, its code runs.
    gives_way : callable, optional
        As that of `Marker`.

    Raises
    ------
    GaveWay
        If `gives_way` says so.
    SandboxUnavailable
        If there is no sandbox and the submissions are not trusted.
    """
    if not trust_submissions:
        modes.mode()
    judging.start(job.chapter)
    place = edition.folder(job.chapter)

    calls: dict[str, str] = {}

    def cases(exercise: Exercise) -> list[Case]:
        drawn = exercise.cases(np.random.default_rng(job.seeds[exercise.name]))
        calls[exercise.name] = digest(encoded(drawn))
        return drawn

    async def start() -> Session:
        session = Session(place, config, trust_submissions)
        await session.__aenter__()
        return session

    async def judge(
        exercise: Exercise, answers: Sequence[Answer | Unread], wrong: Sequence[str]
    ) -> tuple[Verdict, bool]:
        asked = question(exercise, job.seeds[exercise.name], answers, wrong, calls[exercise.name])
        return await judging.verdict(exercise, asked)

    asked = [e for e in exercises(job.chapter) if e.name in job.seeds]
    marker = Marker(
        job.steps, asked, cases, start, judge, job.notes, told, judging.text_of_student, gives_way
    )
    outcome = await marker.mark(turn)
    fit_page(outcome.cells)
    return Marking(
        outcome.verdicts, outcome.cells, not trust_submissions, outcome.kernels,
        "" if trust_submissions else modes.mode(),
    )  # fmt: skip


def steps_of(notebook: Any) -> list[Step]:
    """What is run of a rebuilt notebook."""
    found = []
    for cell in notebook.cells:
        if runs_when_marking(cell):
            about = cell.metadata.get("fnnkit", {})
            grade_id = cell.metadata.nbgrader.grade_id
            keep = about.get("keep", [grade_id] if is_answer(cell) else [])
            parts = tuple(about.get("parts", [cell.source]))
            found.append(Step(grade_id, parts, tuple(keep), str(about.get("python", ""))))
    return found


def runs_when_marking(cell: Any) -> bool:
    """Whether a cell of the released notebook is run for marks: given cells and answer cells."""
    if cell.cell_type != "code":
        return False
    return is_answer(cell) or "given" in cell.metadata.get("tags", [])
