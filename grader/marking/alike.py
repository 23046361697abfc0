"""Answers on the same inputs for everybody: so that what two students' functions give can be compared.

Marks never come from here: for them each student meets inputs of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from traitlets.config import Config

from fnnkit.judge.exercise import Exercise
from fnnkit.judge.verdict import Verdict
from grader.marking import judging
from grader.marking.marking import Identity, Marking, job_of, key_of, mark
from grader.marking.results import Results
from grader.marking.submission import Rebuilt
from grader.sandbox import modes, warm


@dataclass(frozen=True)
class Alike(Identity):
    """Nobody: whoever is marked under this name meets the inputs that all others meet."""

    def seed(self, secret: bytes, exercise: str) -> int:
        """The seed of one exercise's cases."""
        return Identity("", self.chapter, "").seed(secret, exercise)


@dataclass(frozen=True)
class Asked:
    """One notebook, and the exercises of it that are looked at."""

    rebuilt: Rebuilt
    exercises: tuple[str, ...]

    @property
    def identity(self) -> str:
        """What the result depends on."""
        return "\0".join((self.rebuilt.fingerprint(), *self.exercises))

    def notebook(self) -> Any:
        """The notebook with the checks of these exercises alone."""
        made = copy.copy(self.rebuilt.notebook)
        made.cells = [c for c in made.cells if self._stays(c)]
        return made

    def _stays(self, cell: Any) -> bool:
        name = str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        return not name.startswith("check_") or name.removeprefix("check_") in self.exercises


def verdicts(
    chapter: str,
    asked: Sequence[Asked],
    released: Any,
    results: Results,
    config: Config,
    *,
    trusted: bool = False,
    jobs: int = 2,
    step: Callable[[], None] = lambda: None,
) -> list[dict[str, Verdict]]:
    """What each notebook's functions get on the same inputs; empty for one that could not be marked.

    Parameters
    ----------
    chapter : str
        Its id.
    asked : sequence of Asked
        The notebooks.
    released : NotebookNode
        The notebook that was handed out.
    results : Results
        Where what was found before is kept.
    config : Config
        Settings of the sandbox.
    trusted : bool
        Whether they run without one.
    jobs : int
        How many are marked at the same time.
    step : callable
        Called after each.
    """
    keys = [key_of(Alike("", chapter, a.identity), released, results.secret, trusted) for a in asked]
    found: dict[str, Marking] = {}
    for key in dict.fromkeys(keys):
        if (before := results.find(key)) is not None:
            found[key] = before
    waiting = {key: one for key, one in zip(keys, asked, strict=True) if key not in found}

    async def work(left: list[tuple[str, Asked]]) -> None:
        while left:
            key, one = left.pop()
            try:
                job = job_of(one.notebook(), Alike("", chapter, one.identity), results.secret)
                found[key] = await mark(job, trust_submissions=trusted, config=config)
            except modes.SandboxUnavailable:
                raise
            except Exception:  # it counts for no mark: whoever cannot be looked at stands by their text
                found[key] = Marking()
            else:
                with contextlib.suppress(OSError):
                    results.keep(key, found[key])
            step()

    async def all_of_them() -> None:
        left = list(waiting.items())
        async with asyncio.TaskGroup() as group:
            for _ in range(min(jobs, len(left))):
                group.create_task(work(left))

    if waiting:
        try:
            asyncio.run(all_of_them())
        finally:
            judging.close()
            warm.close()
    return [dict(found[key].verdicts) for key in keys]


def wanted(verdict: Verdict, named: Collection[str] = ()) -> bool:
    """Whether a wrong answer is one that nobody has named: no registered mistake, and no place in its text that repairs it.

    Of exercises in which the instructor has named one, it may have such a place: one text of a group can have it where
    another has none, and it can be found only after the group was named.
    """
    return (
        verdict.attempted
        and not verdict.solved
        and not verdict.cell_stops
        and not verdict.misconception
        and not verdict.follows_from
        and (not verdict.cause or verdict.exercise in named)
    )


def gives(exercise: Exercise, verdict: Verdict) -> str:
    """What a wrong answer gives, criterion by criterion: the same text for the same values on the same inputs."""
    parts = []
    for result in verdict.results:
        problem = result.problem
        if problem is None:
            parts.append("waits" if result.waits_for else "right")
        else:
            said = problem.yours or problem.finding.partition("`")[0]
            parts.append(f"{problem.kind}: {problem.call}: {said}")
    return "\n".join([exercise.name, *parts])
