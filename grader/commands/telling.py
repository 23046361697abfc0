"""What `grader grade` says to other programs, to logs, and where there is no terminal."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.course import CourseError
from grader.marking.text import visible

FEWEST = 5
"""Steps from which on a rate says something of those that are left."""
MINUTE = 60.0


def as_json(batch: Any, known: dict[str, Any], found: Sequence[Any] = ()) -> str:
    """A batch in JSON: states, points, lines, and what became of marks."""
    submissions = []
    for entry in batch.entries:
        score = known.get(entry.student)
        failed = entry.marking is None or entry.state == "failed"
        submissions.append(
            {
                "student": visible(entry.student),
                "name": score.name if score else "",
                "state": entry.state,
                "message": visible(entry.message),
                "note": visible(entry.note),
                "judged": None if failed else entry.points,
                "total": score.total if score else None,
                "possible": score.possible if score else None,
                "penalty": score.penalty if score else 0.0,
                "seconds_late": score.seconds_late if score else 0.0,
                "to_mark": bool(score and score.to_mark),
                "by_hand": [_by_hand(mark) for mark in score.touched] if score else [],
                "sum": dict(score.parts()) if score else {},
            }
        )
    counts = {state: len(batch.by_state(state)) for state in ("graded", "unchanged", "failed")}
    changes = batch.changes.lines() if batch.changes else []
    modes = sorted({e.marking.mode or "none" for e in batch.entries if e.marking})
    about = {
        "chapter": batch.chapter,
        **counts,
        "sandbox": modes,
        "changes": changes,
        "rehearsal": batch.rehearsal,
        "changed": [{key: visible(value) for key, value in vars(change).items()} for change in found],
        "set_for_an_earlier_answer": [
            {"student": visible(mark.student), "exercise": visible(mark.name)} for mark in batch.for_earlier
        ],
        "submissions": submissions,
    }
    return json.dumps(about, ensure_ascii=False, indent=1)


def _by_hand(mark: Any) -> dict[str, Any]:
    return {
        "exercise": visible(mark.name),
        "points": mark.points,
        "possible": mark.possible,
        "judged": mark.judged,
        "set": mark.by_hand,
        "bonus": mark.bonus,
    }


class Log:
    """A file to which lines with times are added; none where no path is given."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def say(self, text: str) -> None:
        """Add a line.

        Raises
        ------
        CourseError
            If the file cannot be written.
        """
        if self.path is None:
            return
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC {visible(text)}\n")
        except OSError as problem:
            raise CourseError(f"{self.path} cannot be written ({problem.strerror})") from None


def each_minute(say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> Any:
    """Progress of a batch in words: one line a minute at most, with the rate and the time that is left.

    Parameters
    ----------
    say : callable
        Told a line.
    clock : callable
        Seconds.
    """
    from grader.entry import Progress

    phase, number, done, last = "", 0, 0, clock()
    began = last

    def total(what: str, n: int) -> None:
        nonlocal phase, number, done
        phase, number, done = what, n, 0

    def step(_who: str) -> None:
        nonlocal done, last, began
        done += 1
        now = clock()
        if done == 1:
            began = now  # what comes before it, such as the start of workers, comes once
        if now - last >= MINUTE:
            last, left = now, ""
            if done >= FEWEST and now > began:
                rate = (done - 1) / (now - began)
                left = f", {rate:.3g} a second, {_minutes((number - done) / rate)} left"
            say(f"{phase} {done} of {number}{left}")

    return Progress(total, step)


def _minutes(seconds: float) -> str:
    """A time in whole minutes or hours."""
    minutes = round(seconds / MINUTE)
    return f"{minutes} min" if minutes < 100 else f"{minutes / 60:.1f} h"
