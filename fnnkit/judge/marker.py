"""Marking one notebook, whoever does it: run its cells in order, call its functions, judge what they give.

The grader does so in a sandbox, with inputs that nobody knows; `ready` does so on a student's machine, with the inputs
of the checks. All else is this one program: what is run and in which order, what a cell that stops or hangs costs,
and what is said about it.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from fnnkit.judge import notes
from fnnkit.judge.answers import definitions
from fnnkit.judge.exercise import Case, Exercise
from fnnkit.judge.verdict import Problem, Verdict
from fnnkit.kernel.asking import CellRun, KernelLost
from fnnkit.kernel.call import Answer, Raised

CELL_SECONDS = 10.0
MAX_SECONDS = 180.0
"""Seconds that one notebook may use, over all its kernels and cells; waiting for a processor that others use is not its time."""
LEAST_SECONDS = 0.1
"""With less than this left nothing is begun any more."""
MAX_KERNELS = 12
"""Kernels that one notebook may use up before the rest of it counts as lost."""


class Kernel(Protocol):
    """Something that runs cells and calls functions, as `fnnkit.kernel.serve` does.

    After each, `waited` says for how many seconds it had only waited for a processor.
    """

    lost: bool
    died: bool
    waited: float

    async def run(self, source: str, seconds: float, keep: Sequence[str] = ()) -> CellRun:
        """Run a cell; raises KernelLost."""

    async def ask(self, name: str, cases: Sequence[tuple[Any, ...]], seconds: float) -> Sequence[Any]:
        """Call a function with all cases; whether the kernel was lost in it, and of itself, `lost` and `died` say."""

    async def close(self) -> None:
        """End it."""


Judge = Callable[[Exercise, Sequence[Any], Sequence[str]], Awaitable[tuple[Verdict, bool]]]


@dataclass(frozen=True)
class Step:
    """One cell of the chapter, given or an answer.

    Attributes
    ----------
    grade_id : str
        Its grade id.
    parts : tuple of str
        Texts to run, one after another.
    keep : tuple of str
        Exercises whose functions are called as this cell leaves them.
    written_for : str
        The version of Python that the notebook was last run with, as it says itself.
    """

    grade_id: str
    parts: tuple[str, ...]
    keep: tuple[str, ...] = ()
    written_for: str = ""


@dataclass
class Outcome:
    """What marking gives: verdicts by exercise, outputs by grade id, and how many kernels it took."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    cells: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    kernels: int = 0


class GaveWay(Exception):
    """A notebook that takes long lets others go first; nothing of it is marked."""


class Marker:
    """Marks one notebook.

    Parameters
    ----------
    steps : sequence of Step
        What is run, in order.
    asked : sequence of Exercise
        What is judged, in order.
    cases : callable
        Told an exercise; gives its cases.
    start : callable
        Starts a kernel.
    judge : callable
        Told an exercise, its answers as a kernel gave them, and the exercises found wrong before; gives the verdict, and
        whether the time that it took is not the notebook's.
    said : mapping
        By exercise, remarks for its verdict.
    told : callable
        Told the name of each exercise before it is judged.
    shown : callable
        Makes of a text that may hold words of the student's one that can be shown.
    gives_way : callable
        Told how many seconds the notebook has used; says whether it has to give way to others.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        asked: Sequence[Exercise],
        cases: Callable[[Exercise], list[Case]],
        start: Callable[[], Awaitable[Kernel]],
        judge: Judge,
        said: Mapping[str, Sequence[str]],
        told: Callable[[str], None] = lambda _: None,
        shown: Callable[[str], str] = lambda text: text,
        gives_way: Callable[[float], bool] = lambda _: False,
    ) -> None:
        self.steps, self.asked, self.cases, self.start = steps, asked, cases, start
        self.judge, self.said, self.told, self.shown = judge, said, told, shown
        self.gives_way = gives_way
        self.outcome = Outcome()
        self.place = {step.grade_id: step for step in steps}
        self.place |= {name: step for step in steps for name in step.keep}
        self.errors: dict[str, str] = {}
        self.lost: dict[str, KernelLost] = {}
        """Cells that have cost a kernel: of these only what they define is run."""
        self.left_out: set[str] = set()
        """Those whose definitions cost one too."""
        self.kernel: Kernel | None = None
        self.fresh = self.asked_again = False
        self.deadline = time.monotonic() + MAX_SECONDS

    async def mark(self, turn: AbstractAsyncContextManager[Any] | None = None) -> Outcome:
        """Mark it; its code runs inside `turn`, and kernels start and end outside.

        Raises
        ------
        GaveWay
            If `gives_way` says so.
        """
        try:
            await self._open()
            async with turn or contextlib.nullcontext():
                self.deadline = time.monotonic() + MAX_SECONDS
                for exercise in self.asked:
                    self.told(exercise.name)
                    await self._mark_one(exercise)
        finally:
            await self._end()
        return self.outcome

    async def _mark_one(self, exercise: Exercise) -> None:
        cases = self.cases(exercise)
        while True:
            kernel = await self._ready_kernel()
            left = self._left()
            if left < LEAST_SECONDS:
                await self._end()
                kernel = None
            if kernel is None:
                reason = "the notebook has used up its kernels or its time"
                answers: Sequence[Any] = [Answer(error=Raised(("KernelDied",), reason))] * len(cases)
                break
            arguments = [case.args for case in cases]
            answers = await kernel.ask(exercise.name, arguments, min(exercise.seconds, left))
            self.deadline += kernel.waited
            if not kernel.lost:
                break
            await self._end()
            if not (kernel.died and self._once_more()):
                break
        await self._judge(exercise, answers)

    def _left(self) -> float:
        """Seconds that are left for the notebook.

        Raises
        ------
        GaveWay
            If others are to go first.
        """
        left = self.deadline - time.monotonic()
        if self.gives_way(MAX_SECONDS - left):
            raise GaveWay
        return left

    def _once_more(self) -> bool:
        """Whether to do again what a kernel died of: once in a notebook, as somebody outside may have killed it."""
        before, self.asked_again = self.asked_again, True
        return not before

    async def _judge(self, exercise: Exercise, answers: Sequence[Any]) -> None:
        step = self.place.get(exercise.name)
        home = step.grade_id if step else exercise.name
        lost, error = self.lost.get(home), self.errors.get(home)
        verdict = await self._verdict(exercise, answers)
        missing = verdict.problem is not None and verdict.problem.kind == "missing"
        remarks = list(self.said.get(exercise.name, ()))
        if missing and lost:
            kind = "Timeout" if lost.hung else "KernelDied"
            reason = Answer(error=Raised((kind,), f"the answer cell: {lost}"))
            verdict = await self._verdict(exercise, [reason] * len(answers))
        elif missing and error:
            text, version = ("\n".join(step.parts), step.written_for) if step else ("", "")
            problem = notes.cell_stops(exercise.name, error, text, version)
            problem = replace(problem, finding=self.shown(problem.finding), step=self.shown(problem.step))
            verdict = with_problem(verdict, problem)
        elif lost:
            remarks.append(notes.ended(str(lost)))
        elif error and verdict.attempted:
            remarks.append(notes.stopped_below(error))
        said = tuple(self.shown(remark) for remark in remarks)
        self.outcome.verdicts[exercise.name] = replace(verdict, notes=(*verdict.notes, *said))

    async def _verdict(self, exercise: Exercise, answers: Sequence[Any]) -> Verdict:
        wrong = [
            n for n, v in self.outcome.verdicts.items() if not v.solved and n in self._names_in(exercise)
        ]
        before = time.monotonic()
        verdict, apart = await self.judge(exercise, answers, wrong)
        if apart:
            self.deadline += time.monotonic() - before
        return verdict

    def _names_in(self, exercise: Exercise) -> set[str]:
        """Names in the cells that an exercise's function comes from: what they do not name cannot have spoilt it."""
        mine = [s for s in self.steps if exercise.name == s.grade_id or exercise.name in s.keep]
        return set(re.findall(r"\w+", "\n".join(part for s in mine for part in s.parts)))

    async def _open(self) -> None:
        """Start a kernel."""
        self.outcome.kernels += 1
        self.kernel, self.fresh = await self.start(), True

    async def _ready_kernel(self) -> Kernel | None:
        """A kernel in which all cells have run, but for those that kill kernels."""
        while self.fresh or (
            self.kernel is None and self.outcome.kernels < MAX_KERNELS and self._left() > LEAST_SECONDS
        ):
            if not self.fresh:
                await self._open()
            assert self.kernel is not None
            self.fresh = False
            await self._run_steps(self.kernel)
        return self.kernel

    async def _run_steps(self, kernel: Kernel) -> None:
        """Run all cells; at one that kills the kernel this ends, and of that cell only definitions are run from then on."""
        for step in self.steps:
            if step.grade_id in self.left_out:
                continue
            defining = step.grade_id in self.lost
            outputs: list[dict[str, Any]] = []
            for part in map(definitions, step.parts) if defining else step.parts:
                if (left := self._left()) < LEAST_SECONDS:
                    await self._end()
                    return
                try:
                    run = await kernel.run(part, min(CELL_SECONDS, left), step.keep)
                    self.deadline += kernel.waited
                except KernelLost as lost:
                    self.deadline += kernel.waited
                    if (lost.died and self._once_more()) or (lost.hung and left < CELL_SECONDS):
                        await self._end()
                        return
                    if defining:
                        self.left_out.add(step.grade_id)
                    else:
                        self.lost[step.grade_id] = lost
                        text = f"This cell was ended: {lost}.\n"
                        self.outcome.cells[step.grade_id] = [
                            {"output_type": "stream", "name": "stderr", "text": text}
                        ]
                    await self._end()
                    return
                outputs += run.outputs
                if run.error:
                    self.errors.setdefault(step.grade_id, run.error)
            if not defining:
                self.outcome.cells[step.grade_id] = outputs

    async def _end(self) -> None:
        if self.kernel is not None:
            kernel, self.kernel, self.fresh = self.kernel, None, False
            await kernel.close()


def with_problem(verdict: Verdict, problem: Problem) -> Verdict:
    """A verdict whose first problem is another one."""
    first = next(i for i, r in enumerate(verdict.results) if r.problem is not None)
    results = tuple(replace(r, problem=problem) if i == first else r for i, r in enumerate(verdict.results))
    return replace(verdict, results=results)
