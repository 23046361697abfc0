"""The pieces of a new exercise, one file each, laid out where they belong for an author to fill in."""

from __future__ import annotations

import ast
import importlib
import inspect
import keyword
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fnnkit.judge.exercise import Exercise
from fnnkit.judge.registry import chapter_ids, contents, exercises, folder_of
from grader.authoring.laying_out import PLACEHOLDER, check_imported, lay_out, mark, meant
from grader.course import Course, CourseError


@dataclass(frozen=True)
class Plan:
    """What is asked for: an exercise that is not there yet."""

    chapter: str
    name: str
    reference: Callable[..., Any]
    module: str
    after: Exercise | None
    minutes: int
    difficulty: int
    core: bool
    package: str = "fnnkit"


def pieces(course: Course, chapter: str, name: str) -> dict[str, Path]:
    """Files that hold a part of an exercise: three of its own name, and two of its chapter."""
    exercises_ = course.root / course.package / "exercises" / chapter
    return {
        "declaration": exercises_ / f"{name}.py",
        "answers": course.answers / chapter / f"{name}.py",
        "tests": course.root / "tests" / course.package / "exercises" / chapter / f"test_{name}.py",
        "contents": exercises_ / "__init__.py",
        "notebook": course.root / "solutions" / f"{chapter}.py",
    }


def unwritten(course: Course, chapter: str, name: str) -> list[str]:
    """A sentence for each place where something of an exercise is still to be written."""
    wanted, found = f"{PLACEHOLDER} ({name})", []
    for path in pieces(course, chapter, name).values():
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        for number, line in enumerate(lines, 1):
            if wanted in line:
                what = re.sub(r'</\w+>|"\)?$', "", line.partition(wanted)[2]).strip(" :")
                found.append(f"{path.relative_to(course.root)}, line {number}: still to be written: {what}")
    return found


def plan(
    course: Course,
    chapter: str,
    name: str,
    reference: str = "",
    after: str = "",
    minutes: int = 10,
    difficulty: int = 2,
    core: bool = True,
) -> Plan:
    """Find out whether an exercise can be added.

    Raises
    ------
    CourseError
        If the chapter is unknown, the name is taken or no identifier, or there is no such reference.
    """
    check_imported(course)
    if chapter not in chapter_ids():
        raise CourseError(f"there is no chapter {chapter!r}; {meant(chapter, chapter_ids())}")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name) or name.startswith("check_"):
        raise CourseError(
            f"{name!r} cannot be the name of an exercise: it is a function's, such as fit_linear "
            "(small letters, digits, underscores)"
        )
    for other in chapter_ids():
        if name in contents(other):
            raise CourseError(f"there is an exercise {name!r} already, in {other}")
    files = pieces(course, chapter, name)
    for kind in ("contents", "notebook"):
        if not files[kind].is_file():
            raise CourseError(
                f"{files[kind].relative_to(course.root)} is missing: a chapter has to be there first"
            )
    for kind in ("declaration", "answers", "tests"):
        if files[kind].exists():
            raise CourseError(f"{files[kind].relative_to(course.root)} is there already: choose another name")
    if after and after not in contents(chapter):
        raise CourseError(f"there is no exercise {after!r} in {chapter}; {meant(after, contents(chapter))}")
    here = exercises(chapter)
    before = next((e for e in here if e.name == after), here[-1] if here else None)
    function, home = find_reference(reference or name, bool(reference), course.package)
    return Plan(chapter, name, function, home, before, minutes, difficulty, core, course.package)


def find_reference(asked: str, told: bool, package: str = "fnnkit") -> tuple[Callable[..., Any], str]:
    """The function that an exercise's answers are compared with, and the module of the course's package that it is from.

    Raises
    ------
    CourseError
        If there is none, or several.
    """
    names = [
        m.name
        for m in pkgutil.iter_modules([str(folder_of(package))])
        if not m.ispkg and not m.name.startswith("_")
    ]
    where, _, name = asked.removeprefix(f"{package}.").rpartition(".")
    if told and not where:
        raise CourseError(f"--reference {asked}: say the module too, such as losses.{asked}")
    if where and where not in names:
        raise CourseError(f"there is no module {package}.{where}; {meant(where, names)}")
    found = []
    for module in [where] if where else names:
        function = getattr(importlib.import_module(f"{package}.{module}"), name, None)
        # Asked for by module, a name may be one that the module hands on, as `activations` does.
        own = inspect.isfunction(function) and (where or function.__module__ == f"{package}.{module}")
        if own and function is not None and function.__module__.startswith(f"{package}."):
            found.append((function, module))
    if not found:
        raise CourseError(
            f"{package}{'.' + where if where else ''} has no function {name!r}: write the reference first (formula, docstring, "
            "tests), or name another one with --reference module.function"
        )
    if len(found) > 1:
        raise CourseError(
            f"several modules have a function {name!r}: say which with --reference "
            + " or --reference ".join(f"{m}.{name}" for _, m in found)
        )
    return found[0]


def texts(course: Course, planned: Plan) -> dict[Path, str]:
    """New texts of all files, nothing written yet."""
    files = pieces(course, planned.chapter, planned.name)
    return {
        files["declaration"]: declaration(planned),
        files["answers"]: right_answers(planned),
        files["tests"]: tests(planned),
        files["contents"]: listed(files["contents"].read_text(encoding="utf-8"), planned),
        files["notebook"]: carded(files["notebook"].read_text(encoding="utf-8"), planned),
    }


def write(course: Course, planned: Plan, told: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Write the pieces, or, if the chapter would not build with them, nothing.

    Raises
    ------
    CourseError
        If it would not.
    """
    return lay_out(course, texts(course, planned), planned.chapter, told)


def _parameters(planned: Plan) -> str:
    return ", ".join(inspect.signature(planned.reference).parameters)


def _returns(planned: Plan) -> int:
    """How many values the reference returns, as its annotation says."""
    note = str(inspect.signature(planned.reference).return_annotation)
    if not note.startswith("tuple["):
        return 1
    inner = ast.parse(note, mode="eval").body
    parts = (
        inner.slice.elts if isinstance(inner, ast.Subscript) and isinstance(inner.slice, ast.Tuple) else [0]
    )
    return len(parts)


def _first_line(planned: Plan) -> str:
    lines = (inspect.getdoc(planned.reference) or "").splitlines()
    return lines[0] if lines else mark(planned.name, "what it gives")


def declaration(planned: Plan) -> str:
    """The file that declares the exercise."""
    name, several = planned.name, _returns(planned)
    values = ", ".join(f'"value{i + 1}"' for i in range(several))
    returns = (
        f"    returns=({values}),  # {mark(name, 'names of the returned values')}\n" if several > 1 else ""
    )
    raw = "r" if "\\" in _first_line(planned) else ""
    return f'''{raw}"""`{name}`: {_first_line(planned)}"""

from __future__ import annotations

import numpy as np

from {planned.package} import {planned.module}
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``{name}({_parameters(planned)})``."""
    # {mark(name, "calls where wrong and right answers part, each for a criterion by its name")}
    return []


# {mark(name, "typical wrong answers, as functions; each is listed below with its hint")}


EXERCISE = Exercise(
    name="{name}",
    chapter="{planned.chapter}",
    reference={planned.module}.{planned.reference.__name__},
{returns}    cases=cases,
    criteria=(
        Criterion("the values", 0.75, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(),
    minutes={planned.minutes},
    difficulty={planned.difficulty},
{"" if planned.core else "    core=False," + chr(10)})
'''


def right_answers(planned: Plan) -> str:
    """The file of correct answers."""
    name = planned.name
    return f'''"""Correct answers to `{name}`, each in a style of its own."""

from collections.abc import Callable
from typing import Any

# {mark(name, "three correct answers or more, each in a style of its own; then list them")}


ANSWERS: list[Callable[..., Any]] = []
'''


def tests(planned: Plan) -> str:
    """The file of tests: worth, costs, and a witness that fails until it is written."""
    name = planned.name
    return f'''"""`{name}`: what its mistakes cost, and witnesses of what it asks."""

import pytest

WORTH = {1.0 if planned.core else 0.0}
# {mark(name, "what each mistake leaves of the points, by the name of its function")}
COSTS = {{}}


def test_it_gives_what_was_computed_by_hand():
    pytest.fail("{mark(name, "a small case by hand, or against another library")}")
'''


def listed(text: str, planned: Plan) -> str:
    """The chapter's table of contents, with the new name in its place."""
    line = f'    "{planned.name}",'
    if planned.after:
        # A formatter puts a list of one name into one line.
        text = text.replace(f'= ("{planned.after.name}",)', f'= (\n    "{planned.after.name}",\n)')
        rows = text.split("\n")
        at = next((i for i, row in enumerate(rows) if row.strip() == f'"{planned.after.name}",'), None)
        if at is None:
            raise CourseError(
                f"{planned.package}/exercises/{planned.chapter}/__init__.py lists {planned.after.name!r} in a way that is not "
                "understood: a line a name is expected"
            )
        return "\n".join([*rows[: at + 1], line, *rows[at + 1 :]])
    if "EXERCISES: tuple[str, ...] = ()" not in text:
        raise CourseError(
            f"{planned.package}/exercises/{planned.chapter}/__init__.py has no tuple EXERCISES that is empty"
        )
    return text.replace("EXERCISES: tuple[str, ...] = ()", f"EXERCISES: tuple[str, ...] = (\n{line}\n)")


def carded(text: str, planned: Plan) -> str:
    """The chapter's source with card, answer cell and check."""
    name = planned.name
    dots = "●" * planned.difficulty + "○" * (4 - planned.difficulty)
    worth = "1 point" if planned.core else "further"
    raw = "r" if "\\" in _first_line(planned) else ""
    cells = f'''# %% [markdown]
# ### Exercise `{name}` · {dots} · {planned.minutes} minutes · {worth}
#
# **Goal.** {mark(name, "what the function gives, in one sentence")}
# **Need not:** {mark(name, "what somebody might think is asked too")}
#
# <details><summary>Hint 1</summary>{mark(name, "where to start")}</details>
# <details><summary>Hint 2</summary>{mark(name, "the step that is hard to see")}</details>
# <details><summary>Hint 3</summary>{mark(name, "what to check when it is nearly right")}</details>

# %% nbgrader={{"grade_id": "{name}", "solution": true}}
def {name}({_parameters(planned)}):
    {raw}"""{_first_line(planned)}

    {mark(name, "shapes of the arguments, in words")}
    {mark(name, "shape of what is returned")}
    """
    ### BEGIN SOLUTION
    raise NotImplementedError("{mark(name, "the solution")}")
    ### END SOLUTION


# %% nbgrader={{"grade_id": "check_{name}", "grade": true}}
check("{name}", {name})'''.split("\n")
    rows = text.rstrip("\n").split("\n")
    if planned.after:
        wanted = f'"grade_id": "check_{planned.after.name}"'
        at = next((i for i, row in enumerate(rows) if row.startswith("# %%") and wanted in row), None)
        if at is None:
            raise CourseError(f"solutions/{planned.chapter}.py has no cell check_{planned.after.name}")
    else:
        at = next((i for i, row in enumerate(rows) if row.startswith("# ## 1 ")), len(rows) - 1)
    end = next((i for i in range(at + 1, len(rows)) if rows[i].startswith("# %%")), len(rows))
    while not rows[end - 1].strip():
        end -= 1
    return "\n".join([*rows[:end], "", *cells, *rows[end:]]) + "\n"
