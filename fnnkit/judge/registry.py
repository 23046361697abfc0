"""Finding chapters and exercises by name, in whatever packages hold them.

A chapter is a package with a table of contents: the names of its exercises, ``EXERCISES``, and a ``MILESTONE`` if it has
one. Each exercise is a module of that name in it, which declares ``EXERCISE``. Asking for one loads it and what it
imports, and nothing else.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from difflib import get_close_matches
from pathlib import Path

from fnnkit.judge.exercise import Exercise
from fnnkit.judge.milestones import Milestone

PACKAGES = ["fnnkit.exercises"]
"""Packages whose subpackages are chapters; a course of one's own adds its own, with `register`."""


def register(package: str, alone: bool = False) -> None:
    """Let a package's chapters be found, after those that are known already.

    Parameters
    ----------
    package : str
        Its name, such as ``wordcourse.exercises``.
    alone : bool
        Whether those that are known already are found no longer: a course of one's own shows no chapter of another.
    """
    wanted = [package] if alone else [*PACKAGES, *({package} - {*PACKAGES})]
    if wanted != PACKAGES:
        PACKAGES[:] = wanted
        forget()


def tops() -> tuple[str, ...]:
    """Names of the packages that hold what is known, fnnkit first: of their files no answer may call one."""
    return tuple(dict.fromkeys(["fnnkit", *(package.partition(".")[0] for package in PACKAGES)]))


def top_of(chapter: str) -> str:
    """Name of the package that holds a chapter: ``fnnkit``, or that of a course of one's own."""
    contents(chapter)
    return _places()[chapter].partition(".")[0]


def folder_of(top: str) -> Path:
    """Where one of these packages lies."""
    return Path(importlib.import_module(top).__path__[0])


def forget() -> None:
    """Look for everything anew: after a package or a module was added."""
    for found in (_places, exercises, _load):
        found.cache_clear()


@functools.cache
def _places() -> dict[str, str]:
    """Package of each chapter, by its id, in the order of the course."""
    found: dict[str, str] = {}
    for package in PACKAGES:
        for module in sorted(
            pkgutil.iter_modules(importlib.import_module(package).__path__), key=lambda m: m.name
        ):
            place = f"{package}.{module.name}"
            if module.ispkg and hasattr(importlib.import_module(place), "EXERCISES"):
                if module.name in found:
                    raise ValueError(
                        f"two chapters are called {module.name!r}: {found[module.name]} and {place}"
                    )
                found[module.name] = place
    return found


def chapter_ids() -> tuple[str, ...]:
    """Ids of all chapters, in the order of the course."""
    return tuple(_places())


def contents(chapter: str) -> tuple[str, ...]:
    """Names of a chapter's exercises, in the order of its notebook; loads none of them.

    Raises
    ------
    ValueError
        If there is no such chapter.
    """
    if chapter not in _places():
        raise ValueError(f"there is no chapter {chapter!r}; there are: {', '.join(chapter_ids())}")
    return tuple(importlib.import_module(_places()[chapter]).EXERCISES)


def milestone_of(chapter: str) -> Milestone | None:
    """A chapter's milestone, if it has one.

    Raises
    ------
    ValueError
        If there is no such chapter, or the milestone chains what is no exercise of it.
    """
    known = contents(chapter)
    found = getattr(importlib.import_module(_places()[chapter]), "MILESTONE", None)
    if found is None:
        return None
    milestone = Milestone(*found)
    if strange := [name for name in milestone.chained if name not in known]:
        raise ValueError(f"the milestone of {chapter} chains {strange[0]!r}, which is no exercise of it")
    return milestone


def title_of(chapter: str) -> str:
    """What a chapter is called on the map of the course; empty if it is not on it.

    Raises
    ------
    ValueError
        If there is no such chapter.
    """
    contents(chapter)
    return str(getattr(importlib.import_module(_places()[chapter]), "TITLE", ""))


def builds_on(chapter: str) -> dict[str, tuple[str, ...]]:
    """What comes back in a chapter's exercises of what was written in earlier ones.

    Raises
    ------
    ValueError
        If there is no such chapter, or it names what is no exercise of it or of an earlier chapter.
    """
    known, earlier = contents(chapter), _earlier(chapter)
    found = dict(getattr(importlib.import_module(_places()[chapter]), "BUILDS_ON", {}))
    for here, names in found.items():
        if here not in known:
            raise ValueError(f"BUILDS_ON of {chapter} names {here!r}, which is no exercise of it")
        if strange := [name for name in names if name not in earlier]:
            raise ValueError(
                f"{here} of {chapter} builds on {strange[0]!r}, which no earlier chapter asks for"
            )
    return found


def at_work(chapter: str) -> tuple[str, ...]:
    """Functions of earlier chapters that a chapter's figures and experiments take from what the student has saved.

    Raises
    ------
    ValueError
        If there is no such chapter, or it names what no earlier one asks for.
    """
    contents(chapter)
    found = tuple(getattr(importlib.import_module(_places()[chapter]), "AT_WORK", ()))
    if strange := [name for name in found if name not in _earlier(chapter)]:
        raise ValueError(f"AT_WORK of {chapter} names {strange[0]!r}, which no earlier chapter asks for")
    return found


def _earlier(chapter: str) -> set[str]:
    """Exercises of the chapters before one."""
    ids = chapter_ids()
    return {name for before in ids[: ids.index(chapter)] for name in contents(before)}


def sources_of(chapter: str) -> list[Path]:
    """The files that declare a chapter's exercises, and what these share."""
    contents(chapter)
    return sorted(Path(importlib.import_module(_places()[chapter]).__path__[0]).glob("*.py"))


@functools.cache
def exercises(chapter: str) -> tuple[Exercise, ...]:
    """Exercises of a chapter, in the order of its notebook.

    Raises
    ------
    ValueError
        If there is no such chapter.
    """
    return tuple(_load(chapter, name) for name in contents(chapter))


@functools.cache
def _load(chapter: str, name: str) -> Exercise:
    found = importlib.import_module(f"{_places()[chapter]}.{name}").EXERCISE
    if (found.chapter, found.name) != (chapter, name):
        raise ValueError(f"{_places()[chapter]}.{name} declares {found.name!r} of {found.chapter!r}")
    assert isinstance(found, Exercise)
    return found


def exercise(name: str) -> Exercise:
    """One exercise, of any chapter: the only one that is loaded.

    Raises
    ------
    ValueError
        If there is no such exercise.
    """
    known = {n: chapter for chapter in chapter_ids() for n in contents(chapter)}
    if name not in known:
        close = get_close_matches(name, known, n=1)
        meant = f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(known)}"
        raise ValueError(f"there is no exercise {name!r}{meant}")
    return _load(known[name], name)
