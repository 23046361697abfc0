"""A student's own functions, from the saved notebooks of all chapters, for figures, milestones and the project.

`mine.softmax` is the student's `softmax` if the saved one passes its check, and the reference otherwise. Texts are
read as the grader reads them; of a cell only what it defines is run, never its experiments. When an answer is checked
or marked nothing of this is there: an answer stands alone.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import linecache
import os
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fnnkit.judge.answers import cells_of, definitions, find
from fnnkit.judge.exercise import Exercise
from fnnkit.judge.notebook import as_handed_out, load
from fnnkit.judge.registry import chapter_ids, contents, exercise
from fnnkit.judge.standalone import checking, refuse
from fnnkit.judge.standing import standing
from fnnkit.judge.which import course_folder, lying, of_a_chapter, running
from fnnkit.kernel.copies import Stopped, ended

SECONDS = 5.0
"""How long it may take to find out whether a function passes its check."""

MOMENT = 1.0
"""As long for a figure, which somebody waits for; most take a hundredth of it."""

AGAIN = 2.0
"""Seconds after which the files are looked at again."""

_judged: dict[str, tuple[bool | None, float]] = {}
"""By the hash of its text: whether a function passes its check, and how long it had for that."""


@dataclass(frozen=True)
class Source:
    """Where a function of `mine` comes from.

    Attributes
    ----------
    own : bool
        Whether it is the student's.
    why : str
        The file that it is from, or why there is the reference in its place.
    """

    own: bool
    why: str

    @property
    def said(self) -> str:
        """In words."""
        return f"yours, from {self.why}." if self.own else f"the reference; {self.why}."

    def __repr__(self) -> str:
        return self.said


class Mine:
    """The functions that a student wrote, by name; the reference where one is missing or wrong."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._told: set[str] = set()
        self._looked: dict[str, tuple[float, Callable[..., Any]]] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        refuse()
        # A loop of training asks for a function thousands of times, and looking at the files takes milliseconds.
        seen = self._looked.get(name)
        if seen is not None and time.monotonic() < seen[0] + AGAIN:
            return seen[1]
        function, source = take(name, SECONDS, self._folder)
        if not source.own and name not in self._told:
            self._told.add(name)
            print(f"mine.{name}: {source.said}")
        self._looked[name] = time.monotonic(), function
        return function

    def __dir__(self) -> list[str]:
        return ["source", *(name for chapter in chapter_ids() for name in contents(chapter))]

    def __repr__(self) -> str:
        return "mine: your own functions by name, as in mine.softmax; mine.source('softmax') says where one comes from"

    def source(self, name: str) -> Source:
        """Say whether `mine` has a student's own function, or the reference, and why.

        Raises
        ------
        AttributeError
            If there is no exercise of that name.
        """
        return take(name, SECONDS, self._folder)[1]


def take(name: str, seconds: float = MOMENT, folder: Path | None = None) -> tuple[Callable[..., Any], Source]:
    """A student's function as saved, or the reference in its place, and which of them it is; nothing is printed.

    Parameters
    ----------
    name : str
        Name of the exercise.
    seconds : float
        How long it may take to find out whether it passes its check, if that is not known.
    folder : Path, optional
        Where to look, and beside it; by default where the notebook is that runs.

    Raises
    ------
    AttributeError
        If there is no exercise of that name.
    """
    asked = _asked(name)
    path = notebook_of(asked.chapter, folder)
    if path is None:
        return _guarded(asked.reference), Source(False, f"no notebook of {asked.chapter} lies here")
    file = path.name if path.name.isprintable() else ascii(path.name)
    function, text = _defined(path, path.stat().st_mtime_ns, asked.chapter, name)
    if function is None:
        return _guarded(asked.reference), Source(False, f"not answered yet in {file} as saved")
    passes = _passes(name, function, text, seconds)
    if passes:
        return _guarded(function), Source(True, file)
    why = "check not passed yet" if passes is False else "too slow to be checked here:"
    return _guarded(asked.reference), Source(False, f"{why} in {file}")


def _passes(name: str, function: Callable[..., Any], text: str, seconds: float) -> bool | None:
    """Whether a function passes its check, alone; None if that takes longer."""
    key = hashlib.sha256(f"{name}\0{text}".encode()).hexdigest()
    known, had = _judged.get(key, (None, 0.0))
    if known is None and had < seconds:
        files = {getattr(getattr(function, "__code__", None), "co_filename", "")}
        with contextlib.redirect_stdout(io.StringIO()), checking():
            try:
                known = ended(lambda: standing(name, function, seconds), seconds, files)
            except Stopped:
                known = None
        _judged[key] = known, seconds
    return known


def _asked(name: str) -> Exercise:
    try:
        return exercise(name)
    except ValueError as problem:
        raise AttributeError(str(problem)) from None


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that does not answer while another one is checked: whoever kept it before is stopped too."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        refuse()
        return function(*args, **kwargs)

    return guarded


def notebook_of(chapter: str, folder: Path | None = None) -> Path | None:
    """The notebook of a chapter that lies beside a folder of the course: the one that runs, or the one with work."""
    here = running() if folder is None else None
    if here is not None and of_a_chapter([here], chapter):
        return here
    folder = folder or (here.parent if here is not None else Path.cwd())
    places = [place for place in lying(course_folder(folder)) if _is_ones_own(place, folder)]
    return next((place for place, _ in of_a_chapter(places, chapter)), None)


def _is_ones_own(place: Path, folder: Path) -> bool:
    """Whether a file is the student's, or of whoever owns the folder.

    Beside it there may be those of other people, as in `/home`: what they wrote is not run.
    """
    if not hasattr(os, "getuid"):  # Windows
        return True
    try:
        return place.stat().st_uid in (os.getuid(), folder.stat().st_uid)
    except OSError:
        return False


@functools.lru_cache(maxsize=256)
def _defined(path: Path, _changed: int, chapter: str, name: str) -> tuple[Callable[..., Any] | None, str]:
    """A function as the saved notebook defines it, with all that stands before it, and the text of that."""
    data = load(path) or {"cells": []}
    cells = cells_of(data)
    given = [c.source for c in cells if "given" in c.tags]
    names = list(contents(chapter))
    found = find(cells, names, names, given, {c.source for c in as_handed_out(data)})
    texts = [definitions(text) for text in given]
    for earlier in names:
        texts += [definitions(part) for part in found[earlier].parts]
        if earlier == name:
            break
    within = found[name].within
    if within:
        texts += [definitions(part) for part in found[within].parts]
    space: dict[str, Any] = {"__name__": f"mine_{chapter}"}
    for number, text in enumerate(t for t in texts if t):
        _define(text, f"<mine {chapter} {number}>", space)
    function = space.get(name)
    return (function if callable(function) and not _is_stub(function) else None), "\0".join(texts)


def _define(text: str, place: str, space: dict[str, Any]) -> None:
    """Run definitions; what stops is lost, and what it had defined stays."""
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        linecache.cache[place] = (len(text), None, text.splitlines(keepends=True), place)
        exec(compile(text, place, "exec"), space)  # noqa: S102 - the student's own file, in the student's own kernel


def _is_stub(function: Callable[..., Any]) -> bool:
    """Whether calling it can do nothing but say that it is not written."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_names == ("NotImplementedError",)


mine = Mine()
