"""The pieces of a new chapter: a table of contents, a place for answers and figures, and a notebook to be written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from fnnkit.judge.registry import chapter_ids
from grader.authoring.laying_out import check_imported, lay_out, mark
from grader.course import Course, CourseError


def pieces(course: Course, chapter: str) -> dict[str, Path]:
    """Files that every chapter has."""
    return {
        "contents": course.root / course.package / "exercises" / chapter / "__init__.py",
        "figures": course.root / course.package / "figures" / chapter / "__init__.py",
        "answers": course.answers / chapter / "__init__.py",
        "notebook": course.root / "solutions" / f"{chapter}.py",
    }


def texts(course: Course, chapter: str, title: str) -> dict[Path, str]:
    """Texts of all files of a chapter that is not there yet.

    Raises
    ------
    CourseError
        If the id is taken or cannot be one.
    """
    check_imported(course)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", chapter):
        raise CourseError(
            f"{chapter!r} cannot be the id of a chapter: small letters, digits and underscores, such as ch7_graphs"
        )
    if chapter in chapter_ids():
        raise CourseError(f"there is a chapter {chapter!r} already")
    files = pieces(course, chapter)
    for path in files.values():
        if path.exists():
            raise CourseError(f"{path.relative_to(course.root)} is there already: choose another id")
    empty = '"""Names of the exercises, in the order of the notebook: each is a module of this package."""'
    return {
        files[
            "contents"
        ]: f'"""{title}: what each exercise asks."""\n\nEXERCISES: tuple[str, ...] = ()\n{empty}\n',
        files["figures"]: f'"""Figures of the chapter {title}, drawn by the student\'s own functions."""\n',
        files[
            "answers"
        ]: f'''"""Answers to {title}: right ones, a file an exercise, and texts for its written questions."""

# {mark(chapter, "four texts of differing quality for each written question, by the id of its cell")}
WRITTEN: dict[str, tuple[str, ...]] = {{}}
''',
        files["notebook"]: notebook(chapter, title, course.package),
    }


def write(
    course: Course, chapter: str, title: str, told: Callable[[str], None] = lambda _: None
) -> list[Path]:
    """Write the pieces, or, if the chapter would not build with them, nothing.

    Raises
    ------
    CourseError
        If it would not, or the id is taken or cannot be one.
    """
    return lay_out(course, texts(course, chapter, title), chapter, told)


HEAD = """\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---
"""


def notebook(chapter: str, title: str, package: str = "fnnkit") -> str:
    """The source of the notebook: every part that a chapter has, in the order in which it has them."""
    return f'''{HEAD}
# %% [markdown]
# # {title}
#
# {mark(chapter, "what this chapter is about, in three sentences")}
#
# **When you are through, you can**
#
# - {mark(chapter, "three or four goals, each a verb")}
#
# <!-- time --> They are checked like the others and carry no points.

# %% [markdown]
# ### Slides ↔ code
#
# | slides | here | why |
# |---|---|---|
# | {mark(chapter, "notation of the slides")} | | |

# %% tags=["given"]
import numpy as np

import {package}.figures.{chapter} as figures
from {package}.exercises import check, progress, ready

# %% [markdown]
# ## 1 · {mark(chapter, "the first idea")}

# %% [markdown]
# ### Written question · 5 minutes · 1 point
#
# {mark(chapter, "a question about why, not about what")} (Marked by hand.)

# %% [markdown] nbgrader={{"grade_id": "why_{chapter}", "grade": true, "points": 1, "solution": true}}
# {mark(chapter, "the model answer, and a rubric of points")}

# %% [markdown]
# ## Summary
#
# - {mark(chapter, "what to remember")}
#
# **Further reading.** {mark(chapter, "paper, year, section")}

# %% tags=["experiment"]
progress("{chapter}")

# %% [markdown]
# **Before you hand in:** save (Ctrl-S), then run the cell below. It reads the saved file and judges it as it will be judged,
# in a fresh process and with nothing but the answers in it, and says where that differs from your last checks.

# %% tags=["experiment"]
ready()
'''
