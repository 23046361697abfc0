"""The pieces of a new figure: its module, its place in the chapter's list, a cell in the notebook, and a test."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Callable
from pathlib import Path

from fnnkit.judge.registry import chapter_ids, contents
from grader.authoring.laying_out import check_imported, lay_out, mark, meant
from grader.course import Course, CourseError


def pieces(course: Course, chapter: str, name: str) -> dict[str, Path]:
    """Files that hold a part of a figure: two of its own name, and two of its chapter."""
    figures = course.root / course.package / "figures" / chapter
    return {
        "figure": figures / f"{name}.py",
        "tests": course.root / "tests" / course.package / "figures" / chapter / f"test_{name}.py",
        "contents": figures / "__init__.py",
        "notebook": course.root / "solutions" / f"{chapter}.py",
    }


def texts(course: Course, chapter: str, name: str, exercise: str) -> dict[Path, str]:
    """Texts of all files of a figure that is not there yet, drawn by the answer to an exercise.

    Raises
    ------
    CourseError
        If the chapter or the exercise is unknown, or the name is taken or cannot be one.
    """
    check_imported(course)
    if chapter not in chapter_ids():
        raise CourseError(f"there is no chapter {chapter!r}; {meant(chapter, chapter_ids())}")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise CourseError(
            f"{name!r} cannot be the name of a figure: it is a function's, such as hand_made_xor"
        )
    if exercise not in contents(chapter):
        raise CourseError(
            f"there is no exercise {exercise!r} in {chapter}; {meant(exercise, contents(chapter))}"
        )
    files = pieces(course, chapter, name)
    for kind in ("figure", "tests"):
        if files[kind].exists():
            raise CourseError(f"{files[kind].relative_to(course.root)} is there already: choose another name")
    return {
        files["figure"]: figure(chapter, name, exercise),
        files["tests"]: tests(chapter, name, exercise, course.package),
        files["contents"]: listed(
            files["contents"].read_text(encoding="utf-8"), chapter, name, course.package
        ),
        files["notebook"]: shown(files["notebook"].read_text(encoding="utf-8"), chapter, name, exercise),
    }


def write(
    course: Course, chapter: str, name: str, exercise: str, told: Callable[[str], None] = lambda _: None
) -> list[Path]:
    """Write the pieces, or, if the chapter would not build with them, nothing.

    Raises
    ------
    CourseError
        If it would not, or see `texts`.
    """
    return lay_out(course, texts(course, chapter, name, exercise), chapter, told)


def figure(chapter: str, name: str, exercise: str) -> str:
    """The module of the figure: a slider and a curve, both to be replaced."""
    return f'''"""{mark(name, "what it shows, in one line")} ({chapter})."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.figures.engine.live import BLUE, LiveFigure, Shown, slider

X = np.linspace(0.0, 1.0, 101)


def {name}({exercise}: Callable[..., Any]) -> Shown:
    """{mark(name, "what can be moved, and what is seen")}."""
    figure = LiveFigure(6.0, 4.0)
    axes = figure.figure.subplots()
    axes.set(xlabel="{mark(name, "names of the axes")}", xlim=(0.0, 1.0), ylim=(0.0, 1.0))
    (curve,) = figure.changing(axes.plot([], [], color=BLUE, linewidth=2))

    def update({exercise}: Callable[..., Any], a: float) -> Any:
        # {mark(name, "values of the student's function, in the place of this power")}
        curve.set_data(X, X**a)
        below = f"a = {{a:g}}."
        return below, f"A curve. {{below}}"

    return figure.live(update, {exercise}, a=slider("a", 1.0, 0.25, 4.0, 0.25))
'''


def tests(chapter: str, name: str, exercise: str, package: str) -> str:
    """The file of tests: it fails until the figure says something true of the function."""
    return f'''"""`{name}`: what it says is true of the function that it was given."""

import pytest

from {package}.figures.{chapter} import {name}
from fnnkit.judge.registry import exercise


def test_it_is_drawn_by_the_function_that_it_was_given():
    shown = {name}(exercise("{exercise}").reference)
    assert shown is not None
    pytest.fail("{mark(name, "a number that it says, compared with the same number computed here")}")
'''


def listed(text: str, chapter: str, name: str, package: str = "fnnkit") -> str:
    """The chapter's figures, with the new one among them."""
    tree = ast.parse(text)
    names = [
        a.name
        for s in tree.body
        if isinstance(s, ast.ImportFrom)
        for a in s.names
        if s.module and chapter in s.module
    ]
    doc = ast.get_source_segment(text, tree.body[0]) or ""
    rows = [f"from {package}.figures.{chapter}.{n} import {n}" for n in sorted({*names, name})]
    every = ", ".join(f'"{n}"' for n in sorted({*names, name}))
    if text.count("import") > len(names) + doc.count("import"):
        raise CourseError(
            f"{package}/figures/{chapter}/__init__.py does more than to list figures: add {name} by hand"
        )
    return doc + "\n\n" + "\n".join(rows) + f"\n\n__all__ = [{every}]\n"


def shown(text: str, chapter: str, name: str, exercise: str) -> str:
    """The chapter's source with a cell for the figure, after the check of the exercise that draws it."""
    rows = text.rstrip("\n").split("\n")
    at = next(
        (i for i, r in enumerate(rows) if r.startswith("# %%") and f'"grade_id": "check_{exercise}"' in r),
        None,
    )
    if at is None:
        raise CourseError(f"solutions/{chapter}.py has no cell check_{exercise}")
    end = next((i for i in range(at + 1, len(rows)) if rows[i].startswith("# %%")), len(rows))
    while not rows[end - 1].strip():
        end -= 1
    cells = [
        "", "# %% [markdown]", f"# ### Figure: {mark(name, 'its title')}", "#",
        f"# {mark(name, 'what to move, and what to look for')}", "", '# %% tags=["figure"]', f"figures.{name}({exercise})",
    ]  # fmt: skip
    return "\n".join([*rows[:end], *cells, *rows[end:]]) + "\n"
