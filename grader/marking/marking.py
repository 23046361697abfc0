"""Marking one notebook: run its cells in a sandbox, call its functions, judge what they give, outside.

Which cells are run, and as what, is decided by the released notebook. Nothing in the kernel knows an expected value.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import importlib
import json
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from traitlets.config import Config

from fnnkit.judge.exercise import Case, Exercise
from fnnkit.judge.registry import exercises, sources_of
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import Answer, Raised
from grader.marking import edition, judging
from grader.marking.judging import Unread, question
from grader.marking.session import KernelLost, Session
from grader.marking.submission import is_answer
from grader.sandbox import modes, packages

FORMAT = 2
CELL_SECONDS = 10.0
MAX_SECONDS = 180.0
"""Wall clock that one notebook may use, over all its kernels."""
MAX_KERNELS = 12
"""Kernels that one notebook may use up before the rest of it counts as lost."""


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

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    cells: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    sandboxed: bool = True
    kernels: int = 0
    mode: str = "namespaces"

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "format": FORMAT,
            "verdicts": {name: verdict.to_json() for name, verdict in self.verdicts.items()},
            "cells": self.cells,
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
    package = Path(importlib.import_module("fnnkit").__file__ or "").parent
    here = Path(__file__).parent
    sources = [p for f in ("", "judge", "kernel", "exercises") for p in (package / f).glob("*.py")]
    sources += [
        *sources_of(chapter),
        *(here / f"{name}.py" for name in ("marking", "submission", "text", "judge", "judging", "outputs")),
        here.parent / "sandbox" / "launcher.py",
    ]
    for path in sorted(set(sources)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def key_of(identity: Identity, released: Any, secret: bytes, trusted: bool) -> str:
    """The name under which a result is kept: it changes with whatever could change the result."""
    given = [(c.cell_type, c.source) for c in released.cells if not is_answer(c)]
    text = json.dumps([*identity.__dict__.values(), given, exercise_version(identity.chapter), trusted])
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


async def mark(
    notebook: Any,
    identity: Identity,
    secret: bytes,
    *,
    notes: dict[str, list[str]] | None = None,
    trust_submissions: bool = False,
    config: Config | None = None,
    told: Callable[[str], None] = lambda _: None,
    turn: AbstractAsyncContextManager[Any] | None = None,
) -> Marking:
    """Mark a rebuilt notebook.

    Parameters
    ----------
    notebook : NotebookNode
        What `submission.rebuild` gave.
    identity : Identity
        Whose it is.
    secret : bytes
        The course's secret.
    notes : dict, optional
        By grade id, remarks to put into the verdicts.
    trust_submissions : bool
        Run the code without a sandbox.
    config : Config, optional
        Settings of `SandboxProvisioner`.
    told : callable, optional
        Told the name of each exercise before it is judged.
    turn : asynchronous context manager, optional
        Entered once its kernel has started, and left before that is ended: between, its code runs.

    Raises
    ------
    SandboxUnavailable
        If there is no sandbox and the submissions are not trusted.
    """
    if not trust_submissions:
        modes.mode()
    judging.start(identity.chapter)
    marker = _Marker(notebook, identity, secret, notes or {}, trust_submissions, config, told)
    return await marker.mark(turn or contextlib.nullcontext())


class _Marker:
    def __init__(
        self, notebook: Any, identity: Identity, secret: bytes, notes: dict[str, list[str]], trusted: bool,
        config: Config | None, told: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.identity, self.secret, self.notes, self.told = identity, secret, notes, told
        self.edition = edition.folder(identity.chapter)
        self.config, self.trusted = config, trusted
        self.marking = Marking(sandboxed=not trusted, mode="" if trusted else modes.mode())
        self.to_run = [c for c in notebook.cells if runs_when_marking(c)]
        self.present = {
            c.metadata.nbgrader.grade_id.removeprefix("check_")
            for c in notebook.cells
            if c.cell_type == "code"
            and c.metadata.get("nbgrader", {}).get("grade_id", "").startswith("check_")
        }
        self.errors: dict[str, str] = {}
        self.lost: dict[str, KernelLost] = {}
        self.session: Session | None = None
        self.fresh = False
        self.deadline = time.monotonic() + MAX_SECONDS

    async def mark(self, turn: AbstractAsyncContextManager[Any]) -> Marking:
        try:
            await self._open()
            async with turn:
                self.deadline = time.monotonic() + MAX_SECONDS
                for exercise in exercises(self.identity.chapter):
                    if exercise.name in self.present:
                        self.told(exercise.name)
                        await self._mark_one(exercise)
        finally:
            await self._end()
        return self.marking

    async def _mark_one(self, exercise: Exercise) -> None:
        cases = self._cases(exercise)
        session = await self._ready_session()
        if time.monotonic() > self.deadline:
            await self._end()
            session = None
        if session is None or exercise.name in self.lost:
            answers: Sequence[Answer | Unread] = [self._not_asked(exercise)] * len(cases)
        else:
            answers = await session.ask(exercise.name, [case.args for case in cases], exercise.seconds)
            if session.lost:
                await self._end()
        await self._judge(exercise, answers)

    def _cases(self, exercise: Exercise) -> list[Case]:
        return exercise.cases(np.random.default_rng(self._seed(exercise)))

    def _seed(self, exercise: Exercise) -> int:
        return self.identity.seed(self.secret, exercise.name)

    def _not_asked(self, exercise: Exercise) -> Answer:
        lost = self.lost.get(exercise.name)
        reason = f"the answer cell: {lost}" if lost else "the notebook has used up its kernels or its time"
        return Answer(error=Raised(("Timeout" if lost and lost.hung else "KernelDied",), reason))

    async def _judge(self, exercise: Exercise, answers: Sequence[Answer | Unread]) -> None:
        wrong = [name for name, verdict in self.marking.verdicts.items() if not verdict.solved]
        asked = question(exercise, self._seed(exercise), answers, wrong, self.errors.get(exercise.name, ""))
        before = time.monotonic()
        verdict, judged = await judging.verdict(exercise, asked)
        if judged:  # what the judge takes for others, or for this one, is not this notebook's time
            self.deadline += time.monotonic() - before
        remarks = tuple(self.notes.get(exercise.name, []))
        self.marking.verdicts[exercise.name] = replace(verdict, notes=verdict.notes + remarks)

    async def _open(self) -> None:
        """Start a kernel."""
        self.marking.kernels += 1
        session = Session(self.edition, self.config, self.trusted)
        await session.__aenter__()
        self.session, self.fresh = session, True

    async def _ready_session(self) -> Session | None:
        """A kernel in which all cells have run, but for those that kill kernels."""
        while self.fresh or (
            self.session is None and self.marking.kernels < MAX_KERNELS and time.monotonic() < self.deadline
        ):
            if not self.fresh:
                await self._open()
            assert self.session is not None
            self.fresh = False
            await self._run_cells(self.session)
        return self.session

    async def _run_cells(self, session: Session) -> None:
        """Run all cells; at one that kills the kernel this ends, and the cell is run no more."""
        for cell in self.to_run:
            grade_id = cell.metadata.nbgrader.grade_id
            if grade_id in self.lost:
                continue
            try:
                run = await session.run(cell.source, CELL_SECONDS)
            except KernelLost as lost:
                self.lost[grade_id] = lost
                text = f"This cell was ended: {lost}.\n"
                self.marking.cells[grade_id] = [{"output_type": "stream", "name": "stderr", "text": text}]
                await self._end()
                return
            self.marking.cells[grade_id] = run.outputs
            if run.error:
                self.errors[grade_id] = run.error

    async def _end(self) -> None:
        if self.session is not None:
            session, self.session, self.fresh = self.session, None, False
            await session.close()


def runs_when_marking(cell: Any) -> bool:
    """Whether a cell of the released notebook is run for marks: given cells and answer cells."""
    if cell.cell_type != "code":
        return False
    return is_answer(cell) or "given" in cell.metadata.get("tags", [])
