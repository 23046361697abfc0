"""A student's own functions, from the saved notebooks of all chapters, for figures, milestones and the project.

`mine.softmax` is the student's `softmax` if the saved one passes its check, and the reference otherwise. Texts are
read as the grader reads them; of a cell only what it defines is run, never its experiments. When an answer is checked
or marked nothing of this is there: an answer stands alone.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import linecache
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fnnkit.judge.answers import cells_of, definitions, find
from fnnkit.judge.exercise import Exercise
from fnnkit.judge.notebook import as_handed_out, chapter_of, is_touched, load
from fnnkit.judge.registry import chapter_ids, contents, exercise
from fnnkit.judge.standalone import refuse
from fnnkit.judge.standing import standing

SECONDS = 5.0
"""How long it may take to find out whether a function passes its check."""

AGAIN = 2.0
"""Seconds after which the files are looked at again."""

_passes: dict[str, bool | None] = {}


@dataclass(frozen=True)
class Source:
    """Where a function of `mine` comes from.

    Attributes
    ----------
    own : bool
        Whether it is the student's.
    said : str
        In words.
    """

    own: bool
    said: str

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
        function, source = self._find(_asked(name))
        if not source.own and name not in self._told:
            self._told.add(name)
            print(f"mine.{name}: {source.said}")
        guarded = _guarded(function)
        self._looked[name] = time.monotonic(), guarded
        return guarded

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
        return self._find(_asked(name))[1]

    def _find(self, asked: Exercise) -> tuple[Callable[..., Any], Source]:
        path = notebook_of(asked.chapter, self._folder or Path.cwd())
        if path is None:
            return asked.reference, Source(False, f"the reference; no notebook of {asked.chapter} lies here.")
        function, text = _defined(path, path.stat().st_mtime_ns, asked.chapter, asked.name)
        if function is None:
            return asked.reference, Source(False, f"the reference; in {path.name} it is not answered yet.")
        key = hashlib.sha256(f"{asked.name}\0{text}".encode()).hexdigest()
        if _passes.get(key) is None:
            _passes[key] = standing(asked.name, function, SECONDS)
        if _passes[key]:
            return function, Source(True, f"yours, from {path.name}.")
        why = "does not pass its check yet" if _passes[key] is False else "takes too long to be checked here"
        return asked.reference, Source(False, f"the reference; yours, in {path.name}, {why}.")


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


def notebook_of(chapter: str, folder: Path) -> Path | None:
    """The notebook of a chapter that lies in a folder, beside it or below: the one with work, the newest of several."""
    places = [p for f in (folder, folder.parent) for p in (*f.glob("*.ipynb"), *f.glob("[!.]*/*.ipynb"))]
    there = [p for p in dict.fromkeys(places) if _chapter(p, p.stat().st_mtime_ns) == chapter]
    return max(
        there, key=lambda p: (is_touched(load(p) or {"cells": []}), p.stat().st_mtime_ns), default=None
    )


@functools.lru_cache(maxsize=64)
def _chapter(path: Path, _changed: int) -> str:
    data = load(path)
    return "" if data is None else chapter_of(data)


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
