"""The map at the top of a chapter: where it stands in the course, what it needs, and what of it comes back where.

It is Markdown, made of the declarations of the exercises alone, so that it says the same in every copy of the course.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping

from fnnkit.judge.registry import at_work, builds_on, chapter_ids, contents, exercises, milestone_of, title_of
from grader.course import CourseError

MAP = "<!-- map -->"
"""Stands in a chapter's first cell for the map."""

FIRST = "Python with NumPy's arrays, and what a derivative and a matrix product are."
"""What the first chapter needs."""

SHOWN = "figures and experiments"
"""Where functions come back that a chapter has at work."""

Uses = Mapping[str, Iterable[str]]
"""By the exercise in which they come back: names of functions."""


def chapter_map(chapter: str) -> str:
    """The map of a chapter, as Markdown.

    Parameters
    ----------
    chapter : str
        Its id.

    Raises
    ------
    CourseError
        If the chapter has no title, so that it is not on the map.
    """
    if not title_of(chapter):
        raise CourseError(
            f"{chapter} has the mark {MAP} and no TITLE in fnnkit/exercises/{chapter}/__init__.py"
        )
    needs, back = _needs(chapter), _comes_back(chapter)
    parts = [f"**Where you are.** {_way(chapter)}"]
    if needs:
        parts.append(
            "**What it needs**: the idea of these, which come back in the exercises after the arrow. (No check asks whether you "
            "have solved them, and an answer uses nothing of another chapter.)"
        )
        parts.append(_items(needs))
        if at_work(chapter):
            parts.append(
                f"At work in its {SHOWN}, **your own** once you have solved and saved them, and else the reference: "
                f"{_listed(at_work(chapter))}."
            )
    else:
        parts.append(f"**What it needs.** {FIRST}")
    if back:
        parts += ["**What comes back** of what you write here:", _items(back)]
    return "\n\n".join(parts)


def on_the_map() -> list[str]:
    """Chapters that are on the map, in the order of the course."""
    return [chapter for chapter in chapter_ids() if title_of(chapter)]


def number_of(chapter: str) -> int:
    """Which chapter of the course it is, counted from 1."""
    return on_the_map().index(chapter) + 1


def _way(chapter: str) -> str:
    stations = []
    for number, one in enumerate(on_the_map(), 1):
        name = f"{number} {title_of(one)}"
        stations.append(f"**{name} (you are here)**" if one == chapter else name)
    return " → ".join([*stations, "project"])


def _needs(chapter: str) -> list[tuple[str, str]]:
    """Earlier chapters, and what of them comes back in this one."""
    places = []
    for before in on_the_map()[: number_of(chapter) - 1]:
        uses = _of(contents(before), builds_on(chapter))
        if uses:
            places.append((f"of chapter {number_of(before)}", _said(uses)))
    return places


def _comes_back(chapter: str) -> list[tuple[str, str]]:
    """Places in the course, and what of this chapter comes back there."""
    own = contents(chapter)
    places = []
    inside = {e.name: e.needs for e in exercises(chapter) if e.needs}
    if inside:
        places.append(("later in this chapter", _said(inside)))
    milestone = milestone_of(chapter)
    if milestone:
        places.append((f"in its milestone, *{milestone.title}*", _listed(milestone.chained)))
    for later in on_the_map()[number_of(chapter) :]:
        uses, shown = _of(own, builds_on(later)), [name for name in at_work(later) if name in own]
        said = ([_said(uses)] if uses else []) + ([f"{_listed(shown)} → {SHOWN}"] if shown else [])
        if said:
            places.append((f"in chapter {number_of(later)}", "; ".join(said)))
    project = [name for name in own if name in _of_the_project()]
    if project:
        places.append(("in the project", _listed(project)))
    return places


def _of_the_project() -> tuple[str, ...]:
    return tuple(importlib.import_module("fnnkit.exercises").PROJECT)


def _of(names: Iterable[str], uses: Uses) -> Uses:
    """The uses of these names alone."""
    kept = {where: [n for n in used if n in set(names)] for where, used in uses.items()}
    return {where: used for where, used in kept.items() if used}


def _said(uses: Uses) -> str:
    """Which functions, and in which exercises: those of the same functions together."""
    together: dict[str, list[str]] = {}
    for where, names in uses.items():
        together.setdefault(_listed(names), []).append(where)
    return "; ".join(f"{names} → {_listed(places)}" for names, places in together.items())


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _items(places: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- {place}: {uses}" for place, uses in places)
