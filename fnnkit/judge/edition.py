"""The marking edition of fnnkit: what student code can import while it is marked.

It is made from an allow-list. There is no reference and no exercise in it, not even as a file: the folder `fnnkit.kernel`
as it is, data sets, `check`, `progress` and figures that do nothing, and a library function only if an exercise of the
chapter lists it as given.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fnnkit.judge.registry import exercises

PROGRAM = "fnnkit.kernel.ipython"
"""The module of it that is the kernel in which notebooks are marked."""

PACKAGE = '"""The marking edition: see the course\'s own fnnkit."""\n'

EXERCISES = '''"""Checks do nothing while a notebook is marked: functions are judged elsewhere, by name."""


def check(name, function):
    """Do nothing."""
    return 0.0


def progress(chapter):
    """Do nothing."""
'''

FIGURES = '''"""Figures do nothing while a notebook is marked."""


class _Nothing:
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args, **kwargs):
        return self


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _Nothing()
'''


def files(chapter: str) -> dict[str, bytes]:
    """Every file of the edition for a chapter, by its path below the folder that is put on the path."""
    package = Path(importlib.import_module("fnnkit").__file__ or "").parent
    made: dict[str, bytes] = {
        "fnnkit/__init__.py": PACKAGE.encode(),
        "fnnkit/exercises/__init__.py": EXERCISES.encode(),
        **{f"fnnkit/{name}": FIGURES.encode() for name in _figures(package)},
    }
    data = (package / "datasets.py", package / "arguments.py", *sorted((package / "data").glob("*")))
    for source in (*sorted((package / "kernel").glob("*.py")), *data):
        if source.is_file():
            made[f"fnnkit/{source.relative_to(package).as_posix()}"] = source.read_bytes()
    given: dict[str, list[Callable[..., Any]]] = {}
    for exercise in exercises(chapter):
        for function in exercise.given:
            functions = given.setdefault(function.__module__, [])
            if function not in functions:
                functions.append(function)
    for module, functions in given.items():
        text = "from __future__ import annotations\n\nimport numpy as np\n\n\n"
        text += "\n\n".join(inspect.getsource(f) for f in functions)
        made[module.replace(".", "/") + ".py"] = text.encode()
    return made


def _figures(package: Path) -> list[str]:
    """Every module of figures: a student may import any, and a missing one would cost the answers of its cell."""
    return sorted(p.relative_to(package).as_posix() for p in (package / "figures").rglob("*.py"))


def fingerprint(chapter: str) -> str:
    """A text that changes when the edition does."""
    digest = hashlib.sha256()
    for name, text in sorted(files(chapter).items()):
        digest.update(name.encode() + b"\0" + text + b"\0")
    return digest.hexdigest()
