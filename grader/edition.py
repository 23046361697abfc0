"""The marking edition of fnnkit: what student code can import in the sandbox.

It is made from an allow-list. There is no reference and no exercise in it, not even as a file: `check`, `progress`
and the figures do nothing, and a library function is there only if an exercise of the chapter lists it as given.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fnnkit.exercises import exercises
from grader import scratch

# Copied as they are: they call a function and carry data, and know no answers.
COPIED = (
    "exercises/call.py",
    "exercises/kernel.py",
    "exercises/line.py",
    "exercises/named.py",
    "exercises/wire.py",
    "exercises/serve.py",
)

PROGRAM = "fnnkit.exercises.kernel"
"""The module of it whose kernel marks notebooks (see `SandboxProvisioner.program`)."""

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
    """Every file of the edition for a chapter, by its path below the folder that is bound."""
    package = Path(importlib.import_module("fnnkit").__file__ or "").parent
    made: dict[str, bytes] = {
        "fnnkit/__init__.py": PACKAGE.encode(),
        "fnnkit/exercises/__init__.py": EXERCISES.encode(),
        "fnnkit/figures/__init__.py": FIGURES.encode(),
        **{f"fnnkit/figures/{name}.py": FIGURES.encode() for name in _figures(package)},
    }
    for name in COPIED:
        made[f"fnnkit/{name}"] = (package / name).read_bytes()
    if (package / "datasets.py").exists():
        for source in (
            package / "datasets.py",
            package / "arguments.py",
            *sorted((package / "data").glob("*")),
        ):
            if source.is_file():
                made[f"fnnkit/{source.relative_to(package)}"] = source.read_bytes()
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
    return sorted(p.stem for p in (package / "figures").glob("*.py") if p.stem != "__init__")


def fingerprint(chapter: str) -> str:
    """A text that changes when the edition does."""
    digest = hashlib.sha256()
    for name, text in sorted(files(chapter).items()):
        digest.update(name.encode() + b"\0" + text + b"\0")
    return digest.hexdigest()


@functools.cache
def folder(chapter: str) -> Path:
    """A folder that holds the edition; it is removed when the process ends."""
    place = Path(scratch.folder())
    for name, text in files(chapter).items():
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text)
    for made in (place, *place.rglob("*")):
        made.chmod(0o755 if made.is_dir() else 0o644)
    return place
