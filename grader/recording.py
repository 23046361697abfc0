"""Recording a class: what was found goes into the gradebook, of a few students at a time, also while others are marked."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

from traitlets.config import Config

from grader import interrupts
from grader.entry import Batch, Entry, Progress
from grader.gradebook import calls, late
from grader.gradebook.basis import Record, Resting
from grader.gradebook.by_hand import Keeper

if TYPE_CHECKING:
    from grader.gradebook.recording import Recorder

AT_ONCE = 20
"""Students whose marks are written to the disk together."""

FIRST = 0.01
"""Seconds after which all who are marked first wait for their kernels."""
TOGETHER = 10
"""Students who are recorded in between, once so many wait: looking into the gradebook takes as long as two of them."""
PATIENCE = 10.0
"""Seconds for which marks wait to be recorded together with those of others."""
LOOK = 0.2
"""Seconds after which it is looked whether enough wait."""


class Recording:
    """Puts what was found into the gradebook, for those for whom something changed; also while slow ones are still marked."""

    def __init__(
        self, batch: Batch, released: Any, config: Config, force: bool, meanwhile: Callable[[], None]
    ) -> None:
        self.batch, self.released, self.config, self.force = batch, released, config, force
        self.meanwhile = meanwhile
        self.waiting, self.done, self.since = list[Entry](), set[str](), 0.0
        self.record = Record.read(batch.course, batch.chapter)
        self.recorder: Recorder | None = None
        self.resting: Resting | None = None

    def add(self, entry: Entry) -> None:
        """Take somebody whose marks are there."""
        if not self.waiting:
            self.since = time.monotonic()
        self.waiting.append(entry)

    async def run(self) -> None:
        """Get ready while the first kernels start, then record those who wait, one between two turns of all others."""
        await asyncio.sleep(FIRST)
        self.get_ready()
        while True:
            await asyncio.sleep(LOOK)
            patient = time.monotonic() - self.since <= PATIENCE
            if not self.waiting or (patient and len(self.waiting) < TOGETHER):
                continue
            some, self.waiting = self.waiting[:TOGETHER], self.waiting[TOGETHER:]
            self.since = time.monotonic()
            try:
                await self._bit_by_bit(some)
            except Exception:
                return  # it will fail again, and be told of, when all are recorded

    async def _bit_by_bit(self, some: list[Entry]) -> None:
        """Record some students, and let others go on after each; if these are at their end, the rest at once."""
        asked = None
        for _ in self._steps(some, Progress()):
            if asked is None:
                try:
                    await asyncio.sleep(0)
                except asyncio.CancelledError as cancelled:
                    asked = cancelled
        self.done |= {entry.student for entry in some}
        if asked is not None:
            raise asked

    def get_ready(self) -> None:
        """Import and compute what recording needs for everybody, before there is anybody to record."""
        # What fails here will fail again, and be told of, when it is needed.
        with contextlib.suppress(Exception), interrupts.held():
            with self._recorder() as recorder:
                if recorder.fits():
                    recorder.prepare()
            self.meanwhile()

    def close(self) -> None:
        """Hold nothing of the gradebook any more, and write the record as one file."""
        with interrupts.held():
            if self.recorder is not None:
                self.recorder.__exit__()
            if not self.batch.rehearsal:
                self.record.gather()

    def now(self, entries: list[Entry], told: Progress) -> None:
        """Record some students."""
        for _ in self._steps(entries, told):
            pass

    def _steps(self, entries: list[Entry], told: Progress) -> Iterator[None]:
        """Record some students; between two of them others may go on with what is not recording."""
        changed = self._changed(entries, told)
        if not changed:
            return
        batch = self.batch
        answers = {e.student: bases.answers for e in changed if (bases := batch.bases[e.student][1])}
        keeper = Keeper(batch.course, batch.chapter, self.config, answers)
        # Held until all is closed: what is left of the gradebook then is tidied up by finalisers.
        with interrupts.held() as stop_if_asked, self._recorder() as recorder:
            fits = recorder.fits()
            if fits:
                recorder.prepare()
            for start in range(0, len(changed), AT_ONCE):
                some = changed[start : start + AT_ONCE]
                if fits and (yield from _record_at_once(recorder, some, told)):
                    self._keep(some, keeper)
                else:
                    # nbgrader itself, one by one: it says what is wrong with whom.
                    for entry in some:
                        _record_slowly(entry, batch.chapter, self.config)
                        told.step(entry.student)
                        if entry.state != "failed":
                            self._keep([entry], keeper)
                        stop_if_asked()
                stop_if_asked()

    def _changed(self, entries: list[Entry], told: Progress) -> list[Entry]:
        """Those whose marks rest on something else than what is in the gradebook, or whose marks are not there."""
        batch, course, chapter = self.batch, self.batch.course, self.batch.chapter
        about = late.kept(course.root).get(chapter)
        longer = [e.student for e in entries if about is not None and e.student in about.longer]
        if about is not None and (longer or self.resting is None):
            late.put_in_gradebook(self.config, chapter, about, longer)
        if longer or self.resting is None:
            self.resting = Resting(course, chapter, self.config, self.released, about and about.policy)
        found = []
        for entry in entries:
            assert entry.rebuilt is not None
            basis = self.resting.of(entry.student, entry.key, entry.rebuilt)
            batch.bases[entry.student] = self.record.bases.get(entry.student), basis
            same = self.record.states.get(entry.student) == basis.digest()
            if same and entry.student in self.resting.there and not self.force:
                entry.state = "unchanged"
                told.step(entry.student)
            else:
                found.append(entry)
        return found

    @contextlib.contextmanager
    def _recorder(self) -> Iterator[Recorder]:
        """The same one each time: what all students have in common is computed once."""
        from grader.gradebook.recording import Recorder

        if self.recorder is None:
            self.recorder = Recorder(self.batch.course, self.batch.chapter, self.released, self.config)
        try:
            yield self.recorder
        finally:
            self.recorder.rest()

    def _keep(self, done: list[Entry], keeper: Keeper) -> None:
        """Write down whose marks are in the gradebook."""
        batch, students = self.batch, [entry.student for entry in done]
        keeper.settle(students)
        moved = {name: keeper.for_earlier(name, self.record.moved.get(name, ())) for name in students}
        batch.moved.update(moved)
        if not batch.rehearsal:
            self.record.keep({name: now for name in students if (now := batch.bases[name][1])}, moved)


def _record_at_once(recorder: Recorder, entries: list[Entry], told: Progress) -> Generator[None, None, bool]:
    """Record some students together, step by step; nothing is recorded of any if something is wrong with one."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        for entry in entries:
            assert entry.rebuilt is not None
            assert entry.marking is not None
            recorder.record(entry.student, entry.rebuilt, entry.marking)
            yield
        recorder.commit()
    except SQLAlchemyError:
        raise
    except Exception:
        recorder.forget()
        return False
    for entry in entries:
        told.step(entry.student)
    return True


def _record_slowly(entry: Entry, chapter: str, config: Config) -> None:
    """Let nbgrader record a student."""
    result = calls.api(config).autograde(chapter, entry.student, force=True, create=True)
    if not result["success"]:
        entry.state = "failed"
        entry.message = f"nbgrader could not record it: {calls.last_words(result)}"
