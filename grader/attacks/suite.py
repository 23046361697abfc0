"""Trying all attacks, several at a time, each in a process of its own kind: an attack may end its grader."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, TimeoutError
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from grader.attacks import ATTACKS
from grader.attacks.attack import Attack
from grader.attacks.classes import Outcome, attempt, template
from grader.course import Course, CourseError

PATIENCE = 5.0
"""How many times the seconds of an attack are waited for before its grader counts as hung."""


def chosen(words: str | None) -> list[Attack]:
    """Attacks whose aim, kind or name holds some words; all if there are none.

    Raises
    ------
    CourseError
        If no attack is like that.
    """
    wanted = (words or "").lower()
    found = [a for a in ATTACKS if wanted in (a.aim, a.kind.lower()) or wanted in a.name.lower()]
    if not found:
        kinds = sorted({a.kind for a in ATTACKS} | {a.aim for a in ATTACKS})
        raise CourseError(f"no attack is called {words!r}; there are: {', '.join(kinds)}")
    return found


def outcomes(
    attacks: Sequence[Attack],
    repository: Path,
    workers: int | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Iterator[Outcome]:
    """Grade each attack in a class of three; give what came of them as they end.

    Parameters
    ----------
    attacks : sequence of Attack
        What to try.
    repository : Path
        A course with the chapter that is attacked.
    workers : int, optional
        Classes graded at the same time; as many as there are processors by default.
    told : callable, optional
        Told the name of each attack that begins.
    """
    place = Path(tempfile.mkdtemp(prefix="fnnkit-attacks-"))
    try:
        course = template(repository, place / "course")
        yield from _graded(attacks, course, place, workers or len(os.sched_getaffinity(0)), told)
    finally:
        for left in place.rglob("*"):
            with contextlib.suppress(OSError):
                if left.is_dir() and not left.is_symlink():
                    left.chmod(0o700)
        shutil.rmtree(place, ignore_errors=True)


def _graded(
    attacks: Sequence[Attack], course: Course, place: Path, workers: int, told: Callable[[str], None]
) -> Iterator[Outcome]:
    waiting = list(enumerate(attacks))
    while waiting:
        pool = ProcessPoolExecutor(min(workers, len(waiting)), multiprocessing.get_context("spawn"), _quiet)
        running: list[tuple[int, Attack, Future[dict[str, Any]]]] = []
        broken = False
        try:
            while (waiting or running) and not broken:
                while waiting and len(running) < workers:
                    number, attack = waiting.pop(0)
                    told(attack.name)
                    running.append(
                        (
                            number,
                            attack,
                            pool.submit(_one, ATTACKS.index(attack), course.root, place / str(number)),
                        )
                    )
                number, attack, future = running.pop(0)
                try:
                    yield Outcome(attack, **future.result(PATIENCE * attack.seconds))
                except TimeoutError:
                    broken = True
                    yield Outcome(
                        attack, faults=[f"the grader had not ended after {PATIENCE * attack.seconds:g} s"]
                    )
                except BrokenProcessPool:
                    broken = True
                    if running or workers > 1:
                        # One of them did it: alone, each shows whether it was that one.
                        waiting[:0] = [(number, attack), *((n, a) for n, a, _ in running)]
                        workers, running = 1, []
                    else:
                        yield Outcome(attack, faults=["the grader was ended"])
        finally:
            if broken:
                waiting[:0] = [(n, a) for n, a, _ in running]
                for process in list((pool._processes or {}).values()):
                    process.kill()
            pool.shutdown(wait=True, cancel_futures=True)


def _quiet() -> None:
    warnings.simplefilter("ignore")
    # What an attack makes the grader say belongs into the table, not on the terminal.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _one(index: int, root: Path, folder: Path) -> dict[str, Any]:
    """All of an outcome but the attack, whose functions cannot be sent to another process."""
    # A class that had to be graded again stands in a folder of its own.
    attempts = iter(range(1000))
    while folder.exists():
        folder = folder.with_name(f"{folder.name}-{next(attempts)}")
    found = vars(attempt(ATTACKS[index], Course(root), folder))
    return {name: value for name, value in found.items() if name != "attack"}
