"""A course of one's own: an empty one, whose exercises will lie in the teacher's own package."""

from __future__ import annotations

import importlib.metadata
import keyword
import re
import shutil
import sys
import sysconfig
import tempfile
from importlib.util import find_spec
from pathlib import Path

import grader
from grader.course import CONFIG, CourseError


def package_for(folder: Path) -> str:
    """The name of a package, made from that of a folder.

    Examples
    --------
    >>> package_for(Path("Statistics of words"))
    'statistics_of_words'
    """
    return re.sub(r"[^a-z0-9]+", "_", folder.name.lower()).strip("_")


def check_package(name: str) -> None:
    """Refuse a name that cannot be a package's, or is taken.

    Raises
    ------
    CourseError
        If so.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise CourseError(
            f"{name!r} cannot be the name of a package: small letters, digits and underscores, such as --package words"
        )
    if name in sys.stdlib_module_names or find_spec(name) is not None:
        raise CourseError(f"there is a package {name!r} already: give another name with --package")


def write(folder: Path, package: str = "", title: str = "") -> list[Path]:
    """Make an empty course: all of its files, or none.

    Parameters
    ----------
    folder : Path
        Where; it is made.
    package : str
        Name of the package that will hold its exercises; made from the folder's by default.
    title : str
        What students read; the folder's name by default.

    Raises
    ------
    CourseError
        If there is something already, or the package cannot be called so.
    """
    folder = folder.resolve()
    package = package or package_for(folder)
    check_package(package)
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise CourseError(f"{folder} is there already, and not empty: choose another folder")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{package}-", dir=folder.parent) as made:
            place = Path(made) / package
            files = texts(package, title or folder.name)
            for name, text in files.items():
                target = place / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
            if folder.exists():
                folder.rmdir()
            shutil.move(place, folder)
    except OSError as problem:
        raise CourseError(f"{folder} cannot be made ({problem.strerror or problem})") from None
    return [folder / name for name in files]


def texts(package: str, title: str) -> dict[str, str]:
    """Texts of all files, by their places in the course."""
    title = " ".join(title.split())
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return {
        "README.md": TEACHERS.format(title=title, package=package),
        "pyproject.toml": PROJECT.format(
            package=package, title=quoted, version=importlib.metadata.version("fnnkit")
        ),
        CONFIG: settings(package),
        ".gitignore": IGNORED,
        "course/README.md": STUDENTS.format(title=title, package=package),
        "solutions/README.md": SOLUTIONS,
        f"{package}/__init__.py": f'"""{quoted}: the reference, and what the course asks."""\n',
        f"{package}/exercises/__init__.py": EXERCISES,
        f"{package}/figures/__init__.py": '"""Figures, drawn by the student\'s own functions; a folder a chapter."""\n',
        f"{package}/answers/__init__.py": '"""Answers that are known, a folder a chapter: no student gets them."""\n',
        "tests/conftest.py": f'"""The course\'s exercises are found."""\n\nimport {package}.exercises  # noqa: F401\n',
        f"tests/{package}/exercises/test_costs.py": COSTS,
    }


def settings(package: str) -> str:
    """nbgrader's configuration: the same as that of fnnkit's own course, and where the exercises are."""
    places = (
        Path(grader.__file__).parents[1] / CONFIG,
        Path(sysconfig.get_path("data")) / "share" / "fnnkit" / CONFIG,
    )
    text = next((p.read_text(encoding="utf-8") for p in places if p.is_file() and _is_ours(p)), "")
    if not text:
        raise CourseError(f"{CONFIG} is not part of this installation: install fnnkit again")
    _, _, rest = text.partition("\n")
    rest = rest.replace('course_id = "fnnkit"', f'course_id = "{package}"')
    head, line, rest = rest.partition("c = get_config()")
    return f"{FIRST}{USED}{head}{line}{rest}"


def _is_ours(place: Path) -> bool:
    return "grader.gradebook.plugins" in place.read_text(encoding="utf-8")


FIRST = '"""This folder is an nbgrader course; `nbgrader`, Formgrader and `grader` all read this file."""\n'
USED = """
from pathlib import Path

from grader.course import use_package_of

use_package_of(Path(__file__).parent)  # where the exercises are, as pyproject.toml says
"""

EXERCISES = '''"""What the course asks: a folder a chapter, a file an exercise.

Whoever imports this package has its chapters found, and no others.
"""

from fnnkit.exercises import check, milestone, mine, progress, ready, reset
from fnnkit.judge.registry import register

__all__ = ["check", "milestone", "mine", "progress", "ready", "reset"]

register(__name__, alone=True)
'''

PROJECT = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{package}"
version = "0.1.0"
description = "{title}"
requires-python = ">=3.11"
dependencies = ["fnnkit>={version}"]

[tool.fnnkit]
package = "{package}"  # holds the exercises of this course; `grader` reads this line

[tool.hatch.build.targets.wheel]
packages = ["{package}"]
exclude = ["{package}/answers"] # right answers stay with you

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
addopts = "--import-mode=importlib"
"""

IGNORED = """\
__pycache__/
.ipynb_checkpoints/
.grader/
gradebook.db
submitted/
autograded/
feedback/
reports/
backups/
dist/
dates.csv
people.csv
"""

SOLUTIONS = """\
# Sources of the notebooks

`CHAPTER.py` is the only file of a chapter's notebook that is edited. `grader build` makes two notebooks of it:
`solutions/CHAPTER/CHAPTER.ipynb`, with solutions, and `course/CHAPTER/CHAPTER.ipynb`, which students get. Keep other folders
out of here: nbgrader takes every folder for an assignment.
"""

STUDENTS = """\
# {title}

You need Python 3.11 or newer. In this folder, once:

```
python3 -m venv .venv
.venv/bin/pip install -r requirements.txt
```

(On Windows: `py -m venv .venv`, then `.venv\\Scripts\\pip install -r requirements.txt`.) Then, each time,
`.venv/bin/jupyter lab`.

Each exercise is a card, a cell for your code, and a check. Put your code in the place of `raise NotImplementedError`, run
the cell, then the check below it, and read what it says. Try as often as you like. `progress()` says where you are, and
`ready()` what the saved notebook would get, and why.
"""

TEACHERS = """\
# {title}

A course on fnnkit: exercises in the package `{package}`, judged, audited, handed out and graded by `grader`. Everything is run
in this folder; fnnkit with its grader has to be installed (`pip install 'fnnkit[grader]'`, or the wheel that you have). For
JupyterLab, which runs your notebooks outside of it, install the package too: `pip install -e .`, once.

| what you want | how |
|---|---|
| a chapter | `grader new chapter words "Words"` |
| an exercise | its right answer, a function in `{package}/counting.py`, say; then `grader new exercise words word_count` |
| what is still to be written, and whether the tests of it hold | `grader audit word_count` |
| a figure | `grader new figure words lengths word_count` |
| both notebooks of each chapter | `grader build` |
| what students get | `grader handout`, and what is in `dist/` |
| grade | `submitted/STUDENT/words/words.ipynb` (`grader collect` puts them there), then `grader grade words` |
| written answers, nbgrader's Formgrader | `jupyter lab`, here |

| folder | what |
|---|---|
| `{package}/` | the reference: right answers, as you would like to read them |
| `{package}/exercises/CHAPTER/NAME.py` | what one exercise asks: cases, criteria, points, mistakes known by name |
| `{package}/answers/CHAPTER/NAME.py` | right answers in several styles, for the audit; no student gets them |
| `{package}/figures/CHAPTER/` | figures that run on the student's functions |
| `solutions/CHAPTER.py` | the text of the notebook |
| `course/` | what students get, built; `course/README.md` is what they read first |
| `tests/` | what each mistake costs, and witnesses; `pytest` |

An answer that is marked finds numpy, matplotlib and Python's own modules, and of `{package}` only the functions that an exercise
lists as `given`. The reference can be read on a student's machine: marks prove behaviour, not authorship.

Never hand out this folder: it holds the solutions. Keep it in git; what `.gitignore` names stays out.
"""

COSTS = '''"""What each exercise is worth, and what each mistake leaves, are what the exercise's test states."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from fnnkit.judge.registry import chapter_ids, exercises
from grader.authoring.witnesses import verdict_of


@pytest.mark.parametrize("asked", [e for c in chapter_ids() for e in exercises(c)], ids=lambda e: e.name)
def test_it_is_worth_and_costs_what_is_stated(asked):
    stated = runpy.run_path(str(Path(__file__).parent / asked.chapter / f"test_{asked.name}.py"))
    cases = asked.cases(np.random.default_rng(0))
    left = {m.name: verdict_of(asked, m.answer, cases).points for m in asked.misconceptions}
    assert (asked.worth, left) == (stated["WORTH"], stated["COSTS"])
'''
