"""What a student has done, kept beside the notebooks: a small file that outlives the kernel.

It holds what was solved, how often a check was run, milestones and guesses; no code, no names. Nothing of it leaves the
machine, and no mark depends on it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fnnkit.judge.which import course_folder

NAME = "fnnkit-progress.json"
VERSION = 1
LONGEST = 1_000_000


@dataclass
class Tried:
    """What the checks of one exercise have said.

    Attributes
    ----------
    tries : int
        How often the check was run.
    solved : bool
        What the last one said.
    points : float
        What the last one gave.
    """

    tries: int = 0
    solved: bool = False
    points: float = 0.0


@dataclass
class Logbook:
    """What is kept.

    Attributes
    ----------
    exercises : dict
        By name.
    milestones : list of str
        Chapters whose milestone was reached.
    guesses : dict
        By ``chapter/figure``, whether the first guess came true.
    """

    exercises: dict[str, Tried] = field(default_factory=dict)
    milestones: list[str] = field(default_factory=list)
    guesses: dict[str, bool] = field(default_factory=dict)

    def text(self) -> str:
        """As it is written."""
        return json.dumps({"version": VERSION, **asdict(self)}, indent=1, sort_keys=True) + "\n"


def place() -> Path | None:
    """The file: in the folder that holds the chapters; None where nothing is kept, as outside of a notebook.

    While nbgrader runs a notebook nothing is kept either.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if getattr(shell, "kernel", None) is None or os.environ.get("NBGRADER_EXECUTION"):
        return None
    return course_folder(Path.cwd()) / NAME


def read() -> Logbook:
    """What is kept; nothing where there is no file. A file that cannot be read is put aside, with a line about it."""
    path = place()
    if path is None or not path.is_file():
        return Logbook()
    try:
        if path.stat().st_size > LONGEST:
            raise ValueError("it is too long")
        return _understood(json.loads(path.read_text(encoding="utf-8")))
    except OSError:
        return Logbook()
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        aside = path.with_name(f"{path.stem}.unreadable.json")
        with contextlib.suppress(OSError):
            path.replace(aside)
            print(f"{path.name} could not be read and is called {aside.name} now; a new one was begun.")
        return Logbook()


def _understood(data: Any) -> Logbook:
    """Make of what was read what we know; raises where it is something else."""
    if data["version"] != VERSION:
        raise ValueError("it is of another version")
    exercises = {
        str(name): Tried(int(t["tries"]), bool(t["solved"]), float(t["points"]))
        for name, t in data["exercises"].items()
    }
    guesses = {str(key): bool(right) for key, right in data["guesses"].items()}
    return Logbook(exercises, [str(chapter) for chapter in data["milestones"]], guesses)


@contextlib.contextmanager
def writing() -> Iterator[Logbook]:
    """Change what is kept; where it cannot be written nothing is, and nobody is disturbed."""
    path = place()
    book = Logbook() if path is None else read()
    before = book.text()
    yield book
    if path is None or book.text() == before:
        return
    with contextlib.suppress(OSError):
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{NAME}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(book.text())
            os.replace(part, path)
        except OSError:
            os.unlink(part)
            raise


def checked(name: str, solved: bool, points: float) -> None:
    """Keep that a check was run, and what it said."""
    with writing() as book:
        tried = book.exercises.setdefault(name, Tried())
        tried.tries, tried.solved, tried.points = tried.tries + 1, solved, points


def guessed(chapter: str, figure: str, right: bool) -> None:
    """Keep the first guess at a figure."""
    with writing() as book:
        book.guesses.setdefault(f"{chapter}/{figure}", right)


def reached(chapter: str) -> None:
    """Keep that a chapter's milestone was reached."""
    with writing() as book:
        if chapter not in book.milestones:
            book.milestones.append(chapter)
